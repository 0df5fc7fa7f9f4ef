"""What handing over asks of the verbs that change a booking: what is out stays booked."""

from collections.abc import Mapping
from uuid import UUID

from coopshare.bookings.handing.errors import StillOut
from coopshare.bookings.handing.queries import tally
from coopshare.bookings.models import Booking
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.queries import lock
from coopshare.resources.models import Resource


def check_nothing_out(work: Work, booking: Booking, resources: Mapping[UUID, Resource]) -> None:
    """Raise `StillOut` where things of a booking are with its borrower.

    Costs nothing where nothing is handed over; locks the resources otherwise.
    """
    check_covers(work, booking, resources, {})


def check_covers(
    work: Work,
    booking: Booking,
    resources: Mapping[UUID, Resource],
    amounts: Mapping[UUID, int],
) -> None:
    """Raise `StillOut` unless a booking with these amounts covers what left and is not back.

    A line from which things left and came back is kept by its amounts, or goes whole.
    """
    if not any(resource.hand_over for resource in resources.values()):
        return
    lock(work, resources)
    for resource_id, sums in tally(work, booking, resources).items():
        kept = amounts.get(resource_id, 0)
        if sums.out and kept < sums.collected:
            raise StillOut(name=resources[resource_id].name, out=sums.out)


def settle_freed(work: Work, resources: Mapping[UUID, Resource]) -> None:
    """Have maintenances take what was given back; nothing where all works."""
    under = [resource.id for resource in resources.values() if resource.out_of_order]
    if under:
        holds.settle(work, under)
