"""Who may do what to resources (security.md, section 2)."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, false, true

from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden, NotAuthenticated


class Permission(StrEnum):
    """What may be allowed."""

    READ = "resources:read"
    """See the resources of the cooperative."""
    EDIT = "resources:edit"
    """Declare and change the resources one's organisation manages; all, for administrators."""
    HAND_OVER = "resources:hand_over"
    """Say that a resource belongs to, or is managed by, another organisation."""
    SET_QUOTAS = "resources:set_quotas"
    """Set quotas on everything; on one resource, whoever may change it."""
    CLOSE_DAYS = "resources:close_days"
    """Add to the days on which the whole cooperative is closed."""


Predicate: TypeAlias = Callable[[Actor, UUID | None], bool]


def belongs(actor: Actor, _manager_id: UUID | None) -> bool:
    """Tell whether the person holds a role in the cooperative."""
    return actor.cooperative_id is not None and bool(actor.roles)


def manages(actor: Actor, manager_id: UUID | None) -> bool:
    """Tell whether the actor decides for the managing organisation; None: for any one at all."""
    if actor.has_role(Role.ADMINISTRATOR):
        return True
    return actor.has_role(Role.RESOURCE_MANAGER) and manager_id in {None, actor.organisation_id}


def administers(actor: Actor, _manager_id: UUID | None) -> bool:
    """Tell whether the person administers the cooperative."""
    return actor.has_role(Role.ADMINISTRATOR)


ALLOW: Mapping[Permission, Predicate] = {
    Permission.READ: belongs,
    Permission.EDIT: manages,
    Permission.HAND_OVER: administers,
    Permission.SET_QUOTAS: administers,
    Permission.CLOSE_DAYS: administers,
}


def may(actor: Actor, permission: Permission, manager_id: UUID | None = None) -> bool:
    """Tell whether the actor may."""
    return ALLOW[permission](actor, manager_id)


def allow(actor: Actor, permission: Permission, manager_id: UUID | None = None) -> None:
    """Raise `NotAuthenticated` or `Forbidden` unless the actor may."""
    if actor.cooperative_id is None:
        raise NotAuthenticated
    if not may(actor, permission, manager_id):
        raise Forbidden


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return which resources the actor may see: all of the cooperative, for its people."""
    return true() if belongs(actor, None) or actor.door == "feed" else false()
