"""Logins on devices, where they act, and keys for programs."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid4

from coopshare.db.work import Work
from coopshare.kernel.errors import NotAuthenticated, NotFound, Refused
from coopshare.kernel.text import marked
from coopshare.members.commands import CreateToken, OpenSession, Switch
from coopshare.members.facts import SessionsEnded, TokenCreated, TokenRevoked
from coopshare.members.models import ApiToken, LoginSession, Person
from coopshare.members.policies import Permission, allow
from coopshare.members.queries import actor_for, api_tokens, places, sessions

LASTS = timedelta(days=30)
MOST_TOKENS = 20


def open_session(work: Work, command: OpenSession) -> LoginSession:
    """Keep a login, in the place that was asked for or the first one by name."""
    person = work.session.get(Person, command.person_id)
    if person is None or person.is_suspended:
        raise NotAuthenticated
    found = places(work, person.id)
    asked = (command.cooperative_id, command.organisation_id)
    here = next((p for p in found if (p.cooperative_id, p.organisation_id) == asked), None)
    here = here or next(iter(found), None)
    login = LoginSession(
        token_hash=command.token_hash,
        person_id=person.id,
        cooperative_id=here.cooperative_id if here else None,
        organisation_id=here.organisation_id if here else None,
        device=command.device[:80],
        created_at=work.now,
        expires_at=work.now + LASTS,
    )
    work.session.add(login)
    work.session.flush()
    return login


def close_session(work: Work, token_hash: str) -> None:
    """End the login whose id somebody holds: that is proof enough. Unknown ones are over."""
    login = work.session.get(LoginSession, token_hash)
    if login is not None and login.ended_at is None:
        login.ended_at = work.now


def switch(work: Work, command: Switch) -> LoginSession:
    """Have a login act elsewhere; raises `NotFound` for a place that is not the person's."""
    allow(work.actor, Permission.OWN_ACCOUNT)
    login = work.session.get(LoginSession, command.token_hash)
    if login is None or login.person_id != work.actor.person_id or login.ended_at is not None:
        raise NotFound
    try:
        actor_for(work, login.person_id, command.cooperative_id, command.organisation_id, "web")
    except NotAuthenticated as error:
        raise NotFound from error
    login.cooperative_id = command.cooperative_id
    login.organisation_id = command.organisation_id
    return login


def end_sessions(work: Work, token_hashes: Collection[str]) -> int:
    """End some of one's own logins at once; return how many. Raises `NotFound` for none."""
    allow(work.actor, Permission.OWN_ACCOUNT)
    person_id = _me(work)
    ended = [one for one in sessions(work, person_id) if one.token_hash in token_hashes]
    if not ended:
        raise NotFound
    for one in ended:
        one.ended_at = work.now
    if work.session.cooperative_id is not None:
        work.record(SessionsEnded(object_id=person_id))
    return len(ended)


def create_token(work: Work, command: CreateToken) -> ApiToken:
    """Make a key for a program, of which only the hash is kept; the surface shows it once."""
    allow(work.actor, Permission.OWN_ACCOUNT)
    person_id, organisation_id = _me(work), work.actor.organisation_id
    cooperative_id = work.session.cooperative_id
    if cooperative_id is None or organisation_id is None:
        raise Refused(message=marked("Une clé agit pour une organisation : choisissez-la d'abord."))
    if len(api_tokens(work, person_id)) >= MOST_TOKENS:
        raise Refused(message=marked("Vous avez déjà vingt clés. Supprimez-en une d'abord."))
    made = ApiToken(
        id=uuid4(),
        token_hash=command.token_hash,
        person_id=person_id,
        cooperative_id=cooperative_id,
        organisation_id=organisation_id,
        name=command.name,
        created_at=work.now,
    )
    work.session.add(made)
    work.record(TokenCreated(object_id=made.id))
    work.session.flush()
    return made


def revoke_token(work: Work, token_id: UUID) -> ApiToken:
    """Revoke one of one's own keys; raises `NotFound` for any other."""
    allow(work.actor, Permission.OWN_ACCOUNT)
    found = work.session.get(ApiToken, token_id)
    if found is None or found.person_id != work.actor.person_id or found.revoked_at is not None:
        raise NotFound
    found.revoked_at = work.now
    if work.session.cooperative_id is not None:
        work.record(TokenRevoked(object_id=found.id))
    return found


def _me(work: Work) -> UUID:
    if work.actor.person_id is None:
        raise NotAuthenticated
    return work.actor.person_id
