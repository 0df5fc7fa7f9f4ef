"""Who may read the statistics, and of what."""

from enum import StrEnum

from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden
from coopshare.resources.models import Resource


class Permission(StrEnum):
    """What may be allowed."""

    SEE = "reports:see"
    """Read how what one manages is used: an administrator, all of the cooperative."""


def may_see(actor: Actor) -> bool:
    """Tell whether there are statistics for the actor."""
    return actor.cooperative_id is not None and actor.has_role(
        Role.ADMINISTRATOR, Role.NETWORK_ADMINISTRATOR, Role.RESOURCE_MANAGER
    )


def allow(actor: Actor) -> None:
    """Raise `Forbidden` unless there are statistics for the actor."""
    if not may_see(actor):
        raise Forbidden


def concerns(actor: Actor, resource: Resource) -> bool:
    """Tell whether the use of a resource is told to the actor."""
    if actor.has_role(Role.ADMINISTRATOR, Role.NETWORK_ADMINISTRATOR):
        return True
    return actor.has_role(Role.RESOURCE_MANAGER) and (
        actor.organisation_id in {resource.manager_id, resource.owner_id}
    )
