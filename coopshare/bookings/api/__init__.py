"""Bookings by the JSON API."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, request

from coopshare.bookings import attendance, queries, services
from coopshare.bookings.api.prices import price_of, quoted
from coopshare.bookings.api.series import added, booked, planned, read_series, series_command
from coopshare.bookings.api.shapes import (
    AddDateSchema,
    BookingOrSeriesSchema,
    DecideSchema,
    LeaveSeriesSchema,
    MakeSeriesSchema,
    PlanSchema,
    ScopedChangeSchema,
    ScopedReasonSchema,
    SeriesSchema,
)
from coopshare.bookings.arriving import deadline
from coopshare.bookings.commands import (
    UNSAID,
    Book,
    CancelSeries,
    ChangeSeries,
    CheckIn,
    Confirm,
    DecideSeries,
    Leave,
    LeaveSeries,
    MakeSeries,
)
from coopshare.bookings.exporting import export
from coopshare.bookings.models import Booking
from coopshare.bookings.policies import Permission
from coopshare.bookings.queries import BookingFilter, Shown, tariffs_of
from coopshare.bookings.schemas import (
    BookingPageSchema,
    BookingQuerySchema,
    BookingSchema,
    ExportQuerySchema,
    NoShowPageSchema,
    UsageListSchema,
    UsageQuerySchema,
    span_of,
)
from coopshare.db.work import Work
from coopshare.kernel.errors import CoopShareError, Invalid
from coopshare.kernel.intervals import LONGEST, Interval
from coopshare.kernel.text import marked
from coopshare.members.queries import cooperative, organisations
from coopshare.web.api import Blueprint
from coopshare.web.context import actor, database, reading, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.files import download
from coopshare.web.i18n import gettext, language, said
from coopshare.web.idempotency import once, shown_once
from coopshare.web.pagination import by_instant, page
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "bookings_api",
    __name__,
    url_prefix="/api/v1/bookings",
    description="Réserver, déplacer, annuler.",
)


def _instant(moment: datetime | None) -> str | None:
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
        "starts_at": _instant(booking.starts_at),
        "ends_at": _instant(booking.ends_at),
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
        "lapses_at": _instant(booking.lapses_at),
        "check_in_by": _instant(deadline(booking, one.resources.values())),
        "checked_in_at": _instant(booking.checked_in_at),
        "released_at": _instant(booking.released_at),
        "version": booking.version,
        "created_at": _instant(booking.created_at),
        "changed_at": _instant(booking.changed_at),
        "cancelled_at": _instant(booking.cancelled_at),
        "cancel_reason": booking.cancel_reason,
        "series_id": booking.series_id,
        "occurrence": booking.occurrence,
    }


def _shown(work: Work, booking: Booking) -> dict[str, Any]:
    return as_json(work, queries.shown(work, [booking], with_people=False))[0]


def _read(booking_id: UUID) -> dict[str, Any]:
    with reading() as work:
        return _shown(work, queries.get(work, booking_id))


def _one(booking_id: UUID) -> dict[str, Any]:
    shown = _read(booking_id)
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


@blueprint.post("/quote")
@blueprint.arguments(BookingOrSeriesSchema)
@blueprint.response(200, PlanSchema)
@requires(Permission.BOOK)
def quote(body: dict[str, Any]) -> dict[str, Any]:
    """Tell what would come of a booking: price, conflicts, rules, alternatives. Writes nothing.

    With a `recurrence`, every date is in `dates`, with what stands in its way.
    """
    if body["recurrence"] is not None:
        return planned(series_command(command_of(body), body))
    with reading() as work:
        found = services.quote(work, command_of(body))
        what = found.what
        refusals: list[CoopShareError] = [e for e in (found.refusal, found.taken) if e is not None]
        rules = found.refusal.details["rules"] if found.refusal is not None else []
        conflicts = found.taken.details.get("conflicts", []) if found.taken is not None else []
        return {
            "possible": found.is_possible,
            "status": found.status,
            "starts_at": _instant(what.span.start),
            "ends_at": _instant(what.span.end),
            "timezone": what.timezone,
            "price": quoted(work, [found.price], what.standing, what.resources.values()),
            "detail": " ".join(error.say(language(), gettext) for error in refusals),
            "rules": rules,
            "conflicts": conflicts,
            "alternatives": said([one.as_details() for one in found.alternatives]),
            "dates": [],
            "approval": [
                {"resource_id": key, "reason": reason, "detail": said(sentence)}
                for key, reason, sentence in services.sentences(found.needs, what.resources)
            ],
        }


@blueprint.post("")
@blueprint.arguments(BookingOrSeriesSchema)
@blueprint.response(201, BookingSchema)
@requires(Permission.BOOK)
def book(body: dict[str, Any]) -> dict[str, Any]:
    """Reserve everything asked for, or nothing.

    With a `recurrence`, every date of it, but for what `choices` say; the answer is the first one.
    """
    command = command_of(body)
    if body["recurrence"] is not None:
        shown = booked(series_command(command, body), _shown, _read)
        give_version(shown["version"])
        return shown
    with services.explained(database(), actor(), command):
        shown = shown_once(lambda work: services.book(work, command), _shown, _read)
    give_version(shown["version"])
    return shown


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
    return _one(booking_id)


@blueprint.patch("/<uuid:booking_id>")
@blueprint.arguments(ScopedChangeSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.CHANGE)
def change(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Move or change a booking, and with `scope` others of its series; what is not said stays."""
    lines = body["lines"]
    command = ChangeSeries(
        scope=body["scope"],
        recurrence=body["recurrence"],
        choices=tuple(body["choices"]),
        booking_id=booking_id,
        version=seen_version(),
        title=body["title"],
        note=body["note"],
        lines=tuple(lines) if lines is not None else None,
        span=span_of(body),
        all_day=body["all_day"],
        people=body.get("people", UNSAID),
        seen_cents=body["seen_cents"],
    )
    with services.explained_series(database(), actor(), command):
        write(services.change_series, command)
    return _one(booking_id)


