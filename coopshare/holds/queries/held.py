"""What is held, when; and the locks writers take."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select

from coopshare.db.base import UTCDateTime
from coopshare.db.instants import earlier
from coopshare.db.work import Work
from coopshare.holds.models import Hold, HoldGuard, HoldSource
from coopshare.holds.rules import HoldUse, Leaf, Occupation
from coopshare.kernel.intervals import Interval, without
from coopshare.resources.models import Resource
from coopshare.resources.queries import calendar, catalogue, leaves
from coopshare.resources.services import open_spans


def leaf_parts(work: Work, resource_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return the leaf parts of each resource: itself when it has no part."""
    return leaves(work, set(resource_ids))


def lock(work: Work, resource_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Have every other writer of these resources, and of their leaf parts, wait for this unit.

    All rows are locked by one statement in the order of their ids, so that two writers never wait
    for each other in a ring: a verb calls this once, with all it will touch. Returns the leaf parts
    of each resource, as they are now that nobody else can change them. On SQLite a written unit is
    alone anyway.
    """
    asked = sorted(set(resource_ids))
    leaves = leaf_parts(work, asked)
    if work.session.get_bind().dialect.name == "sqlite":
        return leaves
    locked: set[UUID] = work.remember("holds.locked", set)
    while wanted := ({*asked} | {leaf for found in leaves.values() for leaf in found}) - locked:
        work.session.execute(
            select(HoldGuard.resource_id)
            .where(HoldGuard.resource_id.in_(sorted(wanted)))
            .order_by(HoldGuard.resource_id)
            .with_for_update()
        ).all()
        locked |= wanted
        if work.look_again():
            leaves = leaf_parts(work, asked)
    return leaves


def uses(work: Work, leaf_ids: Collection[UUID], window: Interval) -> dict[UUID, list[HoldUse]]:
    """Return what is held of each leaf and meets the window, by start; every id is a key."""
    found: dict[UUID, list[HoldUse]] = {leaf_id: [] for leaf_id in leaf_ids}
    if not found:
        return found
    values = {"leaves": sorted(found), "first": window.start, "last": window.end}
    rows = work.session.execute(_uses(), values)
    for resource_id, starts_at, ends_at, quantity, kind, source_id in rows:
        use = HoldUse(Interval(starts_at, ends_at), quantity, kind, source_id)
        found[resource_id].append(use)
    return found


@cache
def _uses() -> Select[UUID, datetime, datetime, int, HoldSource, UUID]:
    """Return the statement of `uses`, made once: each booking and each search sends it."""
    first = bindparam("first", type_=UTCDateTime())
    return (
        select(
            Hold.resource_id,
            Hold.starts_at,
            Hold.ends_at,
            Hold.quantity,
            Hold.source_kind,
            Hold.source_id,
        )
        .join(HoldGuard, HoldGuard.resource_id == Hold.resource_id)
        .where(
            HoldGuard.resource_id.in_(bindparam("leaves", type_=Uuid(), expanding=True)),
            Hold.live,
            Hold.starts_at < bindparam("last", type_=UTCDateTime()),
            Hold.starts_at > earlier(first, HoldGuard.longest_seconds),
            Hold.ends_at > first,
        )
        .order_by(Hold.starts_at, Hold.id)
    )


def holds_of(work: Work, source_id: UUID) -> list[Hold]:
    """Return the live holds of a source, by resource."""
    return list(
        work.session.scalars(
            select(Hold).where(Hold.source_id == source_id, Hold.live).order_by(Hold.resource_id)
        )
    )


def described(work: Work, leaf_ids: Collection[UUID]) -> dict[UUID, Leaf]:
    """Return what one needs to know of each leaf to hold it."""
    known = catalogue(work).resources
    return {key: leaf_of(known[key]) for key in leaf_ids if key in known}


def leaf_of(resource: Resource) -> Leaf:
    """Return what one needs to know of a resource to hold it."""
    return Leaf(
        resource.id,
        resource.name,
        resource.timezone,
        resource.quantity,
        resource.preparation_before,
        resource.preparation_after,
    )


def occupation(work: Work, resource_id: UUID, window: Interval) -> Occupation:
    """Return what is held of a resource within a window."""
    leaves = leaf_parts(work, [resource_id])[resource_id]
    return Occupation(
        resource_id=resource_id,
        window=window,
        quantities={leaf.id: leaf.quantity for leaf in described(work, leaves).values()},
        held=uses(work, leaves, window),
    )


def busy(work: Work, resource_id: UUID, window: Interval) -> list[Interval]:
    """Return when not one of a resource can be had within the window: disjoint spans, in order.

    A whole is busy as soon as one of its parts is in use.
    """
    return occupation(work, resource_id, window).busy()


def closed(work: Work, resource: Resource, window: Interval) -> list[Interval]:
    """Return when a resource is not open within the window: hours, holidays, closed days."""
    return without(window, open_spans(resource, window, calendar(work, window)))
