"""Conventions of making available: between the employer and a member, version by version."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coopshare.db.base import Base, Key, Owned, Versioned
from coopshare.pooled_staff.kinds import CommitmentUnit, PriceMode, Side
from coopshare.pooled_staff.models.group import of_employer, of_member


class Placement(Owned, Versioned, Base):
    """A member takes a share of a post: the convention, whatever its version."""

    __tablename__ = "placements"

    id: Mapped[Key]
    employer_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    """The member."""
    position_id: Mapped[uuid.UUID]
    worker_id: Mapped[uuid.UUID | None]
    """Where it names the person."""
    number: Mapped[str] = mapped_column(String(20))
    """C-2026-003."""
    ended_on: Mapped[date | None]
    """The last day, where it was ended before its term."""
    created_at: Mapped[datetime]

    versions: Mapped[list["PlacementVersion"]] = relationship(
        lazy="selectin", order_by="PlacementVersion.number", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        UniqueConstraint("employer_id", "number"),
        of_employer(),
        of_member(),
        ForeignKeyConstraint(
            ["cooperative_id", "position_id"], ["positions.cooperative_id", "positions.id"]
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "worker_id"], ["workers.cooperative_id", "workers.id"]
        ),
        Index("ix_placements_organisation_id", "cooperative_id", "organisation_id"),
        Index("ix_placements_position_id", "position_id"),
    )

    @property
    def accepted(self) -> list["PlacementVersion"]:
        """Return the versions that both sides accepted, in their order."""
        return [one for one in self.versions if one.is_accepted]


class PlacementVersion(Owned, Base):
    """What a convention says from a day on. Once sent, it changes no more."""

    __tablename__ = "placement_versions"

    id: Mapped[Key]
    placement_id: Mapped[uuid.UUID]
    number: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day, included; None: until somebody gives notice."""
    unit: Mapped[CommitmentUnit]
    amount: Mapped[int]
    """Minutes, or a weight."""
    tolerance_minutes: Mapped[int] = mapped_column(default=0)
    """How far the time done may drift before it is said."""
    is_firm: Mapped[bool] = mapped_column(default=True)
    wished: Mapped[list[str]] = mapped_column(default=list)
    """Half-days wished: "0-morning" is Monday's morning."""
    excluded: Mapped[list[str]] = mapped_column(default=list)
    sites: Mapped[list[str]] = mapped_column(default=list)
    """Ids of the member's sites; empty: all that it has."""
    price_mode: Mapped[PriceMode]
    price: Mapped[int] = mapped_column(default=0)
    """Basis points for a coefficient, cents an hour for a price, else nothing."""
    notice_months: Mapped[int] = mapped_column(default=3)
    """Notice to end it."""
    terms: Mapped[str] = mapped_column(String(4000), default="")
    """What both add: conditions of work, equipment, contacts."""
    consent_on: Mapped[date | None]
    """When the person agreed to be lent (L8241-2), where the law asks for it."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    data: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)
    """All that the document says, frozen when it was sent."""
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    """Of the document."""

    signatures: Mapped[list["PlacementSignature"]] = relationship(
        lazy="selectin", order_by="PlacementSignature.at", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        UniqueConstraint("placement_id", "number"),
        ForeignKeyConstraint(
            ["cooperative_id", "placement_id"], ["placements.cooperative_id", "placements.id"]
        ),
        CheckConstraint("amount > 0 AND price >= 0 AND tolerance_minutes >= 0", name="amounts"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="days"),
    )

    @property
    def signed_by(self) -> frozenset[Side]:
        """Return the sides that accepted it."""
        return frozenset(one.side for one in self.signatures)

    @property
    def is_accepted(self) -> bool:
        """Tell whether both sides accepted it."""
        return self.signed_by == frozenset(Side)


class PlacementSignature(Owned, Base):
    """A side accepted a version: who, when, through which door, from where, on which bytes."""

    __tablename__ = "placement_signatures"

    id: Mapped[Key]
    version_id: Mapped[uuid.UUID]
    side: Mapped[Side]
    organisation_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    """Of the person, as it was."""
    quality: Mapped[str] = mapped_column(String(120), default="")
    """In which quality they sign, as they said it."""
    at: Mapped[datetime]
    door: Mapped[str] = mapped_column(String(10))
    address: Mapped[str] = mapped_column(String(45), default="")
    """The network address it came from."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the document that was accepted."""
    scan: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The signed paper, where there is one."""

    __table_args__ = (
        UniqueConstraint("version_id", "side"),
        of_member(),
        ForeignKeyConstraint(
            ["cooperative_id", "version_id"],
            ["placement_versions.cooperative_id", "placement_versions.id"],
        ),
    )
