"""From what is asked for to the dates it means, without a lock and without a write."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.bookings.commands import Book, Choice, Line, Recurrence
from coopshare.bookings.models import Booking, BookingSeries, OwnChange
from coopshare.bookings.recurring import Hours
from coopshare.bookings.rules import check_lines
from coopshare.bookings.series import hours_of, lines_of, recurrence_of
from coopshare.bookings.services.examining import Asked, standing_of
from coopshare.bookings.services.series.dates import PlannedDate, Why
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import zone
from coopshare.kernel.recurrence import dates as dates_of
from coopshare.kernel.text import marked
from coopshare.members.kinds import Standing
from coopshare.resources import queries as catalogue
from coopshare.resources.models import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What every date of a series has, unless it has its own."""

    organisation_id: UUID
    standing: Standing
    title: str
    note: str
    people: int | None
    lines: tuple[Line, ...]
    hours: Hours
    timezone: str
    recurrence: Recurrence
    first: date

    @property
    def place(self) -> ZoneInfo:
        """Return where its hours are meant."""
        return ZoneInfo(self.timezone)


@dataclass(slots=True, kw_only=True)
class Draft:
    """A series as it would be, and every date of it that a verb is about."""

    pattern: Pattern
    dates: list[PlannedDate]
    skipped: set[date] = field(default_factory=set)
    """The days on which nothing is booked, once it is written."""
    series: BookingSeries | None = None
    """The series there is."""
    is_split: bool = False
    """Whether these dates leave it for a series of their own."""
    shift: timedelta = timedelta(0)
    """By how many days the days of the rule move."""
    ended: Sequence[Booking] = ()
    """Bookings that are over or given up and move with the rule, so that nothing comes back."""

    def touched(self) -> set[UUID]:
        """Return every resource it takes or took."""
        found = {line.resource_id for one in self.dates for line in one.what.lines}
        return found | {
            line.resource_id for one in self.dates if one.booking for line in one.booking.lines
        }

    def given_back(self) -> list[UUID]:
        """Return the bookings whose present holds are in nobody's way."""
        return [one.id for one in self.dates if one.booking is not None and one.gives_back]


class Builder:
    """Makes what each date asks for: what is the same is looked up once."""

    def __init__(self, work: Work, organisation_id: UUID) -> None:
        self.work = work
        self.organisation_id = organisation_id
        self.standing = standing_of(work, organisation_id)
        self._found: dict[tuple[Line, ...], Mapping[UUID, Resource]] = {}

    def resources(self, lines: tuple[Line, ...]) -> Mapping[UUID, Resource]:
        """Return the resources of some lines, in their order.

        Raises `Invalid` for lines that make no sense, `NotFound` for what may not be seen.
        """
        if lines not in self._found:
            check_lines(lines)
            ids = [line.resource_id for line in lines]
            known = {r.id: r for r in catalogue.get_many(self.work, ids)}
            self._found[lines] = {key: known[key] for key in ids}
        return self._found[lines]

    def home(self, lines: tuple[Line, ...]) -> str:
        """Return the zone of the first resource of some lines."""
        return next(iter(self.resources(lines).values())).timezone

    def asked(
        self,
        lines: tuple[Line, ...],
        span: Interval,
        *,
        timezone: str,
        all_day: bool,
        people: int | None,
    ) -> Asked:
        """Return what a date asks for; raises as `resources`."""
        return Asked(
            organisation_id=self.organisation_id,
            standing=self.standing,
            lines=lines,
            resources=self.resources(lines),
            span=span,
            timezone=timezone,
            all_day=all_day,
            people=people,
        )


def pattern_of(builder: Builder, book: Book, recurrence: Recurrence) -> Pattern:
    """Return the pattern of a series to be made, its first day that of the booking."""
    if book.option_until is not None:
        raise Invalid.field(
            "option_until", marked("Une série ne se pose pas en option : réservez ses dates.")
        )
    timezone = book.timezone or builder.home(book.lines)
    first, hours = Hours.of(book.span, zone(timezone), all_day=book.all_day)
    return Pattern(
        organisation_id=book.organisation_id,
        standing=builder.standing,
        title=book.title,
        note=book.note,
        people=book.people,
        lines=book.lines,
        hours=hours,
        timezone=timezone,
        recurrence=recurrence,
        first=first,
    )


