"""Giving a booking up."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.bookings import queries, services
from coopshare.bookings.commands import CancelSeries, Scope
from coopshare.bookings.pages.prices import shown_price
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.pages.series.shapes import CancelFormSchema
from coopshare.bookings.pages.series.wording import scopes
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.rules import check_live, check_not_ended
from coopshare.kernel.text import Sentence, marked
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import say
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

MOST_SHOWN = 100


@blueprint.route("/reservations/<uuid:booking_id>/annuler", methods=["GET", "POST"])
@requires(Permission.CHANGE)
def cancel(booking_id: UUID) -> ResponseReturnValue:
    """Ask first, saying what follows, then give the booking up."""
    form = Form(CancelFormSchema(), {"scope": str(Scope.THIS)})
    if form.is_submitted:
        with form.refusals():
            command = CancelSeries(booking_id=booking_id, **form.load())
            once(services.cancel_series, command)
            message = marked("La réservation est annulée : la place est libre dès maintenant.")
            if command.scope is not Scope.THIS:
                message = marked("C'est annulé : ces dates sont libres dès maintenant.")
            flash(say(Sentence(message)))
            return redirect(url_for("bookings.show", booking_id=booking_id), 303)
    with reading() as work:
        seen = queries.shown(work, [queries.get(work, booking_id)])[0]
        allow(work.actor, Permission.CHANGE, seen.stake)
        if not form.is_submitted:
            check_live(seen.booking.status)
            check_not_ended(seen.booking.ends_at, work.now)
        booking = seen.booking
        due = services.due_after(work, booking, seen.resources) if seen.is_live else []
        return render_template(
            "bookings/cancel.html",
            form=form,
            seen=seen,
            scopes=scopes(work, seen.booking),
            price=shown_price(work, due),
            had=shown_price(work, queries.charges_of(work, [booking])[booking.id]),
        ), form.status
