"""Invitations: made here, sent by the worker with a token of its own, accepted once."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select

from coopshare.db.work import Work
from coopshare.kernel.dates import Duration
from coopshare.kernel.errors import Invalid, NotFound, TooMany
from coopshare.kernel.text import marked, sort_key
from coopshare.members.commands import AcceptInvitation, Invite
from coopshare.members.errors import (
    AccountExists,
    AlreadyThere,
    InvitationForAnother,
    LinkUnusable,
    MembershipOver,
)
from coopshare.members.facts import InvitationAccepted, InvitationRevoked, Invited
from coopshare.members.models import Affiliation, Invitation, Person
from coopshare.members.policies import Permission, allow, allow_role
from coopshare.members.queries import (
    affiliations,
    cooperative,
    invitation,
    invitation_by_token,
    is_current,
    membership,
    person_by_email,
    today,
)

SERVES = timedelta(days=2)
MOST_AN_HOUR = 5
"""Mails to one address (A60)."""


def invite(work: Work, command: Invite) -> Invitation:
    """Invite an address into an organisation; an earlier invitation there is replaced.

    The mail and its token are made by the worker. Raises `AlreadyThere`, `RoleAboveOwn`.
    """
    one = membership(work, command.organisation_id)
    allow(work.actor, Permission.INVITE, one.organisation_id)
    allow_role(work.actor, command.role, one.organisation_id)
    if not is_current(one, today(work, cooperative(work))):
        raise MembershipOver
    email = command.email.strip().lower()
    person = person_by_email(work, email)
    if person is not None and any(
        row.role == command.role
        for row in affiliations(work, person_id=person.id, organisation_id=one.organisation_id)
    ):
        raise AlreadyThere
    _refuse_flood(work, email)
    for earlier in work.session.scalars(
        select(Invitation).where(
            Invitation.organisation_id == one.organisation_id,
            Invitation.email == email,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
    ):
        earlier.revoked_at = work.now
    made = Invitation(
        id=uuid4(),
        organisation_id=one.organisation_id,
        email=email,
        role=command.role,
        invited_by=work.actor.person_id,
        created_at=work.now,
        expires_at=work.now + SERVES,
    )
    work.session.add(made)
    work.record(Invited(object_id=made.id, changes=(("role", "", str(command.role)),)))
    work.session.flush()
    return made


def revoke_invitation(work: Work, invitation_id: UUID) -> Invitation:
    """Take an invitation back: its link serves no more. Raises `NotFound` once it is over."""
    found = invitation(work, invitation_id)
    allow(work.actor, Permission.INVITE, found.organisation_id)
    if found.accepted_at or found.revoked_at:
        raise NotFound
    found.revoked_at = work.now
    work.record(InvitationRevoked(object_id=found.id))
    return found


def accept_invitation(work: Work, command: AcceptInvitation) -> Person:
    """Come in by the link of a mail: a new account, or one's own account when logged in.

    The unit is opened in the cooperative of the invitation. Raises `LinkUnusable`,
    `AccountExists` (log in first), `InvitationForAnother`.
    """
    found = invitation_by_token(work, command.token, lock=True)
    if found is None or found.cooperative_id != work.session.cooperative_id:
        raise LinkUnusable
    one = membership(work, found.organisation_id)
    if not is_current(one, today(work, cooperative(work))):
        raise LinkUnusable
    person = person_by_email(work, found.email)
    if person is None:
        person = _new_person(work, found.email, command)
    elif person.id != work.actor.person_id:
        if work.actor.is_known:
            raise InvitationForAnother(email=found.email)
        raise AccountExists
    found.accepted_at = work.now
    work.actor = replace(work.actor, person_id=person.id, person_name=person.name)
    held = affiliations(work, person_id=person.id, organisation_id=found.organisation_id)
    if found.role not in {row.role for row in held}:
        work.session.add(
            Affiliation(
                id=uuid4(),
                organisation_id=found.organisation_id,
                person_id=person.id,
                role=found.role,
                created_at=work.now,
                suspended_at=_suspension(work, person.id),
            )
        )
    work.record(InvitationAccepted(object_id=found.id))
    work.session.flush()
    return person


def _new_person(work: Work, email: str, command: AcceptInvitation) -> Person:
    if work.actor.is_known:
        raise InvitationForAnother(email=email)
    if not command.name:
        raise Invalid.field("name", marked("Dites comment vous vous appelez."))
    if command.password is None:
        raise Invalid.field("password", marked("Choisissez un mot de passe."))
    person = Person(
        id=uuid4(),
        email=email,
        name=command.name,
        sort_key=sort_key(command.name),
        password_hash=command.password.hash,
        language=work.actor.language,
        created_at=work.now,
    )
    work.session.add(person)
    work.session.flush()
    return person


def _suspension(work: Work, person_id: UUID) -> datetime | None:
    """Return since when the cooperative suspends the person: an invitation does not lift that."""
    rows = affiliations(work, person_id=person_id)
    return next((row.suspended_at for row in rows if row.suspended_at), None)


def _refuse_flood(work: Work, email: str) -> None:
    hour = timedelta(hours=1)
    recent = work.session.scalar(
        select(func.count(Invitation.id)).where(
            Invitation.email == email, Invitation.created_at > work.now - hour
        )
    )
    if (recent or 0) >= MOST_AN_HOUR:
        raise TooMany(retry_after=3600, wait=Duration(60))
