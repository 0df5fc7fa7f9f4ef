"""The verbs of holds: take, change and give back time. Called inside the unit of a larger verb."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from coopshare.db.work import Work
from coopshare.holds import queries
from coopshare.holds.errors import HeldTwice, SlotTaken, Taken
from coopshare.holds.models import Hold, HoldSource
from coopshare.holds.rules import Demand, conflicts_of, demand_for, lacking
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import marked
from coopshare.resources.models import Resource


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many of a resource."""

    resource_id: UUID
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Freed:
    """What was given back: leaf parts, and the spans they were held over, preparation included."""

    resource_ids: frozenset[UUID] = frozenset()
    spans: tuple[Interval, ...] = ()

    @classmethod
    def of(cls, given_back: Iterable[tuple[UUID, Interval]]) -> "Freed":
        """Gather pairs of a leaf and a span."""
        pairs = list(given_back)
        return cls(
            frozenset(leaf_id for leaf_id, _ in pairs),
            tuple(dict.fromkeys(span for _, span in pairs)),
        )


FREED: list[Callable[[Work, Freed], None]] = []
"""Called in the unit that puts things back into use: who waits for them comes first."""


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
    leaves = queries.lock(work, [resource.id for resource in resources])
    asked = demands(work, resources, wanted, span, leaves)
    check(work, asked)
    return insert(work, asked, source_kind, source_id)


def rehold(
    work: Work,
    resources: Sequence[Resource],
    wanted: Sequence[Wanted],
    span: Interval,
    *,
    source_kind: HoldSource,
    source_id: UUID,
) -> Freed:
    """Have a source hold exactly this from now on: a move, a longer span, other lines.

    Its own present holds do not stand in its way; rows that go on keep their ids. Returns what it
    held and holds no more, in whole or in part. Raises as `hold`.
    """
    mine = queries.holds_of(work, source_id)
    had = [(row.resource_id, Interval(row.starts_at, row.ends_at), row.quantity) for row in mine]
    touched = [resource.id for resource in resources] + [row.resource_id for row in mine]
    asked = demands(work, resources, wanted, span, queries.lock(work, touched))
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
    insert(work, [d for d in asked if d.leaf.id not in staying], source_kind, source_id)
    kept = {demand.leaf.id: (demand.span, demand.quantity) for demand in asked}
    return Freed.of(
        (leaf_id, span)
        for leaf_id, span, quantity in had
        if leaf_id not in kept or not kept[leaf_id][0].contains(span) or kept[leaf_id][1] < quantity
    )


def hold_beside(
    work: Work,
    resources: Sequence[Resource],
    wanted: Sequence[Wanted],
    span: Interval,
    *,
    source_kind: HoldSource,
    source_id: UUID,
) -> None:
    """Have a source hold this as well as what it holds already, until it is reheld or released.

    Where both meet, what is had already counts: one of the two is used in the end, never both.
    Raises as `hold`.
    """
    mine = queries.holds_of(work, source_id)
    touched = [resource.id for resource in resources] + [row.resource_id for row in mine]
    asked = demands(work, resources, wanted, span, queries.lock(work, touched))
    check(work, asked, but=source_id)
    had: dict[UUID, list[tuple[Interval, int]]] = {}
    for row in mine:
        had.setdefault(row.resource_id, []).append(
            (Interval(row.starts_at, row.ends_at), row.quantity)
        )
    more = [
        replace(demand, span=part, quantity=quantity)
        for demand in asked
        for part, quantity in lacking(demand.span, demand.quantity, had.get(demand.leaf.id, ()))
    ]
    insert(work, more, source_kind, source_id)


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


def whole_minutes(span: Interval) -> None:
    """Raise `Invalid` unless a span begins and ends on a whole minute."""
    if span.start.second or span.start.microsecond or span.end.second or span.end.microsecond:
        raise Invalid.field("starts_at", marked("Donnez des heures sans secondes."))


def check_free(
    work: Work,
    resources: Sequence[Resource],
    wanted: Sequence[Wanted],
    span: Interval,
    *,
    source_id: UUID | None = None,
) -> None:
    """Raise what `hold` (or `rehold`, for a source) would raise now, without taking anything.

    Nothing is locked: for quotes and alternatives, in a read-only unit.
    """
    leaves = queries.leaf_parts(work, [resource.id for resource in resources])
    check(work, demands(work, resources, wanted, span, leaves), but=source_id)


def demands(
    work: Work,
    resources: Sequence[Resource],
    wanted: Sequence[Wanted],
    span: Interval,
    leaves: Mapping[UUID, frozenset[UUID]],
) -> list[Demand]:
    """Say what has to be held of each leaf, given the leaf parts of each resource."""
    whole_minutes(span)
    known = {resource.id: resource for resource in resources}
    if any(line.resource_id not in known for line in wanted):
        raise NotFound
    wide = {leaf for line in wanted for leaf in leaves[line.resource_id]}
    described = queries.described(work, wide)
    asked: dict[UUID, Demand] = {}
    for line in wanted:
        resource = known[line.resource_id]
        for leaf_id in sorted(leaves[resource.id]):
            leaf = described[leaf_id]
            if leaf_id in asked:
                raise HeldTwice(name=leaf.name)
            asked[leaf_id] = demand_for(resource, leaf, line.quantity, span)
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


def insert(
    work: Work, asked: Sequence[Demand], source_kind: HoldSource, source_id: UUID
) -> list[UUID]:
    """Write what was checked; return the ids of the rows."""
    rows = rows_of(asked, source_kind, source_id)
    work.add_rows(Hold, rows)
    return [row["id"] for row in rows]


def rows_of(
    asked: Sequence[Demand], source_kind: HoldSource, source_id: UUID
) -> list[dict[str, Any]]:
    """Return the rows of what a source takes."""
    return [
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
