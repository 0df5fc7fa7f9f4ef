"""A season of bookings: its rule and what each of its dates has."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coopshare.db.base import Base, Key, Owned, Versioned


class BookingSeries(Owned, Versioned, Base):
    """The same booking on many days: one rule, one pattern; each occurrence is a `Booking`.

    It says what is to come. Past occurrences stay as they were; an occurrence changed by itself
    keeps what it has of its own.
    """

    __tablename__ = "booking_series"

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who made it."""
    title: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(1000), default="")
    people: Mapped[int | None]
    timezone: Mapped[str] = mapped_column(String(60))
    rule: Mapped[str]
    """An RRULE of the subset of `kernel.recurrence`, from `first_day` on."""
    first_day: Mapped[date]
    """The first local day of the rule."""
    starts: Mapped[int]
    """The local minute of the day at which each occurrence begins: kept when clocks change."""
    minutes: Mapped[int]
    """Its length by the clock on the wall, in minutes."""
    all_day: Mapped[bool] = mapped_column(default=False)
    skip_school_holidays: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[list[str]] = mapped_column(default=list)
    """Days of the rule on which nothing was booked, or that left the series: ISO, in order."""
    split_from: Mapped[uuid.UUID | None]
    """The series of which it is the rest, since a change of one date and all that follow."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    lines: Mapped[list["SeriesLine"]] = relationship(
        lazy="selectin",
        order_by="SeriesLine.position",
        cascade="all, delete-orphan",
        back_populates="series",
    )

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "split_from"],
            ["booking_series.cooperative_id", "booking_series.id"],
        ),
        CheckConstraint("starts BETWEEN 0 AND 1439", name="starts"),
        CheckConstraint("minutes >= 1", name="minutes"),
    )


class SeriesLine(Owned, Base):
    """So many of one resource, on each date of a series."""

    __tablename__ = "booking_series_lines"

    id: Mapped[Key]
    series_id: Mapped[uuid.UUID]
    resource_id: Mapped[uuid.UUID]
    quantity: Mapped[int]
    position: Mapped[int]

    series: Mapped[BookingSeries] = relationship(back_populates="lines")

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "series_id"],
            ["booking_series.cooperative_id", "booking_series.id"],
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        CheckConstraint("quantity >= 1", name="quantity"),
        UniqueConstraint("series_id", "resource_id"),
    )
