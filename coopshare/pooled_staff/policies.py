"""Who may do what to shared posts (ADR 13): who plans, who works, who receives."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden, NotAuthenticated
from coopshare.members.models import Person
from coopshare.pooled_staff.kinds import AssignmentState
from coopshare.pooled_staff.models import (
    Assignment,
    Employer,
    Leave,
    Placement,
    PlacementVersion,
    Worker,
)


class Permission(StrEnum):
    """What may be allowed."""

    SEE = "pooled_staff:see"
    """See the shared posts of the cooperative, and of people's time what one may."""
    SET_UP = "pooled_staff:set_up"
    """Declare who employs, who shares, the posts and the conventions."""
    PLAN = "pooled_staff:plan"
    """Plan people's time, read their contracts, answer their leaves: for the employer only."""
    READ_PLACEMENTS = "pooled_staff:read_placements"
    """Read the conventions of one's organisation; all of them, for administrators."""
    SIGN = "pooled_staff:sign"
    """Accept a convention for one's organisation."""
    WORK = "pooled_staff:work"
    """See one's own half-days, and ask for leave."""


Predicate: TypeAlias = Callable[[Actor, UUID | None], bool]


def belongs(actor: Actor, _organisation_id: UUID | None) -> bool:
    """Tell whether the person holds a role in the cooperative."""
    return actor.cooperative_id is not None and bool(actor.roles)


def plans(actor: Actor, employer_organisation_id: UUID | None) -> bool:
    """Tell whether the person plans for that employer; None: for any one at all."""
    is_there = employer_organisation_id in {None, actor.organisation_id}
    return is_there and actor.has_role(Role.PLANNER)


def administers(actor: Actor, _organisation_id: UUID | None) -> bool:
    """Tell whether the person administers the cooperative."""
    return actor.has_role(Role.ADMINISTRATOR)


def represents(actor: Actor, organisation_id: UUID | None) -> bool:
    """Tell whether the person may bind that organisation."""
    is_there = organisation_id in {None, actor.organisation_id}
    return is_there and actor.has_role(Role.ORGANISATION_MANAGER, Role.PLANNER)


ALLOW: Mapping[Permission, tuple[Predicate, ...]] = {
    Permission.SEE: (belongs,),
    Permission.SET_UP: (plans, administers),
    Permission.PLAN: (plans,),
    Permission.READ_PLACEMENTS: (represents, administers),
    Permission.SIGN: (represents,),
    Permission.WORK: (belongs,),
}
"""One predicate is enough."""


def allows(actor: Actor, permission: Permission, organisation_id: UUID | None = None) -> bool:
    """Tell whether the actor may, for the organisation that employs (or signs)."""
    return any(may(actor, organisation_id) for may in ALLOW[permission])


def allow(actor: Actor, permission: Permission, organisation_id: UUID | None = None) -> None:
    """Raise `NotAuthenticated` or `Forbidden` unless the actor may."""
    if actor.cooperative_id is None:
        raise NotAuthenticated
    if not allows(actor, permission, organisation_id):
        raise Forbidden


def planned_by(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of the people the actor plans for."""
    if not allows(actor, Permission.PLAN):
        return false()
    ours = select(Employer.id).where(Employer.organisation_id == actor.organisation_id)
    return Worker.employer_id.in_(ours)


def is_me(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of the actor's own row among the people that are shared."""
    if actor.person_id is None:
        return false()
    address = select(Person.email).where(Person.id == actor.person_id).scalar_subquery()
    return Worker.email == address


def visible_assignments(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of what the actor may read of who is where.

    Who plans: all; who works: their own, once published; who administers: all that is published;
    the people of a member: its own part. Drafts are read by who plans only.
    """
    told = Assignment.state != AssignmentState.DRAFT
    planned = select(Worker.id).where(planned_by(actor))
    mine = select(Worker.id).where(is_me(actor))
    published = or_(
        true() if actor.has_role(Role.ADMINISTRATOR) else false(),
        Assignment.worker_id.in_(mine),
        Assignment.organisation_id == actor.organisation_id if actor.organisation_id else false(),
    )
    return or_(Assignment.worker_id.in_(planned), and_(told, published))


def visible_leaves(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of the absences whose reason the actor may read: theirs, or planned."""
    return Leave.worker_id.in_(select(Worker.id).where(or_(planned_by(actor), is_me(actor))))


def visible_placements(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of the conventions the actor may read: the employer's, or its own side.

    A member reads those it was sent.
    """
    if not belongs(actor, None):
        return false()
    if actor.has_role(Role.ADMINISTRATOR):
        return true()
    if not allows(actor, Permission.SIGN):
        return false()
    ours = select(Employer.id).where(Employer.organisation_id == actor.organisation_id)
    sent = select(PlacementVersion.placement_id).where(PlacementVersion.sent_at.is_not(None))
    return or_(
        Placement.employer_id.in_(ours) if actor.has_role(Role.PLANNER) else false(),
        and_(Placement.organisation_id == actor.organisation_id, Placement.id.in_(sent)),
    )
