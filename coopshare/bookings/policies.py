"""Who may do what to bookings (security.md, section 2): a table over tiny predicates.

One's own organisation sees everything of its bookings; those who manage a resource see and change
the bookings of it; administrators all; everybody else sees that the time is taken, nothing more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from coopshare.bookings.errors import NotForThatOrganisation
from coopshare.bookings.models import (
    Booking,
    BookingLine,
    Decision,
    DecisionStatus,
    Wait,
    WaitLine,
)
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden
from coopshare.resources.models import Resource, ResourceApprover


class Permission(StrEnum):
    """What may be allowed."""

    READ = "bookings:read"
    """See all of a booking."""
    BOOK = "bookings:book"
    """Make a booking for an organisation."""
    CHANGE = "bookings:change"
    """Move, change or cancel a booking."""
    DECIDE = "bookings:decide"
    """Approve or refuse a booking that waits, or propose something else."""
    CHECK_IN = "bookings:check_in"
    """Say that one is there, or give the rest back."""
    SCREENS = "bookings:screens"
    """Hang up, renew and take down the screens at the doors of the rooms one looks after."""
    ANSWER = "bookings:answer"
    """Accept or decline what is proposed instead of what one asked for."""
    HAND_OVER = "bookings:hand_over"
    """Note that its things leave and come back."""
    PHOTO = "bookings:photo"
    """See the pictures taken when its things changed hands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """Whose a booking is, and who looks after what it takes: plain ids."""

    organisation_id: UUID
    person_id: UUID | None
    managers: frozenset[UUID]
    """The organisations that manage one of its resources."""
    all_managers: frozenset[UUID]
    """Those that manage every one of its resources (one, or none)."""
    deciders: frozenset[UUID]
    """Those that may have to decide on one of its resources."""
    approvers: frozenset[UUID] = frozenset()
    """The people named to decide on one of its resources."""


Predicate: TypeAlias = Callable[[Actor, Stake], bool]


def _administers(actor: Actor, _stake: Stake) -> bool:
    return actor.has_role(Role.ADMINISTRATOR)


def _oversees(actor: Actor, _stake: Stake) -> bool:
    return actor.has_role(Role.NETWORK_ADMINISTRATOR)


def _is_ours(actor: Actor, stake: Stake) -> bool:
    return actor.organisation_id == stake.organisation_id and actor.has_role(
        Role.MEMBER, Role.ORGANISATION_MANAGER, Role.RESOURCE_MANAGER, Role.PLANNER
    )


def _books_for_us(actor: Actor, stake: Stake) -> bool:
    return actor.organisation_id == stake.organisation_id and actor.has_role(
        Role.MEMBER, Role.ORGANISATION_MANAGER, Role.RESOURCE_MANAGER
    )


def _is_mine(actor: Actor, stake: Stake) -> bool:
    return actor.person_id is not None and actor.person_id == stake.person_id


def _is_mine_to_change(actor: Actor, stake: Stake) -> bool:
    return _is_mine(actor, stake) and _books_for_us(actor, stake)


def _runs_ours(actor: Actor, stake: Stake) -> bool:
    return actor.organisation_id == stake.organisation_id and actor.has_role(
        Role.ORGANISATION_MANAGER
    )


def _manages_one(actor: Actor, stake: Stake) -> bool:
    return actor.has_role(Role.RESOURCE_MANAGER) and actor.organisation_id in stake.managers


def _manages_all(actor: Actor, stake: Stake) -> bool:
    return actor.has_role(Role.RESOURCE_MANAGER) and actor.organisation_id in stake.all_managers


def _is_named(actor: Actor, stake: Stake) -> bool:
    return actor.person_id is not None and actor.person_id in stake.approvers


def _decides(actor: Actor, stake: Stake) -> bool:
    return actor.has_role(Role.RESOURCE_MANAGER) and actor.organisation_id in stake.deciders


ALLOW: Mapping[Permission, tuple[Predicate, ...]] = {
    Permission.READ: (_administers, _oversees, _is_ours, _is_mine, _manages_one, _is_named),
    Permission.BOOK: (_administers, _books_for_us, _manages_all),
    Permission.CHANGE: (_administers, _is_mine_to_change, _runs_ours, _manages_one),
    Permission.DECIDE: (_administers, _decides, _is_named),
    Permission.CHECK_IN: (_administers, _books_for_us, _manages_one),
    Permission.ANSWER: (_is_mine, _runs_ours),
    Permission.HAND_OVER: (_administers, _books_for_us, _manages_one),
    Permission.PHOTO: (_administers, _is_ours, _manages_one),
}
"""A permission is given by any one of its predicates."""


