"""Who may do what to members (security.md, section 2): a table over tiny predicates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, true

from coopshare.db.models import AuditEntry
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden, NotAuthenticated
from coopshare.members.errors import RoleAboveOwn
from coopshare.members.models import Membership


class Permission(StrEnum):
    """What may be allowed."""

    OWN_ACCOUNT = "members:own_account"
    """See and change one's own account, logins and keys."""
    READ = "members:read"
    """See the organisations and the people of the cooperative."""
    ADMINISTER = "members:administer"
    """Add organisations, set their standing, end their membership, suspend people."""
    MANAGE_ORGANISATION = "members:manage_organisation"
    """Change an organisation's sheet."""
    INVITE = "members:invite"
    """Invite people into an organisation."""
    GRANT = "members:grant"
    """Give and take roles in an organisation."""
    READ_JOURNAL = "members:read_journal"
    """Read who did what, as far as one may see it."""
    OPERATE = "members:operate"
    """Open cooperatives and accounts: whoever runs the installation."""


@dataclass(frozen=True, slots=True)
class Place:
    """The organisation an action is about; None: the cooperative as a whole."""

    organisation_id: UUID | None = None


Predicate: TypeAlias = Callable[[Actor, Place], bool]


def is_operator(actor: Actor, _place: Place = Place()) -> bool:
    """Tell whether it is whoever runs the installation: the shell or the demonstration."""
    return actor.door in {"cli", "demo"} and actor.person_id is None


def is_known(actor: Actor, _place: Place) -> bool:
    """Tell whether a person is behind it."""
    return actor.is_known


def belongs(actor: Actor, _place: Place) -> bool:
    """Tell whether the person holds a role in the cooperative."""
    return actor.is_known and actor.cooperative_id is not None and bool(actor.roles)


def administers(actor: Actor, _place: Place) -> bool:
    """Tell whether the person administers the cooperative."""
    return actor.is_known and actor.has_role(Role.ADMINISTRATOR)


def oversees(actor: Actor, _place: Place) -> bool:
    """Tell whether the person follows several cooperatives."""
    return actor.is_known and actor.has_role(Role.NETWORK_ADMINISTRATOR)


def runs_that(actor: Actor, place: Place) -> bool:
    """Tell whether the person runs that very organisation."""
    return (
        actor.is_known
        and actor.has_role(Role.ORGANISATION_MANAGER)
        and place.organisation_id is not None
        and place.organisation_id == actor.organisation_id
    )


ALLOW: Mapping[Permission, tuple[Predicate, ...]] = {
    Permission.OWN_ACCOUNT: (is_known,),
    Permission.READ: (belongs, is_operator),
    Permission.ADMINISTER: (administers, is_operator),
    Permission.MANAGE_ORGANISATION: (administers, runs_that, is_operator),
    Permission.INVITE: (administers, runs_that, oversees, is_operator),
    Permission.GRANT: (administers, runs_that, is_operator),
    Permission.READ_JOURNAL: (belongs,),
    Permission.OPERATE: (is_operator,),
}
"""One predicate is enough."""

RANKS: Mapping[Role, int] = {
    Role.MEMBER: 1,
    Role.POOLED_WORKER: 1,
    Role.RESOURCE_MANAGER: 2,
    Role.ORGANISATION_MANAGER: 3,
    Role.PLANNER: 4,
    Role.NETWORK_ADMINISTRATOR: 5,
    Role.ADMINISTRATOR: 5,
}
HIGHEST = 99


def allows(actor: Actor, permission: Permission, organisation_id: UUID | None = None) -> bool:
    """Tell whether the actor may do that, to that organisation."""
    return any(may(actor, Place(organisation_id)) for may in ALLOW[permission])


def allow(actor: Actor, permission: Permission, organisation_id: UUID | None = None) -> None:
    """Raise `Forbidden` (or `NotAuthenticated`) unless the actor may do that."""
    if not allows(actor, permission, organisation_id):
        raise (Forbidden if actor.is_known else NotAuthenticated)


def rank(actor: Actor) -> int:
    """Return the rank of the actor's highest role."""
    return HIGHEST if is_operator(actor) else max((RANKS[role] for role in actor.roles), default=0)


def grantable(actor: Actor, organisation_id: UUID) -> list[Role]:
    """Return the roles the actor may give in an organisation, in their order."""
    if allows(actor, Permission.GRANT, organisation_id):
        return [role for role in Role if RANKS[role] <= rank(actor)]
    if allows(actor, Permission.INVITE, organisation_id):
        return [Role.ADMINISTRATOR]  # a network administrator invites those who administer
    return []


def allow_role(actor: Actor, role: Role, organisation_id: UUID) -> None:
    """Raise `RoleAboveOwn` unless the actor may give or take that role there."""
    if role not in grantable(actor, organisation_id):
        raise RoleAboveOwn


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the memberships the actor may see: all of the cooperative, for who belongs to it."""
    if not allows(actor, Permission.READ):
        return false()
    return Membership.cooperative_id == actor.cooperative_id


def visible_journal(actor: Actor) -> ColumnElement[bool]:
    """Return the audit entries the actor may read: all, the organisation's, or one's own."""
    if actor.has_role(Role.ADMINISTRATOR):
        return true()
    own = AuditEntry.person_id == actor.person_id
    if actor.has_role(Role.ORGANISATION_MANAGER):
        return or_(own, AuditEntry.organisation_id == actor.organisation_id)
    return own
