"""What happened to bookings. The codes of `changes` are those of `history`: never rename one."""

from dataclasses import dataclass
from typing import ClassVar

from coopshare.kernel.facts import Fact
from coopshare.kernel.text import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFact(Fact):
    """Something happened to one booking."""

    object_kind: ClassVar[str] = "booking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked(BookingFact):
    """A booking was made, confirmed at once or waiting for its manager."""

    name: ClassVar[str] = "booking.booked"
    said: ClassVar[str] = marked("{who} a fait une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(BookingFact):
    """Its span changed, and maybe more with it."""

    name: ClassVar[str] = "booking.moved"
    said: ClassVar[str] = marked("{who} a déplacé une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed(BookingFact):
    """Its lines or its words changed, not its span."""

    name: ClassVar[str] = "booking.changed"
    said: ClassVar[str] = marked("{who} a modifié une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(BookingFact):
    """It was given up."""

    name: ClassVar[str] = "booking.cancelled"
    said: ClassVar[str] = marked("{who} a annulé une réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(BookingFact):
    """Its manager said yes."""

    name: ClassVar[str] = "booking.approved"
    said: ClassVar[str] = marked("{who} a accepté une demande de réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedByManager(BookingFact):
    """Its manager said no."""

    name: ClassVar[str] = "booking.refused"
    said: ClassVar[str] = marked("{who} a refusé une demande de réservation.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapsed(BookingFact):
    """Its time ran out: it ended by itself."""

    name: ClassVar[str] = "booking.lapsed"
    said: ClassVar[str] = marked("Une demande ou une option est arrivée à son terme.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed(BookingFact):
    """An option became a booking."""

    name: ClassVar[str] = "booking.confirmed"
    said: ClassVar[str] = marked("{who} a confirmé une option.")
