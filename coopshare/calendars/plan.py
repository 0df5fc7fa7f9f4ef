"""The planning of resources: what is taken, closed, free; in a constant number of statements."""

from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urlsplit
from uuid import UUID

from coopshare.calendars import policies, queries
from coopshare.db.work import Work
from coopshare.kernel.intervals import Interval, merged, peak, without
from coopshare.resources import services as resources
from coopshare.resources.models import Resource
from coopshare.resources.queries import ResourceFilter, calendar, search

MOST = 200
"""Resources on one page."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a resource, with no more than the reader may know."""

    source_id: UUID
    shown: Interval
    held: Interval
    quantity: int
    title: str | None
    """None: somebody else's."""
    is_mine: bool
    is_pending: bool
    is_booking: bool
    path: str | None
    reason: str | None
    """Why it is closed, when that is what it is."""


@dataclass(slots=True)
class Row:
    """One resource over a span."""

    resource: Resource
    closed: list[Interval]
    uses: list[Use] = field(default_factory=list)

    def full(self) -> list[Interval]:
        """Return when nothing of it is left."""
        spans = [(use.held, use.quantity) for use in self.uses]
        edges = sorted({edge for span, _ in spans for edge in (span.start, span.end)})
        pieces = [Interval(a, b) for a, b in pairwise(edges)]
        return merged(p for p in pieces if peak(spans, p) >= self.resource.quantity)

    def free(self, span: Interval) -> list[Interval]:
        """Return when it can still be had."""
        return without(span, [*self.closed, *self.full()])


def rows(work: Work, wanted: ResourceFilter, span: Interval) -> list[Row]:
    """Return the resources that answer a filter, by name, with what happens to each."""
    policies.allow(work.actor)
    found = search(work, wanted, limit=MOST)[:MOST]
    days = calendar(work, found, span)
    parts = queries.parts(work)
    leaves = {resource.id: parts.leaves(resource.id) for resource in found}
    held = queries.held(work, sorted(frozenset().union(*leaves.values())), span)
    by_leaf: dict[UUID, list[queries.Held]] = {}
    for one in held:
        by_leaf.setdefault(one.resource_id, []).append(one)
    made = []
    for resource in found:
        row = Row(resource, without(span, resources.open_spans(resource, span, days)))
        mine: dict[UUID, Use] = {}
        for leaf in sorted(leaves[resource.id]):
            for one in by_leaf.get(leaf, ()):
                mine.setdefault(one.source_id, _told(work, resource, one))
        row.uses = sorted(mine.values(), key=lambda use: (use.shown, str(use.source_id)))
        made.append(row)
    return made


def _told(work: Work, resource: Resource, one: queries.Held) -> Use:
    actor = work.actor
    is_mine = one.organisation_id is not None and one.organisation_id == actor.organisation_id
    knows = is_mine or policies.sees_all(actor, resource.manager_id)
    return Use(
        source_id=one.source_id,
        shown=one.shown,
        held=one.held,
        quantity=one.quantity,
        title=one.title or None if knows else None,
        is_mine=is_mine,
        is_pending=one.status == "tentative",
        is_booking=one.source_kind == "booking",
        path=urlsplit(one.url).path or None if knows else None,
        reason=one.closure_reason,
    )
