"""Series in words: their rule, and which of their dates a verb is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from coopshare.bookings.commands import LocalTimes, Recurrence, Scope
from coopshare.bookings.models import Booking, BookingSeries
from coopshare.bookings.recurring import Hours
from coopshare.bookings.series import occurrences, own_of
from coopshare.bookings.services.series.scoping import in_scope
from coopshare.db.work import Work
from coopshare.kernel.dates import LocalSpan, say_day
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import zone
from coopshare.kernel.recurrence import parse, sentence
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import cooperative
from coopshare.web.i18n import gettext, language, say


def rule_said(work: Work, series: BookingSeries) -> Sentence:
    """Say when a series comes back: « chaque mardi de 9 h à 12 h jusqu'au 30 juin »."""
    return sentence(
        parse(series.rule),
        series.first_day,
        starts=series.starts,
        minutes=series.minutes,
        all_day=series.all_day,
        is_outside_school_holidays=series.skip_school_holidays,
        school_zone=cooperative(work).school_zone,
        year=work.now.astimezone(ZoneInfo(series.timezone)).year,
    )


def wish_said(work: Work, recurrence: Recurrence, times: LocalTimes | None, day: date) -> Sentence:
    """Say when something would come back, from its first day on."""
    hours = Hours.of(times, zone("UTC"), all_day=times.all_day)[1] if times else None
    return sentence(
        recurrence.rule,
        day,
        starts=hours.starts if hours else None,
        minutes=hours.minutes if hours else 0,
        all_day=bool(hours and hours.all_day),
        is_outside_school_holidays=recurrence.skip_school_holidays,
        school_zone=cooperative(work).school_zone,
        year=work.now.year,
    )


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """One answer to « which dates? », with the dates it means."""

    value: str
    text: str
    dates: list[str]


def scopes(work: Work, booking: Booking) -> list[ScopeChoice]:
    """Return the answers to « which dates? » for an occurrence; answers that mean the same once.

    Empty for a booking of its own.
    """
    if booking.series_id is None:
        return []
    rows = occurrences(work, booking.series_id)
    year = work.now.astimezone(ZoneInfo(booking.timezone)).year
    wanted = {scope: in_scope(work, rows, booking, scope) for scope in Scope if scope != "this"}
    everything, following = wanted[Scope.ALL], wanted[Scope.FOLLOWING]
    day = booking.starts_at.astimezone(ZoneInfo(booking.timezone)).date()
    found = [
        ScopeChoice(
            Scope.THIS,
            gettext(marked("seulement le %(day)s"), day=say_day(day, language(), year=year)),
            [],
        )
    ]
    if 1 < len(following) < len(everything):
        text = marked("celle-ci et les suivantes (%(num)d dates)")
        said = gettext(text, num=len(following))
        found.append(ScopeChoice(Scope.FOLLOWING, said, dates_said(following, year)))
    if len(everything) > 1:
        said = gettext(marked("toute la série (%(num)d dates à venir)"), num=len(everything))
        found.append(ScopeChoice(Scope.ALL, said, dates_said(everything, year)))
    return found


def dates_said(rows: Sequence[Booking], year: int) -> list[str]:
    """Return the dates of occurrences in words, those that were changed by themselves told."""
    found = []
    for row in rows:
        span = Interval(row.starts_at, row.ends_at)
        text = say(LocalSpan(span, ZoneInfo(row.timezone), row.all_day, year))
        if own_of(row):
            text = gettext(marked("%(date)s (changée à part)"), date=text)
        found.append(text)
    return found
