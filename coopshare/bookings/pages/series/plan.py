"""A plan of a series as its page shows it: every date with its state, and what may be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.bookings.models import BookingStatus
from coopshare.bookings.pages.series.choices import OTHER, SKIP, Typed, value_of
from coopshare.bookings.services import PlannedDate, SeriesPlan, Why
from coopshare.kernel.dates import NO_BREAK, LocalSpan, say_day, say_time
from coopshare.kernel.errors import Conflict, CoopShareError, Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import local_days
from coopshare.kernel.text import marked
from coopshare.web.i18n import gettext, language, say

NOTHING: Mapping[Why, str] = {
    Why.CHOSEN: marked("Sautée"),
    Why.SCHOOL_HOLIDAYS: marked("Vacances scolaires"),
    Why.BEFORE: marked("Sautée auparavant"),
    Why.NOT_IN_RULE: marked("N'est plus dans la série"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that may be chosen for a date."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One date as it is shown."""

    day: date
    said: str
    hours: str
    before: str
    """When it is now, where it would move."""
    kind: str
    """How its state is drawn."""
    state: str
    reasons: list[str]
    options: list[Option]
    """What may be chosen; none: nothing stands in its way and nothing was chosen."""
    typed_hours: tuple[str, str]
    may_skip: bool
    is_skipped: bool
    may_keep: bool
    is_kept_anyway: bool
    is_refused: bool
    is_all_day: bool
    cents: int | None
    """What it costs before tax; None: nothing has a price, or it stays as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All the dates of a plan, and their totals."""

    rows: list[Row]
    total: int
    good: int
    refused: int
    left_out: int
    given_up: int
    """Bookings there are that would be given up."""
    is_pending: bool
    is_new: bool
    """Whether none of it is booked yet."""
    may_lose: int
    """Confirmed dates that would wait for an agreement, and be lost without it."""

    @property
    def cents(self) -> int | None:
        """Return what the dates that are possible cost before tax; None: no price is told."""
        told = [row.cents for row in self.rows if row.cents is not None and not row.is_refused]
        return sum(told) if any(told) else None

    @property
    def to_settle(self) -> list[Row]:
        """Return the dates that stand in the way."""
        return [row for row in self.rows if row.is_refused]

    @property
    def settled(self) -> list[Row]:
        """Return the dates for which something was chosen."""
        return [row for row in self.rows if row.options and not row.is_refused]


def _may_lose(plan: SeriesPlan) -> int:
    if plan.status is not BookingStatus.PENDING:
        return 0
    there = [one.booking for one in plan.kept if one.booking is not None and one.is_moved]
    return sum(1 for booking in there if booking.status is BookingStatus.CONFIRMED)


def sheet_of(plan: SeriesPlan, typed: Typed, home: Sequence[UUID]) -> Sheet:
    """Return a plan as it is shown; `home` are the resources the series has by itself."""
    rows = [_row(one, typed, home, plan.year) for one in plan.dates]
    kept = [one for one in plan.dates if one.is_kept]
    out = [one for one in plan.dates if not one.is_kept]
    given_up = sum(1 for one in out if one.booking is not None)
    return Sheet(
        rows=rows,
        total=len(plan.dates),
        good=sum(1 for one in kept if not one.is_refused),
        refused=sum(1 for row in rows if row.is_refused),
        left_out=len(out) - given_up,
        given_up=given_up,
        is_pending=plan.status is BookingStatus.PENDING,
        is_new=all(one.booking is None for one in plan.dates),
        may_lose=_may_lose(plan),
    )


