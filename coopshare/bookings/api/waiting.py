"""Waiting lists by the JSON API."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.bookings import queue, services
from coopshare.bookings.api.shown import as_json, command_of
from coopshare.bookings.policies import Permission
from coopshare.bookings.queries import get, shown
from coopshare.bookings.queue import WaitShown
from coopshare.bookings.schemas import (
    BookingSchema,
    BookSchema,
    WaitListSchema,
    WaitQuerySchema,
    WaitSchema,
)
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked
from coopshare.web.api import Blueprint
from coopshare.web.context import actor, reading
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "waiting_api",
    __name__,
    url_prefix="/api/v1/waiting",
    description="Attendre qu'une place prise se libère.",
)


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _as_json(one: WaitShown) -> dict[str, Any]:
    wait = one.wait
    place = ZoneInfo(wait.timezone)
    return {
        "id": wait.id,
        "status": wait.status,
        "place": one.place,
        "title": wait.title,
        "note": wait.note,
        "organisation_id": wait.organisation_id,
        "person_id": wait.person_id,
        "starts_at": _instant(wait.starts_at),
        "ends_at": _instant(wait.ends_at),
        "local_starts_at": wait.starts_at.astimezone(place).isoformat(),
        "local_ends_at": wait.ends_at.astimezone(place).isoformat(),
        "timezone": wait.timezone,
        "all_day": wait.all_day,
        "people": wait.people,
        "lines": [
            {
                "resource_id": line.resource_id,
                "name": one.resources[line.resource_id].name,
                "quantity": line.quantity,
            }
            for line in wait.lines
        ],
        "booking_id": wait.booking_id,
        "offered_until": _instant(one.offered_until),
        "created_at": _instant(wait.created_at),
    }


def _read(wait_id: UUID) -> dict[str, Any]:
    with reading() as work:
        found = queue.shown_waits(work, [queue.get_wait(work, wait_id)], with_people=False)
        return _as_json(found[0])


@blueprint.get("")
@blueprint.arguments(WaitQuerySchema, location="query")
@blueprint.response(200, WaitListSchema)
@requires(Permission.READ)
def waiting(query: dict[str, Any]) -> dict[str, Any]:
    """List the open places one may see, in the order of what they wait for."""
    with reading() as work:
        found = queue.waits(
            work,
            person_id=actor().person_id if query["mine"] else None,
            organisation_id=query["organisation_id"],
            resource_id=query["resource_id"],
        )
        return {"items": [_as_json(x) for x in queue.shown_waits(work, found, with_people=False)]}


@blueprint.post("")
@blueprint.arguments(BookSchema)
@blueprint.response(201, WaitSchema)
@requires(Permission.BOOK)
def join(body: dict[str, Any]) -> dict[str, Any]:
    """Take a place in the list for a slot that is taken: the very request of a booking."""
    if body["option_until"] is not None:
        raise Invalid.field("option_until", marked("On n'attend pas une option."))
    return _read(once(services.join, command_of(body)))


@blueprint.get("/<uuid:wait_id>")
@blueprint.response(200, WaitSchema)
@requires(Permission.READ)
def wait(wait_id: UUID) -> dict[str, Any]:
    """Show one place: its rank, or the option that is offered."""
    return _read(wait_id)


@blueprint.post("/<uuid:wait_id>/accept")
@blueprint.response(200, BookingSchema)
@requires(Permission.CHANGE)
def accept(wait_id: UUID) -> dict[str, Any]:
    """Make a booking of what is offered."""
    booking_id = once(services.accept, wait_id)
    with reading() as work:
        return as_json(work, shown(work, [get(work, booking_id)], with_people=False))[0]


@blueprint.post("/<uuid:wait_id>/leave")
@blueprint.response(200, WaitSchema)
@requires(Permission.CHANGE)
def leave(wait_id: UUID) -> dict[str, Any]:
    """Give up a place, or let an offer pass: the next one has it."""
    return _read(once(services.leave, wait_id))
