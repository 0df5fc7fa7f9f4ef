"""A manager answers a request: yes or no."""

from coopshare.bookings.agenda import entry_of
from coopshare.bookings.commands import Decide
from coopshare.bookings.errors import NotPending
from coopshare.bookings.facts import Approved, RefusedByManager
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.policies import Permission
from coopshare.bookings.rules import check_not_ended
from coopshare.bookings.services.changing import end, loaded
from coopshare.calendars.services import publish
from coopshare.db.work import Work


def approve(work: Work, command: Decide) -> Booking:
    """Confirm a booking that waits; it held its slot all along.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `NotPending`, `AlreadyEnded`.
    """
    booking, resources = loaded(work, command.booking_id, command.version, Permission.DECIDE)
    if booking.status is not BookingStatus.PENDING:
        raise NotPending
    check_not_ended(booking.ends_at, work.now)
    booking.status, booking.changed_at = BookingStatus.CONFIRMED, work.now
    booking.lapses_at = None
    booking.sequence += 1
    work.session.flush()
    publish(work, [entry_of(booking, resources)], resources)
    work.record(Approved(object_id=booking.id, changes=(("status", "pending", "confirmed"),)))
    return booking


def refuse(work: Work, command: Decide) -> Booking:
    """Say no to a booking that waits: what it held is free at once.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `NotPending`.
    """
    booking, resources = loaded(work, command.booking_id, command.version, Permission.DECIDE)
    if booking.status is not BookingStatus.PENDING:
        raise NotPending
    end(work, booking, resources, BookingStatus.REFUSED, command.reason, RefusedByManager)
    return booking