def _row(one: PlannedDate, typed: Typed, home: Sequence[UUID], year: int) -> Row:
    place = ZoneInfo(one.what.timezone)
    kind, state = _state(one)
    is_ticked = one.day in typed.skipped and not typed.values.get(one.day)
    before = ""
    if one.booking is not None and one.is_kept and one.is_moved:
        span = Interval(one.booking.starts_at, one.booking.ends_at)
        before = say(LocalSpan(span, place, one.booking.all_day, year))
    return Row(
        day=one.day,
        said=say_day(one.day, language(), year=year),
        hours=_hours(one, place, year),
        before=before,
        kind=kind,
        state=state,
        reasons=[text for error in one.errors for text in reasons(error)],
        options=[] if is_ticked else _options(one, typed, home, place, year),
        typed_hours=typed.hours.get(one.day, ("", "")),
        may_skip=one.is_kept or is_ticked,
        is_skipped=is_ticked,
        may_keep=one.why is Why.SCHOOL_HOLIDAYS or one.day in typed.kept,
        is_kept_anyway=one.day in typed.kept,
        is_refused=one.is_refused,
        is_all_day=one.what.all_day,
        cents=one.price.cents if one.price is not None and one.is_kept else None,
    )


def reasons(error: CoopShareError) -> list[str]:
    """Return what stands in the way of a date, as sentences."""
    if isinstance(error, Invalid):
        return [say(sentence) for found in error.fields.values() for sentence in found]
    return [say(error.sentence)]


def _state(one: PlannedDate) -> tuple[str, str]:
    if one.why is not None:
        if one.booking is not None:
            return "cancelled", gettext(marked("À annuler"))
        return "closed", gettext(NOTHING[one.why])
    if one.is_refused:
        if any(isinstance(error, Conflict) for error in one.errors):
            return "taken", gettext(marked("Pris"))
        return "late", gettext(marked("Contraire à une règle"))
    if one.booking is None:
        return "free", gettext(marked("Libre"))
    if one.is_moved:
        return "free", gettext(marked("Libre, à déplacer"))
    return "mine", gettext(marked("Garde sa place"))


def _hours(one: PlannedDate, place: ZoneInfo, year: int) -> str:
    """Return the hours of a date; its day too where it is another one."""
    if one.what.all_day:
        days = local_days(one.span, place)
        if len(days) == 1 and days[0] == one.day:
            return gettext(marked("toute la journée"))
        return say(LocalSpan(one.span, place, all_day=True, year=year))
    start, end = (moment.astimezone(place) for moment in (one.span.start, one.span.end))
    days = local_days(one.span, place)
    if days == [one.day]:
        last = say_time(end.time(), language())
        if end.date() != one.day:
            last = {"fr": "24\N{NARROW NO-BREAK SPACE}h", "en": "24:00"}[language()]
        return f"{say_time(start.time(), language())}{NO_BREAK}–{NO_BREAK}{last}"
    return say(LocalSpan(one.span, place, year=year))


def _options(
    one: PlannedDate, typed: Typed, home: Sequence[UUID], place: ZoneInfo, year: int
) -> list[Option]:
    chosen = typed.values.get(one.day, "")
    if not one.is_refused and not chosen:
        return []
    found: list[Option] = []
    if chosen and chosen not in {SKIP, OTHER}:
        found.append(Option(chosen, _as_chosen(one, home, place, year), is_chosen=True))
    for way in one.alternatives:
        value = value_of(way, all_day=one.what.all_day)
        if value != chosen:
            found.append(Option(value, say(way.sentence), is_chosen=False))
    if chosen:
        text = gettext(marked("Comme prévu au départ"))
        found.append(Option("", text, is_chosen=False))
    if one.booking is None or one.why is not None:
        text = gettext(marked("Sauter cette date"))
    else:
        text = gettext(marked("Annuler cette date"))
    return [*found, Option(SKIP, text, is_chosen=chosen == SKIP)]


def _as_chosen(one: PlannedDate, home: Sequence[UUID], place: ZoneInfo, year: int) -> str:
    others = [r.name for key, r in one.what.resources.items() if key not in home]
    if others:
        return ", ".join(others)
    return say(LocalSpan(one.span, place, one.what.all_day, year))
