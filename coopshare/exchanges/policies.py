"""Who may read and make statements: an organisation its own, those who administer all of them."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, false, true

from coopshare.exchanges.models import Statement
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden, NotAuthenticated


class Permission(StrEnum):
    """What may be allowed."""

    READ = "exchanges:read"
    """Read the statements of one's organisation; all of them, for administrators."""
    CLOSE = "exchanges:close"
    """Close a month, which states it to every organisation."""


Predicate: TypeAlias = Callable[[Actor, UUID | None], bool]


def _administers(actor: Actor, _organisation_id: UUID | None) -> bool:
    return actor.has_role(Role.ADMINISTRATOR)


def _is_ours(actor: Actor, organisation_id: UUID | None) -> bool:
    return organisation_id in {None, actor.organisation_id} and actor.has_role(
        Role.MEMBER, Role.ORGANISATION_MANAGER, Role.RESOURCE_MANAGER, Role.PLANNER
    )


ALLOW: Mapping[Permission, tuple[Predicate, ...]] = {
    Permission.READ: (_administers, _is_ours),
    Permission.CLOSE: (_administers,),
}
"""One predicate is enough."""


def allows(actor: Actor, permission: Permission, organisation_id: UUID | None = None) -> bool:
    """Tell whether the actor may, about an organisation; None: about any one at all."""
    if not actor.is_known or actor.cooperative_id is None:
        return False
    return any(may(actor, organisation_id) for may in ALLOW[permission])


def allow(actor: Actor, permission: Permission, organisation_id: UUID | None = None) -> None:
    """Raise `Forbidden` (or `NotAuthenticated`) unless the actor may."""
    if not allows(actor, permission, organisation_id):
        raise (Forbidden if actor.is_known else NotAuthenticated)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of the statements the actor may read: `READ`, in SQL."""
    if not allows(actor, Permission.READ):
        return false()
    if actor.has_role(Role.ADMINISTRATOR):
        return true()
    return Statement.organisation_id == actor.organisation_id
