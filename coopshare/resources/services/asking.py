"""Who decides on a resource, and whom it is offered to."""

from coopshare.kernel.actor import Actor
from coopshare.resources.models import Resource
from coopshare.resources.policies import manages


def is_managed_by(actor: Actor, resource: Resource) -> bool:
    """Tell whether the actor decides on a resource: its manager, or an administrator."""
    if actor.cooperative_id is None or actor.cooperative_id != resource.cooperative_id:
        return False
    return manages(actor, resource.manager_id)


def is_approved_by(actor: Actor, resource: Resource) -> bool:
    """Tell whether the actor decides on the requests for a resource: who manages it, or is named
    to approve them.
    """
    if is_managed_by(actor, resource):
        return True
    is_here = actor.cooperative_id == resource.cooperative_id and actor.person_id is not None
    return is_here and any(one.person_id == actor.person_id for one in resource.approvers)


def is_offered_to(actor: Actor, resource: Resource) -> bool:
    """Tell whether the actor's organisation may book a resource, by its standing."""
    allowed = resource.standings
    return not allowed or actor.standing in allowed or is_managed_by(actor, resource)
