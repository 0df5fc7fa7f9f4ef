"""What is late is followed up: its borrower and managers are told, and the next borrower warned.

Once when it is noticed, then once a day for three days at most: what was told is a row, so that
no worker ever tells it twice.
"""

from uuid import UUID, uuid4

from sqlalchemy import case, func, select

from coopshare.bookings.handing.models import FollowUp, FollowUpKind, HandOver, HandOverKind
from coopshare.bookings.handing.panels import next_borrower
from coopshare.bookings.handing.queries import Out, tally
from coopshare.bookings.handing.rules import GRACE, mail_due
from coopshare.bookings.models import Booking
from coopshare.bookings.queries import resources_of
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work
from coopshare.holds.queries import lock

OVERDUE = "bookings.overdue"
"""The job that tells of things that are late; payload: `id` of the booking."""
NEXT_LATE = "bookings.next_late"
"""The job that warns the next borrower; payload: `id` of the next booking."""
MOST = 500
"""How many are looked at in one go, the latest first."""


def late(work: Work) -> list[tuple[UUID, UUID]]:
    """Return what is late, of every cooperative: (cooperative, booking)."""
    balance = func.sum(
        case(
            (HandOver.kind == HandOverKind.COLLECTED, HandOver.quantity),
            else_=-HandOver.quantity,
        )
    )
    query = (
        select(Booking.cooperative_id, Booking.id)
        .join(HandOver, HandOver.booking_id == Booking.id)
        .where(Booking.ends_at <= work.now - GRACE)
        .group_by(Booking.cooperative_id, Booking.id, Booking.ends_at)
        .having(balance > 0)
        .order_by(Booking.ends_at.desc(), Booking.id)
        .limit(MOST)
        .execution_options(**EVERYWHERE)
    )
    return [(row[0], row[1]) for row in work.session.execute(query)]


def follow(work: Work, booking_id: UUID) -> int:
    """Have people told of what is late in a booking, where that is due; return how many jobs."""
    booking = work.session.scalars(select(Booking).where(Booking.id == booking_id)).one_or_none()
    if booking is None:
        return 0
    resources = resources_of(work, [booking])
    lock(work, resources)
    outside = {key: one.out for key, one in tally(work, booking, resources).items() if one.out > 0}
    if not outside:
        return 0
    done = _tell(work, booking)
    for resource_id, quantity in outside.items():
        thing = Out(booking=booking, resource=resources[resource_id], quantity=quantity)
        found = next_borrower(work, thing, quantity)
        if found is not None:
            done += _warn(work, booking, found[0])
    return done


def _tell(work: Work, booking: Booking) -> int:
    told, last = work.session.execute(
        select(func.count(FollowUp.id), func.max(FollowUp.at)).where(
            FollowUp.booking_id == booking.id, FollowUp.kind == FollowUpKind.OVERDUE
        )
    ).one()
    if not mail_due(booking.ends_at, work.now, told, last):
        return 0
    _keep(work, booking, FollowUpKind.OVERDUE, booking.id, told)
    work.enqueue(OVERDUE, {"id": str(booking.id), "number": told})
    return 1


def _warn(work: Work, booking: Booking, other: Booking) -> int:
    """Warn a borrower of a booking to come: once, whichever things are late."""
    known = work.session.scalars(
        select(FollowUp.id).where(FollowUp.kind == FollowUpKind.NEXT, FollowUp.about_id == other.id)
    ).first()
    if known is not None:
        return 0
    _keep(work, booking, FollowUpKind.NEXT, other.id, 0)
    work.enqueue(NEXT_LATE, {"id": str(other.id)})
    return 1


def _keep(work: Work, booking: Booking, kind: FollowUpKind, about_id: UUID, number: int) -> None:
    work.session.add(
        FollowUp(
            id=uuid4(),
            booking_id=booking.id,
            kind=kind,
            about_id=about_id,
            number=number,
            at=work.now,
        )
    )
    work.session.flush()
