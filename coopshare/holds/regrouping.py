"""When the parts of a hall change, what holds the hall holds its new parts, or nothing changes.

What was taken through the hall, or through something that contains it, is held by leaf parts. All
of it that is to come is looked at before the parts change and moved after, in the same unit, judged
like any other use. What is over keeps its holds, as a trace.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import select, update

from coopshare.db.work import Work
from coopshare.holds import queries
from coopshare.holds.closing import FOLLOWERS
from coopshare.holds.errors import PartBlocked, PartsInUse
from coopshare.holds.models import Closure, Hold, HoldSource
from coopshare.holds.rules import Demand, HoldUse, Leaf, conflicts_of, demand_for
from coopshare.holds.taking import rows_of
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource
from coopshare.resources.queries import all_parts

CHUNK = 500
"""Ids in one statement."""

Leaves: TypeAlias = Mapping[UUID, frozenset[UUID]]
"""The leaf parts of resources."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a source has of a resource: a line of a booking, or a closure."""

    source_kind: HoldSource
    source_id: UUID
    resource: Resource
    quantity: int
    span: Interval
    """Of its use: preparation left out."""


Claims: TypeAlias = Callable[[Work, Leaves], Sequence[Claim]]
"""Finds what is to come and claimed of some resources, given their leaf parts."""


@contextmanager
def regrouped(
    work: Work, whole: Resource, parts: Collection[UUID], claims_of: Claims, *, gives_back: bool
) -> Iterator[list[Claim]]:
    """Have what is claimed of a whole follow its parts, which change within; yields the claims.

    Everything is locked first. With `gives_back` the parts that leave are free again. Raises
    `PartsInUse` with every claim that cannot have the parts that come.
    """
    before = _locked(work, whole, parts)
    claims = list(claims_of(work, before))
    if parts and whole.id in before[whole.id]:  # no whole is held itself: the database refuses it
        _free(work, list(_held(work, claims, {whole.id}).values()))
    yield claims
    _settle(work, whole, before, claims, gives_back=gives_back)


