"""Who may enter where: the only reads of members that look across cooperatives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, SQLColumnExpression, Uuid, join, literal, select

from coopshare.db.base import Base
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
    Organisation,
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


def _entering(
    root: type[Base], person_id: SQLColumnExpression[Any], cooperative_id: SQLColumnExpression[Any]
) -> Select[Any]:
    """Return one row for each role that a person holds in a cooperative; one row for none."""
    found: Any = (
        select(
            Person.id,
            Person.name,
            Person.language,
            Person.is_suspended,
            Person.theme,
            Affiliation.role,
            Affiliation.organisation_id,
            Membership.standing,
            Membership.since,
            Membership.until,
            Organisation.name.label("organisation_name"),
            Cooperative.id.label("cooperative_id"),
            Cooperative.name.label("cooperative_name"),
            Cooperative.timezone,
        )
        .select_from(Person if root is Person else join(root, Person, Person.id == person_id))
        .outerjoin(
            Affiliation,
            (Affiliation.person_id == person_id)
            & (Affiliation.cooperative_id == cooperative_id)
            & Affiliation.suspended_at.is_(None),
        )
        .outerjoin(
            Membership,
            (Membership.cooperative_id == Affiliation.cooperative_id)
            & (Membership.organisation_id == Affiliation.organisation_id),
        )
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Cooperative, Cooperative.id == Affiliation.cooperative_id)
        .execution_options(**EVERYWHERE)
    )
    return cast("Select[Any]", found)


BY_LOGIN = _entering(LoginSession, LoginSession.person_id, LoginSession.cooperative_id).add_columns(
    LoginSession.cooperative_id.label("chosen"), LoginSession.organisation_id.label("entered")
)
BY_KEY = _entering(ApiToken, ApiToken.person_id, ApiToken.cooperative_id).add_columns(
    ApiToken.cooperative_id.label("chosen"), ApiToken.organisation_id.label("entered")
)


def _acting(work: Work, rows: Sequence[Row[Any]], door: Door) -> Actor:
    """Return who acts, by the rows of `_entering`; raises `NotAuthenticated` as `actor_for`."""
    if not rows or rows[0].is_suspended:
        raise NotAuthenticated
    first = rows[0]
    if first.chosen is None or first.entered is None:
        return Actor(
            door=door,
            person_id=first.id,
            person_name=first.name,
            language=first.language,
            theme=first.theme,
        )
    held = [row for row in rows if row.role is not None and _is_member(work, row)]
    here = next((row for row in held if row.organisation_id == first.entered), None)
    if here is None:
        raise NotAuthenticated
    return Actor(
        door=door,
        person_id=here.id,
        person_name=here.name,
        cooperative_id=here.cooperative_id,
        cooperative_name=here.cooperative_name,
        organisation_id=here.organisation_id,
        organisation_name=here.organisation_name,
        standing=here.standing,
        roles=frozenset(
            row.role
            for row in held
            if row.organisation_id == here.organisation_id or row.role in WHOLE_COOPERATIVE
        ),
        language=here.language,
        theme=here.theme,
        timezone=here.timezone,
    )


def _is_member(work: Work, row: Row[Any]) -> bool:
    day = work.now.astimezone(ZoneInfo(row.timezone)).date()
    return bool(row.since <= day and (row.until is None or day < row.until))


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
    query = (
        _entering(Person, literal(person_id, Uuid()), literal(cooperative_id, Uuid()))
        .where(Person.id == person_id)
        .add_columns(
            literal(cooperative_id, Uuid()).label("chosen"),
            literal(organisation_id, Uuid()).label("entered"),
        )
    )
    return _acting(work, work.session.execute(query).all(), door)


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
    query = BY_LOGIN.where(
        LoginSession.token_hash == hashed(token),
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > work.now,
    )
    return _acting(work, work.session.execute(query).all(), door)


def token_actor(work: Work, token: str) -> Actor:
    """Return who a program's key stands for; raises `NotAuthenticated` when it is revoked."""
    query = BY_KEY.where(ApiToken.token_hash == hashed(token), ApiToken.revoked_at.is_(None))
    return _acting(work, work.session.execute(query).all(), "api")


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
