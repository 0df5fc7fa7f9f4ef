"""Bookings and their lines."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

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
from coopshare.resources.kinds import VatMode


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


class ChargeKind(StrEnum):
    """Why a charge is there."""

    USE = "use"
    OFF_PEAK = "off_peak"
    """A use at the price of particular days or hours."""
    FREE_QUOTA = "free_quota"
    """A use that costs nothing, within a quota."""
    DEPOSIT = "deposit"
    """Given back after use: no part of the price."""
    LATE_CANCELLATION = "late_cancellation"


class ChargeUnit(StrEnum):
    """What the units of a charge are."""

    HOUR = "hour"
    """Its units are minutes, its price is for an hour."""
    HALF_DAY = "half_day"
    DAY = "day"
    UNIT = "unit"
    PERSON = "person"
    BOOKING = "booking"


class BookingCharge(Owned, Base):
    """A line of the price of a booking, frozen when it was made or last changed.

    What is due of a booking is the sum of its rows that are no deposit: a booking cancelled in
    time, refused or lapsed has none left; one that nobody came to keeps them; one that waits or is
    an option has them too, though nothing is due before it is confirmed.
    """

    __tablename__ = "booking_charges"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID]
    position: Mapped[int]
    resource_id: Mapped[uuid.UUID]
    kind: Mapped[ChargeKind]
    unit: Mapped[ChargeUnit]
    units: Mapped[int]
    """Minutes where the unit is the hour, else how many, for one of the resource."""
    quantity: Mapped[int]
    """How many of the resource: the charge is for each."""
    cents_each: Mapped[int]
    """The price of one unit, of an hour where the unit is the hour."""
    cents: Mapped[int]
    """What it comes to before tax, never negative."""
    vat_mode: Mapped[VatMode | None]
    vat_bp: Mapped[int]
    quota_id: Mapped[uuid.UUID | None]
    """The quota it is taken from."""
    data: Mapped[dict[str, Any]]
    """What it is said with, as it was then: `name` of the resource, `note`, `quota`, `beyond`..."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "booking_id"], ["bookings.cooperative_id", "bookings.id"]
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        CheckConstraint("cents >= 0", name="cents"),
        Index("ix_booking_charges_booking_id", "booking_id", "position"),
        Index("ix_booking_charges_resource_id", "resource_id"),
    )


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


class DoorScreen(Owned, Versioned, Base):
    """The secret address of a screen beside a door: today of one resource, without login."""

    __tablename__ = "door_screens"

    id: Mapped[Key]
    resource_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(80))
    """Where it hangs, in the words of those who look after it."""
    language: Mapped[str] = mapped_column(String(2), default="fr")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token, which is shown once."""
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    """When it last asked, to a few minutes."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        Index("ix_door_screens_resource_id", "resource_id"),
    )


class DecisionStatus(StrEnum):
    """What was answered about one line of a request."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"
    VOID = "void"
    """Nobody has to answer any more: the request ended, or changed."""


class Decision(Owned, Base):
    """What an approver says about one thing a booking asks for: each decides on their own.

    The rows of a booking tell of its latest request: that of the booking, or of a change of it.
    Some wait exactly while it does.
    """

    __tablename__ = "booking_decisions"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID]
    resource_id: Mapped[uuid.UUID]
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Why it waits: codes of `resources.approval.Reason`, with the limit that is passed."""
    status: Mapped[DecisionStatus]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who answered."""
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "booking_id"], ["bookings.cooperative_id", "bookings.id"]
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        UniqueConstraint("booking_id", "resource_id"),
    )


Index(
    "ix_booking_decisions_waiting",
    Decision.resource_id,
    Decision.booking_id,
    sqlite_where=Decision.status == DecisionStatus.WAITING,
    postgresql_where=Decision.status == DecisionStatus.WAITING,
)


class ProposalKind(StrEnum):
    """Whose idea it is."""

    COUNTER = "counter"
    """An approver offers something else than what was asked for: who booked answers."""
    CHANGE = "change"
    """Who booked wants a confirmed booking otherwise: the approvers answer."""


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"
    """Something else was decided, asked or proposed meanwhile."""
    LAPSED = "lapsed"


class Proposal(Owned, Base):
    """A booking as it would be: another time, other things. It holds its slot while it is open.

    Held by the booking itself, beside what it holds already: whatever ends the booking frees both,
    and none of the two slots stands in the way of the other.
    """

    __tablename__ = "booking_proposals"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID]
    kind: Mapped[ProposalKind]
    status: Mapped[ProposalStatus]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who proposes."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    all_day: Mapped[bool] = mapped_column(default=False)
    people: Mapped[int | None]
    lines: Mapped[dict[str, Any]]
    """Resource id -> how many, in order."""
    agreed: Mapped[list[str]] = mapped_column(default=list)
    """The resources on which who proposes decides: they are agreed to by the proposal itself."""
    note: Mapped[str] = mapped_column(String(300), default="")
    answer: Mapped[str] = mapped_column(String(300), default="")
    """Why it was refused, where it was."""
    created_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "booking_id"], ["bookings.cooperative_id", "bookings.id"]
        ),
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_booking_proposals_booking_id", "booking_id"),
    )


Index(
    "ix_booking_proposals_open",
    Proposal.booking_id,
    unique=True,
    sqlite_where=Proposal.status == ProposalStatus.OPEN,
    postgresql_where=Proposal.status == ProposalStatus.OPEN,
)
