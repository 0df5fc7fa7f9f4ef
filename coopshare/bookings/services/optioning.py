"""Options: a slot held until a date without engagement; its maker confirms it in one click."""

from coopshare.bookings.agenda import entry_of
from coopshare.bookings.commands import Confirm, Line
from coopshare.bookings.errors import NotAnOption
from coopshare.bookings.facts import Confirmed
from coopshare.bookings.models import Booking, BookingStatus, WaitStatus
from coopshare.bookings.policies import Permission
from coopshare.bookings.queue import offer_of
from coopshare.bookings.rules import check_live, check_still_an_option, status_after
from coopshare.bookings.services.asking import ask, due
from coopshare.bookings.services.changing import loaded
from coopshare.bookings.services.examining import asked, check, needed
from coopshare.calendars.services import publish
from coopshare.db.work import Work
from coopshare.holds.queries import lock
from coopshare.kernel.intervals import Interval


def confirm(work: Work, command: Confirm) -> Booking:
    """Make a booking of an option; rules and approval are judged again, as of when it was made.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `AlreadyCancelled`, `AlreadyLapsed` even
    where the worker has not passed yet, `NotAnOption`, `Refused` naming every rule broken.
    """
    booking, resources = loaded(work, command.booking_id, command.version, Permission.CHANGE)
    check_live(booking.status)
    if booking.status is not BookingStatus.OPTION:
        raise NotAnOption
    check_still_an_option(booking.lapses_at, work.now)
    lock(work, resources)
    what = asked(
        work,
        organisation_id=booking.organisation_id,
        lines=tuple(Line(resource_id=x.resource_id, quantity=x.quantity) for x in booking.lines),
        times=Interval(booking.starts_at, booking.ends_at),
        timezone=booking.timezone,
        all_day=booking.all_day,
        people=booking.people,
    )
    wait = offer_of(work, booking.id)
    since = booking.created_at if wait is None else wait.created_at
    check(work, what, kept={line.resource_id: since for line in booking.lines})
    needs = needed(work, what)
    status = status_after(needs_decision=bool(needs))
    booking.status, booking.changed_at = status, work.now
    booking.lapses_at = due(work, needs, what.resources, what.span) if needs else None
    if needs:
        ask(work, booking.id, needs)
    booking.sequence += 1
    work.session.flush()
    if wait is not None:
        wait.status, wait.changed_at = WaitStatus.SERVED, work.now
        work.session.flush()
    publish(work, [entry_of(booking, resources)], resources)
    work.record(Confirmed(object_id=booking.id, changes=(("status", "option", str(status)),)))
    return booking
