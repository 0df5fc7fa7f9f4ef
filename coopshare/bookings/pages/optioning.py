"""The one click that makes a booking of an option."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.bookings import queries, services
from coopshare.bookings.commands import Confirm
from coopshare.bookings.pages.booking import made
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.policies import Permission
from coopshare.bookings.schemas import VersionFormSchema
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import say
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires


@blueprint.post("/reservations/<uuid:booking_id>/confirmer")
@requires(Permission.CHANGE)
def confirm(booking_id: UUID) -> ResponseReturnValue:
    """Confirm an option; a refusal is told on a page of its own, with the way back."""
    form = Form(VersionFormSchema())
    with form.refusals():
        once(services.confirm, Confirm(booking_id=booking_id, **form.load()))
        with reading() as work:
            flash(say(made(queries.get(work, booking_id), work)))
        return redirect(url_for("bookings.show", booking_id=booking_id), 303)
    with reading() as work:
        seen = queries.shown(work, [queries.get(work, booking_id)])[0]
        return render_template("bookings/not_confirmed.html", form=form, seen=seen), form.status
