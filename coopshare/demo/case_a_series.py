"""Series of Le Phares: a choir of the season with its exceptions, and a series that waits.

Made by the verbs themselves, as people would have, some weeks before now.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from coopshare.bookings import series, services
from coopshare.bookings.commands import (
    Book,
    BookSeries,
    Cancel,
    Change,
    Choice,
    Line,
    LocalTimes,
    Recurrence,
)
from coopshare.bookings.models import Booking, BookingSeries
from coopshare.db.work import Work
from coopshare.demo.build import Made
from coopshare.kernel.recurrence import Frequency, Rule
from coopshare.members.queries import actor_for

TUESDAY, THURSDAY = 1, 3
CHOIR_AGO, REQUEST_AGO = timedelta(weeks=6), timedelta(days=2)
SEASON = timedelta(weeks=30)


def add(work: Work, made: Made) -> int:
    """Add these stories; return how many bookings came."""
    return _choir(work, made) + _request(work, made)


def _then(work: Work, made: Made, organisation: str, ago: timedelta) -> Work:
    """Return the unit as it was some time ago, for the first person of an organisation.

    Nobody is told of what never happened: facts have no handlers here.
    """
    owner = made.organisations[organisation]
    person = made.people[organisation][0]
    actor = actor_for(work, person.id, made.cooperative.id, owner.id, "demo")
    return replace(work, actor=actor, now=work.now - ago, handlers={})


def _choir(work: Work, made: Made) -> int:
    """Tell of a choir, every Tuesday of the season but in school holidays.

    One of its dates got another title, one was given up: the others stayed.
    """
    then = _then(work, made, "atelier-nord", CHOIR_AGO)
    first = _next(then, made, TUESDAY)
    rule = Rule(Frequency.WEEKLY, weekdays=(TUESDAY,), until=first + SEASON)
    command = BookSeries(
        book=_book(made, "atelier-nord", "Chorale des équipes", "salle-b", first, (18, 20)),
        recurrence=Recurrence(rule=rule, skip_school_holidays=True),
    )
    rows = _rows(work, _settled(then, command))
    coming = [row for row in rows if row.starts_at > work.now]
    now = _then(work, made, "atelier-nord", timedelta(days=1))
    services.change(
        now,
        Change(
            booking_id=coming[1].id, version=1, title="Chorale des équipes : répétition ouverte"
        ),
    )
    services.cancel(
        now, Cancel(booking_id=coming[3].id, version=1, reason="Cheffe de chœur absente")
    )
    return len(rows)


def _request(work: Work, made: Made) -> int:
    """Tell of six afternoons that wait for those who look after the wood workshop."""
    then = _then(work, made, "cyclofficine", REQUEST_AGO)
    first = _next(then, made, THURSDAY) + timedelta(weeks=1)
    command = BookSeries(
        book=_book(made, "cyclofficine", "Réparer des remorques", "atelier-bois", first, (14, 18)),
        recurrence=Recurrence(rule=Rule(Frequency.WEEKLY, weekdays=(THURSDAY,), count=6)),
    )
    return len(_rows(work, _settled(then, command)))


def _next(work: Work, made: Made, weekday: int) -> date:
    """Return the first such day of the week after the unit's day."""
    today = work.now.astimezone(ZoneInfo(made.plan.timezone)).date()
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _book(
    made: Made, organisation: str, title: str, key: str, day: date, hours: tuple[int, int]
) -> Book:
    starts, ends = (time(hour) for hour in hours)
    return Book(
        organisation_id=made.organisations[organisation].id,
        title=title,
        lines=(Line(resource_id=made.resources[key].id),),
        span=LocalTimes(first=day, last=day, starts=starts, ends=ends),
    )


def _settled(work: Work, command: BookSeries) -> BookingSeries:
    """Make a series: the first date in the way takes the nearest hours, others are skipped."""
    choices: list[Choice] = []
    is_moved = False
    for one in services.plan_series(work, command).refused:
        ways = [way for way in one.alternatives if way.replaced is None]
        if ways and not is_moved:
            choices.append(Choice(day=one.day, span=ways[0].span))
            is_moved = True
        else:
            choices.append(Choice(day=one.day, skip=True))
    return services.book_series(work, replace(command, choices=tuple(choices)))


def _rows(work: Work, made: BookingSeries) -> list[Booking]:
    return sorted(series.occurrences(work, made.id), key=_start)


def _start(booking: Booking) -> datetime:
    return booking.starts_at
