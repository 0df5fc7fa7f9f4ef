"""Accounts: made, password chosen again, preferences."""

from uuid import UUID, uuid4

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.kernel.errors import Conflict, Invalid, NotFound
from coopshare.kernel.text import marked, sort_key
from coopshare.members.commands import (
    AddPerson,
    ChangePassword,
    ChangePreferences,
    ResetPassword,
)
from coopshare.members.errors import LinkUnusable
from coopshare.members.facts import PasswordChanged, PersonAdded
from coopshare.members.models import LoginSession, PasswordReset, Person
from coopshare.members.policies import Permission, allow
from coopshare.members.queries import person_by_email, reset_by_token

RESET_MAIL = "members.reset_mail"
"""Kind of the job that looks the account up, makes the token and sends it."""
THEMES = ("auto", "light", "dark")
LANGUAGES = ("fr", "en")


def add_person(work: Work, command: AddPerson) -> Person:
    """Make an account; raises `Conflict` when the address has one."""
    allow(work.actor, Permission.OPERATE)
    email = command.email.strip().lower()
    if person_by_email(work, email) is not None:
        raise Conflict(message=marked("Un compte existe déjà avec cette adresse."))
    added = Person(
        id=uuid4(),
        email=email,
        name=command.name,
        sort_key=sort_key(command.name),
        password_hash=command.password.hash if command.password else None,
        is_demonstration=command.is_demonstration,
        created_at=work.now,
    )
    work.session.add(added)
    work.session.flush()
    _record(work, PersonAdded(object_id=added.id))
    return added


def ask_reset(work: Work, email: str) -> None:
    """Have a link sent to an address, if it has an account: the worker looks, nobody is told.

    What is done here is the same for any address, so that nothing shows by its time (A19).
    """
    work.enqueue(RESET_MAIL, {"email": email.strip().lower()})


def reset_password(work: Work, command: ResetPassword) -> Person:
    """Take a new password by the link of a mail; raises `LinkUnusable`. Every login ends."""
    found = reset_by_token(work, command.token, lock=True)
    person = work.session.get(Person, found.person_id) if found else None
    if found is None or person is None or person.is_suspended:
        raise LinkUnusable
    found.used_at = work.now
    _set_password(work, person, command.password.hash, kept_session=None)
    return person


def change_password(work: Work, command: ChangePassword) -> Person:
    """Take a new password; logins on other devices and links to reset it end.

    Raises `Conflict` when the password changed since the present one was checked.
    """
    allow(work.actor, Permission.OWN_ACCOUNT)
    person = own(work)
    if person.password_hash != command.seen_hash:
        raise Conflict
    _set_password(work, person, command.password.hash, kept_session=command.kept_session)
    return person


def change_preferences(work: Work, command: ChangePreferences) -> Person:
    """Change one's name, language or colours."""
    allow(work.actor, Permission.OWN_ACCOUNT)
    person = own(work)
    if command.name is not None:
        person.name, person.sort_key = command.name, sort_key(command.name)
    if command.language is not None:
        if command.language not in LANGUAGES:
            raise Invalid.field("language", marked("Choisissez parmi les réponses proposées."))
        person.language = command.language
    if command.theme is not None:
        if command.theme not in THEMES:
            raise Invalid.field("theme", marked("Choisissez parmi les réponses proposées."))
        person.theme = command.theme
    work.session.flush()
    return person


def own(work: Work) -> Person:
    """Return the actor's own account."""
    mine: UUID | None = work.actor.person_id
    person = work.session.get(Person, mine) if mine else None
    if person is None:
        raise NotFound
    return person


def _set_password(work: Work, person: Person, kept: str, *, kept_session: str | None) -> None:
    person.password_hash = kept
    for login in work.session.scalars(
        select(LoginSession).where(
            LoginSession.person_id == person.id, LoginSession.ended_at.is_(None)
        )
    ):
        if login.token_hash != kept_session:
            login.ended_at = work.now
    for link in work.session.scalars(
        select(PasswordReset).where(
            PasswordReset.person_id == person.id, PasswordReset.used_at.is_(None)
        )
    ):
        link.used_at = work.now
    _record(work, PasswordChanged(object_id=person.id))
    work.session.flush()


def _record(work: Work, fact: PersonAdded | PasswordChanged) -> None:
    """Keep the fact in the trail of the cooperative, where one is chosen."""
    if work.session.cooperative_id is not None:
        work.record(fact)
