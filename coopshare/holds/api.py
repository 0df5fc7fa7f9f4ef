"""What is free, what is taken and what is closed, by the JSON API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, jsonify

from coopshare.db.work import Work
from coopshare.holds import queries, services
from coopshare.holds.commands import LiftMaintenance, OpenMaintenance
from coopshare.holds.models import Closure, Maintenance
from coopshare.holds.policies import Permission
from coopshare.holds.queries import ClosureLine, Offer, Wish
from coopshare.holds.schemas import (
    AvailabilityQuerySchema,
    AvailabilitySchema,
    BusyQuerySchema,
    BusySchema,
    CloseSchema,
    ClosurePageSchema,
    ClosureQuerySchema,
    ClosureSchema,
    LiftFormSchema,
    MaintenanceFormSchema,
    MaintenancePageSchema,
    MaintenanceSchema,
)
from coopshare.holds.services import Close
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import marked
from coopshare.resources import queries as catalogue
from coopshare.resources.services import is_managed_by
from coopshare.web.api import Blueprint
from coopshare.web.context import actor, reading
from coopshare.web.i18n import say
from coopshare.web.idempotency import once
from coopshare.web.pagination import by_instant, page
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "holds_api",
    __name__,
    url_prefix="/api/v1",
    description="Ce qui est libre, pris ou fermé.",
)
LONGEST_WINDOW = timedelta(days=400)
NAMES = {"starts_at": "from", "ends_at": "to"}


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _span(span: Interval, timezone: str) -> dict[str, str]:
    place = ZoneInfo(timezone)
    return {
        "starts_at": _instant(span.start),
        "ends_at": _instant(span.end),
        "local_starts_at": span.start.astimezone(place).isoformat(),
        "local_ends_at": span.end.astimezone(place).isoformat(),
    }


def _interval(found: dict[str, Any]) -> Interval:
    try:
        return Interval(found["starts_at"], found["ends_at"])
    except Invalid as error:
        error.fields = {NAMES.get(name, name): said for name, said in error.fields.items()}
        raise


def _offer(offer: Offer) -> dict[str, Any]:
    resource = offer.resource
    return {
        "resource_id": str(resource.id),
        "name": resource.name,
        "kind": resource.kind.value,
        "capacity": resource.capacity,
        "timezone": resource.timezone,
        "is_free": offer.is_free,
        "free_quantity": offer.free_quantity,
        "reasons": [
            {
                "code": reason.code,
                "detail": say(reason.sentence),
                "possible": say(reason.possible) if reason.possible else None,
            }
            for reason in offer.reasons
        ],
        "nearest": [_span(span, resource.timezone) for span in offer.nearest],
        "similar": [str(other.id) for other in offer.similar],
    }


@blueprint.get("/availability")
@blueprint.arguments(AvailabilityQuerySchema, location="query")
@blueprint.response(200, AvailabilitySchema)
@requires(Permission.SEE)
def availability(query: dict[str, Any]) -> Response:
    """Dire ce qui est libre, et pourquoi le reste ne l'est pas.

    Avec `duration` (minutes), cherche des moments libres entre `from` et `to`.
    """
    between = _interval(query)
    duration = query.get("duration")
    wish = Wish(
        span=between if duration is None else None,
        window=None if duration is None else between,
        duration=duration,
        kind=query.get("kind"),
        quantity=query["quantity"],
        min_capacity=query.get("min_capacity"),
        features=frozenset(query["features"]),
        q=query["q"],
        resource_ids=tuple(query["resource_id"]),
    )
    with reading() as work:
        found = queries.answer(work, wish)
        # Already plain: to write hundreds of them by the schema would take longer than the search.
        return jsonify(items=[_offer(o) for o in (*found.free, *found.nearly, *found.others)])


@blueprint.get("/resources/<uuid:resource_id>/busy")
@blueprint.arguments(BusyQuerySchema, location="query")
@blueprint.response(200, BusySchema)
@requires(Permission.SEE)
def busy(query: dict[str, Any], resource_id: UUID) -> dict[str, Any]:
    """Lister les moments où une ressource est prise, sans dire par qui."""
    window = _interval(query)
    if window.end - window.start > LONGEST_WINDOW:
        raise Invalid.field("to", marked("Demandez 400 jours au plus."))
    with reading() as work:
        resource = catalogue.get(work, resource_id)
        taken = queries.busy(work, resource.id, window)
        shut = queries.closed(work, resource, window)
    return {
        "resource_id": resource.id,
        "timezone": resource.timezone,
        "busy": [_span(span, resource.timezone) for span in taken],
        "closed": [_span(span, resource.timezone) for span in shut],
    }


def _closure(line: ClosureLine) -> dict[str, Any]:
    closure: Closure = line.closure
    return {
        "id": closure.id,
        "reason": closure.reason,
        **_span(Interval(closure.starts_at, closure.ends_at), closure.timezone),
        "timezone": closure.timezone,
        "resource_ids": [resource_id for resource_id, _ in line.resources],
        "lifted_at": _instant(closure.lifted_at) if closure.lifted_at else None,
    }


def _read(closure_id: UUID) -> dict[str, Any]:
    with reading() as work:
        (line,) = queries.described_closures(work, [queries.closure(work, closure_id)])
        return _closure(line)


@blueprint.get("/closures")
@blueprint.arguments(ClosureQuerySchema, location="query")
@blueprint.response(200, ClosurePageSchema)
@requires(Permission.SEE)
def closures(query: dict[str, Any]) -> dict[str, Any]:
    """Lister les fermetures en cours et à venir."""
    limit, after = query["limit"], by_instant(query["after"])
    with reading() as work:
        lines = queries.closures(work, since=work.now, limit=limit + 1, after=after)
        found = page(lines, limit, lambda line: (line.closure.starts_at, line.closure.id))
        return {"items": [_closure(line) for line in found.items], "next": found.next}


@blueprint.post("/closures")
@blueprint.arguments(CloseSchema)
@blueprint.response(201, ClosureSchema)
@requires(Permission.CLOSE)
def close(body: dict[str, Any]) -> dict[str, Any]:
    """Fermer des ressources pendant un temps."""
    command = Close(
        resource_ids=tuple(body["resource_ids"]),
        span=Interval(body["starts_at"], body["ends_at"]),
        timezone=body["timezone"] or actor().timezone,
        reason=body["reason"],
    )
    return _read(once(services.close, command))


@blueprint.get("/closures/<uuid:closure_id>")
@blueprint.response(200, ClosureSchema)
@requires(Permission.SEE)
def closure(closure_id: UUID) -> dict[str, Any]:
    """Lire une fermeture."""
    return _read(closure_id)


@blueprint.post("/closures/<uuid:closure_id>/lift")
@blueprint.response(200, ClosureSchema)
@requires(Permission.CLOSE)
def lift(closure_id: UUID) -> dict[str, Any]:
    """Lever une fermeture."""
    return _read(once(services.lift, closure_id))


def _maintenance(work: Work, one: Maintenance) -> dict[str, Any]:
    (resource,) = catalogue.get_many(work, [one.resource_id])
    sees = one.lifted_at is None and is_managed_by(work.actor, resource)
    return {
        "id": one.id,
        "resource_id": one.resource_id,
        "quantity": one.quantity,
        "reason": one.reason,
        "note": one.note,
        "opened_at": _instant(one.opened_at),
        "lifted_at": _instant(one.lifted_at) if one.lifted_at else None,
        "lacking": [
            {
                "booking_id": late.booking_id,
                "title": late.title,
                "starts_at": _instant(late.span.start),
                "ends_at": _instant(late.span.end),
                "count": late.count,
            }
            for late in (queries.lacking(work, resource) if sees else ())
        ],
    }


def _read_maintenance(maintenance_id: UUID) -> dict[str, Any]:
    with reading() as work:
        return _maintenance(work, queries.maintenance(work, maintenance_id))


@blueprint.get("/maintenances")
@blueprint.arguments(ClosureQuerySchema, location="query")
@blueprint.response(200, MaintenancePageSchema)
@requires(Permission.SEE)
def maintenances(query: dict[str, Any]) -> dict[str, Any]:
    """List what is out of use, the oldest first."""
    limit, after = query["limit"], by_instant(query["after"])
    with reading() as work:
        rows = queries.maintenances(work, limit=limit + 1, after=after)
        found = page(rows, limit, lambda one: (one.opened_at, one.id))
        return {"items": [_maintenance(work, one) for one in found.items], "next": found.next}


@blueprint.post("/maintenances")
@blueprint.arguments(MaintenanceFormSchema)
@blueprint.response(201, MaintenanceSchema)
@requires(Permission.CLOSE)
def open_maintenance(body: dict[str, Any]) -> dict[str, Any]:
    """Put some of a resource out of use, until it is lifted."""
    return _read_maintenance(once(services.open_maintenance, OpenMaintenance(**body)))


@blueprint.get("/maintenances/<uuid:maintenance_id>")
@blueprint.response(200, MaintenanceSchema)
@requires(Permission.SEE)
def maintenance(maintenance_id: UUID) -> dict[str, Any]:
    """Read one, with the bookings to come that no longer fit."""
    return _read_maintenance(maintenance_id)


@blueprint.post("/maintenances/<uuid:maintenance_id>/lift")
@blueprint.arguments(LiftFormSchema)
@blueprint.response(200, MaintenanceSchema)
@requires(Permission.CLOSE)
def lift_maintenance(body: dict[str, Any], maintenance_id: UUID) -> dict[str, Any]:
    """Say that it works again, or was found."""
    command = LiftMaintenance(maintenance_id=maintenance_id, note=body["note"])
    return _read_maintenance(once(services.lift_maintenance, command))
