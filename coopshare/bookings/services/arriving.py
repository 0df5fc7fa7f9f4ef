"""Somebody is there, leaves early, or nobody came: the verbs around the start of a booking."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from coopshare.bookings import queries
from coopshare.bookings.agenda import entry_of
from coopshare.bookings.arriving import (
    asks,
    check_may_arrive,
    check_may_leave,
    is_overdue,
    leaves_at,
)
from coopshare.bookings.commands import CheckIn, Leave, Line
from coopshare.bookings.facts import CheckedIn, LeftEarly, NoShow, Released
from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.services.asking import hold_only
from coopshare.bookings.services.changing import end
from coopshare.bookings.services.serving import ahead, tell
from coopshare.calendars.services import touch
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work
from coopshare.holds.queries import holds_of, lock
from coopshare.holds.services import Freed
from coopshare.kernel.errors import VersionMismatch
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue

MOST = 200
"""How many are looked at in one go, of one cooperative."""
BACK = timedelta(days=7)
"""What began before is not given back any more, should the worker have slept that long."""


def check_in(work: Work, command: CheckIn) -> Booking:
    """Keep that somebody is there. Said twice, it is kept once.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `AlreadyCancelled`, `AlreadyLapsed`,
    `AlreadyReleased`, `NotConfirmedYet`, `AlreadyEnded`, `CheckInNotOpen`.
    """
    booking = _waited_for(work, command.booking_id, command.version)
    if booking.checked_in_at is not None and booking.status is BookingStatus.CONFIRMED:
        return booking
    check_may_arrive(booking, work.now)
    arrive(work, booking)
    return booking


def arrive(work: Work, booking: Booking) -> None:
    """Keep that somebody is there, once it is known that they may say so."""
    booking.checked_in_at = work.now
    work.session.flush()
    touch(work, [line.resource_id for line in booking.lines])
    work.record(CheckedIn(object_id=booking.id))


def leave_early(work: Work, command: Leave) -> Booking:
    """End a booking that runs, now: the rest of all it holds is free at once.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `AlreadyCancelled`, `AlreadyLapsed`,
    `AlreadyReleased`, `NotConfirmedYet`, `AlreadyEnded`, `NotStarted`.
    """
    seen = queries.get(work, command.booking_id)
    _lock_all(work, seen)
    booking = _waited_for(work, command.booking_id, command.version)
    check_may_leave(booking, work.now)
    before, ends_at = booking.ends_at, leaves_at(booking, work.now)
    for row in holds_of(work, booking.id):
        row.ends_at -= before - ends_at  # the time to tidy up stays after it
    booking.ends_at, booking.all_day, booking.changed_at = ends_at, False, work.now
    booking.sequence += 1
    if booking.series_id is not None and "span" not in booking.own_changes.split():
        booking.own_changes = f"{booking.own_changes} span".strip()
    work.session.flush()
    resources = queries.resources_of(work, [booking])
    freed = Freed(frozenset(resources), (Interval(booking.starts_at, before),))
    tell(work, freed, [entry_of(booking, resources)], resources)
    start = booking.starts_at.isoformat()
    work.record(
        LeftEarly(
            object_id=booking.id,
            changes=(
                ("starts_at", start, start),
                ("ends_at", before.isoformat(), ends_at.isoformat()),
            ),
        )
    )
    return booking


def _waited_for(work: Work, booking_id: UUID, version: int | None) -> Booking:
    """Return a booking that this unit alone may change; its row decides who came first."""
    seen = queries.get(work, booking_id)
    resources = queries.resources_of(work, [seen])
    stake = queries.stake_of(seen.organisation_id, seen.person_id, resources.values())
    allow(work.actor, Permission.CHECK_IN, stake)
    booking = _locked(work, booking_id)
    if version is not None and booking.version != version:
        raise VersionMismatch
    return booking


def _lock_all(work: Work, booking: Booking) -> None:
    """Lock what a booking takes, and what those who wait for it want, before its own row."""
    ids = [line.resource_id for line in booking.lines]
    waiting = ahead(work, ids, [Interval(booking.starts_at, booking.ends_at)])
    lock(work, {*ids, *waiting})


def _locked(work: Work, booking_id: UUID) -> Booking:
    return work.session.scalars(
        select(Booking)
        .where(Booking.id == booking_id)
        .with_for_update(of=Booking)
        .execution_options(populate_existing=True)
    ).one()


def asking(work: Work) -> list[UUID]:
    """Return the cooperatives in which something asks for check-in."""
    query = (
        select(Resource.cooperative_id)
        .where(Resource.check_in_within > 0)
        .distinct()
        .order_by(Resource.cooperative_id)
        .execution_options(**EVERYWHERE)
    )
    return list(work.session.scalars(query))


def unattended(work: Work) -> list[UUID]:
    """Return the bookings of this cooperative to which nobody came in time, earliest first."""
    known = catalogue(work).resources
    rooms = [one.id for one in known.values() if one.check_in_within]
    query = (
        select(Booking)
        .where(
            Booking.starts_at > work.now - BACK,
            Booking.starts_at < work.now,
            Booking.ends_at > work.now,
            Booking.status == BookingStatus.CONFIRMED,
            Booking.checked_in_at.is_(None),
            Booking.released_at.is_(None),
            Booking.id.in_(
                select(BookingLine.booking_id).where(BookingLine.resource_id.in_(rooms))
            ),
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST)
    )
    return [
        booking.id
        for booking in work.session.scalars(query)
        if is_overdue(booking, [known[x.resource_id] for x in booking.lines], work.now)
    ]


def release(work: Work, booking_id: UUID) -> Booking | None:
    """Give back what asks for check-in, of a booking nobody came to; None when somebody did.

    The row itself is the judge: whoever checks in at the same instant wins or is told. Where
    nothing else was booked it ends as a no-show; otherwise the rest goes on.
    """
    seen = work.session.get(Booking, booking_id)
    if seen is None:
        return None
    resources = queries.resources_of(work, [seen])
    _lock_all(work, seen)
    booking = _locked(work, booking_id)
    used = [resources[line.resource_id] for line in booking.lines if line.resource_id in resources]
    if len(used) < len(booking.lines) or not is_overdue(booking, used, work.now):
        return None
    booking.released_at = work.now
    staying = [
        line for line in booking.lines if not asks(resources[line.resource_id], booking.starts_at)
    ]
    if staying:
        _give_back(work, booking, staying)
    else:
        end(work, booking, resources, BookingStatus.NO_SHOW, "", NoShow)
    return booking


def _give_back(work: Work, booking: Booking, staying: list[BookingLine]) -> None:
    before = queries.resources_of(work, [booking])
    gone = [line for line in booking.lines if line not in staying]
    lines = [Line(resource_id=x.resource_id, quantity=x.quantity) for x in staying]
    span = Interval(booking.starts_at, booking.ends_at)
    freed = hold_only(work, booking.id, before.values(), lines, span)
    changes = tuple((f"line:{line.resource_id}", str(line.quantity), "0") for line in gone)
    booking.lines = staying
    for position, line in enumerate(staying):
        line.position = position
    booking.changed_at = work.now
    booking.sequence += 1
    work.session.flush()
    tell(work, freed, [entry_of(booking, before)], before)
    work.record(Released(object_id=booking.id, changes=changes))
