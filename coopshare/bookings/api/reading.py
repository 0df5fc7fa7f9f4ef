"""Read bookings by the JSON API: one, lists, exports, quotas used, who did not come."""

from typing import Any
from uuid import UUID

from flask import Response

from coopshare.bookings import attendance, queries, services
from coopshare.bookings.api.blueprint import blueprint
from coopshare.bookings.api.series import read_series
from coopshare.bookings.api.shapes import (
    SeriesSchema,
)
from coopshare.bookings.api.shown import as_json, one_booking
from coopshare.bookings.exporting import export
from coopshare.bookings.policies import Permission
from coopshare.bookings.queries import BookingFilter
from coopshare.bookings.schemas import (
    BookingPageSchema,
    BookingQuerySchema,
    BookingSchema,
    ExportQuerySchema,
    NoShowPageSchema,
    UsageListSchema,
    UsageQuerySchema,
)
from coopshare.kernel.intervals import LONGEST, Interval
from coopshare.members.queries import organisations
from coopshare.web.context import actor, reading
from coopshare.web.etag import give_version
from coopshare.web.files import download
from coopshare.web.i18n import gettext
from coopshare.web.pagination import by_instant, page
from coopshare.web.permissions import requires


def _wanted(query: dict[str, Any]) -> BookingFilter:
    starts, ends = query["starts"], query["ends"]
    window = None
    if starts is not None or ends is not None:
        window = Interval(starts or ends - LONGEST, ends or starts + LONGEST)
    return BookingFilter(
        window=window,
        resource_id=query["resource_id"],
        organisation_id=query["organisation_id"],
        person_id=actor().person_id if query["mine"] else None,
        series_id=query.get("series_id"),
        statuses=frozenset([query["status"]]) if query["status"] else frozenset(),
        is_to_decide=query["to_decide"],
        is_to_answer=query["to_answer"],
    )


@blueprint.get("/export")
@blueprint.arguments(ExportQuerySchema, location="query")
@blueprint.response(200, content_type="application/octet-stream")
@requires(Permission.READ)
def exported(query: dict[str, Any]) -> Response:
    """Give the bookings one may see as a file: `format` is csv, xlsx, ods or ics."""
    with reading() as work:
        return download(export(work, _wanted(query), query["format"], gettext))


@blueprint.get("")
@blueprint.arguments(BookingQuerySchema, location="query")
@blueprint.response(200, BookingPageSchema)
@requires(Permission.READ)
def bookings(query: dict[str, Any]) -> dict[str, Any]:
    """List the bookings one may see, by start."""
    after = by_instant(query["after"])
    wanted = _wanted(query)
    with reading() as work:
        found = queries.listing(work, wanted, limit=query["limit"] + 1, after=after)
        shown = page(found, query["limit"], lambda booking: (booking.starts_at, booking.id))
        return {"items": as_json(work, queries.shown(work, shown.items)), "next": shown.next}


@blueprint.get("/no-shows")
@blueprint.response(200, NoShowPageSchema)
@requires(Permission.READ)
def no_shows() -> dict[str, Any]:
    """Tell how often each organisation did not come in 90 days: all of them, in one page."""
    with reading() as work:
        found = attendance.counts(work)
        names = organisations(work, set(found))
        items = [
            {"organisation_id": key, "name": names[key].name, "count": count}
            for key, count in sorted(found.items(), key=lambda p: (-p[1], str(p[0])))
        ]
    return {"items": items, "next": None}


@blueprint.get("/quotas")
@blueprint.arguments(UsageQuerySchema, location="query")
@blueprint.response(200, UsageListSchema)
@requires(Permission.READ)
def quotas_used(query: dict[str, Any]) -> dict[str, Any]:
    """Tell what one's organisation used of each quota in its present period."""
    organisation_id = query["organisation_id"] or actor().organisation_id
    with reading() as work:
        found = services.usage(work, organisation_id) if organisation_id else []
        return {
            "items": [
                {
                    "quota_id": one.quota.id,
                    "name": one.quota.name,
                    "is_free": one.quota.is_free,
                    "measure": one.quota.measure,
                    "holder": one.quota.holder,
                    "amount": one.quota.amount,
                    "used": one.used,
                    "left": one.left,
                    "first_day": one.period.first,
                    "last_day": one.period.last,
                }
                for one in found
            ]
        }


@blueprint.get("/<uuid:booking_id>")
@blueprint.response(200, BookingSchema)
@requires(Permission.READ)
def booking(booking_id: UUID) -> dict[str, Any]:
    """Show one booking; its ETag is the version a change has to name."""
    return one_booking(booking_id)


@blueprint.get("/series/<uuid:series_id>")
@blueprint.response(200, SeriesSchema)
@requires(Permission.READ)
def series(series_id: UUID) -> dict[str, Any]:
    """Show a series: its rule and what it left out; its dates are the bookings of `series_id`."""
    shown = read_series(series_id)
    give_version(shown["version"])
    return shown