def _locked(work: Work, whole: Resource, parts: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Lock all that may change; return the leaves of the whole and of what contains it."""
    above: dict[UUID, set[UUID]] = defaultdict(set)
    for container, part in all_parts(work):
        above[part].add(container)
    touched, waiting = {whole.id}, [whole.id]
    while waiting:
        more = above[waiting.pop()] - touched
        touched |= more
        waiting += more
    leaves = queries.lock(work, touched | set(parts))
    return {resource_id: leaves[resource_id] for resource_id in touched}


def to_come(work: Work, kind: HoldSource, leaf_ids: Collection[UUID]) -> set[UUID]:
    """Return the sources of a kind that hold some of the leaves, now or later."""
    return set(
        work.session.scalars(
            select(Hold.source_id).where(
                Hold.resource_id.in_(sorted(leaf_ids)),
                Hold.live,
                Hold.ends_at > work.now,
                Hold.source_kind == kind,
            )
        )
    )


def _held(
    work: Work, claims: Sequence[Claim], leaf_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], UUID]:
    """Return the live holds that claims have of some leaves: (source, leaf) -> hold."""
    sources = sorted({claim.source_id for claim in claims})
    found: dict[tuple[UUID, UUID], UUID] = {}
    for first in range(0, len(sources), CHUNK):
        rows = work.session.execute(
            select(Hold.source_id, Hold.resource_id, Hold.id).where(
                Hold.source_id.in_(sources[first : first + CHUNK]),
                Hold.resource_id.in_(sorted(leaf_ids)),
                Hold.live,
            )
        )
        found |= {(source_id, leaf_id): hold_id for source_id, leaf_id, hold_id in rows}
    return found


def _free(work: Work, hold_ids: Sequence[UUID]) -> None:
    for first in range(0, len(hold_ids), CHUNK):
        work.session.execute(
            update(Hold).where(Hold.id.in_(hold_ids[first : first + CHUNK])).values(live=False),
            execution_options={"synchronize_session": False},
        )


def _settle(
    work: Work, whole: Resource, before: Leaves, claims: Sequence[Claim], *, gives_back: bool
) -> None:
    """Move claims from the parts that left to those that came."""
    if not claims:
        return
    after = queries.leaf_parts(work, before)
    comes = {key: after[key] - before[key] for key in before}
    leaves = {key: before[key] - after[key] for key in before}
    present = _held(work, claims, frozenset().union(*before.values(), *after.values()))
    described = queries.described(work, frozenset().union(*comes.values()))
    asked: list[tuple[Claim, Demand]] = []
    blocked: list[PartBlocked] = []
    for claim in claims:
        for leaf_id in sorted(comes[claim.resource.id]):
            leaf = described[leaf_id]
            if (claim.source_id, leaf_id) in present:
                if claim.source_kind is not HoldSource.CLOSURE:
                    blocked.append(_blocked(claim, leaf, "twice"))
            else:
                asked.append((claim, _demand(work, claim, leaf)))
    blocked += _conflicts(work, asked)
    if blocked:
        raise PartsInUse(whole.name, blocked, year=work.now.year)
    if gives_back:
        gone = [
            present[claim.source_id, leaf_id]
            for claim in claims
            for leaf_id in leaves[claim.resource.id]
            if (claim.source_id, leaf_id) in present
        ]
        _free(work, gone)
    work.add_rows(
        Hold,
        [
            row
            for claim, demand in asked
            for row in rows_of([demand], claim.source_kind, claim.source_id)
        ],
    )


def _demand(work: Work, claim: Claim, leaf: Leaf) -> Demand:
    """Say what a claim takes of a part that comes, from now on."""
    if claim.source_kind is HoldSource.CLOSURE:
        demand = Demand(leaf, leaf.quantity, claim.span, claim.resource.id, claim.resource.name)
    else:
        demand = demand_for(claim.resource, leaf, claim.quantity, claim.span)
    now = work.now.replace(second=0, microsecond=0)
    if now <= demand.span.start:
        return demand
    span = Interval(now, max(demand.span.end, now + timedelta(minutes=1)))
    return Demand(leaf, demand.quantity, span, demand.resource_id, demand.name)


def _conflicts(work: Work, asked: Sequence[tuple[Claim, Demand]]) -> list[PartBlocked]:
    """Return where a demand finds too little: of what others hold, and of what this very change
    takes before it.
    """
    if not asked:
        return []
    spans = [demand.span for _, demand in asked]
    window = Interval(min(s.start for s in spans), max(s.end for s in spans))
    held = queries.uses(work, {demand.leaf.id for _, demand in asked}, window)
    longest = {
        leaf_id: max((use.span.end - use.span.start for use in uses), default=timedelta(0))
        for leaf_id, uses in held.items()
    }
    taken: dict[UUID, list[HoldUse]] = defaultdict(list)
    blocked: list[PartBlocked] = []
    for claim, demand in asked:
        leaf_id = demand.leaf.id
        uses = held[leaf_id]
        first = bisect_left(uses, demand.span.start - longest[leaf_id], key=lambda u: u.span.start)
        last = bisect_left(uses, demand.span.end, key=lambda u: u.span.start)
        others = [*uses[first:last], *taken[leaf_id]]
        found = conflicts_of(demand, [use for use in others if use.span.overlaps(demand.span)])
        if found:
            blocked.append(
                _blocked(claim, demand.leaf, "closed" if found[0].is_closed else "taken")
            )
        taken[leaf_id].append(
            HoldUse(demand.span, demand.quantity, claim.source_kind, claim.source_id)
        )
    return blocked


def _blocked(claim: Claim, leaf: Leaf, why: str) -> PartBlocked:
    return PartBlocked(
        resource_id=claim.resource.id,
        name=claim.resource.name,
        timezone=claim.resource.timezone,
        span=claim.span,
        part_id=leaf.id,
        part_name=leaf.name,
        why=why,
        is_closure=claim.source_kind is HoldSource.CLOSURE,
    )


@contextmanager
def closures_follow(work: Work, whole: Resource, parts: Collection[UUID]) -> Iterator[None]:
    """Have the closures of a whole close its new parts too.

    A closure that closes every part closes the whole. A part that leaves stays closed until its
    closure is lifted: works do not end because a hall is described otherwise.
    """
    closures: dict[UUID, Closure] = {}

    def claims_of(work: Work, leaves: Leaves) -> list[Claim]:
        held: dict[UUID, set[UUID]] = defaultdict(set)
        for leaf_id in leaves[whole.id]:
            for closure_id in to_come(work, HoldSource.CLOSURE, [leaf_id]):
                held[closure_id].add(leaf_id)
        complete = [key for key, found in held.items() if found == leaves[whole.id]]
        query = select(Closure).where(Closure.id.in_(sorted(complete))).order_by(Closure.id)
        closures.update({closure.id: closure for closure in work.session.scalars(query)})
        return [
            Claim(
                source_kind=HoldSource.CLOSURE,
                source_id=closure.id,
                resource=whole,
                quantity=whole.quantity,
                span=Interval(closure.starts_at, closure.ends_at),
            )
            for closure in closures.values()
        ]

    with regrouped(work, whole, parts, claims_of, gives_back=False):
        yield
    for closure in closures.values():
        held = {row.resource_id for row in queries.holds_of(work, closure.id)}
        for follow in FOLLOWERS:
            follow(work, closure, held)
