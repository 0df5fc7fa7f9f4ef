"""Who acts, for which organisation of which cooperative, with which roles, through which door."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

Door: TypeAlias = Literal["web", "api", "cli", "feed", "dav", "worker", "demo"]


class Role(StrEnum):
    """What a person may be in a cooperative; a person may hold several."""

    MEMBER = "member"
    """Books for the organisation."""
    ORGANISATION_MANAGER = "organisation_manager"
    """Manages the people and the bookings of the organisation."""
    RESOURCE_MANAGER = "resource_manager"
    """Manages the resources that the organisation manages."""
    POOLED_WORKER = "pooled_worker"
    """Is shared between organisations: a counsellor, a technician."""
    PLANNER = "planner"
    """Plans the pooled posts of the employers' group."""
    ADMINISTRATOR = "administrator"
    """Administers the whole cooperative."""
    NETWORK_ADMINISTRATOR = "network_administrator"
    """Reads several cooperatives, each of which granted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever asks: detached from the database, the same through every door.

    `cooperative_id` is None only before a person is known or has chosen a cooperative; the session
    then reaches no row that belongs to a cooperative.
    """

    door: Door
    person_id: UUID | None = None
    person_name: str = ""
    cooperative_id: UUID | None = None
    cooperative_name: str = ""
    organisation_id: UUID | None = None
    organisation_name: str = ""
    standing: str | None = None
    """The organisation's standing in the cooperative: associate, tenant, partner, outside."""
    roles: frozenset[Role] = frozenset()
    language: str = "fr"
    theme: str = "auto"
    """Colours of the pages: "auto" (as the device says), "light" or "dark"."""
    timezone: str = "Europe/Paris"

    def has_role(self, *names: str) -> bool:
        """Tell whether the actor holds one of the roles."""
        return any(name in self.roles for name in names)

    @property
    def is_known(self) -> bool:
        """Tell whether a person is behind the request."""
        return self.person_id is not None


ANONYMOUS = Actor(door="web")
