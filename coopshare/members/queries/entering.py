"""Who may enter where: the only reads of members that look across cooperatives."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work
from coopshare.kernel.actor import Actor, Door, Role
from coopshare.kernel.errors import NotAuthenticated, NotFound
from coopshare.kernel.text import folded, sort_key
from coopshare.members.models import (
    Affiliation,
    ApiToken,
    Cooperative,
    Invitation,
    LoginSession,
    Membership,
    PasswordReset,
    Person,
)
from coopshare.members.queries.inside import is_current, today
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
            door=door,
            person_id=person.id,
            person_name=person.name,
            language=person.language,
            theme=person.theme,
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
        theme=person.theme,
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


def api_token(work: Work, token_id: UUID) -> ApiToken:
    """Return one of the actor's own keys, revoked or not; raises `NotFound`."""
    found = work.session.get(ApiToken, token_id)
    if found is None or found.person_id != work.actor.person_id:
        raise NotFound
    return found


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
