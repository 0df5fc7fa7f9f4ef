"""The bookings to come of a hall follow its parts."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select

from coopshare.bookings.models import Booking, BookingLine
from coopshare.bookings.rules import LIVE
from coopshare.db.work import Work
from coopshare.holds.models import HoldSource
from coopshare.holds.services import CHUNK, Claim, Leaves, regrouped, to_come
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource
from coopshare.resources.queries import get_many


@contextmanager
def bookings_follow(work: Work, whole: Resource, parts: Collection[UUID]) -> Iterator[None]:
    """Have the bookings to come of a hall, and of what contains it, hold its new parts."""
    with regrouped(work, whole, parts, _claims, gives_back=True):
        yield


def _claims(work: Work, leaves: Leaves) -> list[Claim]:
    """Return the lines that name some resources, of bookings that hold something to come."""
    held = sorted(to_come(work, HoldSource.BOOKING, frozenset().union(*leaves.values())))
    resources = {resource.id: resource for resource in get_many(work, leaves)}
    claims: list[Claim] = []
    for first in range(0, len(held), CHUNK):
        rows = work.session.execute(
            select(
                Booking.id,
                Booking.starts_at,
                Booking.ends_at,
                BookingLine.resource_id,
                BookingLine.quantity,
            )
            .join(BookingLine, BookingLine.booking_id == Booking.id)
            .where(
                Booking.id.in_(held[first : first + CHUNK]),
                Booking.status.in_(LIVE),
                BookingLine.resource_id.in_(sorted(leaves)),
            )
            .order_by(Booking.starts_at, Booking.id)
        )
        claims += [
            Claim(
                source_kind=HoldSource.BOOKING,
                source_id=booking_id,
                resource=resources[resource_id],
                quantity=quantity,
                span=Interval(starts_at, ends_at),
            )
            for booking_id, starts_at, ends_at, resource_id, quantity in rows
        ]
    return sorted(claims, key=lambda claim: (claim.span, claim.source_id))
