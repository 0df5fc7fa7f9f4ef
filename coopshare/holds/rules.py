"""Pure decisions about holds: what a use takes, and where there is not enough."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coopshare.holds.errors import Taken
from coopshare.holds.models import HoldSource
from coopshare.kernel.intervals import Interval, merged
from coopshare.resources.models import Resource


@dataclass(frozen=True, slots=True)
class HoldUse:
    """So many are held over a span (preparation time included), and where that comes from."""

    span: Interval
    quantity: int
    source_kind: HoldSource
    source_id: UUID


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is really held: a resource without parts. Preparation in minutes."""

    id: UUID
    name: str
    timezone: str
    quantity: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Demand:
    """So many of a leaf, over a span with its preparation time."""

    leaf: Leaf
    quantity: int
    span: Interval
    resource_id: UUID
    """What was asked for: the leaf, or a whole it belongs to."""
    name: str


def overfull(uses: Iterable[tuple[Interval, int]], limit: int) -> list[tuple[Interval, int]]:
    """Return where more than `limit` is in use, with the peak of use there, in order."""
    changes: list[tuple[datetime, int]] = []
    for span, quantity in uses:
        changes += [(span.start, quantity), (span.end, -quantity)]
    found: list[tuple[Interval, int]] = []
    used = highest = 0
    since: datetime | None = None
    for instant, change in sorted(changes):  # at one instant, an end comes before a start
        used += change
        if used > limit:
            since, highest = since or instant, max(highest, used)
        elif since is not None:
            if since < instant:
                found.append((Interval(since, instant), highest))
            since, highest = None, 0
    return _joined(found)


def lacking(
    span: Interval, quantity: int, had: Sequence[tuple[Interval, int]]
) -> list[tuple[Interval, int]]:
    """Return how many more are needed, and when, to have so many over a span, in order."""
    edges = {span.start, span.end}
    for one, _ in had:
        edges |= {edge for edge in (one.start, one.end) if span.start < edge < span.end}
    found: list[tuple[Interval, int]] = []
    for start, end in itertools.pairwise(sorted(edges)):
        part = Interval(start, end)
        more = quantity - sum(count for one, count in had if one.overlaps(part))
        if more <= 0:
            continue
        if found and found[-1] == (Interval(found[-1][0].start, start), more):
            part = Interval(found.pop()[0].start, end)
        found.append((part, more))
    return found


def _joined(spans: list[tuple[Interval, int]]) -> list[tuple[Interval, int]]:
    joined = merged(span for span, _ in spans)
    return [(whole, max(used for span, used in spans if whole.contains(span))) for whole in joined]


@dataclass(frozen=True, slots=True)
class Occupation:
    """What is held of the leaf parts of one resource, within a window."""

    resource_id: UUID
    window: Interval
    quantities: Mapping[UUID, int]
    held: Mapping[UUID, Sequence[HoldUse]]
    """Each leaf is a key."""

    def busy(self, counts: Callable[[HoldUse], bool] = lambda _: True) -> list[Interval]:
        """Return when not one of the resource can be had, within the window, in order.

        Only what `counts` says counts. A whole is busy as soon as one of its parts is in use.
        """
        spans: list[tuple[Interval, int]] = []
        for leaf_id, held in self.held.items():
            limit = self.quantities.get(leaf_id, 1) - 1 if leaf_id == self.resource_id else 0
            uses = ((use.span, use.quantity) for use in held if counts(use))
            spans += [(span, 1) for span, _ in overfull(uses, limit)]
        clipped = (span.clipped(self.window) for span, _ in overfull(spans, 0))
        return [span for span in clipped if span is not None]


def demand_for(resource: Resource, leaf: Leaf, quantity: int, span: Interval) -> Demand:
    """Return what a use of a resource takes of one of its leaves: all there is of a part."""
    return Demand(
        leaf=leaf,
        quantity=quantity if leaf.id == resource.id else leaf.quantity,
        span=span.widened(*preparation(resource, leaf)),
        resource_id=resource.id,
        name=resource.name,
    )


def preparation(resource: Resource, leaf: Leaf) -> tuple[int, int]:
    """Return the minutes held before and after: those of the whole or of the part, the longer."""
    return (
        max(resource.preparation_before, leaf.before),
        max(resource.preparation_after, leaf.after),
    )


def conflicts_of(demand: Demand, others: Sequence[HoldUse]) -> list[Taken]:
    """Return where a demand finds too little, given what others hold."""
    room = demand.leaf.quantity - demand.quantity
    if room < 0:
        return [_taken(demand, demand.span, demand.leaf.quantity, is_closed=False)]
    if not others:
        return []
    found = overfull(((use.span, use.quantity) for use in others), room)
    closures = [use.span for use in others if use.source_kind is HoldSource.CLOSURE]
    return [
        _taken(
            demand,
            span,
            demand.leaf.quantity - used,
            is_closed=any(closure.overlaps(span) for closure in closures),
        )
        for span, used in found
        if span.overlaps(demand.span)
    ]


def _taken(demand: Demand, span: Interval, free: int, *, is_closed: bool) -> Taken:
    return Taken(
        resource_id=demand.resource_id,
        name=demand.name,
        timezone=demand.leaf.timezone,
        span=span,
        free=free if demand.leaf.id == demand.resource_id else 0,
        quantity=demand.leaf.quantity,
        is_closed=is_closed,
    )
