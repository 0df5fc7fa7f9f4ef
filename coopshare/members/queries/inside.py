"""Reads of members within the cooperative: organisations, people, roles, invitations, journal."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, tuple_

from coopshare.db.models import AuditEntry
from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import NotFound
from coopshare.kernel.text import sort_key, words
from coopshare.members.kinds import Standing
from coopshare.members.models import (
    Affiliation,
    Cooperative,
    Invitation,
    Membership,
    Organisation,
    Person,
)
from coopshare.members.policies import visible, visible_journal
from coopshare.members.queries.roll import roll


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an organisation, with all the roles held there."""

    person: Person
    roles: tuple[Role, ...]
    is_suspended: bool


def today(work: Work, place: Cooperative) -> date:
    """Return the present day at the cooperative."""
    return work.now.astimezone(ZoneInfo(place.timezone)).date()


def is_current(found: Membership, day: date) -> bool:
    """Tell whether the organisation is a member on a day."""
    return found.since <= day and (found.until is None or day < found.until)


def cooperative(work: Work) -> Cooperative:
    """Return the cooperative of this unit, to be read; `NotFound` when none is chosen."""
    return roll(work).cooperative


def membership(work: Work, organisation_id: UUID) -> Membership:
    """Return an organisation's membership, to be changed.

    Raises `NotFound` outside the cooperative.
    """
    found = work.session.scalar(
        select(Membership).where(Membership.organisation_id == organisation_id)
    )
    if found is None:
        raise NotFound
    return found


def memberships(work: Work) -> list[Membership]:
    """Return the present members of the cooperative by name, with their organisations."""
    members = roll(work)
    day = today(work, members.cooperative)
    return [one for one in members if is_current(one, day)]


def search(
    work: Work, q: str = "", *, limit: int = 100, after: tuple[str, UUID] | None = None
) -> list[Membership]:
    """Return members past and present whose name or SIRET holds the words, by name.

    `after` is (sort key, id) of the last organisation seen; one more than `limit` is returned.
    """
    query = select(Membership).join(Membership.organisation).where(visible(work.actor))
    for word in words(q):
        query = query.where(
            or_(
                Organisation.sort_key.contains(sort_key(word), autoescape=True),
                Organisation.siret.startswith(word, autoescape=True),
            )
        )
    if after is not None:
        query = query.where(tuple_(Organisation.sort_key, Organisation.id) > tuple_(*after))
    query = query.order_by(Organisation.sort_key, Organisation.id).limit(limit + 1)
    return list(work.session.scalars(query))


def headcounts(work: Work) -> dict[UUID, int]:
    """Return how many people hold a role in each organisation of the cooperative."""
    query = select(
        Affiliation.organisation_id, func.count(Affiliation.person_id.distinct())
    ).group_by(Affiliation.organisation_id)
    return {row[0]: row[1] for row in work.session.execute(query)}


def organisations(work: Work, ids: Collection[UUID]) -> dict[UUID, Organisation]:
    """Return those of the organisations that are or were members of the cooperative."""
    known = roll(work).memberships
    return {key: known[key].organisation for key in set(ids) if key in known}


def people(work: Work, ids: Collection[UUID]) -> dict[UUID, Person]:
    """Return people by the ids that rows of this cooperative hold; former ones too."""
    if not ids:
        return {}
    query = select(Person).where(Person.id.in_(set(ids)))
    return {person.id: person for person in work.session.scalars(query)}


def standing(work: Work, organisation_id: UUID) -> Standing | None:
    """Return an organisation's standing today; None when it is no member."""
    members = roll(work)
    found = members.memberships.get(organisation_id)
    if found is None or not is_current(found, today(work, members.cooperative)):
        return None
    return found.standing


def affiliations(
    work: Work, *, person_id: UUID | None = None, organisation_id: UUID | None = None
) -> list[Affiliation]:
    """Return roles held in the cooperative, by a person or in an organisation."""
    query = select(Affiliation).join(Affiliation.person)
    if person_id is not None:
        query = query.where(Affiliation.person_id == person_id)
    if organisation_id is not None:
        query = query.where(Affiliation.organisation_id == organisation_id)
    return list(work.session.scalars(query.order_by(Person.sort_key, Person.id, Affiliation.role)))


def staff(work: Work, organisation_id: UUID) -> list[Member]:
    """Return the people of an organisation by name, each once, with their roles."""
    by_person: dict[UUID, list[Affiliation]] = defaultdict(list)
    for found in affiliations(work, organisation_id=organisation_id):
        by_person[found.person_id].append(found)
    return [
        Member(
            rows[0].person,
            tuple(role for role in Role if role in {row.role for row in rows}),
            rows[0].person.is_suspended or all(row.suspended_at for row in rows),
        )
        for rows in by_person.values()
    ]


def directory(
    work: Work, q: str = "", *, limit: int = 100, after: tuple[str, UUID] | None = None
) -> list[Person]:
    """Return the people of the cooperative by name; one more than `limit`."""
    inside = select(Affiliation.person_id)
    query = select(Person).where(Person.id.in_(inside))
    for word in words(q):
        query = query.where(Person.sort_key.contains(sort_key(word), autoescape=True))
    if after is not None:
        query = query.where(tuple_(Person.sort_key, Person.id) > tuple_(*after))
    return list(work.session.scalars(query.order_by(Person.sort_key, Person.id).limit(limit + 1)))


def invitations(work: Work, organisation_id: UUID | None = None) -> list[Invitation]:
    """Return the invitations that wait for an answer, most recent first."""
    query = select(Invitation).where(
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > work.now,
    )
    if organisation_id is not None:
        query = query.where(Invitation.organisation_id == organisation_id)
    return list(work.session.scalars(query.order_by(Invitation.created_at.desc(), Invitation.id)))


def invitation(work: Work, invitation_id: UUID) -> Invitation:
    """Return an invitation of the cooperative; raises `NotFound`."""
    found = work.session.scalar(select(Invitation).where(Invitation.id == invitation_id))
    if found is None:
        raise NotFound
    return found


def invited(work: Work, ids: Collection[UUID]) -> dict[UUID, Invitation]:
    """Return invitations of the cooperative, over or not."""
    if not ids:
        return {}
    query = select(Invitation).where(Invitation.id.in_(set(ids)))
    return {one.id: one for one in work.session.scalars(query)}


PART = "occurrence"
"""The kind of what happened to one date of a series: the journal tells it once, of the series."""


def journal(
    work: Work, *, limit: int = 50, after: tuple[datetime, UUID] | None = None
) -> list[AuditEntry]:
    """Return what happened, most recent first, as far as the actor may read; one more."""
    query = select(AuditEntry).where(visible_journal(work.actor), AuditEntry.object_kind != PART)
    if after is not None:
        query = query.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(*after))
    query = query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit + 1)
    return list(work.session.scalars(query))