def allows(actor: Actor, permission: Permission, stake: Stake) -> bool:
    """Tell whether the actor may."""
    if not actor.is_known or actor.cooperative_id is None:
        return False
    return any(predicate(actor, stake) for predicate in ALLOW[permission])


def allow(actor: Actor, permission: Permission, stake: Stake) -> None:
    """Raise `Forbidden` unless the actor may."""
    if allows(actor, permission, stake):
        return
    if permission is Permission.BOOK and actor.organisation_id != stake.organisation_id:
        raise NotForThatOrganisation(mine=actor.organisation_name)
    raise Forbidden


def may_book(actor: Actor) -> bool:
    """Tell whether the actor may book anything at all: who sees the form."""
    return actor.has_role(
        Role.ADMINISTRATOR, Role.MEMBER, Role.ORGANISATION_MANAGER, Role.RESOURCE_MANAGER
    )


def manages_something(actor: Actor) -> bool:
    """Tell whether the actor looks after rooms: who may have screens at doors."""
    return actor.has_role(Role.ADMINISTRATOR, Role.RESOURCE_MANAGER)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of the bookings of which the actor sees everything: `READ`, in SQL."""
    if not actor.is_known or actor.cooperative_id is None:
        return false()
    if actor.has_role(Role.ADMINISTRATOR, Role.NETWORK_ADMINISTRATOR):
        return true()
    ways: list[ColumnElement[bool]] = [Booking.person_id == actor.person_id]
    if actor.has_role(Role.MEMBER, Role.ORGANISATION_MANAGER, Role.RESOURCE_MANAGER, Role.PLANNER):
        ways.append(Booking.organisation_id == actor.organisation_id)
    if actor.has_role(Role.RESOURCE_MANAGER):
        ways.append(Booking.id.in_(_of_managed(actor)))
    ways.append(Booking.id.in_(_of_named(actor)))
    return or_(*ways)


def visible_waits(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of the places in waiting lists that the actor sees: `READ`, in SQL."""
    if not actor.is_known or actor.cooperative_id is None:
        return false()
    if actor.has_role(Role.ADMINISTRATOR, Role.NETWORK_ADMINISTRATOR):
        return true()
    ways: list[ColumnElement[bool]] = [Wait.person_id == actor.person_id]
    if actor.has_role(Role.MEMBER, Role.ORGANISATION_MANAGER, Role.RESOURCE_MANAGER, Role.PLANNER):
        ways.append(Wait.organisation_id == actor.organisation_id)
    if actor.has_role(Role.RESOURCE_MANAGER):
        managed = (
            select(WaitLine.wait_id)
            .join(Resource, Resource.id == WaitLine.resource_id)
            .where(Resource.manager_id == actor.organisation_id)
        )
        ways.append(Wait.id.in_(managed))
    return or_(*ways)


def decidable(actor: Actor) -> ColumnElement[bool]:
    """Return the filter of the bookings of which something waits for the actor, in SQL."""
    waiting = select(Decision.booking_id).where(Decision.status == DecisionStatus.WAITING)
    if actor.has_role(Role.ADMINISTRATOR):
        return Booking.id.in_(waiting)
    ways: list[ColumnElement[bool]] = [
        Decision.resource_id.in_(
            select(ResourceApprover.resource_id).where(
                ResourceApprover.person_id == actor.person_id
            )
        )
    ]
    if actor.has_role(Role.RESOURCE_MANAGER):
        managed = select(Resource.id).where(Resource.manager_id == actor.organisation_id)
        ways.append(Decision.resource_id.in_(managed))
    return Booking.id.in_(waiting.where(or_(*ways)))


def _of_managed(actor: Actor) -> Select[UUID]:
    return (
        select(BookingLine.booking_id)
        .join(Resource, Resource.id == BookingLine.resource_id)
        .where(Resource.manager_id == actor.organisation_id)
    )


def _of_named(actor: Actor) -> Select[UUID]:
    """Return what the actor is named to decide on, where something was to be decided."""
    return (
        select(Decision.booking_id)
        .join(ResourceApprover, ResourceApprover.resource_id == Decision.resource_id)
        .where(ResourceApprover.person_id == actor.person_id)
    )
