"""Being there, leaving early: the buttons, and the page that the code at the door leads to."""

import secrets
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.bookings import attendance, queries, services
from coopshare.bookings.arriving import arrival
from coopshare.bookings.commands import CheckIn, Leave
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.policies import Permission
from coopshare.bookings.schemas import ArrivalFormSchema
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import organisations
from coopshare.resources import queries as catalogue
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import say
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires


def _back(booking_id: UUID) -> str:
    """Return where a button was pressed: at a door, else on the page of the booking."""
    door = request.form.get("door", "")
    try:
        return url_for("bookings.arrive", resource_id=UUID(door))
    except ValueError:
        return url_for("bookings.show", booking_id=booking_id)


def _refused(form: Form, booking_id: UUID) -> ResponseReturnValue:
    with reading() as work:
        seen = queries.shown(work, [queries.get(work, booking_id)])[0]
        return render_template("bookings/not_arrived.html", form=form, seen=seen), form.status


@blueprint.post("/reservations/<uuid:booking_id>/arrivee")
@requires(Permission.CHECK_IN)
def check_in(booking_id: UUID) -> ResponseReturnValue:
    """Say that one is there; a refusal is told on a page of its own."""
    form = Form(ArrivalFormSchema())
    with form.refusals():
        form.load()
        once(services.check_in, CheckIn(booking_id=booking_id))
        flash(say(Sentence(marked("C'est noté : vous êtes là. Bonne séance."))), "success")
        return redirect(_back(booking_id), 303)
    return _refused(form, booking_id)


@blueprint.post("/reservations/<uuid:booking_id>/liberer")
@requires(Permission.CHECK_IN)
def leave(booking_id: UUID) -> ResponseReturnValue:
    """End a booking that runs."""
    form = Form(ArrivalFormSchema())
    with form.refusals():
        form.load()
        once(services.leave_early, Leave(booking_id=booking_id))
        flash(say(Sentence(marked("Merci : la place est libre pour les autres."))), "success")
        return redirect(_back(booking_id), 303)
    return _refused(form, booking_id)


@blueprint.get("/arrivee/<uuid:resource_id>")
@requires(Permission.CHECK_IN)
def arrive(resource_id: UUID) -> ResponseReturnValue:
    """Show what the code at a door leads to: my bookings there now, each with its button."""
    with reading() as work:
        resource = catalogue.get(work, resource_id)
        found = queries.shown(work, attendance.at_door(work, resource_id), with_people=False)
        return render_template(
            "bookings/arrive.html",
            resource=resource,
            found=[
                (seen, arrival(seen.booking, seen.resources.values(), work.now)) for seen in found
            ],
            key=secrets.token_urlsafe(16),
        )


@blueprint.get("/reservations/absences")
@requires(Permission.READ)
def no_shows() -> ResponseReturnValue:
    """List who did not come of late, as far as the reader sees."""
    with reading() as work:
        found = attendance.no_shows(work)
        shown = queries.shown(work, [one for line in found for one in line.latest])
        return render_template(
            "bookings/no_shows.html",
            found=found,
            shown={one.booking.id: one for one in shown},
            names=organisations(work, {line.organisation_id for line in found}),
        )
