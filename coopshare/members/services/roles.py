"""Roles: given, taken, suspended and given back. What changes acts on the next request."""

from uuid import UUID, uuid4

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import NotFound
from coopshare.members.commands import ChangeRole, RemoveRole
from coopshare.members.errors import MembershipOver, RoleAboveOwn
from coopshare.members.facts import PersonRestored, PersonSuspended, RolesChanged
from coopshare.members.models import Affiliation, LoginSession, Person
from coopshare.members.policies import RANKS, Permission, allow, allow_role, is_operator, rank
from coopshare.members.queries import affiliations, is_current, membership, today
from coopshare.members.services.guarding import keep_an_administrator, lock_roles


def change_role(work: Work, command: ChangeRole) -> list[Affiliation]:
    """Have a person hold exactly these roles in an organisation; none: the person leaves it.

    Raises `RoleAboveOwn` for a role the actor may not give or take, `LastAdministrator`.
    """
    place = lock_roles(work)
    one = membership(work, command.organisation_id)
    allow(work.actor, Permission.GRANT, one.organisation_id)
    held = {
        row.role: row
        for row in affiliations(
            work, person_id=command.person_id, organisation_id=one.organisation_id
        )
    }
    if not held:
        _refuse_stranger(work, command.person_id)
    given, taken = command.roles - held.keys(), held.keys() - command.roles
    if given and not is_current(one, today(work, place)):
        raise MembershipOver
    for role in sorted(given | taken):
        allow_role(work.actor, role, one.organisation_id)
    suspended = next((row.suspended_at for row in held.values()), None)
    for role in sorted(taken):
        work.session.delete(held[role])
    for role in sorted(given):
        work.session.add(
            Affiliation(
                id=uuid4(),
                organisation_id=one.organisation_id,
                person_id=command.person_id,
                role=role,
                created_at=work.now,
                suspended_at=suspended,
            )
        )
    work.session.flush()
    if Role.ADMINISTRATOR in taken:
        keep_an_administrator(work, today(work, place))
    if given or taken:
        before = " ".join(sorted(held))
        change = ("roles", before, " ".join(sorted(command.roles)))
        work.record(RolesChanged(object_id=command.person_id, changes=(change,)))
        _end_logins_here(work, command.person_id)
    return affiliations(work, person_id=command.person_id, organisation_id=one.organisation_id)


def remove_role(work: Work, command: RemoveRole) -> list[Affiliation]:
    """Take one role; raises `NotFound` when the person does not hold it there."""
    held = {
        row.role
        for row in affiliations(
            work, person_id=command.person_id, organisation_id=command.organisation_id
        )
    }
    if command.role not in held:
        raise NotFound
    return change_role(
        work,
        ChangeRole(
            organisation_id=command.organisation_id,
            person_id=command.person_id,
            roles=frozenset(held - {command.role}),
        ),
    )


def suspend(work: Work, person_id: UUID) -> Person:
    """Close the cooperative to a person, who keeps their roles for the day they come back.

    Says and does nothing about other cooperatives.
    """
    rows = _rows_to_suspend(work, person_id)
    for row in rows:
        row.suspended_at = row.suspended_at or work.now
    work.session.flush()
    if any(row.role == Role.ADMINISTRATOR for row in rows):
        keep_an_administrator(work, work.now.date())
    work.record(PersonSuspended(object_id=person_id))
    _end_logins_here(work, person_id)
    return rows[0].person


def restore(work: Work, person_id: UUID) -> Person:
    """Open the cooperative again to a suspended person."""
    rows = _rows_to_suspend(work, person_id)
    for row in rows:
        row.suspended_at = None
    work.record(PersonRestored(object_id=person_id))
    return rows[0].person


def _rows_to_suspend(work: Work, person_id: UUID) -> list[Affiliation]:
    allow(work.actor, Permission.ADMINISTER)
    lock_roles(work)
    rows = affiliations(work, person_id=person_id)
    if not rows:
        raise NotFound
    if max(RANKS[row.role] for row in rows) > rank(work.actor):
        raise RoleAboveOwn
    return rows


def _refuse_stranger(work: Work, person_id: UUID) -> None:
    """Raise `NotFound` for a person unknown to the cooperative: they are invited, by mail."""
    if is_operator(work.actor) and work.session.get(Person, person_id) is not None:
        return
    if not affiliations(work, person_id=person_id):
        raise NotFound


def _end_logins_here(work: Work, person_id: UUID) -> None:
    """End the person's logins in this cooperative (A21), except when they changed themselves."""
    if person_id == work.actor.person_id:
        return
    query = select(LoginSession).where(
        LoginSession.person_id == person_id,
        LoginSession.cooperative_id == work.session.cooperative_id,
        LoginSession.ended_at.is_(None),
    )
    for found in work.session.scalars(query):
        found.ended_at = work.now
