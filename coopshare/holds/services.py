"""The verbs of holds: take, change and give back time. Called inside the unit of a larger verb."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from coopshare.db.work import Work
from coopshare.holds import queries
from coopshare.holds.errors import HeldTwice, SlotTaken, Taken
from coopshare.holds.models import Hold, HoldSource
from coopshare.holds.rules import Demand, overfull
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import marked
from coopshare.resources.models import Resource


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many of a resource."""

    resource_id: UUID
    quantity: int = 1


def hold(
    work: Work,
    resources: Sequence[Resource],
    wanted: Sequence[Wanted],
    span: Interval,
    *,
    source_kind: HoldSource,
    source_id: UUID,
) -> list[UUID]:
    """Take everything wanted over a span of use, or nothing; return the ids of the holds.

    `resources` are the resources named by `wanted`, already found visible. Preparation time is held
    around the use. A whole takes all there is of each of its leaf parts. Raises `SlotTaken` with
    every conflict, `HeldTwice` when two lines want the same leaf.
    """
    asked = demands(work, resources, wanted, span)
    check(work, asked)
    return _insert(work, asked, source_kind, source_id)


def rehold(
    work: Work,
    resources: Sequence[Resource],
    wanted: Sequence[Wanted],
    span: Interval,
    *,
    source_kind: HoldSource,
    source_id: UUID,
) -> None:
    """Have a source hold exactly this from now on: a move, a longer span, other lines.

    Its own present holds do not stand in its way; rows that go on keep their ids. Raises as `hold`.
    """
    mine = queries.holds_of(work, source_id)
    asked = demands(work, resources, wanted, span, also=[row.resource_id for row in mine])
    check(work, asked, but=source_id)
    coming = {demand.leaf.id: demand for demand in asked}
    staying = {row.resource_id: row for row in mine if row.resource_id in coming}
    for row in mine:
        if staying.get(row.resource_id) is not row:
            row.live = False
    work.session.flush()  # what is given back is given back before anything is taken
    for leaf_id, row in staying.items():
        demand = coming[leaf_id]
        row.quantity = demand.quantity
        row.starts_at, row.ends_at = demand.span.start, demand.span.end
    work.session.flush()
    _insert(work, [d for d in asked if d.leaf.id not in staying], source_kind, source_id)


def release(work: Work, source_id: UUID) -> None:
    """Give back all the time a source holds; the rows stay, as a trace."""
    work.session.execute(
        update(Hold).where(Hold.source_id == source_id, Hold.live).values(live=False),
        execution_options={"synchronize_session": False},
    )


def retire_past(work: Work, resource_id: UUID) -> None:
    """Let go of the holds of a resource that are over: before its quantity is lowered."""
    work.session.execute(
        update(Hold)
        .where(Hold.resource_id == resource_id, Hold.live, Hold.ends_at <= work.now)
        .values(live=False),
        execution_options={"synchronize_session": False},
    )


def demands(
    work: Work,
    resources: Sequence[Resource],
    wanted: Sequence[Wanted],
    span: Interval,
    *,
    also: Iterable[UUID] = (),
) -> list[Demand]:
    """Lock what is wanted (and `also`), and say what has to be held of each leaf."""
    if span.start.second or span.start.microsecond or span.end.second or span.end.microsecond:
        raise Invalid.field("starts_at", marked("Donnez des heures sans secondes."))
    known = {resource.id: resource for resource in resources}
    if any(line.resource_id not in known for line in wanted):
        raise NotFound
    leaves = queries.lock(work, [*known, *also])
    described = queries.described(work, {leaf for found in leaves.values() for leaf in found})
    asked: dict[UUID, Demand] = {}
    for line in wanted:
        resource = known[line.resource_id]
        for leaf_id in sorted(leaves[resource.id]):
            leaf = described[leaf_id]
            if leaf_id in asked:
                raise HeldTwice(name=leaf.name)
            asked[leaf_id] = Demand(
                leaf=leaf,
                quantity=line.quantity if leaf_id == resource.id else leaf.quantity,
                span=span.widened(
                    max(resource.preparation_before, leaf.before),
                    max(resource.preparation_after, leaf.after),
                ),
                resource_id=resource.id,
                name=resource.name,
            )
    return [asked[leaf_id] for leaf_id in sorted(asked)]


def check(work: Work, asked: Sequence[Demand], *, but: UUID | None = None) -> None:
    """Raise `SlotTaken` with every conflict; holds of the source `but` are not counted."""
    if not asked:
        return
    window = Interval(min(d.span.start for d in asked), max(d.span.end for d in asked))
    held = queries.uses(work, [demand.leaf.id for demand in asked], window)
    conflicts: list[Taken] = []
    for demand in asked:
        others = [use for use in held[demand.leaf.id] if use.source_id != but]
        conflicts += conflicts_of(demand, others)
    if conflicts:
        unique = {(c.resource_id, c.span): c for c in conflicts}
        raise SlotTaken(list(unique.values()), year=work.now.year)


def conflicts_of(demand: Demand, others: Sequence[queries.HoldUse]) -> list[Taken]:
    """Return where a demand finds too little, given what others hold."""
    room = demand.leaf.quantity - demand.quantity
    if room < 0:
        return [_taken(demand, demand.span, demand.leaf.quantity, is_closed=False)]
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


def _insert(
    work: Work, asked: Sequence[Demand], source_kind: HoldSource, source_id: UUID
) -> list[UUID]:
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "resource_id": demand.leaf.id,
            "quantity": demand.quantity,
            "starts_at": demand.span.start,
            "ends_at": demand.span.end,
            "live": True,
            "exclusive": False,
            "source_kind": source_kind,
            "source_id": source_id,
        }
        for demand in asked
    ]
    work.add_rows(Hold, rows)
    return [row["id"] for row in rows]
