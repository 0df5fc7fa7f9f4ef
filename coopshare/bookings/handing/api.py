"""Handing over by the JSON API."""

from typing import Any
from uuid import UUID

from coopshare.bookings import queries
from coopshare.bookings.handing import queries as handing
from coopshare.bookings.handing import services
from coopshare.bookings.handing.commands import Collect, GiveBack
from coopshare.bookings.handing.panels import panel
from coopshare.bookings.handing.schemas import (
    CollectSchema,
    GiveBackSchema,
    HandOverSchema,
    OutListSchema,
    OutQuerySchema,
)
from coopshare.bookings.policies import Permission
from coopshare.web.api import Blueprint
from coopshare.web.context import reading
from coopshare.web.i18n import say
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "handing_api",
    __name__,
    url_prefix="/api/v1",
    description="Remettre et rendre le matériel.",
)


def _standing(booking_id: UUID) -> dict[str, Any]:
    with reading() as work:
        (seen,) = queries.shown(work, [queries.get(work, booking_id)], with_people=False)
        found = panel(work, seen)
        return {
            "booking_id": booking_id,
            "overdue": found.is_late,
            "can_release": found.can_free,
            "lines": [
                {
                    "resource_id": line.resource.id,
                    "name": line.resource.name,
                    "booked": line.tally.booked,
                    "collected": line.tally.collected,
                    "returned": line.tally.returned,
                    "missing": line.tally.missing,
                    "out": line.tally.out,
                }
                for line in found.lines
            ],
            "noted": [
                {
                    "kind": one.row.kind,
                    "resource_id": one.row.resource_id,
                    "quantity": one.row.quantity,
                    "state": one.row.state,
                    "note": one.row.note,
                    "person_name": one.person_name,
                    "at": one.row.at.isoformat().replace("+00:00", "Z"),
                    "photo": f"/remises/photos/{one.row.photo_id}"
                    if one.row.photo_id and found.sees_photos
                    else None,
                }
                for one in found.noted
            ],
            "warnings": [say(one) for one in found.warnings],
        }


@blueprint.get("/bookings/<uuid:booking_id>/hand-over")
@blueprint.response(200, HandOverSchema)
@requires(Permission.READ)
def standing(booking_id: UUID) -> dict[str, Any]:
    """Tell what was collected, given back, and is out."""
    return _standing(booking_id)


@blueprint.post("/bookings/<uuid:booking_id>/hand-over")
@blueprint.arguments(CollectSchema)
@blueprint.response(200, HandOverSchema)
@requires(Permission.HAND_OVER)
def collect(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Note that things leave: some lines, or all that is left."""
    parts = tuple(body.pop("lines"))
    once(services.collect, Collect(booking_id=booking_id, parts=parts, **body))
    return _standing(booking_id)


@blueprint.post("/bookings/<uuid:booking_id>/return")
@blueprint.arguments(GiveBackSchema)
@blueprint.response(200, HandOverSchema)
@requires(Permission.HAND_OVER)
def give_back(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Note that things come back, damaged or missing ones too; `release` gives up the rest."""
    parts = tuple(body.pop("lines"))
    once(services.give_back, GiveBack(booking_id=booking_id, parts=parts, **body))
    return _standing(booking_id)


@blueprint.get("/hand-overs")
@blueprint.arguments(OutQuerySchema, location="query")
@blueprint.response(200, OutListSchema)
@requires(Permission.READ)
def out(query: dict[str, Any]) -> dict[str, Any]:
    """List what is out, the earliest end first; with `overdue`, only what is late."""
    with reading() as work:
        found = handing.out(work, ended_by=work.now if query["overdue"] else None)
        return {
            "items": [
                {
                    "booking_id": one.booking.id,
                    "title": one.booking.title,
                    "organisation_id": one.booking.organisation_id,
                    "resource_id": one.resource.id,
                    "name": one.resource.name,
                    "quantity": one.quantity,
                    "ends_at": one.booking.ends_at.isoformat().replace("+00:00", "Z"),
                    "overdue": one.is_late(work.now),
                }
                for one in found
            ]
        }
