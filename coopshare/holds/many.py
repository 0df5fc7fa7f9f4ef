"""Take, change and give back the time of many sources at once: in as many statements as for one.

The caller has locked what is touched (`queries.lock`), as the first act of its verb.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from coopshare.db.work import Work
from coopshare.holds import queries
from coopshare.holds.errors import HeldTwice, SlotTaken, Taken
from coopshare.holds.models import Hold, HoldSource
from coopshare.holds.rules import Demand, HoldUse, conflicts_of
from coopshare.holds.taking import Wanted, demands, rows_of
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource

Refusal = SlotTaken | HeldTwice | Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What one source wants: so many of each over a span of use."""

    source_id: UUID
    resources: Sequence[Resource]
    wanted: Sequence[Wanted]
    span: Interval


def conflicts_many(
    work: Work, asks: Sequence[Ask], *, but: Collection[UUID] = ()
) -> Mapping[UUID, Refusal]:
    """Return what stands in the way of each source: those for whom nothing does have no key.

    What the sources `but` hold now does not count: it is given back. Of two asks that are in each
    other's way, the later one is refused. Reads only.
    """
    found: dict[UUID, Refusal] = {}
    asked: list[tuple[UUID, list[Demand]]] = []
    for ask in asks:
        try:
            leaves = queries.leaf_parts(work, [resource.id for resource in ask.resources])
            asked.append(
                (ask.source_id, demands(work, ask.resources, ask.wanted, ask.span, leaves))
            )
        except (HeldTwice, Invalid) as error:
            found[ask.source_id] = error
    spans = [demand.span for _, each in asked for demand in each]
    if not spans:
        return found
    window = Interval(min(s.start for s in spans), max(s.end for s in spans))
    leaf_ids = {demand.leaf.id for _, each in asked for demand in each}
    ground = _Ground.of(queries.uses(work, leaf_ids, window), frozenset(but))
    for source_id, each in asked:
        conflicts = [taken for demand in each for taken in ground.conflicts(demand)]
        if conflicts:
            unique = {(c.resource_id, c.span): c for c in conflicts}
            found[source_id] = SlotTaken(list(unique.values()), year=work.now.year)
            continue
        for demand in each:
            ground.take(demand, source_id)
    return found


@dataclass(slots=True)
class _Ground:
    """What is held of each leaf, and what this very verb takes before."""

    held: Mapping[UUID, Sequence[HoldUse]]
    longest: Mapping[UUID, timedelta]
    taken: dict[UUID, list[HoldUse]]

    @classmethod
    def of(cls, held: Mapping[UUID, Sequence[HoldUse]], but: frozenset[UUID]) -> "_Ground":
        """Return what is held of each leaf, what some sources hold left out."""
        kept = {leaf: [u for u in uses if u.source_id not in but] for leaf, uses in held.items()}
        longest = {
            leaf: max((use.span.end - use.span.start for use in uses), default=timedelta(0))
            for leaf, uses in kept.items()
        }
        return cls(kept, longest, defaultdict(list))

    def conflicts(self, demand: Demand) -> list[Taken]:
        """Return where a demand finds too little."""
        uses, span = self.held[demand.leaf.id], demand.span
        first = bisect_left(uses, span.start - self.longest[demand.leaf.id], key=_start)
        last = bisect_left(uses, span.end, key=_start)
        others = [*uses[first:last], *self.taken[demand.leaf.id]]
        return conflicts_of(demand, [use for use in others if use.span.overlaps(span)])

    def take(self, demand: Demand, source_id: UUID) -> None:
        """Count a demand among what is held from now on."""
        use = HoldUse(demand.span, demand.quantity, HoldSource.BOOKING, source_id)
        self.taken[demand.leaf.id].append(use)


def _start(use: HoldUse) -> Any:
    return use.span.start


def hold_many(work: Work, asks: Iterable[Ask], source_kind: HoldSource) -> None:
    """Write what `conflicts_many` found free; the database has the last word."""
    rows = [row for ask in asks for row in _rows(work, ask, source_kind)]
    work.add_rows(Hold, sorted(rows, key=lambda row: (row["resource_id"], row["starts_at"])))


def _rows(work: Work, ask: Ask, source_kind: HoldSource) -> list[dict[str, Any]]:
    return rows_of(_demands(work, ask), source_kind, ask.source_id)


def _demands(work: Work, ask: Ask) -> list[Demand]:
    leaves = queries.leaf_parts(work, [resource.id for resource in ask.resources])
    return demands(work, ask.resources, ask.wanted, ask.span, leaves)


def rehold_many(work: Work, asks: Sequence[Ask], source_kind: HoldSource) -> None:
    """Have each source hold exactly what it asks for from now on; rows that go on keep their ids.

    What is given back is given back before anything is taken: dates may change places.
    """
    present = _held(work, [ask.source_id for ask in asks])
    release_many(work, [ask.source_id for ask in asks])
    stays: list[dict[str, Any]] = []
    comes: list[dict[str, Any]] = []
    for ask in asks:
        for row in _rows(work, ask, source_kind):
            kept = present.get((ask.source_id, row["resource_id"]))
            if kept is None:
                comes.append(row)
                continue
            names = ("quantity", "starts_at", "ends_at", "live")
            stays.append({"id": kept, **{name: row[name] for name in names}})
    work.change_rows(Hold, stays)
    work.add_rows(Hold, comes)


def _held(work: Work, sources: Sequence[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    if not sources:
        return {}
    rows = work.session.execute(
        select(Hold.source_id, Hold.resource_id, Hold.id).where(
            Hold.source_id.in_(sorted(sources)), Hold.live
        )
    )
    return {(source_id, resource_id): hold_id for source_id, resource_id, hold_id in rows}


def release_many(work: Work, sources: Collection[UUID]) -> None:
    """Give back all the time some sources hold; the rows stay, as a trace."""
    if not sources:
        return
    work.session.execute(
        update(Hold).where(Hold.source_id.in_(sorted(sources)), Hold.live).values(live=False),
        execution_options={"synchronize_session": False},
    )
