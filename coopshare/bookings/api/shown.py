"""Bookings as programs read them, and what they ask."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request

from coopshare.bookings import queries
from coopshare.bookings.api.prices import price_of
from coopshare.bookings.arriving import deadline
from coopshare.bookings.commands import (
    Book,
)
from coopshare.bookings.models import Booking
from coopshare.bookings.queries import Shown, tariffs_of
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import marked
from coopshare.members.queries import cooperative
from coopshare.web.context import actor, reading
from coopshare.web.etag import give_version, seen_version


def said_instant(moment: datetime | None) -> str | None:
    """Return an instant as programs read it, in UTC."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def as_json(work: Work, found: list[Shown]) -> list[dict[str, Any]]:
    """Return bookings as programs read them."""
    currency = cooperative(work).currency
    tariffs = tariffs_of(work, found)
    charges = queries.charges_of(work, [one.booking for one in found])
    return [
        _as_json(one, price_of(currency, tariffs[one.booking.id], charges[one.booking.id]))
        for one in found
    ]


def _as_json(one: Shown, price: dict[str, Any]) -> dict[str, Any]:
    booking = one.booking
    place = ZoneInfo(booking.timezone)
    return {
        "id": booking.id,
        "status": booking.status,
        "title": booking.title,
        "note": booking.note,
        "organisation_id": booking.organisation_id,
        "person_id": booking.person_id,
        "starts_at": said_instant(booking.starts_at),
        "ends_at": said_instant(booking.ends_at),
        "local_starts_at": booking.starts_at.astimezone(place).isoformat(),
        "local_ends_at": booking.ends_at.astimezone(place).isoformat(),
        "timezone": booking.timezone,
        "all_day": booking.all_day,
        "people": booking.people,
        "lines": [
            {
                "resource_id": line.resource_id,
                "name": one.resources[line.resource_id].name,
                "quantity": line.quantity,
            }
            for line in booking.lines
        ],
        "price": price,
        "lapses_at": said_instant(booking.lapses_at),
        "check_in_by": said_instant(deadline(booking, one.resources.values())),
        "checked_in_at": said_instant(booking.checked_in_at),
        "released_at": said_instant(booking.released_at),
        "version": booking.version,
        "created_at": said_instant(booking.created_at),
        "changed_at": said_instant(booking.changed_at),
        "cancelled_at": said_instant(booking.cancelled_at),
        "cancel_reason": booking.cancel_reason,
        "series_id": booking.series_id,
        "occurrence": booking.occurrence,
    }


def shown_booking(work: Work, booking: Booking) -> dict[str, Any]:
    """Return a booking as programs read it."""
    return as_json(work, queries.shown(work, [booking], with_people=False))[0]


def read_booking(booking_id: UUID) -> dict[str, Any]:
    """Return a booking as it is now; raises `NotFound`."""
    with reading() as work:
        return shown_booking(work, queries.get(work, booking_id))


def one_booking(booking_id: UUID) -> dict[str, Any]:
    """Return a booking as it is now, and give its version as ETag."""
    shown = read_booking(booking_id)
    give_version(shown["version"])
    return shown


def command_of(body: dict[str, Any]) -> Book:
    """Return the command of a body; raises `Invalid` where it does not say for whom."""
    organisation_id = body["organisation_id"] or actor().organisation_id
    if organisation_id is None:
        raise Invalid.field("organisation_id", marked("Dites pour quelle organisation."))
    return Book(
        organisation_id=organisation_id,
        title=body["title"],
        note=body["note"],
        lines=tuple(body["lines"]),
        span=Interval(body["starts_at"], body["ends_at"]),
        all_day=body["all_day"],
        people=body["people"],
        option_until=body["option_until"],
        seen_cents=body["seen_cents"],
    )


def version_of(booking_id: UUID) -> int:
    """Return the version If-Match names, or the present one: it is optional on these verbs."""
    if "If-Match" in request.headers:
        return seen_version()
    with reading() as work:
        return queries.get(work, booking_id).version


def seen_or_none() -> int | None:
    """Return the version If-Match names, if it is there."""
    return seen_version() if "If-Match" in request.headers else None
