"""The list of bookings, one booking, and its file for calendars."""

import secrets
from typing import Any
from uuid import UUID

from flask import Response, make_response, render_template, url_for
from flask import request as present
from flask.typing import ResponseReturnValue

from coopshare.bookings import queries, queue
from coopshare.bookings.arriving import arrival
from coopshare.bookings.handing.panels import panel
from coopshare.bookings.models import BookingStatus
from coopshare.bookings.pages.exporting import export_links
from coopshare.bookings.pages.form import said_tariffs
from coopshare.bookings.pages.history import LINE, told
from coopshare.bookings.pages.prices import shown_price
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.pages.series.shown import series_lines, series_of
from coopshare.bookings.policies import Permission
from coopshare.bookings.queries import BookingFilter, Shown
from coopshare.bookings.queue import offer_of
from coopshare.bookings.requests import Request, request
from coopshare.bookings.rules import LIVE
from coopshare.bookings.states import STATES
from coopshare.calendars.queries import event_file
from coopshare.db.work import Work
from coopshare.members.queries import cooperative
from coopshare.web.context import actor, reading
from coopshare.web.pagination import by_instant, page
from coopshare.web.permissions import requires

ON_A_PAGE = 30


@blueprint.get("/reservations")
@requires(Permission.READ)
def index() -> ResponseReturnValue:
    """List my bookings or my organisation's: to come, or past."""
    who = actor()
    is_ours = present.args.get("vue") == "organisation"
    is_past = present.args.get("quand") == "passees"
    has_ended = is_past or present.args.get("annulees") == "1"
    with reading() as work:
        wanted = BookingFilter(
            organisation_id=who.organisation_id if is_ours else None,
            person_id=None if is_ours else who.person_id,
            ended_by=work.now if is_past else None,
            ends_after=None if is_past else work.now,
            latest_first=is_past,
            is_grouped=True,
            statuses=frozenset() if has_ended else LIVE,
        )
        found = queries.listing(
            work, wanted, limit=ON_A_PAGE + 1, after=by_instant(present.args.get("suite"))
        )
        shown = page(found, ON_A_PAGE, lambda booking: (booking.starts_at, booking.id))
        filters: dict[str, Any] = {
            "vue": present.args.get("vue"),
            "quand": present.args.get("quand"),
            "annulees": present.args.get("annulees"),
        }
        return render_template(
            "bookings/index.html",
            shown=queries.shown(work, shown.items),
            series=series_lines(work, shown.items, is_past=is_past),
            states=STATES,
            is_ours=is_ours,
            is_past=is_past,
            ended_url=None
            if is_past
            else url_for("bookings.index", vue=filters["vue"], annulees=None if has_ended else "1"),
            has_ended=has_ended,
            waits={} if is_past else queue.count_waits(work, is_ours=is_ours),
            exports=export_links(
                vue="organisation" if is_ours else "moi", quand="passees" if is_past else "a-venir"
            ),
            has_after="suite" in present.args,
            next_url=url_for("bookings.index", **filters, suite=shown.next) if shown.next else None,
            first_url=url_for("bookings.index", **filters),
        )


@blueprint.get("/reservations/<uuid:booking_id>")
@requires(Permission.READ)
def show(booking_id: UUID) -> ResponseReturnValue:
    """Show one booking, its actions and its history."""
    with reading() as work:
        seen = queries.shown(work, [queries.get(work, booking_id)])[0]
        happenings = queries.history(work, seen.booking)
        known = {str(key): resource.name for key, resource in seen.resources.items()}
        ids = {f.removeprefix(LINE) for h in happenings for f in h.changes if f.startswith(LINE)}
        names = known | queries.names_of(work, ids - set(known))
        return render_template(
            "bookings/show.html",
            seen=seen,
            series=series_of(work, seen),
            states=STATES,
            offer=offer_of(work, seen.booking.id)
            if seen.booking.status is BookingStatus.OPTION
            else None,
            key=secrets.token_urlsafe(16),
            arrival=arrival(seen.booking, seen.resources.values(), work.now),
            is_over=seen.booking.ends_at <= work.now,
            asked=_asked(work, seen),
            price=shown_price(work, queries.charges_of(work, [seen.booking])[booking_id]),
            tariffs=said_tariffs(queries.tariffs_of(work, [seen])[seen.booking.id])
            if seen.booking.price_cents is None and seen.is_live
            else [],
            currency=cooperative(work).currency,
            handing=panel(work, seen),
            history=told(happenings, seen.booking, names, work.now),
        )


def _asked(work: Work, seen: Shown) -> Request | None:
    """Return what waits about a booking, if anything does."""
    is_asked = seen.booking.status in {BookingStatus.PENDING, BookingStatus.CONFIRMED}
    if not is_asked or seen.booking.lapses_at is None:
        return None
    return request(work, seen.booking)


@blueprint.get("/reservations/<uuid:booking_id>/agenda.ics")
@requires(Permission.READ)
def event(booking_id: UUID) -> Response:
    """Give one booking as a file that calendars open."""
    with reading() as work:
        content = event_file(work, queries.get(work, booking_id).id)
    response = make_response(content)
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="reservation.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response
