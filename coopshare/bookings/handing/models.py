"""What was collected and given back: rows that are only ever added; the present is their sum."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from coopshare.db.base import Base, Key, Owned


class HandOverKind(StrEnum):
    """Which way things went."""

    COLLECTED = "collected"
    RETURNED = "returned"


class Condition(StrEnum):
    """In which state things were found."""

    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"
    MISSING = "missing"
    """Only when giving back: they will not come."""


class HandOver(Owned, Base):
    """So many of one line of a booking were collected or given back, in one state.

    The line is named by its booking and its resource, which are unique together: the line itself
    may be refilled or left out of the booking later, what happened stays.
    """

    __tablename__ = "hand_overs"

    id: Mapped[Key]
    act_id: Mapped[uuid.UUID]
    """What was handed over at once, in several lines or states."""
    booking_id: Mapped[uuid.UUID]
    resource_id: Mapped[uuid.UUID]
    kind: Mapped[HandOverKind]
    quantity: Mapped[int]
    state: Mapped[Condition]
    note: Mapped[str] = mapped_column(String(500), default="")
    photo_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who wrote it down."""
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "booking_id"], ["bookings.cooperative_id", "bookings.id"]
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "photo_id"],
            ["hand_over_photos.cooperative_id", "hand_over_photos.id"],
        ),
        CheckConstraint("quantity >= 1", name="quantity"),
        Index("ix_hand_overs_booking_id", "booking_id"),
        Index("ix_hand_overs_resource_id", "resource_id", "booking_id"),
    )


class HandOverPhoto(Owned, Base):
    """A picture taken when things changed hands, re-encoded by us; private to those concerned."""

    __tablename__ = "hand_over_photos"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID]
    width: Mapped[int]
    height: Mapped[int]
    content_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        ForeignKeyConstraint(
            ["cooperative_id", "booking_id"], ["bookings.cooperative_id", "bookings.id"]
        ),
    )


class FollowUpKind(StrEnum):
    """Why somebody was written to."""

    OVERDUE = "overdue"
    """Things were not given back after the end."""
    NEXT = "next"
    """The next borrower was warned of it."""


class FollowUp(Owned, Base):
    """A mail about things that are late: what was told is not told again."""

    __tablename__ = "hand_over_follow_ups"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID]
    """The booking that is late."""
    kind: Mapped[FollowUpKind]
    about_id: Mapped[uuid.UUID]
    """The booking whose people are told: the late one, or the next."""
    number: Mapped[int]
    """0 for the first time."""
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "booking_id"], ["bookings.cooperative_id", "bookings.id"]
        ),
        UniqueConstraint("booking_id", "kind", "about_id", "number"),
    )
