"""Cooperatives, organisations, people; who belongs where; how they come in."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coopshare.db.base import Base, Key, Owned, Versioned
from coopshare.db.scope import EVERYWHERE, ScopedSession
from coopshare.db.snapshots import Snapshotted
from coopshare.kernel.actor import Role
from coopshare.kernel.text import words
from coopshare.members.kinds import CooperativeKind, DoorNames, OrganisationKind, Standing


class Cooperative(Snapshotted, Versioned, Base):
    """A cooperation with its own members, resources and rules: the unit of isolation."""

    __tablename__ = "cooperatives"

    id: Mapped[Key]
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[CooperativeKind]
    timezone: Mapped[str] = mapped_column(String(60))
    """IANA name; the default of its resources."""
    currency: Mapped[str] = mapped_column(String(3))
    holiday_area: Mapped[str] = mapped_column(String(10), default="FR")
    """Public holidays that apply: "FR", or a subdivision of the holidays library ("57", "974")."""
    school_zone: Mapped[str | None] = mapped_column(String(20))
    door_names: Mapped[DoorNames] = mapped_column(default=DoorNames.NOTHING)
    """What the screens at doors tell of each booking."""
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    def told(self, _session: ScopedSession) -> Iterable[uuid.UUID]:
        """Return itself."""
        return [self.id]


class Organisation(Snapshotted, Versioned, Base):
    """A legal entity or a collective. It may be a member of several cooperatives."""

    __tablename__ = "organisations"

    id: Mapped[Key]
    name: Mapped[str]
    sort_key: Mapped[str] = mapped_column(index=True)
    kind: Mapped[OrganisationKind]
    siret: Mapped[str | None] = mapped_column(String(14))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(30))
    address: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]

    def told(self, session: ScopedSession) -> Iterable[uuid.UUID]:
        """Return the cooperatives it is or was a member of."""
        query = select(Membership.cooperative_id).where(Membership.organisation_id == self.id)
        return session.scalars(query.execution_options(**EVERYWHERE)).all()

    @property
    def tone(self) -> int:
        """A colour of the eight-tone set, always the same for the organisation."""
        return self.id.int % 8

    @property
    def letters(self) -> str:
        """Two letters that stand for the organisation beside its colour."""
        said = [w for w in words(self.name) if w not in {"la", "le", "les", "l", "de", "d"}]
        first = said[0] if said else "?"
        second = said[1][0] if len(said) > 1 else first[1:2]
        return (first[0] + second).upper()


class Membership(Snapshotted, Owned, Base):
    """An organisation is a member of a cooperative, with a standing ("adhésion")."""

    __tablename__ = "memberships"

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"), index=True)
    standing: Mapped[Standing]
    since: Mapped[date]
    until: Mapped[date | None]
    """First day on which it is a member no more."""

    organisation: Mapped[Organisation] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (UniqueConstraint("cooperative_id", "organisation_id"),)


class Person(Versioned, Base):
    """An account. One person may belong to several organisations and cooperatives."""

    __tablename__ = "people"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """In lower case."""
    name: Mapped[str]
    sort_key: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(String(200))
    """Argon2id; None until an invitation or a reset sets one."""
    language: Mapped[str] = mapped_column(String(2), default="fr")
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    is_suspended: Mapped[bool] = mapped_column(default=False)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Affiliation(Owned, Base):
    """A person holds a role in an organisation of a cooperative ("rattachement")."""

    __tablename__ = "affiliations"

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[Role]
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    """Set while the cooperative suspends the person: the role is kept, and gives nothing."""

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
        ),
        UniqueConstraint("cooperative_id", "organisation_id", "person_id", "role"),
    )


class LoginSession(Base):
    """One login on one device; ending the row ends it at the next request."""

    __tablename__ = "login_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the opaque id the cookie holds."""
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    cooperative_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cooperatives.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisations.id"))
    device: Mapped[str] = mapped_column(String(80))
    """Family of browser and system, as told by the browser: shown to its owner only."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Invitation(Owned, Base):
    """An address is invited into an organisation: serves once, within two days."""

    __tablename__ = "invitations"

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID]
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """None until the mail that carries the token is sent; the token itself is never stored."""
    invited_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
        ),
        Index("ix_invitations_cooperative_id_email", "cooperative_id", "email"),
    )


class PasswordReset(Base):
    """A link to choose a new password: serves once, within an hour."""

    __tablename__ = "password_resets"

    id: Mapped[Key]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """None until the mail that carries the token is sent; the token itself is never stored."""
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiToken(Base):
    """A key for programs: acts as one person for one organisation of one cooperative."""

    __tablename__ = "api_tokens"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperatives.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
