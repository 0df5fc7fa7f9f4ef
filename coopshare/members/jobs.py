"""What the worker writes for members: the mails that carry a secret make it themselves.

A mail sent again carries a new token and the earlier one serves no more: a token is never stored,
nor shown anywhere but in the mail.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.notices import Message
from coopshare.kernel.text import Sentence, marked
from coopshare.members import services, tokens
from coopshare.members.kinds import ROLES
from coopshare.members.models import PasswordReset
from coopshare.members.queries import (
    cooperative,
    invitation,
    membership,
    people,
    person_by_email,
    places,
)

INVITATION_MAIL = "members.invitation_mail"
RESET_SERVES = timedelta(hours=1)


def tell_invitation(database: Database, job: JobToDo) -> Iterable[Message]:
    """Invite: the mail with its link."""
    message = database.write(job.actor, invitation_message, UUID(job.payload["id"]))
    return [message] if message else []


def tell_reset(database: Database, job: JobToDo) -> Iterable[Message]:
    """Send the link to choose a new password, if the address has an account."""
    message = database.write(job.actor, reset_message, str(job.payload["email"]))
    return [message] if message else []


def invitation_message(work: Work, invitation_id: UUID) -> Message | None:
    """Give an invitation its token and return the mail; None when it is over."""
    found = invitation(work, invitation_id)
    if found.accepted_at or found.revoked_at or found.expires_at <= work.now:
        return None
    token = tokens.new()
    found.token_hash = tokens.hashed(token)
    inviter = people(work, [found.invited_by] if found.invited_by else [])
    where = cooperative(work).name
    names = {
        "who": next((person.name for person in inviter.values()), where),
        "organisation": membership(work, found.organisation_id).organisation.name,
        "cooperative": where,
    }
    known = person_by_email(work, found.email)
    return Message(
        to=found.email,
        subject=Sentence(marked("Rejoignez {organisation} sur CoopShare"), names),
        greeting=Sentence(marked("Bonjour,")),
        paragraphs=(
            Sentence(
                marked(
                    "{who} vous invite à rejoindre {organisation}, dans la coopérative"
                    " {cooperative}."
                ),
                names,
            ),
            Sentence(
                marked(
                    "Vous pourrez y voir ce qui se partage, ce qui est libre, et réserver en"
                    " quelques clics."
                )
            ),
        ),
        details=((Sentence(marked("Votre rôle")), Sentence(ROLES[found.role])),),
        action=(Sentence(marked("Accepter l'invitation")), f"{work.address}/invitation/{token}"),
        after=(
            Sentence(marked("Ce lien sert une seule fois, pendant deux jours.")),
            Sentence(
                marked("Vous n'attendiez pas ce message ? Ne faites rien : rien ne sera créé.")
            ),
        ),
        sender=where,
        language=known.language if known else "fr",
    )


RESET_WORDS = {
    True: (
        marked("Choisissez votre mot de passe"),
        marked("Votre compte CoopShare est créé. Il ne manque que votre mot de passe."),
        marked("Trop tard ? Demandez-en un autre à la page « Mot de passe oublié »."),
    ),
    False: (
        marked("Choisir un nouveau mot de passe"),
        marked("Voici le lien pour choisir un nouveau mot de passe CoopShare."),
        marked("Vous n'avez rien demandé ? Ne faites rien : votre mot de passe reste le même."),
    ),
}
"""Whether it is the first password -> subject, first line, last line."""


def reset_message(work: Work, email: str) -> Message | None:
    """Make a link to choose a new password and return the mail; None without an account."""
    person = person_by_email(work, email)
    if person is None or person.is_suspended:
        return None
    token = tokens.new()
    work.session.add(
        PasswordReset(
            id=uuid4(),
            token_hash=tokens.hashed(token),
            person_id=person.id,
            created_at=work.now,
            expires_at=work.now + RESET_SERVES,
        )
    )
    subject, first, last = RESET_WORDS[person.password_hash is None]
    return Message(
        to=person.email,
        subject=Sentence(subject),
        greeting=Sentence(marked("Bonjour {name},"), {"name": person.name}),
        paragraphs=(Sentence(first),),
        action=(
            Sentence(marked("Choisir mon mot de passe")),
            f"{work.address}/mot-de-passe/{token}",
        ),
        after=(
            Sentence(marked("Ce lien sert une seule fois, pendant une heure.")),
            Sentence(last),
        ),
        language=person.language,
    )


def trace_failed_login(database: Database, job: JobToDo) -> None:
    """Trace a failed login in each cooperative of the person; of an unknown address, nothing."""
    given = job.payload["person_id"]
    if given is None:
        return
    with database.read(job.actor) as work:
        found = {place.cooperative_id for place in places(work, UUID(given))}
    for number, cooperative_id in enumerate(sorted(found), start=1):
        acting = Actor(door="web", cooperative_id=cooperative_id)
        is_last = number == len(found)
        database.write(acting, services.trace_failed_login, UUID(given), job, is_last=is_last)
