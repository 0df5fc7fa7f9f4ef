"""The price of a booking, line by line, frozen with it."""

import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
)
from sqlalchemy.orm import Mapped

from coopshare.db.base import Base, Key, Owned
from coopshare.resources.kinds import VatMode


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
