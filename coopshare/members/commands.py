"""What each verb of members is given. Passwords arrive already accepted and hashed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from coopshare.kernel.actor import Role
from coopshare.members.kinds import CooperativeKind, DoorNames, OrganisationKind, Standing
from coopshare.members.passwords import HashedPassword


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCooperative:
    """A new cooperative, without members yet."""

    name: str
    slug: str
    kind: CooperativeKind
    timezone: str = "Europe/Paris"
    currency: str = "EUR"
    holiday_area: str = "FR"
    school_zone: str | None = None
    is_demonstration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCooperative:
    """What changes of the cooperative: None leaves it, an empty `school_zone` clears it."""

    version: int
    name: str | None = None
    kind: CooperativeKind | None = None
    timezone: str | None = None
    currency: str | None = None
    holiday_area: str | None = None
    school_zone: str | None = None
    door_names: DoorNames | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOrganisation:
    """A new organisation, and its place in the cooperative."""

    name: str
    kind: OrganisationKind
    standing: Standing
    siret: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    since: date | None = None
    """First day of its membership; None: today at the cooperative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrganisation:
    """What changes of an organisation: None leaves it, an empty text clears it."""

    organisation_id: UUID
    version: int
    name: str | None = None
    kind: OrganisationKind | None = None
    siret: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStanding:
    """Another place in the cooperative."""

    organisation_id: UUID
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMembership:
    """The organisation leaves."""

    organisation_id: UUID
    until: date
    """First day on which it is a member no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPerson:
    """An account made by whoever runs the installation."""

    email: str
    name: str
    password: HashedPassword | None = None
    is_demonstration: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """An address is invited into an organisation."""

    organisation_id: UUID
    email: str
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptInvitation:
    """The invited person comes in; name and password only for a new account."""

    token: str
    name: str = ""
    password: HashedPassword | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRole:
    """The roles a person holds in an organisation, from now on; none: the person leaves it."""

    organisation_id: UUID
    person_id: UUID
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRole:
    """One role less."""

    organisation_id: UUID
    person_id: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    """A new password, by the link of a mail."""

    token: str
    password: HashedPassword


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """A new password, by somebody who gave the present one to the surface."""

    seen_hash: str | None
    """The hash the present password was checked against: refused if it changed meanwhile."""
    password: HashedPassword
    kept_session: str | None = None
    """Hash of the login that goes on; every other one ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A login on one device."""

    person_id: UUID
    token_hash: str
    device: str
    cooperative_id: UUID | None = None
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """Act for another organisation, on this device, without logging in again."""

    token_hash: str
    cooperative_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateToken:
    """A key for a program, which acts as the actor for the actor's organisation."""

    name: str
    token_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePreferences:
    """What a person says about themselves; None leaves it."""

    name: str | None = None
    language: str | None = None
    theme: str | None = None
