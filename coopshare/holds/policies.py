"""Who may look for what is free, and who may close."""

from collections.abc import Iterable
from enum import StrEnum

from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden
from coopshare.resources.models import Resource
from coopshare.resources.services import is_managed_by


class Permission(StrEnum):
    """What may be allowed."""

    SEE = "holds:see"
    """See what is free and what is taken, never by whom."""
    CLOSE = "holds:close"
    """Close resources one manages, and open them again."""


def may_close(actor: Actor) -> bool:
    """Tell whether the actor manages anything that may be closed."""
    return actor.cooperative_id is not None and actor.has_role(
        Role.ADMINISTRATOR, Role.RESOURCE_MANAGER
    )


def allow_close(actor: Actor, resources: Iterable[Resource]) -> None:
    """Raise `Forbidden` unless the actor manages each of the resources."""
    if not may_close(actor) or not all(is_managed_by(actor, resource) for resource in resources):
        raise Forbidden
