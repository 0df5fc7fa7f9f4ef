"""The table of holds, its guard rows, and closures."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from coopshare.db.base import Base, Key, Owned


class HoldSource(StrEnum):
    """What a hold comes from."""

    BOOKING = "booking"
    CLOSURE = "closure"
    ASSIGNMENT = "assignment"
    LEAVE = "leave"
    MAINTENANCE = "maintenance"
    IMPORT = "import"


class Hold(Owned, Base):
    """So many of a resource are taken over a half-open UTC span.

    The database refuses a row that would take more than the resource's quantity at any instant,
    whoever writes it. Only leaf resources are held: a whole is held by its parts.
    """

    __tablename__ = "holds"

    id: Mapped[Key]
    resource_id: Mapped[uuid.UUID]
    quantity: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    live: Mapped[bool]
    exclusive: Mapped[bool] = mapped_column(default=False)
    """Whether the resource is a single one; kept right by the database where it uses it."""
    source_kind: Mapped[HoldSource]
    source_id: Mapped[uuid.UUID]

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_holds_resource_id_starts_at_ends_at", "resource_id", "starts_at", "ends_at"),
        Index("ix_holds_source_id", "source_id"),
    )


class HoldGuard(Base):
    """One small row per resource, made and kept by triggers: what writers lock, and a bound."""

    __tablename__ = "hold_guards"

    resource_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resources.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=0)
    longest_seconds: Mapped[int] = mapped_column(default=0)
    """The longest hold there ever was: how far back a search for overlaps has to look."""


class Closure(Owned, Base):
    """A span in which resources cannot be used: works, holidays of the house, own dates."""

    __tablename__ = "closures"

    id: Mapped[Key]
    reason: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("starts_at < ends_at", name="span"),)


class MaintenanceReason(StrEnum):
    """Why some of a resource cannot be used."""

    DAMAGED = "damaged"
    MISSING = "missing"
    UPKEEP = "upkeep"
    """Looked after on purpose: a check, a cleaning."""


class Maintenance(Owned, Base):
    """So many of a resource are out of use from an instant on, until somebody lifts it.

    It holds what nobody else holds: a booking that was there stays, and is said to lack.
    """

    __tablename__ = "maintenances"

    id: Mapped[Key]
    resource_id: Mapped[uuid.UUID]
    quantity: Mapped[int]
    reason: Mapped[MaintenanceReason]
    note: Mapped[str] = mapped_column(String(500), default="")
    noticed_in: Mapped[uuid.UUID | None]
    """The source of holds (a booking) in which it was noticed: it lacks nothing by it."""
    opened_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime]
    lifted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    lifted_at: Mapped[datetime | None]
    lift_note: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        CheckConstraint("quantity >= 1", name="quantity"),
        Index("ix_maintenances_resource_id", "resource_id"),
    )


Index(
    "ix_maintenances_open",
    Maintenance.cooperative_id,
    Maintenance.opened_at,
    sqlite_where=Maintenance.lifted_at.is_(None),
    postgresql_where=Maintenance.lifted_at.is_(None),
)