def _version_of(booking_id: UUID) -> int:
    """Return the version If-Match names, or the present one: it is optional on these verbs."""
    if "If-Match" in request.headers:
        return seen_version()
    with reading() as work:
        return queries.get(work, booking_id).version


@blueprint.post("/<uuid:booking_id>/cancel")
@blueprint.arguments(ScopedReasonSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.CHANGE)
def cancel(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Give a booking up, and with `scope` others of its series; what they held is free at once."""
    once(
        services.cancel_series,
        CancelSeries(booking_id=booking_id, version=_version_of(booking_id), **body),
    )
    return _one(booking_id)


@blueprint.post("/<uuid:booking_id>/check-in")
@blueprint.response(200, BookingSchema)
@requires(Permission.CHECK_IN)
def check_in(booking_id: UUID) -> dict[str, Any]:
    """Say that one is there; said twice, it is kept once."""
    once(services.check_in, CheckIn(booking_id=booking_id, version=_seen()))
    return _one(booking_id)


@blueprint.post("/<uuid:booking_id>/leave")
@blueprint.response(200, BookingSchema)
@requires(Permission.CHECK_IN)
def leave(booking_id: UUID) -> dict[str, Any]:
    """End a booking that runs; the rest of what it holds is free at once."""
    once(services.leave_early, Leave(booking_id=booking_id, version=_seen()))
    return _one(booking_id)


def _seen() -> int | None:
    return seen_version() if "If-Match" in request.headers else None


@blueprint.post("/<uuid:booking_id>/confirm")
@blueprint.response(200, BookingSchema)
@requires(Permission.CHANGE)
def confirm(booking_id: UUID) -> dict[str, Any]:
    """Make a booking of an option."""
    once(services.confirm, Confirm(booking_id=booking_id, version=_version_of(booking_id)))
    return _one(booking_id)


@blueprint.post("/<uuid:booking_id>/approve")
@blueprint.arguments(DecideSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.DECIDE)
def approve(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Confirm a booking that waits, and with `scope` others of its series."""
    once(
        services.approve_series,
        DecideSeries(booking_id=booking_id, version=_version_of(booking_id), **body),
    )
    return _one(booking_id)


@blueprint.post("/<uuid:booking_id>/refuse")
@blueprint.arguments(DecideSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.DECIDE)
def refuse(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Say no to a booking that waits, and with `scope` to others of its series."""
    once(
        services.refuse_series,
        DecideSeries(booking_id=booking_id, version=_version_of(booking_id), **body),
    )
    return _one(booking_id)


@blueprint.get("/series/<uuid:series_id>")
@blueprint.response(200, SeriesSchema)
@requires(Permission.READ)
def series(series_id: UUID) -> dict[str, Any]:
    """Show a series: its rule and what it left out; its dates are the bookings of `series_id`."""
    shown = read_series(series_id)
    give_version(shown["version"])
    return shown


@blueprint.post("/<uuid:booking_id>/series")
@blueprint.arguments(MakeSeriesSchema)
@blueprint.response(201, SeriesSchema)
@requires(Permission.CHANGE)
def make_series(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Have a single booking come back: it becomes the first date of a series."""
    command = MakeSeries(
        booking_id=booking_id,
        version=_version_of(booking_id),
        recurrence=body["recurrence"],
        choices=tuple(body["choices"]),
    )
    with services.explained_series(database(), actor(), command):
        made = once(services.make_series, command)
    shown = read_series(made)
    give_version(shown["version"])
    return shown


@blueprint.post("/<uuid:booking_id>/leave-series")
@blueprint.arguments(LeaveSeriesSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.CHANGE)
def leave_series(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Make a date of a series a single booking again."""
    version = _version_of(booking_id)
    once(services.leave_series, LeaveSeries(booking_id=booking_id, version=version, **body))
    return _one(booking_id)


@blueprint.post("/<uuid:booking_id>/dates")
@blueprint.arguments(AddDateSchema)
@blueprint.response(201, BookingSchema)
@requires(Permission.CHANGE)
def add_date(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Book a date again that the series of a booking had skipped or given up."""
    command = added(booking_id, body)
    with services.explained_series(database(), actor(), command):
        made = once(services.add_date, command)
    return _one(made)
