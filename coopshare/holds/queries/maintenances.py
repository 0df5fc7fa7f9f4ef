"""Reads of maintenances: what is out of use, and when that leaves too little."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.holds.models import HoldSource, Maintenance
from coopshare.holds.queries.held import uses
from coopshare.holds.rules import HoldUse, overfull
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource

AHEAD = timedelta(days=366)
"""How far ahead it is looked for what lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """When fewer of a resource work than are held, and how many fewer at the worst instant."""

    span: Interval
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A use to come that no longer fits: shown to whoever manages the resource."""

    booking_id: UUID
    title: str
    who: str
    span: Interval
    timezone: str
    count: int
    """How many lack at the worst instant."""


LACKING: list[Callable[[Work, Resource, Sequence[Lack]], list[Lacking]]] = []
"""Who knows which uses no longer fit: plugged in by app.py."""


def maintenance(work: Work, maintenance_id: UUID) -> Maintenance:
    """Return a maintenance; raises `NotFound`."""
    found = work.session.scalar(select(Maintenance).where(Maintenance.id == maintenance_id))
    if found is None:
        raise NotFound
    return found


def maintenances(
    work: Work,
    *,
    resource_id: UUID | None = None,
    limit: int = 200,
    after: tuple[datetime, UUID] | None = None,
) -> list[Maintenance]:
    """Return the maintenances that stand, the oldest first."""
    query = (
        select(Maintenance)
        .where(Maintenance.lifted_at.is_(None))
        .order_by(Maintenance.opened_at, Maintenance.id)
        .limit(limit)
    )
    if resource_id is not None:
        query = query.where(Maintenance.resource_id == resource_id)
    if after is not None:
        query = query.where(
            (Maintenance.opened_at > after[0])
            | ((Maintenance.opened_at == after[0]) & (Maintenance.id > after[1]))
        )
    return list(work.session.scalars(query))


def lacks(
    work: Work,
    resource: Resource,
    *,
    window: Interval | None = None,
    less: int = 0,
    apart: Sequence[UUID] = (),
) -> list[Lack]:
    """Return when what is held of a resource is more than what works, in order.

    Out of use are its maintenances, and `less` more (things that did not come back). Holds of the
    sources `apart` do not count, nor those in which a maintenance was noticed: whoever brought a
    thing back damaged lacks nothing. Two statements.
    """
    open_ones = maintenances(work, resource_id=resource.id) if resource.out_of_order else []
    out = less + sum(one.quantity for one in open_ones)
    if not out:
        return []
    around = window or Interval(work.now, work.now + AHEAD)
    aside = {one.noticed_in for one in open_ones if one.noticed_in is not None} | set(apart)
    held: list[HoldUse] = [
        use
        for use in uses(work, [resource.id], around)[resource.id]
        if use.source_kind is not HoldSource.MAINTENANCE and use.source_id not in aside
    ]
    works = resource.quantity - out
    found = overfull(((use.span, use.quantity) for use in held), works)
    clipped = ((span.clipped(around), used - works) for span, used in found)
    return [Lack(span=span, count=count) for span, count in clipped if span is not None]


def lacking(work: Work, resource: Resource) -> list[Lacking]:
    """Return the uses to come that no longer fit because of what is out of use."""
    found = lacks(work, resource)
    return [one for ask in LACKING for one in ask(work, resource, found)] if found else []


def under_maintenance(work: Work, options: Mapping[str, bool]) -> list[tuple[UUID, UUID]]:
    """Return (cooperative, resource) for each resource with a maintenance that stands.

    `options` are those of the statement: the worker looks everywhere.
    """
    query = (
        select(Maintenance.cooperative_id, Maintenance.resource_id)
        .where(Maintenance.lifted_at.is_(None))
        .distinct()
        .order_by(Maintenance.cooperative_id, Maintenance.resource_id)
        .execution_options(**options)
    )
    return [(row[0], row[1]) for row in work.session.execute(query)]
