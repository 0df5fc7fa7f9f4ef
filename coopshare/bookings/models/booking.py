"""A booking and its lines: who uses what, over which span."""

import uuid
from datetime import date, datetime
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


class BookingStatus(StrEnum):
    """Where a booking stands."""

    PENDING = "pending"
    """Holds its slot while the manager decides."""
    OPTION = "option"
    """Holds its slot until `lapses_at`, unless who asked confirms it before."""
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """A request or an option whose time ran out: the slot was given back."""
    NO_SHOW = "no_show"
    """Nobody came: the slot was given back."""


class Booking(Owned, Versioned, Base):
    """One organisation uses one or several resources over one span: all of them or none."""

    __tablename__ = "bookings"

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who booked."""
    title: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(1000), default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    """Where it takes place: the zone of its first resource."""
    all_day: Mapped[bool] = mapped_column(default=False)
    people: Mapped[int | None]
    """How many people come, where it was said."""
    status: Mapped[BookingStatus]
    lapses_at: Mapped[datetime | None]
    """When a pending request or an option ends by itself; for a confirmed booking, when the change
    that is asked for does. None when nothing waits.
    """
    sequence: Mapped[int] = mapped_column(default=0)
    """Rises when span, place or status change (RFC 5545, 3.8.7.4)."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")
    series_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("booking_series.id"))
    """The series it is an occurrence of."""
    occurrence: Mapped[date | None]
    """The local day it stands for in its series, wherever it was moved itself."""
    own_changes: Mapped[str] = mapped_column(String(60), default="")
    """What was changed of this occurrence alone: codes of `OwnChange` with spaces between."""
    checked_in_at: Mapped[datetime | None]
    """When somebody said that they are there; None: nobody did."""
    released_at: Mapped[datetime | None]
    """When what asks for check-in was given back because nobody came."""

    price_cents: Mapped[int | None]
    """Sum of its charges before tax, deposits apart; None where nothing it takes has a price."""

    lines: Mapped[list["BookingLine"]] = relationship(
        lazy="selectin",
        order_by="BookingLine.position",
        cascade="all, delete-orphan",
        back_populates="booking",
    )

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
        ),
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_bookings_cooperative_id_starts_at", "cooperative_id", "starts_at", "id"),
        Index(
            "ix_bookings_organisation_id_starts_at",
            "cooperative_id",
            "organisation_id",
            "starts_at",
        ),
        Index("ix_bookings_person_id_starts_at", "person_id", "starts_at"),
    )


Index(
    "ix_bookings_lapses_at",
    Booking.lapses_at,
    sqlite_where=Booking.lapses_at.is_not(None),
    postgresql_where=Booking.lapses_at.is_not(None),
)
Index(
    "ix_bookings_series_id",
    Booking.series_id,
    Booking.occurrence,
    sqlite_where=Booking.series_id.is_not(None),
    postgresql_where=Booking.series_id.is_not(None),
)
Index(
    "ix_bookings_released_at",
    Booking.cooperative_id,
    Booking.released_at,
    sqlite_where=Booking.released_at.is_not(None),
    postgresql_where=Booking.released_at.is_not(None),
)


class OwnChange(StrEnum):
    """What an occurrence may have of its own, against what its series says."""

    SPAN = "span"
    LINES = "lines"
    TITLE = "title"
    NOTE = "note"
    PEOPLE = "people"


class BookingLine(Owned, Base):
    """So many of one resource, within a booking."""

    __tablename__ = "booking_lines"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID]
    resource_id: Mapped[uuid.UUID]
    quantity: Mapped[int]
    position: Mapped[int]

    booking: Mapped[Booking] = relationship(back_populates="lines")

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "booking_id"], ["bookings.cooperative_id", "bookings.id"]
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        CheckConstraint("quantity >= 1", name="quantity"),
        UniqueConstraint("booking_id", "resource_id"),
        Index("ix_booking_lines_resource_id", "resource_id"),
    )
