"""Reads of posts, of the people who hold them, and of their contracts."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import false, or_, select, true

from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import NotFound
from coopshare.members.models import Person
from coopshare.pooled_staff.models import Contract, Employer, GroupMember, Position, Worker
from coopshare.pooled_staff.policies import Permission, allow, allows, is_me, planned_by


def positions(work: Work, employer_ids: Collection[UUID] | None = None) -> list[Position]:
    """Return the shared posts by title; those of some employers only, where they are named."""
    query = select(Position).order_by(Position.sort_key, Position.id)
    if employer_ids is not None:
        query = query.where(Position.employer_id.in_(employer_ids))
    return list(work.session.scalars(query))


def position(work: Work, position_id: UUID) -> Position:
    """Return a shared post; raises `NotFound`."""
    found = work.session.scalar(select(Position).where(Position.id == position_id))
    if found is None:
        raise NotFound
    return found


def workers(work: Work, *, only_planned: bool = False) -> list[Worker]:
    """Return the people the actor may know of, by name.

    Who plans for them, themselves, who administers, and the people of the group's members;
    `only_planned`: those the actor plans for.
    """
    actor = work.actor
    seen = planned_by(actor)
    if not only_planned:
        groups = select(GroupMember.employer_id).where(
            GroupMember.organisation_id == actor.organisation_id
        )
        own = select(Employer.id).where(Employer.organisation_id == actor.organisation_id)
        seen = or_(
            seen,
            is_me(actor),
            true() if actor.has_role(Role.ADMINISTRATOR) else false(),
            Worker.employer_id.in_(groups),
            Worker.employer_id.in_(own),
        )
    query = select(Worker).where(seen).order_by(Worker.sort_key, Worker.id)
    return list(work.session.scalars(query))


def me(work: Work) -> Worker | None:
    """Return the actor's own row among the people that are shared, where there is one."""
    return work.session.scalars(select(Worker).where(is_me(work.actor))).first()


def worker(work: Work, worker_id: UUID) -> Worker:
    """Return somebody whose private data the actor may read: theirs, or planned by the actor."""
    seen = or_(planned_by(work.actor), is_me(work.actor))
    found = work.session.scalar(select(Worker).where(Worker.id == worker_id, seen))
    if found is None:
        raise NotFound
    return found


def planned_worker(work: Work, worker_id: UUID) -> Worker:
    """Return somebody the actor plans for; raises `NotFound`, `Forbidden` for oneself."""
    found = worker(work, worker_id)
    if not allows(work.actor, Permission.PLAN):
        allow(work.actor, Permission.PLAN)
    return planned_by_employer(work, found)


def planned_by_employer(work: Work, found: Worker) -> Worker:
    """Return somebody, unless another employer plans for them; raises `Forbidden`."""
    owner = work.session.get_one(Employer, found.employer_id)
    allow(work.actor, Permission.PLAN, owner.organisation_id)
    return found


def accounts(work: Work, found: Collection[Worker]) -> dict[UUID, Person]:
    """Return the accounts of people, by the ids of the people: those of their addresses."""
    if not found:
        return {}
    query = select(Person).where(Person.email.in_({one.email for one in found}))
    by_address = {person.email: person for person in work.session.scalars(query)}
    return {one.id: by_address[one.email] for one in found if one.email in by_address}


def contracts(work: Work, worker_ids: Collection[UUID]) -> dict[UUID, list[Contract]]:
    """Return the versions of the contracts of people, each person's oldest first.

    For what is computed of them: who reads one on a page is checked before.
    """
    found: dict[UUID, list[Contract]] = defaultdict(list)
    if worker_ids:
        query = select(Contract).where(Contract.worker_id.in_(worker_ids))
        for row in work.session.scalars(query.order_by(Contract.starts_on, Contract.id)):
            found[row.worker_id].append(row)
    return dict(found)


def in_force(versions: Sequence[Contract], day: date) -> Contract | None:
    """Return the version that holds on a day: the latest that had begun, unless it has ended."""
    begun = [one for one in versions if one.starts_on <= day]
    if not begun:
        return None
    last = max(begun, key=lambda one: one.starts_on)
    return None if last.ends_on is not None and last.ends_on < day else last
