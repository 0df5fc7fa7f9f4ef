"""What the answers are shown with: tariffs and a picture."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from coopshare.db.work import Work
from coopshare.members.queries import roll
from coopshare.resources.models import Resource, Tariff
from coopshare.resources.queries import catalogue


@dataclass(frozen=True, slots=True)
class Picture:
    """The first photo of a resource, without its bytes."""

    id: UUID
    description: str


def tariffs(work: Work, resource_ids: Collection[UUID]) -> dict[UUID, list[Tariff]]:
    """Return the tariffs of each resource, in their order."""
    known = catalogue(work).resources
    return {key: list(known[key].tariffs) for key in resource_ids if key in known}


def photos(work: Work, resources: Sequence[Resource]) -> dict[UUID, Picture]:
    """Return the first photo of each resource that has one."""
    known = catalogue(work).resources
    first = ((one.id, next(iter(known[one.id].photos), None)) for one in resources)
    return {key: Picture(photo.id, photo.description) for key, photo in first if photo is not None}


def currency(work: Work) -> str:
    """Return the currency of the cooperative."""
    return roll(work).cooperative.currency
