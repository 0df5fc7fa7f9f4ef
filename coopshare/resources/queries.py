"""Reads: resources, what they are made of, when they are closed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.sql.base import ExecutableOption

from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import folded
from coopshare.members.models import Cooperative, Organisation
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import ClosedDay, Photo, Resource, ResourcePart

AHEAD = timedelta(days=70)
"""How far past a window its calendar goes, to say when the next open day is."""
MOST_WORDS = 12
PARTS = "resources.parts"
"""What a unit remembers of parts: `Work.forget` it after a change."""


FREE_OVER: list[Callable[[Work, "ResourceFilter", Interval], frozenset[UUID]]] = []
"""Who knows what is free over a span, rules and uses together: plugged in by app.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFilter:
    """What a catalogue is narrowed to; every answer left out is not asked."""

    kind: ResourceKind | None = None
    q: str = ""
    """Words, accents ignored: all have to be found."""
    min_capacity: int | None = None
    features: frozenset[str] = frozenset()
    """Codes of `kinds.FEATURES`: all are wanted."""
    owner_id: UUID | None = None
    manager_id: UUID | None = None
    with_unlisted: bool = False
    among: frozenset[UUID] | None = None
    """No others than these."""


def get(work: Work, resource_id: UUID) -> Resource:
    """Return a resource, listed or not; raises `NotFound` when it is not of the cooperative."""
    return get_many(work, [resource_id])[0]


def get_many(work: Work, ids: Iterable[UUID]) -> list[Resource]:
    """Return resources sorted by id; raises `NotFound` if one of them is not visible."""
    wanted = set(ids)
    if not wanted:
        return []
    found = work.session.scalars(
        select(Resource).where(Resource.id.in_(wanted)).order_by(Resource.id)
    ).all()
    if len(found) != len(wanted):
        raise NotFound
    return sorted(found, key=lambda resource: resource.id)


def search(
    work: Work,
    wanted: ResourceFilter,
    *,
    limit: int | None = None,
    after: tuple[str, UUID] | None = None,
    options: Sequence[ExecutableOption] = (),
) -> list[Resource]:
    """Return the resources that answer a filter, by name.

    With a `limit`, one more is returned; `after` is (sort key, id) of the last one seen;
    `options` say what else is loaded with them.
    """
    query = select(Resource).order_by(Resource.sort_key, Resource.id).options(*options)
    if not wanted.with_unlisted:
        query = query.where(Resource.is_listed)
    if wanted.kind is not None:
        query = query.where(Resource.kind == wanted.kind)
    if wanted.min_capacity is not None:
        query = query.where(Resource.capacity >= wanted.min_capacity)
    if wanted.owner_id is not None:
        query = query.where(Resource.owner_id == wanted.owner_id)
    if wanted.among is not None:
        query = query.where(Resource.id.in_(wanted.among))
    if wanted.manager_id is not None:
        query = query.where(Resource.manager_id == wanted.manager_id)
    for word in folded(wanted.q).split()[:MOST_WORDS]:
        query = query.where(Resource.search_text.contains(word, autoescape=True))
    if after is not None:
        query = query.where(tuple_(Resource.sort_key, Resource.id) > tuple_(*after))
    if limit is not None and not wanted.features:
        query = query.limit(limit + 1)
    found = work.session.scalars(query).all()
    fitting = [r for r in found if wanted.features <= set(r.features)]
    return fitting if limit is None else fitting[: limit + 1]


def free_over(work: Work, wanted: ResourceFilter, span: Interval) -> ResourceFilter:
    """Return the filter, narrowed to what the actor could book over a whole span."""
    for ask in FREE_OVER:
        wanted = replace(wanted, among=ask(work, wanted, span))
    return wanted


def owners(work: Work) -> set[UUID]:
    """Return the organisations to which something listed belongs."""
    return set(work.session.scalars(select(Resource.owner_id).where(Resource.is_listed).distinct()))


def picture(work: Work, photo_id: UUID, *, is_small: bool) -> tuple[str, bytes]:
    """Return the type and the bytes of a picture; raises `NotFound` outside the cooperative."""
    wanted = Photo.thumbnail if is_small else Photo.content
    found = work.session.execute(
        select(Photo.content_type, wanted).where(Photo.id == photo_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def all_parts(work: Work) -> list[tuple[UUID, UUID]]:
    """Return (whole, part) for every resource made of others, in a stable order."""

    def load() -> list[tuple[UUID, UUID]]:
        rows = work.session.execute(
            select(ResourcePart.whole_id, ResourcePart.part_id).order_by(
                ResourcePart.whole_id, ResourcePart.part_id
            )
        )
        return [(whole, part) for whole, part in rows]

    return work.remember(PARTS, load)


def parts_and_wholes(work: Work) -> tuple[dict[UUID, list[UUID]], dict[UUID, list[UUID]]]:
    """Return the direct parts of each whole, and the direct wholes of each part."""
    below: dict[UUID, list[UUID]] = {}
    above: dict[UUID, list[UUID]] = {}
    for whole, part in all_parts(work):
        below.setdefault(whole, []).append(part)
        above.setdefault(part, []).append(whole)
    return below, above


def leaves(work: Work, ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return the leaf parts of each resource: itself when it has no part."""
    below, _ = parts_and_wholes(work)
    result: dict[UUID, frozenset[UUID]] = {}
    for resource_id in ids:
        reached = reach(below, resource_id) | {resource_id}
        result[resource_id] = frozenset(r for r in reached if r not in below)
    return result


def reach(edges: dict[UUID, list[UUID]], start: UUID) -> frozenset[UUID]:
    """Return all that can be reached from a node, itself excepted unless it lies in a circle."""
    found: set[UUID] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(edges.get(node, ()))
    return frozenset(found)


def closed_days(work: Work) -> dict[date, str]:
    """Return the closed days the cooperative added itself, in order."""
    rows = work.session.execute(select(ClosedDay.day, ClosedDay.reason).order_by(ClosedDay.day))
    return {row.day: row.reason for row in rows}


def calendar(work: Work, resources: Sequence[Resource], window: Interval) -> ClosedCalendar:
    """Return the closed days around a window, and the names of who manages the resources."""
    place = work.session.execute(
        select(Cooperative.holiday_area, Cooperative.school_zone).where(
            Cooperative.id == work.actor.cooperative_id
        )
    ).one()
    managers = {resource.manager_id for resource in resources}
    names = work.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(managers))
    )
    first, last = (window.start - timedelta(days=2)).year, (window.end + AHEAD).year
    return ClosedCalendar.of(
        range(first, last + 1),
        area=place.holiday_area,
        school_zone=place.school_zone,
        own=closed_days(work),
        managers={row.id: row.name for row in names},
    )


def closed_day_rows(work: Work) -> list[ClosedDay]:
    """Return the closed days the cooperative added itself, in order."""
    return list(work.session.scalars(select(ClosedDay).order_by(ClosedDay.day)))
