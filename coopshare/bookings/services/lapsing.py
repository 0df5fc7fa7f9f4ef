"""What ends by itself: requests nobody answered in time, options nobody confirmed."""

from uuid import UUID

from sqlalchemy import select

from coopshare.bookings import queries
from coopshare.bookings.facts import Lapsed
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.rules import LAPSING
from coopshare.bookings.services.changing import end
from coopshare.bookings.services.series.ending import lapse_together
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work

MOST = 200
"""How many are looked for at once."""


def due(work: Work) -> list[tuple[UUID, UUID]]:
    """Return what has to end now, of every cooperative: (cooperative, booking), earliest first."""
    query = (
        select(Booking.cooperative_id, Booking.id)
        .where(Booking.lapses_at <= work.now, Booking.status.in_(LAPSING))
        .order_by(Booking.lapses_at, Booking.id)
        .limit(MOST)
        .execution_options(**EVERYWHERE)
    )
    return [
        (cooperative_id, booking_id) for cooperative_id, booking_id in work.session.execute(query)
    ]


def lapse(work: Work, booking_id: UUID) -> Booking | None:
    """End a request or an option whose time ran out; None when there is nothing to end any more.

    The row itself is the judge: what was answered, confirmed or put off meanwhile stays. Raises
    `VersionMismatch` when that happens at the same instant.
    """
    booking = work.session.scalars(select(Booking).where(Booking.id == booking_id)).one_or_none()
    if booking is None or booking.status not in LAPSING:
        return None
    if booking.lapses_at is None or booking.lapses_at > work.now:
        return None
    if booking.series_id is not None:
        return lapse_together(work, booking)
    resources = queries.resources_of(work, [booking])
    end(work, booking, resources, BookingStatus.LAPSED, "", Lapsed)
    return booking