def pattern_from(builder: Builder, series: BookingSeries) -> Pattern:
    """Return the pattern of a series as it stands."""
    return Pattern(
        organisation_id=series.organisation_id,
        standing=builder.standing,
        title=series.title,
        note=series.note,
        people=series.people,
        lines=lines_of(series),
        hours=hours_of(series),
        timezone=series.timezone,
        recurrence=recurrence_of(series),
        first=series.first_day,
    )


def holidays(work: Work, recurrence: Recurrence, days: Sequence[date]) -> Mapping[date, str]:
    """Return the school holidays that a rule leaves out, around some days."""
    if not recurrence.skip_school_holidays or not days:
        return {}
    start, end = (
        Hours(0, 1).on(day, zone("UTC")).start for day in (days[0], days[-1] + timedelta(days=1))
    )
    return catalogue.calendar(work, Interval(start, end)).school


def days_of(pattern: Pattern) -> list[date]:
    """Return the days of the rule of a pattern; raises `Invalid` on the field `recurrence`."""
    return dates_of(pattern.recurrence.rule, pattern.first)


def by_day(choices: Iterable[Choice], days: Iterable[date]) -> dict[date, Choice]:
    """Return the choices by their day.

    Raises `Invalid` on the field `choices` for two of one day, or for a day that is not planned.
    """
    known, found = set(days), dict[date, Choice]()
    for choice in choices:
        if choice.day not in known or choice.day in found:
            raise Invalid.field(
                "choices",
                marked("Un choix porte sur une date qui n'est pas dans la série, ou deux fois."),
            )
        found[choice.day] = choice
    return found


def new_date(
    builder: Builder, pattern: Pattern, day: date, choice: Choice | None = None
) -> PlannedDate:
    """Return a date that is to be made, as its choice wants it."""
    own: set[OwnChange] = set()
    lines = pattern.lines
    span = pattern.hours.on(day, pattern.place)
    all_day, timezone = pattern.hours.all_day, pattern.timezone
    if choice is not None and choice.lines is not None and choice.lines != lines:
        lines = choice.lines
        own.add(OwnChange.LINES)
    if choice is not None and choice.span is not None:
        span, all_day = chosen(choice, zone(timezone))
        own.add(OwnChange.SPAN)
    what = builder.asked(lines, span, timezone=timezone, all_day=all_day, people=pattern.people)
    return PlannedDate(
        day=day,
        what=what,
        title=pattern.title,
        note=pattern.note,
        own=frozenset(own),
        why=Why.CHOSEN if choice is not None and choice.skip else None,
    )


def chosen(choice: Choice, place: ZoneInfo) -> tuple[Interval, bool]:
    """Return the span a choice gives a date, and whether it is of whole days."""
    assert choice.span is not None  # noqa: S101 - asked by the callers
    if isinstance(choice.span, Interval):
        return choice.span, False
    return choice.span.at(place), choice.span.all_day


def drafted(
    work: Work,
    builder: Builder,
    pattern: Pattern,
    choices: Iterable[Choice],
    *,
    but: date | None = None,
) -> Draft:
    """Return a new series: every day of its rule, with the choice made for it.

    `but` is the day of the booking there is already.
    """
    days = days_of(pattern)
    out = holidays(work, pattern.recurrence, days)
    known = by_day(choices, [day for day in days if day != but])
    dates: list[PlannedDate] = []
    for day in days:
        if day == but:
            continue
        one = new_date(builder, pattern, day, known.get(day))
        if one.is_kept and day in out and day not in known:
            one = replace(one, why=Why.SCHOOL_HOLIDAYS)
        dates.append(one)
    return Draft(
        pattern=pattern,
        dates=dates,
        skipped={one.day for one in dates if not one.is_kept},
    )
