"""The dates of a series: one added again, one that leaves it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.bookings import queries, services
from coopshare.bookings.commands import AddDate, Choice, LeaveSeries
from coopshare.bookings.errors import NotInASeries
from coopshare.bookings.models import Booking
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.pages.series.plan import Sheet
from coopshare.bookings.pages.series.proposing import Proposal, propose
from coopshare.bookings.pages.series.shapes import AddDateFormSchema, LeaveFormSchema
from coopshare.bookings.pages.series.wording import dates_said
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.rules import LIVE, check_live, check_not_ended
from coopshare.bookings.series import get_series, lines_of, occurrences
from coopshare.db.work import Work
from coopshare.kernel.dates import Day
from coopshare.kernel.errors import NotFound
from coopshare.kernel.text import Sentence, marked
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, say
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires


@blueprint.route("/reservations/<uuid:booking_id>/remettre", methods=["GET", "POST"])
@requires(Permission.CHANGE)
def add_date(booking_id: UUID) -> ResponseReturnValue:
    """Book a date again that a series had skipped: what it would be first, then the act."""
    form = Form(AddDateFormSchema(), {"day": request.args.get("jour", "")})
    try:
        wanted = date.fromisoformat(form.value("day"))
    except ValueError as error:
        raise NotFound from error
    with reading() as work:
        booking = queries.get(work, booking_id)
        if booking.series_id is None:
            raise NotInASeries
        series = get_series(work, booking.series_id)
        year = work.now.astimezone(ZoneInfo(booking.timezone)).year
        home = [line.resource_id for line in lines_of(series)]
    said = Day(wanted, year)

    def command(choices: tuple[Choice, ...]) -> AddDate:
        one = next(iter(choices), Choice(day=wanted))
        return AddDate(booking_id=booking_id, day=wanted, lines=one.lines, span=one.span)

    def done(made: UUID) -> ResponseReturnValue:
        flash(say(Sentence(marked("La date du {day} est de nouveau réservée."), {"day": said})))
        return redirect(url_for("bookings.show", booking_id=made), 303)

    return propose(
        form,
        Proposal(
            command=command,
            use_case=services.add_date,
            done=done,
            url=url_for("bookings.add_date", booking_id=booking_id),
            heading=gettext(marked("Remettre une date")),
            lead=Sentence(
                marked("{title}, {day} : cette date avait été sautée ou annulée."),
                {"title": series.title, "day": said},
            ),
            act=_add_words,
            home=home,
            days=[wanted],
            has_back=False,
        ),
    )


def _add_words(sheet: Sheet) -> str:
    if sheet.refused:
        return gettext(marked("Réserver avec ce choix"))
    return gettext(marked("Réserver cette date"))


@blueprint.route("/reservations/<uuid:booking_id>/seule", methods=["GET", "POST"])
@requires(Permission.CHANGE)
def leave_series(booking_id: UUID) -> ResponseReturnValue:
    """Make an occurrence a booking of its own again, the other dates kept or given up."""
    form = Form(LeaveFormSchema())
    if form.is_submitted:
        with form.refusals():
            data = form.load()
            once(
                services.leave_series,
                LeaveSeries(
                    booking_id=booking_id,
                    version=data["version"],
                    cancel_others=data["others"] == "cancel",
                ),
            )
            flash(say(Sentence(marked("Cette réservation ne fait plus partie d'une série."))))
            return redirect(url_for("bookings.show", booking_id=booking_id), 303)
    with reading() as work:
        seen = queries.shown(work, [queries.get(work, booking_id)])[0]
        allow(work.actor, Permission.CHANGE, seen.stake)
        if seen.booking.series_id is None:
            raise NotInASeries
        if not form.is_submitted:
            check_live(seen.booking.status)
            check_not_ended(seen.booking.ends_at, work.now)
        others = _others(work, seen.booking)
        year = work.now.astimezone(ZoneInfo(seen.booking.timezone)).year
        return render_template(
            "bookings/leave.html", form=form, seen=seen, others=dates_said(others, year)
        ), form.status


def _others(work: Work, booking: Booking) -> Sequence[Booking]:
    """Return the other dates to come of the series of an occurrence."""
    assert booking.series_id is not None  # noqa: S101 - asked before
    return [
        row
        for row in occurrences(work, booking.series_id)
        if row.id != booking.id and row.status in LIVE and row.starts_at > work.now
    ]
