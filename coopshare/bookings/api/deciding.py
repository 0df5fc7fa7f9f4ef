"""Answer requests by the JSON API."""

from typing import Any
from uuid import UUID

from coopshare.bookings import services
from coopshare.bookings.api.blueprint import blueprint
from coopshare.bookings.api.shapes import (
    DecideSchema,
)
from coopshare.bookings.api.shown import one_booking, version_of
from coopshare.bookings.commands import (
    DecideSeries,
)
from coopshare.bookings.policies import Permission
from coopshare.bookings.schemas import (
    BookingSchema,
)
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires


@blueprint.post("/<uuid:booking_id>/approve")
@blueprint.arguments(DecideSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.DECIDE)
def approve(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Confirm a booking that waits, and with `scope` others of its series."""
    once(
        services.approve_series,
        DecideSeries(booking_id=booking_id, version=version_of(booking_id), **body),
    )
    return one_booking(booking_id)


@blueprint.post("/<uuid:booking_id>/refuse")
@blueprint.arguments(DecideSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.DECIDE)
def refuse(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Say no to a booking that waits, and with `scope` to others of its series."""
    once(
        services.refuse_series,
        DecideSeries(booking_id=booking_id, version=version_of(booking_id), **body),
    )
    return one_booking(booking_id)
