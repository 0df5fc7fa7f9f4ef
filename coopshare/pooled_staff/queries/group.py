"""Reads of employers, their members, sites and journeys."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select

from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.members.models import Organisation
from coopshare.members.queries import organisations
from coopshare.pooled_staff.models import Employer, EmployerRule, GroupMember, Journey, Site
from coopshare.pooled_staff.policies import Permission, allow


@dataclass(frozen=True, slots=True)
class MemberOf:
    """A member of a group, and its name."""

    row: GroupMember
    organisation: Organisation


def employers(work: Work) -> list[Employer]:
    """Return who employs for others in the cooperative, by name."""
    found = list(work.session.scalars(select(Employer)))
    names = organisations(work, {one.organisation_id for one in found})
    return sorted(found, key=lambda one: (names[one.organisation_id].sort_key, str(one.id)))


def employer(work: Work, employer_id: UUID) -> Employer:
    """Return who employs; raises `NotFound`."""
    found = work.session.scalar(select(Employer).where(Employer.id == employer_id))
    if found is None:
        raise NotFound
    return found


def planned_employer(work: Work, employer_id: UUID) -> Employer:
    """Return an employer whose people the actor plans; raises `NotFound`, `Forbidden`."""
    found = employer(work, employer_id)
    allow(work.actor, Permission.PLAN, found.organisation_id)
    return found


def set_up_employer(work: Work, employer_id: UUID) -> Employer:
    """Return an employer whose posts the actor may declare; raises `NotFound`, `Forbidden`."""
    found = employer(work, employer_id)
    allow(work.actor, Permission.SET_UP, found.organisation_id)
    return found


def rules_of(work: Work, employer_id: UUID) -> Sequence[EmployerRule]:
    """Return what agreements change for an employer, the oldest first."""
    query = select(EmployerRule).where(EmployerRule.employer_id == employer_id)
    return work.session.scalars(query.order_by(EmployerRule.valid_from, EmployerRule.id)).all()


def members_of(work: Work, employer_id: UUID, day: date | None = None) -> list[MemberOf]:
    """Return the members of a group by name: on a day, or all that ever were."""
    query = select(GroupMember).where(GroupMember.employer_id == employer_id)
    if day is not None:
        query = query.where(
            GroupMember.since <= day, or_(GroupMember.until.is_(None), GroupMember.until > day)
        )
    rows = list(work.session.scalars(query))
    names = organisations(work, {row.organisation_id for row in rows})
    found = [MemberOf(row, names[row.organisation_id]) for row in rows]
    return sorted(found, key=lambda one: (one.organisation.sort_key, str(one.organisation.id)))


def sites_of(work: Work, organisation_ids: Collection[UUID]) -> list[Site]:
    """Return the places of work of organisations, those of one together, by name."""
    if not organisation_ids:
        return []
    query = select(Site).where(Site.organisation_id.in_(organisation_ids), Site.is_active)
    return list(work.session.scalars(query.order_by(Site.organisation_id, Site.name, Site.id)))


def sites(work: Work, ids: Collection[UUID]) -> dict[UUID, Site]:
    """Return places of work by their ids."""
    if not ids:
        return {}
    return {one.id: one for one in work.session.scalars(select(Site).where(Site.id.in_(ids)))}


def journeys(work: Work) -> dict[tuple[UUID, UUID], Journey]:
    """Return the journeys between sites, both ways."""
    rows = list(work.session.scalars(select(Journey)))
    there = {(row.from_id, row.to_id): row for row in rows}
    return there | {(row.to_id, row.from_id): row for row in rows}
