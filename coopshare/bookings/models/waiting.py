"""Who waits for what is taken, in order."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coopshare.db.base import Base, Key, Owned, Versioned


class WaitStatus(StrEnum):
    """Where a place in a waiting list stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    """An option holds what became free, until it is accepted, declined or lapses."""
    SERVED = "served"
    DECLINED = "declined"
    MISSED = "missed"
    """The offer was not accepted in time."""
    LEFT = "left"
    ENDED = "ended"
    """What was waited for has begun without becoming free."""


class Wait(Owned, Versioned, Base):
    """A request that found its slot taken, kept in order until the slot is free."""

    __tablename__ = "waits"

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(1000), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    all_day: Mapped[bool] = mapped_column(default=False)
    people: Mapped[int | None]
    status: Mapped[WaitStatus]
    position: Mapped[int]
    """Rises with each request; those that may compete never have the same."""
    booking_id: Mapped[uuid.UUID | None]
    """The option that was made for it."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    lines: Mapped[list["WaitLine"]] = relationship(
        lazy="selectin", order_by="WaitLine.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "booking_id"], ["bookings.cooperative_id", "bookings.id"]
        ),
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_waits_cooperative_id_status_starts_at", "cooperative_id", "status", "starts_at"),
        Index("ix_waits_booking_id", "booking_id"),
        Index("ix_waits_person_id", "person_id"),
    )


class WaitLine(Owned, Base):
    """So many of one resource, within a request that waits."""

    __tablename__ = "wait_lines"

    id: Mapped[Key]
    wait_id: Mapped[uuid.UUID]
    resource_id: Mapped[uuid.UUID]
    quantity: Mapped[int]
    position: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(["cooperative_id", "wait_id"], ["waits.cooperative_id", "waits.id"]),
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        CheckConstraint("quantity >= 1", name="quantity"),
        UniqueConstraint("wait_id", "resource_id"),
        Index("ix_wait_lines_resource_id", "resource_id"),
    )
