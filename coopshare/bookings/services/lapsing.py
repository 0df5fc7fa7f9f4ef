"""What ends by itself: requests nobody answered in time, options nobody confirmed."""

from uuid import UUID

from sqlalchemy import select

from coopshare.bookings import queries
from coopshare.bookings.facts import ChangeLapsed, Lapsed
from coopshare.bookings.models import Booking, BookingStatus, ProposalStatus
from coopshare.bookings.rules import LIVE
from coopshare.bookings.services.asking import hold_only, lines_of_proposal
from coopshare.bookings.services.changing import end
from coopshare.bookings.services.deciding import keep_as_it_is, steady
from coopshare.bookings.services.series.ending import lapse_together
from coopshare.bookings.services.serving import tell
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work
from coopshare.kernel.intervals import Interval

MOST = 200
"""How many are looked for at once."""


def due(work: Work) -> list[tuple[UUID, UUID]]:
    """Return what has to end now, of every cooperative: (cooperative, booking), earliest first."""
    query = (
        select(Booking.cooperative_id, Booking.id)
        .where(Booking.lapses_at <= work.now, Booking.status.in_(LIVE))
        .order_by(Booking.lapses_at, Booking.id)
        .limit(MOST)
        .execution_options(**EVERYWHERE)
    )
    return [
        (cooperative_id, booking_id) for cooperative_id, booking_id in work.session.execute(query)
    ]


def lapse(work: Work, booking_id: UUID) -> Booking | None:
    """End a request or an option whose time ran out; None when there is nothing to end any more.

    A confirmed booking stays as it is: the change that was asked for ends. A request whose own time
    has come, while its maker may still take what is proposed, keeps only what is proposed.

    The row itself is the judge: what was answered, confirmed or put off meanwhile stays. Raises
    `VersionMismatch` when that happens at the same instant.
    """
    booking = work.session.scalars(select(Booking).where(Booking.id == booking_id)).one_or_none()
    if booking is None or not _is_due(work, booking):
        return None
    if booking.status is BookingStatus.OPTION:
        resources = queries.resources_of(work, [booking])
        end(work, booking, resources, BookingStatus.LAPSED, "", Lapsed)
        return booking
    matter = steady(work, booking)
    if not _is_due(work, booking):
        return None
    proposal = matter.proposal
    if booking.status is BookingStatus.CONFIRMED:
        keep_as_it_is(work, matter, ProposalStatus.LAPSED)
        work.record(ChangeLapsed(object_id=booking.id))
        return booking
    if proposal is not None and proposal.lapses_at > work.now:
        lines, span = lines_of_proposal(proposal), Interval(proposal.starts_at, proposal.ends_at)
        freed = hold_only(work, booking.id, matter.resources.values(), lines, span)
        booking.lapses_at = proposal.lapses_at
        tell(work, freed)
        return None
    if booking.series_id is not None:
        return lapse_together(work, booking)
    end(work, booking, matter.own_resources, BookingStatus.LAPSED, "", Lapsed)
    return booking


def _is_due(work: Work, booking: Booking) -> bool:
    if booking.status not in LIVE:
        return False
    return booking.lapses_at is not None and booking.lapses_at <= work.now
