"""Who may choose what they are told: each person, for themselves."""

from enum import StrEnum

from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import NotAuthenticated


class Permission(StrEnum):
    """What may be allowed."""

    CHOOSE = "notifications:choose"
    """Choose the messages one gets."""


def allow(actor: Actor) -> None:
    """Refuse whoever is not a person."""
    if actor.person_id is None:
        raise NotAuthenticated
