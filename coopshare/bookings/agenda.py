"""From a booking to what calendars show."""

from collections.abc import Mapping
from uuid import UUID

from coopshare.bookings.models import Booking, BookingStatus
from coopshare.kernel.agenda import Entry, EntryStatus
from coopshare.kernel.intervals import Interval
from coopshare.resources.kinds import RESOURCE_KINDS, ResourceKind
from coopshare.resources.models import Resource

STATUSES: dict[BookingStatus, EntryStatus] = {
    BookingStatus.PENDING: "tentative",
    BookingStatus.CONFIRMED: "confirmed",
    BookingStatus.CANCELLED: "cancelled",
    BookingStatus.REFUSED: "cancelled",
}


def entry_of(booking: Booking, resources: Mapping[UUID, Resource]) -> Entry:
    """Return the calendar entry of a booking; `resources` holds those of its lines."""
    used = [resources[line.resource_id] for line in booking.lines]
    kinds = dict.fromkeys(RESOURCE_KINDS[resource.kind] for resource in used)
    return Entry(
        source_kind="booking",
        source_id=booking.id,
        organisation_id=booking.organisation_id,
        person_id=booking.person_id,
        span=Interval(booking.starts_at, booking.ends_at),
        timezone=booking.timezone,
        all_day=booking.all_day,
        status=STATUSES[booking.status],
        title=booking.title,
        place=place_of(used),
        note=booking.note,
        categories=tuple(kinds),
        url=f"/reservations/{booking.id}",
        sequence=booking.sequence,
        created_at=booking.created_at,
        changed_at=booking.changed_at,
    )


def place_of(used: list[Resource]) -> str:
    """Say where a booking takes place: its places first, else what it takes."""
    places = [resource for resource in used if resource.kind is ResourceKind.PLACE]
    said = ", ".join(resource.name for resource in places or used)
    where = next((r.address or r.location for r in places if r.address or r.location), "")
    return f"{said}, {where}" if where else said
