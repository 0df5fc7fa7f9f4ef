"""The verbs of this package, and the questions other packages ask about a resource."""

from coopshare.kernel.actor import Actor, Role
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.hours import open_spans
from coopshare.resources.models import Resource
from coopshare.resources.rules import Hours, Use, breaches, first_start

__all__ = [
    "ClosedCalendar",
    "Hours",
    "Use",
    "breaches",
    "first_start",
    "is_managed_by",
    "open_spans",
]


def is_managed_by(actor: Actor, resource: Resource) -> bool:
    """Tell whether the actor decides on a resource: its manager, or an administrator."""
    if actor.cooperative_id is None or actor.cooperative_id != resource.cooperative_id:
        return False
    if actor.has_role(Role.ADMINISTRATOR):
        return True
    return actor.has_role(Role.RESOURCE_MANAGER) and actor.organisation_id == resource.manager_id
