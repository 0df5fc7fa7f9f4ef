"""Who may subscribe to what, and whose events are told in full."""

from enum import StrEnum
from uuid import UUID

from coopshare.calendars.models import FeedKind
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden, NotAuthenticated


class Permission(StrEnum):
    """What may be done with calendars."""

    SUBSCRIBE = "calendars:subscribe"
    """Make and end one's own subscription addresses."""
    PLAN = "calendars:plan"
    """See when the resources of the cooperative are taken."""


def allow(actor: Actor) -> None:
    """Refuse whoever does not act for an organisation of a cooperative."""
    if not actor.is_known:
        raise NotAuthenticated
    if actor.cooperative_id is None or actor.organisation_id is None:
        raise Forbidden


def may_follow(actor: Actor, kind: FeedKind, target_id: UUID | None) -> bool:
    """Tell whether a calendar may be subscribed to: another organisation's by nobody but those
    who administer the cooperative.
    """
    if kind is FeedKind.ORGANISATION:
        return target_id == actor.organisation_id or actor.has_role(Role.ADMINISTRATOR)
    return True


def sees_all(actor: Actor, manager_id: UUID | None = None) -> bool:
    """Tell whether the events of every organisation are told in full.

    `manager_id` is the organisation that manages the only resource that is looked at.
    """
    if actor.has_role(Role.ADMINISTRATOR):
        return True
    return (
        manager_id is not None
        and manager_id == actor.organisation_id
        and actor.has_role(Role.RESOURCE_MANAGER)
    )
