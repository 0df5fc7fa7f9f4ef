"""Pure decisions about handing over: sums in, an answer or a refusal out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.bookings.handing.commands import Part
from coopshare.bookings.handing.errors import (
    MoreThanBooked,
    MoreThanOut,
    NothingToHandOver,
    NotReadyToLeave,
    TooEarlyToCollect,
)
from coopshare.bookings.handing.models import Condition, HandOverKind
from coopshare.bookings.models import BookingStatus
from coopshare.bookings.rules import check_live, check_not_ended
from coopshare.kernel.errors import Invalid
from coopshare.kernel.localtime import day_span
from coopshare.kernel.text import marked

MOST_PARTS = 200
GRACE = timedelta(minutes=30)
"""Nobody is written to while they carry things back."""
AGAIN = timedelta(days=1)
MOST_MAILS = 4
"""One, then one a day for three days: after that, people talk to each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one line of a booking comes to."""

    booked: int
    collected: int = 0
    returned: int = 0
    """What came back and what is missing: all that is accounted for."""
    missing: int = 0
    damaged: int = 0
    """Given back damaged."""

    @property
    def to_collect(self) -> int:
        """Return how many may still be collected."""
        return max(0, self.booked - self.collected)

    @property
    def out(self) -> int:
        """Return how many are with the borrower."""
        return self.collected - self.returned


def check_may_leave(status: BookingStatus) -> None:
    """Refuse unless the booking stands and is confirmed."""
    check_live(status)
    if status is not BookingStatus.CONFIRMED:
        raise NotReadyToLeave


def check_time_to_collect(
    starts_at: datetime, ends_at: datetime, place: ZoneInfo, now: datetime, manager: str | None
) -> None:
    """Refuse before the local day of the start, unless by who manages it (`manager` None)."""
    check_not_ended(ends_at, now)
    first = day_span(starts_at.astimezone(place).date(), place).start
    if manager is not None and now < min(first, starts_at):
        raise TooEarlyToCollect(manager=manager)


def check_parts(
    kind: HandOverKind, parts: Sequence[Part], tallies: dict[UUID, Tally], names: dict[UUID, str]
) -> None:
    """Refuse more than is left; nothing; a quantity of none; missing things that leave."""
    if not parts:
        raise NothingToHandOver
    if len(parts) > MOST_PARTS:
        raise Invalid.field("lines", marked("C'est trop à la fois : notez-le en plusieurs fois."))
    asked: dict[UUID, int] = {}
    for part in parts:
        if part.quantity < 1:
            raise Invalid.field("lines", marked("Dites combien : au moins une unité."))
        if part.state is Condition.MISSING and kind is HandOverKind.COLLECTED:
            raise Invalid.field("state", marked("Ce qui manque ne part pas : notez ce qui part."))
        asked[part.resource_id] = asked.get(part.resource_id, 0) + part.quantity
    for resource_id, count in asked.items():
        tally, name = tallies[resource_id], names[resource_id]
        if kind is HandOverKind.COLLECTED and count > tally.to_collect:
            raise MoreThanBooked(name=name, left=tally.to_collect, booked=tally.booked, asked=count)
        if kind is HandOverKind.RETURNED and count > tally.out:
            raise MoreThanOut(name=name, out=tally.out, asked=count)


def whole(kind: HandOverKind, tallies: dict[UUID, Tally], state: Condition) -> tuple[Part, ...]:
    """Return all that is left to collect, or all that is out."""
    counts = {
        key: tally.to_collect if kind is HandOverKind.COLLECTED else tally.out
        for key, tally in tallies.items()
    }
    return tuple(
        Part(resource_id=key, quantity=count, state=state) for key, count in counts.items() if count
    )


def can_be_freed(
    starts_at: datetime, ends_at: datetime, now: datetime, tallies: Sequence[Tally], lines: int
) -> bool:
    """Tell whether the rest of a booking may be given up: begun, all of it equipment, all back."""
    return (
        starts_at < now < ends_at - timedelta(minutes=1)
        and len(tallies) == lines
        and any(tally.collected for tally in tallies)
        and all(tally.out == 0 for tally in tallies)
    )


def mail_due(ends_at: datetime, now: datetime, told: int, last: datetime | None) -> bool:
    """Tell whether people are to be written to about things that are late."""
    if told >= MOST_MAILS or now < ends_at + GRACE:
        return False
    return last is None or now >= last + AGAIN
