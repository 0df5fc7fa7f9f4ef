"""Reads of members: within the cooperative, and the few that tell who may enter where."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select, tuple_

from coopshare.db.models import AuditEntry
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work
from coopshare.kernel.actor import Actor, Door, Role
from coopshare.kernel.errors import NotAuthenticated, NotFound
from coopshare.kernel.text import folded, sort_key, words
from coopshare.members.kinds import Standing
from coopshare.members.models import (
    Affiliation,
    ApiToken,
    Cooperative,
    Invitation,
    LoginSession,
    Membership,
    Organisation,
    PasswordReset,
    Person,
)
from coopshare.members.policies import visible, visible_journal
from coopshare.members.tokens import hashed

WHOLE_COOPERATIVE = frozenset({Role.ADMINISTRATOR, Role.NETWORK_ADMINISTRATOR, Role.PLANNER})
"""Roles that count whichever organisation of the cooperative the person acts for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a person may act: an organisation of a cooperative."""

    cooperative_id: UUID
    cooperative_name: str
    organisation_id: UUID
    organisation_name: str
    is_current: bool = False


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
    """Return the cooperative of this unit; raises `NotFound` when none is chosen."""
    chosen = work.session.cooperative_id
    if chosen is None:
        raise NotFound
    found = work.remember("members.cooperative", lambda: work.session.get(Cooperative, chosen))
    if found is None:
        raise NotFound
    return found


def membership(work: Work, organisation_id: UUID) -> Membership:
    """Return an organisation's membership; raises `NotFound` outside the cooperative."""
    found = work.session.scalar(
        select(Membership).where(Membership.organisation_id == organisation_id)
    )
    if found is None:
        raise NotFound
    return found


def memberships(work: Work) -> list[Membership]:
    """Return the present members of the cooperative by name, with their organisations."""
    day = today(work, cooperative(work))
    query = select(Membership).join(Membership.organisation)
    found = work.session.scalars(query.order_by(Organisation.sort_key, Organisation.id))
    return [one for one in found if is_current(one, day)]


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
    if not ids:
        return {}
    query = select(Membership).where(Membership.organisation_id.in_(set(ids)))
    return {one.organisation_id: one.organisation for one in work.session.scalars(query)}


def people(work: Work, ids: Collection[UUID]) -> dict[UUID, Person]:
    """Return people by the ids that rows of this cooperative hold; former ones too."""
    if not ids:
        return {}
    query = select(Person).where(Person.id.in_(set(ids)))
    return {person.id: person for person in work.session.scalars(query)}


def standing(work: Work, organisation_id: UUID) -> Standing | None:
    """Return an organisation's standing today; None when it is no member."""
    found = work.session.scalar(
        select(Membership).where(Membership.organisation_id == organisation_id)
    )
    if found is None or not is_current(found, today(work, cooperative(work))):
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


def journal(
    work: Work, *, limit: int = 50, after: tuple[datetime, UUID] | None = None
) -> list[AuditEntry]:
    """Return what happened, most recent first, as far as the actor may read; one more."""
    query = select(AuditEntry).where(visible_journal(work.actor))
    if after is not None:
        query = query.where(tuple_(AuditEntry.at, AuditEntry.id) < tuple_(*after))
    query = query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit + 1)
    return list(work.session.scalars(query))


# --- who may enter where: the only reads that look across cooperatives --------------------------


def person_by_email(work: Work, email: str) -> Person | None:
    """Return the account of an address, in any spelling of its letters."""
    return work.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def cooperative_named(work: Work, slug: str) -> Cooperative:
    """Return a cooperative by its short name; raises `NotFound`."""
    found = work.session.scalar(select(Cooperative).where(Cooperative.slug == slug))
    if found is None:
        raise NotFound
    return found


def places(work: Work, person_id: UUID) -> list[Place]:
    """Return where a person may act today, across cooperatives, by name."""
    query = (
        select(Membership, Cooperative)
        .join(
            Affiliation,
            (Affiliation.cooperative_id == Membership.cooperative_id)
            & (Affiliation.organisation_id == Membership.organisation_id),
        )
        .join(Cooperative, Cooperative.id == Membership.cooperative_id)
        .where(Affiliation.person_id == person_id, Affiliation.suspended_at.is_(None))
        .execution_options(**EVERYWHERE)
    )
    found = {
        (where.id, one.organisation_id): Place(
            cooperative_id=where.id,
            cooperative_name=where.name,
            organisation_id=one.organisation_id,
            organisation_name=one.organisation.name,
            is_current=(where.id, one.organisation_id)
            == (work.actor.cooperative_id, work.actor.organisation_id),
        )
        for one, where in work.session.execute(query)
        if is_current(one, today(work, where))
    }
    return sorted(
        found.values(), key=lambda p: (sort_key(p.cooperative_name), sort_key(p.organisation_name))
    )


