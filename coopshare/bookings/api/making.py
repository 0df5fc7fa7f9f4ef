"""Quote, book, change and cancel by the JSON API; series; being there."""

from typing import Any
from uuid import UUID

from coopshare.bookings import services
from coopshare.bookings.api.blueprint import blueprint
from coopshare.bookings.api.prices import quoted
from coopshare.bookings.api.series import added, booked, planned, read_series, series_command
from coopshare.bookings.api.shapes import (
    AddDateSchema,
    BookingOrSeriesSchema,
    LeaveSeriesSchema,
    MakeSeriesSchema,
    PlanSchema,
    ScopedChangeSchema,
    ScopedReasonSchema,
    SeriesSchema,
)
from coopshare.bookings.api.shown import (
    command_of,
    one_booking,
    read_booking,
    said_instant,
    seen_or_none,
    shown_booking,
    version_of,
)
from coopshare.bookings.commands import (
    UNSAID,
    CancelSeries,
    ChangeSeries,
    CheckIn,
    Confirm,
    Leave,
    LeaveSeries,
    MakeSeries,
)
from coopshare.bookings.policies import Permission
from coopshare.bookings.schemas import (
    BookingSchema,
    span_of,
)
from coopshare.kernel.errors import CoopShareError
from coopshare.web.context import actor, database, reading, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.i18n import gettext, language, said
from coopshare.web.idempotency import once, shown_once
from coopshare.web.permissions import requires


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
            "starts_at": said_instant(what.span.start),
            "ends_at": said_instant(what.span.end),
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
        shown = booked(series_command(command, body), shown_booking, read_booking)
        give_version(shown["version"])
        return shown
    with services.explained(database(), actor(), command):
        shown = shown_once(lambda work: services.book(work, command), shown_booking, read_booking)
    give_version(shown["version"])
    return shown


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
    return one_booking(booking_id)


@blueprint.post("/<uuid:booking_id>/cancel")
@blueprint.arguments(ScopedReasonSchema)
@blueprint.response(200, BookingSchema)
@requires(Permission.CHANGE)
def cancel(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Give a booking up, and with `scope` others of its series; what they held is free at once."""
    once(
        services.cancel_series,
        CancelSeries(booking_id=booking_id, version=version_of(booking_id), **body),
    )
    return one_booking(booking_id)


@blueprint.post("/<uuid:booking_id>/check-in")
@blueprint.response(200, BookingSchema)
@requires(Permission.CHECK_IN)
def check_in(booking_id: UUID) -> dict[str, Any]:
    """Say that one is there; said twice, it is kept once."""
    once(services.check_in, CheckIn(booking_id=booking_id, version=seen_or_none()))
    return one_booking(booking_id)


@blueprint.post("/<uuid:booking_id>/leave")
@blueprint.response(200, BookingSchema)
@requires(Permission.CHECK_IN)
def leave(booking_id: UUID) -> dict[str, Any]:
    """End a booking that runs; the rest of what it holds is free at once."""
    once(services.leave_early, Leave(booking_id=booking_id, version=seen_or_none()))
    return one_booking(booking_id)


@blueprint.post("/<uuid:booking_id>/confirm")
@blueprint.response(200, BookingSchema)
@requires(Permission.CHANGE)
def confirm(booking_id: UUID) -> dict[str, Any]:
    """Make a booking of an option."""
    once(services.confirm, Confirm(booking_id=booking_id, version=version_of(booking_id)))
    return one_booking(booking_id)


@blueprint.post("/<uuid:booking_id>/series")
@blueprint.arguments(MakeSeriesSchema)
@blueprint.response(201, SeriesSchema)
@requires(Permission.CHANGE)
def make_series(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Have a single booking come back: it becomes the first date of a series."""
    command = MakeSeries(
        booking_id=booking_id,
        version=version_of(booking_id),
        recurrence=body["recurrence"],
        choices=tuple(body["choices"]),
        seen_cents=body["seen_cents"],
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
    version = version_of(booking_id)
    once(services.leave_series, LeaveSeries(booking_id=booking_id, version=version, **body))
    return one_booking(booking_id)


@blueprint.post("/<uuid:booking_id>/dates")
@blueprint.arguments(AddDateSchema)
@blueprint.response(201, BookingSchema)
@requires(Permission.CHANGE)
def add_date(body: dict[str, Any], booking_id: UUID) -> dict[str, Any]:
    """Book a date again that the series of a booking had skipped or given up."""
    command = added(booking_id, body)
    with services.explained_series(database(), actor(), command):
        made = once(services.add_date, command)
    return one_booking(made)
