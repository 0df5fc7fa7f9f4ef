"""What the answers are shown with: tariffs and a picture, in one statement each."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.members.models import Cooperative
from coopshare.resources.models import Photo, Resource, Tariff


@dataclass(frozen=True, slots=True)
class Picture:
    """The first photo of a resource, without its bytes."""

    id: UUID
    description: str


def tariffs(work: Work, resource_ids: Collection[UUID]) -> dict[UUID, list[Tariff]]:
    """Return the tariffs of each resource, in their order."""
    found: dict[UUID, list[Tariff]] = defaultdict(list)
    query = select(Tariff).where(Tariff.resource_id.in_(sorted(resource_ids)))
    for tariff in work.session.scalars(query.order_by(Tariff.position, Tariff.id)):
        found[tariff.resource_id].append(tariff)
    return dict(found)


def photos(work: Work, resources: Sequence[Resource]) -> dict[UUID, Picture]:
    """Return the first photo of each resource that has one."""
    rows = work.session.execute(
        select(Photo.resource_id, Photo.id, Photo.description)
        .where(Photo.resource_id.in_(sorted(resource.id for resource in resources)))
        .order_by(Photo.position.desc(), Photo.id)
    )
    return {resource_id: Picture(key, description) for resource_id, key, description in rows}


def currency(work: Work) -> str:
    """Return the currency of the cooperative."""
    query = select(Cooperative.currency).where(Cooperative.id == work.actor.cooperative_id)
    return work.session.scalars(query).one()