def actor_for(
    work: Work,
    person_id: UUID,
    cooperative_id: UUID | None,
    organisation_id: UUID | None,
    door: Door,
) -> Actor:
    """Return who acts, with the roles of this very instant.

    Raises `NotAuthenticated` when the person is gone, suspended, or has no role there any more.
    """
    person = work.session.get(Person, person_id)
    if person is None or person.is_suspended:
        raise NotAuthenticated
    if cooperative_id is None or organisation_id is None:
        return Actor(
            door=door, person_id=person.id, person_name=person.name, language=person.language
        )
    query = (
        select(Affiliation.role, Membership, Cooperative)
        .join(
            Membership,
            (Affiliation.cooperative_id == Membership.cooperative_id)
            & (Affiliation.organisation_id == Membership.organisation_id),
        )
        .join(Cooperative, Cooperative.id == Membership.cooperative_id)
        .where(
            Affiliation.person_id == person_id,
            Affiliation.cooperative_id == cooperative_id,
            Affiliation.suspended_at.is_(None),
        )
        .execution_options(**EVERYWHERE)
    )
    held = [
        (role, one, where)
        for role, one, where in work.session.execute(query)
        if is_current(one, today(work, where))
    ]
    here = [(one, where) for _, one, where in held if one.organisation_id == organisation_id]
    if not here:
        raise NotAuthenticated
    one, where = here[0]
    return Actor(
        door=door,
        person_id=person.id,
        person_name=person.name,
        cooperative_id=where.id,
        cooperative_name=where.name,
        organisation_id=organisation_id,
        organisation_name=one.organisation.name,
        standing=one.standing,
        roles=frozenset(
            role
            for role, found, _ in held
            if found.organisation_id == organisation_id or role in WHOLE_COOPERATIVE
        ),
        language=person.language,
        timezone=where.timezone,
    )


def actor_named(
    work: Work, email: str, slug: str | None, organisation_name: str | None, door: Door = "cli"
) -> Actor:
    """Return the person of an address, where they may act; for the command line.

    Raises `NotFound` when nothing fits. Without a choice, the first place by name.
    """
    person = person_by_email(work, email)
    if person is None:
        raise NotFound
    where = cooperative_named(work, slug) if slug else None
    for place in places(work, person.id):
        if where is not None and place.cooperative_id != where.id:
            continue
        if organisation_name and folded(organisation_name) != folded(place.organisation_name):
            continue
        return actor_for(work, person.id, place.cooperative_id, place.organisation_id, door)
    raise NotFound


def session_actor(work: Work, token: str, door: Door) -> Actor:
    """Return who a login's cookie stands for; raises `NotAuthenticated` when it is over."""
    found = work.session.get(LoginSession, hashed(token))
    if found is None or found.ended_at is not None or found.expires_at <= work.now:
        raise NotAuthenticated
    return actor_for(work, found.person_id, found.cooperative_id, found.organisation_id, door)


def token_actor(work: Work, token: str) -> Actor:
    """Return who a program's key stands for; raises `NotAuthenticated` when it is revoked."""
    found = work.session.scalar(select(ApiToken).where(ApiToken.token_hash == hashed(token)))
    if found is None or found.revoked_at is not None:
        raise NotAuthenticated
    return actor_for(work, found.person_id, found.cooperative_id, found.organisation_id, "api")


def sessions(work: Work, person_id: UUID) -> list[LoginSession]:
    """Return the logins of a person that still count, most recent first."""
    query = select(LoginSession).where(
        LoginSession.person_id == person_id,
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > work.now,
    )
    return list(work.session.scalars(query.order_by(LoginSession.created_at.desc())))


def api_tokens(work: Work, person_id: UUID) -> list[ApiToken]:
    """Return the keys of a person that still count, oldest first."""
    query = select(ApiToken).where(ApiToken.person_id == person_id, ApiToken.revoked_at.is_(None))
    return list(work.session.scalars(query.order_by(ApiToken.created_at, ApiToken.id)))


def invitation_by_token(work: Work, token: str, *, lock: bool = False) -> Invitation | None:
    """Return the invitation of a link that still serves, in whichever cooperative it is."""
    query = select(Invitation).where(Invitation.token_hash == hashed(token))
    if lock:
        query = query.with_for_update()
    found = work.session.scalar(query.execution_options(**EVERYWHERE))
    if found is None or found.accepted_at or found.revoked_at or found.expires_at <= work.now:
        return None
    return found


def reset_by_token(work: Work, token: str, *, lock: bool = False) -> PasswordReset | None:
    """Return the reset of a link that still serves."""
    query = select(PasswordReset).where(PasswordReset.token_hash == hashed(token))
    if lock:
        query = query.with_for_update()
    found = work.session.scalar(query)
    if found is None or found.used_at is not None or found.expires_at <= work.now:
        return None
    return found
