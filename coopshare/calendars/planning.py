"""The planning: what each resource is taken for, in order, as the reader may see it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.calendars import queries
from coopshare.calendars.policies import sees_all
from coopshare.calendars.queries import Held
from coopshare.db.work import Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.intervals import Interval, peak, without
from coopshare.kernel.localtime import at, day_span
from coopshare.resources.models import Resource
from coopshare.resources.queries import calendar, catalogue
from coopshare.resources.services import open_spans

HALF_HOUR = 30
"""Minutes of a cell of the day."""
LINK_WIDTH = 4
"""Half-hours that one link to a booking proposes."""
FREE: tuple[str, None] = ("free", None)
CLOSED: tuple[str, None] = ("closed", None)


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that takes time of a resource, as it is told to the reader."""

    source_id: UUID
    span: Interval
    held: Interval
    """Preparation included."""
    quantity: int
    state: str
    """confirmed, pending or closed."""
    title: str
    """Empty where the reader may only know that it is taken."""
    url: str
    is_mine: bool
    organisation_id: UUID | None = None
    """Whose it is; None where the reader may not know."""


@dataclass(slots=True)
class Row:
    """One resource and its uses, over a span."""

    resource: Resource
    uses: list[Use] = field(default_factory=list)
    closed: list[Interval] = field(default_factory=list)
    """When it is not open."""

    def free(self, span: Interval) -> int:
        """Return how many of it nobody holds at any instant of a span."""
        taken = peak(((use.held, use.quantity) for use in self.uses), span)
        return max(0, self.resource.quantity - taken)


@dataclass(frozen=True, slots=True)
class Cell:
    """Some half-hours of a day that are alike."""

    kind: str
    """free, taken, mine, pending or closed."""
    first: int
    """How many half-hours after the first one shown it begins."""
    width: int
    """Half-hours."""
    use: Use | None = None


def rows(work: Work, resources: Sequence[Resource], span: Interval) -> list[Row]:
    """Return the planning of resources over a span, in their order; a constant number of reads."""
    shared = catalogue(work)
    leaves = {resource.id: shared.leaves(resource.id) for resource in resources}
    held = queries.held(work, sorted(frozenset().union(*leaves.values())), span)
    by_leaf: dict[UUID, list[Held]] = {}
    for one in held:
        by_leaf.setdefault(one.resource_id, []).append(one)
    closed_days = calendar(work, span)
    shut: dict[int, list[Interval]] = {}
    found = []
    for resource in resources:
        row = Row(resource)
        seen: set[UUID] = set()
        for leaf in sorted(leaves[resource.id]):
            for one in by_leaf.get(leaf, ()):
                if one.source_id not in seen:
                    seen.add(one.source_id)
                    row.uses.append(_told(work.actor, resource, one, leaf))
        row.uses.sort(key=lambda use: (use.span, use.source_id))
        rules = shared.rules[resource.id]  # a hundred rooms open alike are looked at once
        if rules not in shut:
            shut[rules] = without(span, open_spans(resource, span, closed_days))
        row.closed = shut[rules]
        found.append(row)
    return found


def _told(actor: Actor, resource: Resource, one: Held, leaf: UUID) -> Use:
    is_mine = one.organisation_id is not None and one.organisation_id == actor.organisation_id
    is_told = is_mine or sees_all(actor, resource.manager_id)
    state = "closed" if one.closure_reason is not None else one.status
    return Use(
        source_id=one.source_id,
        span=one.shown,
        held=one.held,
        quantity=one.quantity if leaf == resource.id else resource.quantity,
        state="pending" if state == "tentative" else state,
        title=one.closure_reason or (one.title if is_told else ""),
        url=one.url if is_told else "",
        is_mine=is_mine,
        organisation_id=one.organisation_id if is_told else None,
    )


@lru_cache(maxsize=512)
def half_hours(day: date, zone: ZoneInfo, first: int, last: int) -> tuple[datetime, ...]:
    """Return the instants that bound the half-hours between two minutes of a local day."""
    return tuple(at(day, minute, zone) for minute in range(first, last + 1, HALF_HOUR))


def cells(
    row: Row, day: date, zone: ZoneInfo, first: int, last: int, link_width: int = LINK_WIDTH
) -> list[Cell]:
    """Cut a day of a row, between two minutes of the local day, into cells that are alike.

    A free cell is at most `link_width` half-hours wide: each is one link to a booking.
    """
    edges = half_hours(day, zone, first, last)
    uses = [use for use in row.uses if use.held.start < edges[-1] and edges[0] < use.held.end]
    told = _kinds(row, uses, edges)
    found: list[Cell] = []
    began, current = 0, told[0]
    for number in range(1, len(told)):
        if told[number] == current and (current[0] != "free" or number - began < link_width):
            continue
        found.append(Cell(current[0], began, number - began, current[1]))
        began, current = number, told[number]
    found.append(Cell(current[0], began, len(told) - began, current[1]))
    return found


def _kinds(row: Row, uses: list[Use], edges: Sequence[datetime]) -> list[tuple[str, Use | None]]:
    """Tell what each half-hour is; only those that something takes are looked at one by one."""
    told: list[tuple[str, Use | None]] = [FREE] * (len(edges) - 1)
    for span in row.closed:
        shut = range(bisect_left(edges, span.start), bisect_right(edges, span.end) - 1)
        for number in shut:
            told[number] = CLOSED
    for use in uses:
        begins = max(0, bisect_right(edges, use.held.start) - 1)
        for number in range(begins, min(len(told), bisect_left(edges, use.held.end))):
            told[number] = _kind(row, uses, edges[number], edges[number + 1])
    return told


def _kind(row: Row, uses: list[Use], start: datetime, end: datetime) -> tuple[str, Use | None]:
    if end <= start:
        return CLOSED
    over = [use for use in uses if use.held.start < end and start < use.held.end]
    if over:
        own = next((use for use in over if use.is_mine), None)
        if own is not None:
            return ("pending" if own.state == "pending" else "mine"), own
        if not row.free(Interval(start, end)):
            return over[0].state, over[0]
    if any(span.start <= start and end <= span.end for span in row.closed):
        return CLOSED
    return FREE


def window(view: str, day: date, zone: ZoneInfo) -> tuple[Interval, list[date]]:
    """Return the span and the days of a view: the day, its week from Monday, or its month."""
    if view == "semaine":
        first, count = day - timedelta(days=day.weekday()), 7
    elif view == "mois":
        first = day.replace(day=1)
        following = (first + timedelta(days=32)).replace(day=1)
        count = (following - first).days
    else:
        first, count = day, 1
    return day_span(first, zone, count), [first + timedelta(days=n) for n in range(count)]
