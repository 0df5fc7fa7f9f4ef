"""The dates of a series as they would be: every one of them, with what stands in its way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from coopshare.bookings.commands import Line
from coopshare.bookings.errors import RefusedDate, SeriesBlocked, SeriesRefused
from coopshare.bookings.models import Booking, BookingStatus, OwnChange
from coopshare.bookings.rules import status_after, together
from coopshare.bookings.services.alternatives import Alternative
from coopshare.bookings.services.examining import Asked, broken
from coopshare.bookings.services.lateness import bound
from coopshare.bookings.services.pricing import Price, prices
from coopshare.db.work import Work
from coopshare.holds.services import Ask, conflicts_many
from coopshare.kernel.errors import Conflict, CoopShareError
from coopshare.kernel.intervals import Interval
from coopshare.resources.errors import TooManyPeople
from coopshare.resources.queries import catalogue


class Why(StrEnum):
    """Why nothing is booked on a date."""

    CHOSEN = "chosen"
    """It was said so."""
    SCHOOL_HOLIDAYS = "school_holidays"
    BEFORE = "before"
    """It was skipped or cancelled before: nothing comes back by itself."""
    NOT_IN_RULE = "not_in_rule"
    """The new rule does not name it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDate:
    """One date of a series, as it would be."""

    day: date
    """The local day of the rule; choices name it."""
    what: Asked
    title: str
    note: str
    id: UUID = field(default_factory=uuid4)
    """Of the booking there is, or will be."""
    booking: Booking | None = None
    """What it is now."""
    own: frozenset[OwnChange] = frozenset()
    """What it would have of its own."""
    why: Why | None = None
    """Why there would be nothing; None: there would be something."""
    errors: tuple[CoopShareError, ...] = ()
    """The rules it would break, and what is in its way."""
    alternatives: tuple[Alternative, ...] = ()
    price: Price | None = None
    """What it would cost; None where its price stays as it was frozen."""

    @property
    def is_refused(self) -> bool:
        """Tell whether it cannot be as planned."""
        return bool(self.errors)

    @property
    def is_kept(self) -> bool:
        """Tell whether there would be a booking."""
        return self.why is None

    @property
    def is_priced_again(self) -> bool:
        """Tell whether what its price depends on would change, or is new."""
        if not self.is_kept:
            return False
        return self.booking is None or self.is_moved or self.booking.people != self.what.people

    @property
    def gives_back(self) -> bool:
        """Tell whether what its booking holds now is given back."""
        return self.booking is not None and (self.is_moved or not self.is_kept)

    @property
    def span(self) -> Interval:
        """Return when it would be."""
        return self.what.span

    @property
    def is_moved(self) -> bool:
        """Tell whether what it takes would change, or is new."""
        if self.booking is None:
            return True
        before = Interval(self.booking.starts_at, self.booking.ends_at)
        return self.what.span != before or self._amounts != {
            line.resource_id: line.quantity for line in self.booking.lines
        }

    @property
    def _amounts(self) -> dict[UUID, int]:
        return {line.resource_id: line.quantity for line in self.what.lines}

    @property
    def ask(self) -> Ask:
        """Return what it would hold."""
        return Ask(
            source_id=self.id,
            resources=list(self.what.resources.values()),
            wanted=self.what.wanted,
            span=self.what.span,
        )

    def refused(self) -> RefusedDate:
        """Return the date as a refusal tells of it."""
        start, end = (
            m.isoformat().replace("+00:00", "Z") for m in (self.span.start, self.span.end)
        )
        return RefusedDate(
            day=self.day,
            errors=self.errors,
            starts_at=start,
            ends_at=end,
            alternatives=tuple(one.as_details() for one in self.alternatives),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlan:
    """Every date of a series, in order, before anything is written."""

    dates: tuple[PlannedDate, ...]
    status: BookingStatus
    """What each new date would become."""
    year: int
    """The year that is not said."""

    @property
    def refused(self) -> tuple[PlannedDate, ...]:
        """Return the dates that cannot be as planned."""
        return tuple(one for one in self.dates if one.is_refused)

    @property
    def kept(self) -> tuple[PlannedDate, ...]:
        """Return the dates on which there would be a booking."""
        return tuple(one for one in self.dates if one.is_kept)

    @property
    def is_possible(self) -> bool:
        """Tell whether all of it would be written."""
        return not self.refused and bool(self.kept)


def judged(
    work: Work,
    dates: Sequence[PlannedDate],
    *,
    but: Collection[UUID] = (),
    is_final: bool = False,
) -> SeriesPlan:
    """Hold every date against the rules and against what is held: one statement for all.

    What the bookings `but` hold now is given back, so it is in nobody's way. Prices and quotas are
    counted through all dates, in order; `is_final` as for `prices`.
    """
    kept = [one for one in dates if one.is_kept]
    moved = [one for one in kept if one.is_moved]
    taken = conflicts_many(work, [one.ask for one in moved], but=but)
    found: dict[UUID, tuple[CoopShareError, ...]] = {}
    costs = _prices(work, dates, is_final=is_final)
    for one in moved:
        since = {}
        if one.booking is not None and one.booking.starts_at == one.span.start:
            since = {line.resource_id: one.booking.created_at for line in one.booking.lines}
        rules = broken(work, one.what, kept=since)
        errors: list[CoopShareError] = [together(rules)] if rules else []
        if one.id in taken:
            errors.append(taken[one.id])
        found[one.id] = tuple(errors)
    for one in kept:
        if not one.is_moved and one.booking and one.booking.people != one.what.people:
            many = [x for x in broken(work, one.what) if isinstance(x[1], TooManyPeople)]
            found[one.id] = (together(many),) if many else ()
    for key, cost in costs.items():
        found[key] = (*found.get(key, ()), *(refusal for _, refusal in cost.refusals))
    needs = any(one.what.needs_decision(work) for one in moved)
    return SeriesPlan(
        dates=tuple(
            replace(one, errors=found.get(one.id, ()), price=costs.get(one.id))
            if one.is_kept
            else one
            for one in dates
        ),
        status=status_after(needs_decision=needs),
        year=work.now.year,
    )


def _prices(work: Work, dates: Sequence[PlannedDate], *, is_final: bool) -> dict[UUID, Price]:
    """Return what each date that is new or changed would cost."""
    wanted = [one for one in dates if one.is_priced_again]
    if not wanted:
        return {}
    changed = [one.booking for one in dates if one.booking and (one in wanted or not one.is_kept)]
    persons = [row.person_id for row in changed] or [work.actor.person_id]
    had = [_had(work, one) for one in wanted]
    found = prices(
        work,
        [one.what for one in wanted],
        person_id=persons[0],
        without=[row.id for row in changed],
        had=had,
        is_final=is_final,
    )
    costs = {one.id: cost for one, cost in zip(wanted, found, strict=True)}
    rows = [
        (one.booking, was.resources, costs[one.id])
        for one, was in zip(wanted, had, strict=True)
        if one.booking is not None and was is not None
    ]
    return costs | {row.id: cost for (row, _, _), cost in zip(rows, bound(work, rows), strict=True)}


def _had(work: Work, one: PlannedDate) -> Asked | None:
    """Return what a date takes now; None for a new one."""
    row = one.booking
    if row is None:
        return None
    known = catalogue(work).resources
    lines = tuple(Line(resource_id=x.resource_id, quantity=x.quantity) for x in row.lines)
    return replace(
        one.what,
        lines=lines,
        resources={line.resource_id: known[line.resource_id] for line in lines},
        span=Interval(row.starts_at, row.ends_at),
        timezone=row.timezone,
        people=row.people,
    )


def refuse(plan: SeriesPlan) -> None:
    """Raise one refusal that names every date that cannot be; nothing if there is none."""
    refused = [one.refused() for one in plan.refused]
    if not refused:
        return
    taken = any(isinstance(error, Conflict) for one in refused for error in one.errors)
    kind = SeriesBlocked if taken else SeriesRefused
    raise kind(refused, len(plan.kept), year=plan.year)
