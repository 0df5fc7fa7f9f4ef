"""What the worker does for members: the mails that carry a secret make it themselves.

A mail sent again carries a new token and the earlier one serves no more: a token is never stored,
nor shown anywhere but in the mail.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from coopshare.db.work import Work
from coopshare.kernel.notices import Letter
from coopshare.kernel.text import marked
from coopshare.members import tokens
from coopshare.members.kinds import ROLES
from coopshare.members.models import PasswordReset
from coopshare.members.queries import (
    cooperative,
    invitation,
    membership,
    people,
    person_by_email,
)

RESET_SERVES = timedelta(hours=1)


def invitation_letter(work: Work, invitation_id: UUID) -> Letter | None:
    """Give an invitation its token and return the mail; None when it is over."""
    found = invitation(work, invitation_id)
    if found.accepted_at or found.revoked_at or found.expires_at <= work.now:
        return None
    token = tokens.new()
    found.token_hash = tokens.hashed(token)
    known = people(work, [found.invited_by] if found.invited_by else [])
    inviter = next(iter(known.values()), None)
    return Letter(
        to=found.email,
        template="invitation",
        subject=marked("Rejoignez {organisation} sur CoopShare"),
        values={
            "organisation": membership(work, found.organisation_id).organisation.name,
            "cooperative": cooperative(work).name,
            "inviter": inviter.name if inviter else "",
            "role": ROLES[found.role],
            "url": f"{work.address}/invitation/{token}",
        },
    )


def reset_letter(work: Work, email: str) -> Letter | None:
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
    return Letter(
        to=person.email,
        template="reset",
        subject=marked("Choisir un nouveau mot de passe"),
        values={"name": person.name, "url": f"{work.address}/mot-de-passe/{token}"},
        language=person.language,
    )
