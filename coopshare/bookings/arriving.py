"""Pure decisions about arriving: when one may check in, until when, what is given back after.

A resource whose rule asks for it is given back when nobody has checked in. One arrival counts for
the whole booking, and its latest deadline holds. What asks for nothing stays booked: a room that
is given back takes its projector with it only where the projector asks for check-in too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from coopshare.bookings.errors import (
    AlreadyReleased,
    CheckInNotOpen,
    NotConfirmedYet,
    NotStarted,
)
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.rules import check_live, check_not_ended
from coopshare.kernel.dates import LocalMoment
from coopshare.kernel.localtime import zone
from coopshare.resources.models import Resource

OPENS_BEFORE = timedelta(minutes=15)
"""One may check in that long before the start."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Where a booking stands with those who are to come."""

    opens_at: datetime
    until: datetime | None
    """When what asks for check-in is given back, if nobody came; None: nothing asks for it."""
    checked_in_at: datetime | None
    released_at: datetime | None
    can_check_in: bool
    """Whether somebody may say now that they are there."""
    can_leave: bool
    """Whether it runs now, and may be ended before its time."""


def asks(resource: Resource, starts_at: datetime) -> bool:
    """Tell whether a resource asks those who begin then to check in."""
    since = resource.check_in_since
    return bool(resource.check_in_within) and (since is None or starts_at >= since)


def deadline(booking: Booking, resources: Iterable[Resource]) -> datetime | None:
    """Return until when somebody has to check in; None where nothing asks for it.

    What was confirmed, moved or changed after its start has the whole delay from then on.
    """
    delays = [r.check_in_within for r in resources if asks(r, booking.starts_at)]
    if not delays:
        return None
    return max(booking.starts_at, booking.changed_at) + timedelta(minutes=max(delays))


def is_overdue(booking: Booking, resources: Iterable[Resource], now: datetime) -> bool:
    """Tell whether nobody came in time, and something is left to give back."""
    until = deadline(booking, resources)
    return (
        booking.status is BookingStatus.CONFIRMED
        and booking.checked_in_at is None
        and booking.released_at is None
        and until is not None
        and until <= now < booking.ends_at
    )


def arrival(booking: Booking, resources: Iterable[Resource], now: datetime) -> Arrival:
    """Return where a booking stands."""
    opens_at = booking.starts_at - OPENS_BEFORE
    is_on = booking.status is BookingStatus.CONFIRMED and now < booking.ends_at
    waits = booking.checked_in_at is None and booking.released_at is None
    return Arrival(
        opens_at=opens_at,
        until=deadline(booking, resources),
        checked_in_at=booking.checked_in_at,
        released_at=booking.released_at,
        can_check_in=is_on and waits and now >= opens_at,
        can_leave=is_on and leaves_at(booking, now) < booking.ends_at and now >= booking.starts_at,
    )


def check_may_arrive(booking: Booking, now: datetime) -> None:
    """Refuse to check in where it is too early, too late, or nothing is held any more.

    Past the delay one may still, as long as the place was not given back.
    """
    _check_confirmed(booking, now)
    if booking.released_at is not None:
        raise AlreadyReleased
    opens_at = booking.starts_at - OPENS_BEFORE
    if now < opens_at:
        raise CheckInNotOpen(opens=_moment(booking, opens_at, now))


def check_may_leave(booking: Booking, now: datetime) -> None:
    """Refuse to end what has not begun, or is over."""
    _check_confirmed(booking, now)
    if now < booking.starts_at:
        raise NotStarted(starts=_moment(booking, booking.starts_at, now))
    check_not_ended(booking.ends_at, leaves_at(booking, now))


def leaves_at(booking: Booking, now: datetime) -> datetime:
    """Return when a booking ends if everybody leaves now: the next whole minute."""
    whole = now.replace(second=0, microsecond=0)
    return max(whole if whole == now else whole + MINUTE, booking.starts_at + MINUTE)


def _check_confirmed(booking: Booking, now: datetime) -> None:
    check_live(booking.status)
    if booking.status is not BookingStatus.CONFIRMED:
        raise NotConfirmedYet
    check_not_ended(booking.ends_at, now)


def _moment(booking: Booking, moment: datetime, now: datetime) -> LocalMoment:
    place = zone(booking.timezone)
    return LocalMoment(moment, place, now.astimezone(place).year)
