"""From a booking to what calendars show; the bookings that a change elsewhere touches."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.bookings.queries import resources_of
from coopshare.bookings.rules import LIVE
from coopshare.db.work import Work
from coopshare.kernel.agenda import Entry, EntryStatus, Shown
from coopshare.kernel.intervals import Interval
from coopshare.resources.kinds import RESOURCE_KINDS, ResourceKind
from coopshare.resources.models import Resource

STATUSES: dict[BookingStatus, EntryStatus] = {
    BookingStatus.PENDING: "tentative",
    BookingStatus.OPTION: "tentative",
    BookingStatus.CONFIRMED: "confirmed",
    BookingStatus.CANCELLED: "cancelled",
    BookingStatus.REFUSED: "cancelled",
    BookingStatus.LAPSED: "cancelled",
    BookingStatus.NO_SHOW: "cancelled",
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


def coming(work: Work, resource_id: UUID, after: UUID | None, limit: int) -> list[Shown]:
    """Return the bookings to come that use a resource, in the order of their ids, past `after`."""
    query = (
        select(Booking)
        .join(BookingLine, BookingLine.booking_id == Booking.id)
        .where(
            BookingLine.resource_id == resource_id,
            Booking.ends_at > work.now,
            Booking.status.in_(LIVE),
        )
        .order_by(Booking.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(Booking.id > after)
    found = list(work.session.scalars(query))
    resources = resources_of(work, found)
    return [
        Shown(
            entry=entry_of(booking, resources),
            resource_ids=frozenset(line.resource_id for line in booking.lines),
        )
        for booking in found
    ]
