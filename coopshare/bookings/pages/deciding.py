"""Giving a booking up, and answering the requests that wait."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.bookings import queries, services
from coopshare.bookings.commands import CancelSeries, Decide, Scope
from coopshare.bookings.pages.prices import shown_price
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.pages.series.shapes import CancelFormSchema
from coopshare.bookings.pages.series.wording import scopes
from coopshare.bookings.policies import Permission, allow, may_decide
from coopshare.bookings.queries import BookingFilter
from coopshare.bookings.rules import check_live, check_not_ended
from coopshare.bookings.schemas import ReasonFormSchema
from coopshare.bookings.states import STATES
from coopshare.kernel.errors import Forbidden
from coopshare.kernel.text import Sentence, marked
from coopshare.web.context import actor, reading
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


@blueprint.get("/a-traiter")
@requires(Permission.DECIDE)
def to_decide() -> ResponseReturnValue:
    """List the requests that wait for the actor, the nearest first."""
    if not may_decide(actor()):
        raise Forbidden
    return _to_decide(Form(ReasonFormSchema()))


def _to_decide(form: Form) -> ResponseReturnValue:
    with reading() as work:
        wanted = BookingFilter(is_to_decide=True, ends_after=work.now)
        found = queries.listing(work, wanted, limit=MOST_SHOWN)
        return render_template(
            "bookings/to_decide.html",
            form=form,
            shown=queries.shown(work, found),
            states=STATES,
            keys=[f"{form.key}-{number}" for number in range(len(found))],
        ), form.status


@blueprint.post("/reservations/<uuid:booking_id>/accepter")
@requires(Permission.DECIDE)
def approve(booking_id: UUID) -> ResponseReturnValue:
    """Say yes to a request."""
    form = Form(ReasonFormSchema())
    with form.refusals():
        once(services.approve, Decide(booking_id=booking_id, **form.load()))
        flash(say(Sentence(marked("Demande acceptée. La personne qui a demandé est prévenue."))))
        return redirect(url_for("bookings.to_decide"), 303)
    return _to_decide(form)


@blueprint.post("/reservations/<uuid:booking_id>/refuser")
@requires(Permission.DECIDE)
def refuse(booking_id: UUID) -> ResponseReturnValue:
    """Say no to a request, with a reason."""
    form = Form(ReasonFormSchema())
    with form.refusals():
        once(services.refuse, Decide(booking_id=booking_id, **form.load()))
        flash(say(Sentence(marked("Demande refusée. La personne qui a demandé est prévenue."))))
        return redirect(url_for("bookings.to_decide"), 303)
    return _to_decide(form)
