"""What happened to bookings. The codes of `changes` are those of `history`: never rename one."""

from dataclasses import dataclass
from typing import ClassVar

from coopshare.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFact(Fact):
    """Something happened to one booking."""

    object_kind: ClassVar[str] = "booking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked(BookingFact):
    """A booking was made, confirmed at once or waiting for its manager."""

    name: ClassVar[str] = "booking.booked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(BookingFact):
    """Its span changed, and maybe more with it."""

    name: ClassVar[str] = "booking.moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(BookingFact):
    """Its lines or its words changed, not its span."""

    name: ClassVar[str] = "booking.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(BookingFact):
    """It was given up."""

    name: ClassVar[str] = "booking.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(BookingFact):
    """Its manager said yes."""

    name: ClassVar[str] = "booking.approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedByManager(BookingFact):
    """Its manager said no."""

    name: ClassVar[str] = "booking.refused"
