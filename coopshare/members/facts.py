"""What happened to members. `name` and the codes of `changes` are kept for ever: never rename one.

`said` is the sentence of the journal: {who} did it, {what} is the organisation or the person.
"""

from dataclasses import dataclass
from typing import ClassVar

from coopshare.kernel.facts import Fact
from coopshare.kernel.text import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class CooperativeAdded(Fact):
    """A cooperative opened."""

    name: ClassVar[str] = "cooperative.added"
    object_kind: ClassVar[str] = "cooperative"
    said: ClassVar[str] = marked("{who} a ouvert la coopérative.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CooperativeChanged(Fact):
    """Its name, its form, its time zone, its currency or its calendar changed."""

    name: ClassVar[str] = "cooperative.changed"
    object_kind: ClassVar[str] = "cooperative"
    said: ClassVar[str] = marked("{who} a changé les réglages de la coopérative.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFact(Fact):
    """Something happened to an organisation."""

    object_kind: ClassVar[str] = "organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationAdded(OrganisationFact):
    """An organisation became a member."""

    name: ClassVar[str] = "organisation.added"
    said: ClassVar[str] = marked("{who} a ajouté l'organisation {what}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationChanged(OrganisationFact):
    """Its name, kind, number or addresses changed."""

    name: ClassVar[str] = "organisation.changed"
    said: ClassVar[str] = marked("{who} a modifié la fiche de {what}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingSet(OrganisationFact):
    """Its place in the cooperative changed."""

    name: ClassVar[str] = "organisation.standing_set"
    said: ClassVar[str] = marked("{who} a changé la place de {what} dans la coopérative.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipEnded(OrganisationFact):
    """It leaves, on a day."""

    name: ClassVar[str] = "organisation.membership_ended"
    said: ClassVar[str] = marked("{who} a mis fin à l'adhésion de {what}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited(Fact):
    """An address was invited: a mail follows."""

    name: ClassVar[str] = "invitation.made"
    object_kind: ClassVar[str] = "invitation"
    said: ClassVar[str] = marked("{who} a invité {what}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRevoked(Fact):
    """An invitation was taken back."""

    name: ClassVar[str] = "invitation.revoked"
    object_kind: ClassVar[str] = "invitation"
    said: ClassVar[str] = marked("{who} a annulé l'invitation de {what}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(Fact):
    """The invited person came in."""

    name: ClassVar[str] = "invitation.accepted"
    object_kind: ClassVar[str] = "invitation"
    said: ClassVar[str] = marked("{who} a accepté son invitation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFact(Fact):
    """Something happened to a person's account or roles."""

    object_kind: ClassVar[str] = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdded(PersonFact):
    """An account was made from the command line."""

    name: ClassVar[str] = "person.added"
    said: ClassVar[str] = marked("{who} a créé le compte de {what}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesChanged(PersonFact):
    """Roles in an organisation were given or taken."""

    name: ClassVar[str] = "person.roles_changed"
    said: ClassVar[str] = marked("{who} a changé les rôles de {what}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSuspended(PersonFact):
    """The cooperative suspended the person."""

    name: ClassVar[str] = "person.suspended"
    said: ClassVar[str] = marked("{who} a suspendu l'accès de {what}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRestored(PersonFact):
    """The person may act again."""

    name: ClassVar[str] = "person.restored"
    said: ClassVar[str] = marked("{who} a rétabli l'accès de {what}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(PersonFact):
    """A new password; every other login ended."""

    name: ClassVar[str] = "person.password_changed"
    said: ClassVar[str] = marked("{who} a changé son mot de passe.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(PersonFact):
    """Logins on other devices were ended."""

    name: ClassVar[str] = "person.sessions_ended"
    said: ClassVar[str] = marked("{who} a terminé des connexions sur d'autres appareils.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginsEnded(PersonFact):
    """Who administers ended every login of a person."""

    name: ClassVar[str] = "person.logins_ended"
    said: ClassVar[str] = marked("{who} a déconnecté {what} de tous ses appareils.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginFailed(PersonFact):
    """A wrong password was given for the person's address."""

    name: ClassVar[str] = "login.failed"
    said: ClassVar[str] = marked("{who} a refusé une connexion au compte de {what}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRefused(PersonFact):
    """The person tried something their role does not allow."""

    name: ClassVar[str] = "access.refused"
    said: ClassVar[str] = marked("{who} a demandé ce que son rôle ne permet pas.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCreated(Fact):
    """A key for a program was made."""

    name: ClassVar[str] = "token.created"
    object_kind: ClassVar[str] = "token"
    said: ClassVar[str] = marked("{who} a créé une clé d'accès pour un programme.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRevoked(Fact):
    """A key for a program was revoked."""

    name: ClassVar[str] = "token.revoked"
    object_kind: ClassVar[str] = "token"
    said: ClassVar[str] = marked("{who} a supprimé une clé d'accès.")
