"""What the verbs of handing over are given."""

from dataclasses import dataclass
from uuid import UUID

from coopshare.bookings.handing.models import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """So many of one thing, in one state."""

    resource_id: UUID
    quantity: int
    state: Condition = Condition.GOOD
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collect:
    """Note that things leave."""

    booking_id: UUID
    parts: tuple[Part, ...] = ()
    """Empty: all that is left to collect, in the same `state`."""
    state: Condition = Condition.GOOD
    note: str = ""
    """Goes with every part that has no note of its own."""
    photo: bytes = b""
    """A picture as it was sent; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBack:
    """Note that things come back, or will not (`Condition.MISSING`)."""

    booking_id: UUID
    parts: tuple[Part, ...] = ()
    """Empty: all that is out, in the same `state`."""
    state: Condition = Condition.GOOD
    note: str = ""
    photo: bytes = b""
    release: bool = False
    """Give up the rest of the booking, once all is back."""
