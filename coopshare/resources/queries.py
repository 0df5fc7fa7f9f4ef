"""Reads: resources, what they are made of, when they are closed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import folded
from coopshare.members.queries import roll
from coopshare.resources.catalogue import Catalogue as Catalogue  # noqa: PLC0414 - read from here
from coopshare.resources.catalogue import Edges, words_found
from coopshare.resources.catalogue import catalogue as catalogue  # noqa: PLC0414 - read from here
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import ClosedDay, Photo, Resource, ResourceLabel

AHEAD = timedelta(days=70)
"""How far past a window its calendar goes, to say when the next open day is."""
MOST_WORDS = 12
MOST_CODE = 16


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
    """Return a resource to be changed, listed or not.

    Raises `NotFound` when it is not of the cooperative.
    """
    found = work.session.scalars(
        select(Resource).where(Resource.id == resource_id).order_by(Resource.id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_many(work: Work, ids: Iterable[UUID]) -> list[Resource]:
    """Return resources, to be read, by id; raises `NotFound` if one of them is not visible."""
    wanted = set(ids)
    return catalogue(work).named(wanted) if wanted else []


def search(
    work: Work,
    wanted: ResourceFilter,
    *,
    limit: int | None = None,
    after: tuple[str, UUID] | None = None,
) -> list[Resource]:
    """Return the resources, to be read, that answer a filter, by name.

    With a `limit`, one more is returned; `after` is (sort key, id) of the last one seen.
    """
    words = folded(wanted.q).split()[:MOST_WORDS]
    found = (
        one
        for one in catalogue(work).resources.values()
        if (wanted.with_unlisted or one.is_listed)
        and (wanted.kind is None or one.kind == wanted.kind)
        and (wanted.min_capacity is None or (one.capacity or 0) >= wanted.min_capacity)
        and (wanted.owner_id is None or one.owner_id == wanted.owner_id)
        and (wanted.among is None or one.id in wanted.among)
        and (wanted.manager_id is None or one.manager_id == wanted.manager_id)
        and wanted.features <= set(one.features)
        and (after is None or (one.sort_key, one.id) > after)
        and words_found(one, words)
    )
    return list(found if limit is None else islice(found, limit + 1))


def free_over(work: Work, wanted: ResourceFilter, span: Interval) -> ResourceFilter:
    """Return the filter, narrowed to what the actor could book over a whole span."""
    for ask in FREE_OVER:
        wanted = replace(wanted, among=ask(work, wanted, span))
    return wanted


def owners(work: Work) -> set[UUID]:
    """Return the organisations to which something listed belongs."""
    return {one.owner_id for one in catalogue(work).resources.values() if one.is_listed}


def picture(work: Work, photo_id: UUID, *, is_small: bool) -> tuple[str, bytes]:
    """Return the type and the bytes of a picture; raises `NotFound` outside the cooperative."""
    wanted = Photo.thumbnail if is_small else Photo.content
    found = work.session.execute(
        select(Photo.content_type, wanted).where(Photo.id == photo_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


def all_parts(work: Work) -> Sequence[tuple[UUID, UUID]]:
    """Return (whole, part) for every resource made of others, in a stable order."""
    return catalogue(work).parts


def parts_and_wholes(work: Work) -> tuple[Edges, Edges]:
    """Return the direct parts of each whole, and the direct wholes of each part."""
    found = catalogue(work)
    return found.below, found.above


def leaves(work: Work, ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return the leaf parts of each resource: itself when it has no part."""
    found = catalogue(work)
    return {resource_id: found.leaves(resource_id) for resource_id in ids}


def calendar(work: Work, window: Interval) -> ClosedCalendar:
    """Return the closed days around a window, and the names of who manages what."""
    members = roll(work)
    first, last = (window.start - timedelta(days=2)).year, (window.end + AHEAD).year
    return catalogue(work).calendar(
        range(first, last + 1),
        area=members.cooperative.holiday_area,
        school_zone=members.cooperative.school_zone,
        managers=members.names,
    )


def closed_day_rows(work: Work) -> list[ClosedDay]:
    """Return the closed days the cooperative added itself, in order."""
    return list(work.session.scalars(select(ClosedDay).order_by(ClosedDay.day)))


def labels(work: Work, resource_ids: Collection[UUID]) -> dict[UUID, ResourceLabel]:
    """Return the label of each resource that has one."""
    query = (
        select(ResourceLabel)
        .where(
            ResourceLabel.resource_id.in_(list(resource_ids)), ResourceLabel.revoked_at.is_(None)
        )
        .order_by(ResourceLabel.created_at)
    )
    return {one.resource_id: one for one in work.session.scalars(query)}


def labelled(work: Work, code: str) -> Resource:
    """Return the resource a label leads to; `NotFound` for one that was given up, or elsewhere."""
    query = select(ResourceLabel.resource_id).where(
        ResourceLabel.code == code.strip().lower()[:MOST_CODE], ResourceLabel.revoked_at.is_(None)
    )
    found = work.session.scalar(query)
    if found is None:
        raise NotFound
    return get_many(work, [found])[0]


def label_address(work: Work, label: ResourceLabel) -> str:
    """Return the whole address a label holds."""
    return f"{work.address}/etiquette/{label.code}"


def label_of_id(work: Work, label_id: UUID) -> ResourceLabel:
    """Return a label; raises `NotFound`."""
    found = work.session.scalar(select(ResourceLabel).where(ResourceLabel.id == label_id))
    if found is None:
        raise NotFound
    return found
