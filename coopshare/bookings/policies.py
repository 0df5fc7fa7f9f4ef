"""Who may do what to bookings (security.md, section 2): a table over tiny predicates.

One's own organisation sees everything of its bookings; those who manage a resource see and change
the bookings of it; administrators all; everybody else sees that the time is taken, nothing more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Select, false, or_, select, true

from coopshare.bookings.errors import NotForThatOrganisation
from coopshare.bookings.models import Booking, BookingLine, Wait, WaitLine
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden
from coopshare.resources.models import Resource


class Permission(StrEnum):
    """What may be allowed."""

    READ = "bookings:read"
    """See all of a booking."""
    BOOK = "bookings:book"
    """Make a booking for an organisation."""
    CHANGE = "bookings:change"
    """Move, change or cancel a booking."""
    DECIDE = "bookings:decide"
    """Approve or refuse a booking that waits."""
    CHECK_IN = "bookings:check_in"
    """Say that one is there, or give the rest back."""
    SCREENS = "bookings:screens"
    """Hang up, renew and take down the screens at the doors of the rooms one looks after."""


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
    """Those that manage one of its resources that needs approval."""


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


def _decides(actor: Actor, stake: Stake) -> bool:
    return actor.has_role(Role.RESOURCE_MANAGER) and actor.organisation_id in stake.deciders


ALLOW: Mapping[Permission, tuple[Predicate, ...]] = {
    Permission.READ: (_administers, _oversees, _is_ours, _is_mine, _manages_one),
    Permission.BOOK: (_administers, _books_for_us, _manages_all),
    Permission.CHANGE: (_administers, _is_mine_to_change, _runs_ours, _manages_one),
    Permission.DECIDE: (_administers, _decides),
    Permission.CHECK_IN: (_administers, _books_for_us, _manages_one),
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


def may_decide(actor: Actor) -> bool:
    """Tell whether requests may wait for the actor: who sees the page of them in the menu."""
    return actor.has_role(Role.ADMINISTRATOR, Role.RESOURCE_MANAGER)


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
    """Return the filter of the bookings on which the actor may decide: `DECIDE`, in SQL."""
    if actor.has_role(Role.ADMINISTRATOR):
        return true()
    if actor.has_role(Role.RESOURCE_MANAGER):
        return Booking.id.in_(_of_managed(actor, Resource.needs_approval))
    return false()


def _of_managed(actor: Actor, *more: ColumnExpressionArgument[bool]) -> Select[UUID]:
    return (
        select(BookingLine.booking_id)
        .join(
            Resource,
            Resource.id == BookingLine.resource_id,
        )
        .where(Resource.manager_id == actor.organisation_id, *more)
    )
