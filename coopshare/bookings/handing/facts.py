"""What happened to things handed over: the facts of their booking."""

from dataclasses import dataclass
from typing import ClassVar

from coopshare.bookings.facts import BookingFact
from coopshare.kernel.text import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected(BookingFact):
    """Things left."""

    name: ClassVar[str] = "booking.collected"
    said: ClassVar[str] = marked("{who} a noté un départ de matériel.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack(BookingFact):
    """Things came back, or will not."""

    name: ClassVar[str] = "booking.given_back"
    said: ClassVar[str] = marked("{who} a noté un retour de matériel.")


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedEarly(BookingFact):
    """All came back before the end, and the rest was given up."""

    name: ClassVar[str] = "booking.ended_early"
    said: ClassVar[str] = marked("{who} a libéré la fin d'une réservation.")
