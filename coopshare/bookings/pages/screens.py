"""The screens of a room, for those who look after it; and the sheet to stick on its door."""

from uuid import UUID

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.bookings import screens as queries
from coopshare.bookings import services
from coopshare.bookings.commands import AddScreen
from coopshare.bookings.models import DoorScreen
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.policies import Permission
from coopshare.bookings.schemas import ScreenFormSchema
from coopshare.db.work import Work
from coopshare.web.context import reading, settings, write
from coopshare.web.forms import Form
from coopshare.web.i18n import LANGUAGES, gettext
from coopshare.web.idempotency import outcome
from coopshare.web.permissions import requires


def address_of(token: str) -> str:
    """Return the secret address of a screen."""
    return f"{settings().base_url}{url_for('door.screen', token=token)}"


def made_once(command: AddScreen) -> tuple[UUID, str | None]:
    """Make a screen under the request's key; its token is None when it was made before."""
    tokens: list[str] = []

    def make(work: Work) -> DoorScreen:
        screen, token = services.add_screen(work, command)
        tokens.append(token)
        return screen

    made = outcome(make, lambda _work, _screen: tokens[-1])
    return made.id, made.shown


def _page(
    form: Form, resource_id: UUID, *, made: UUID | None = None, token: str | None = None
) -> str:
    with reading() as work:
        resource = services.managed(work, resource_id)
        address = address_of(token) if token else None
        return render_template(
            "bookings/screens.html",
            form=form,
            resource=resource,
            screens=queries.of_resource(work, resource_id),
            fresh=queries.get(work, made) if made and token else None,
            address=address,
            picture=segno.make(address).svg_data_uri(scale=4, border=2) if address else None,
            languages=list(LANGUAGES.items()),
            now=work.now,
        )


@blueprint.get("/ressources/<uuid:resource_id>/ecrans")
@requires(Permission.SCREENS)
def screens(resource_id: UUID) -> ResponseReturnValue:
    """Show the screens of a room, and how to hang one up."""
    return _page(Form(ScreenFormSchema()), resource_id)


@blueprint.post("/ressources/<uuid:resource_id>/ecrans")
@requires(Permission.SCREENS)
def add_screen(resource_id: UUID) -> ResponseReturnValue:
    """Make a screen and show its address, once."""
    form = Form(ScreenFormSchema())
    with form.refusals():
        made, token = made_once(AddScreen(resource_id=resource_id, **form.load()))
        if token is None:
            flash(gettext("Cet écran existe déjà. Renouvelez son adresse pour la revoir."))
            return redirect(url_for("bookings.screens", resource_id=resource_id), 303)
        fresh = Form(ScreenFormSchema())
        fresh.values.clear()  # the next screen has another name
        return _page(fresh, resource_id, made=made, token=token), 201
    return _page(form, resource_id), form.status


@blueprint.post("/ecrans/<uuid:screen_id>/renouveler")
@requires(Permission.SCREENS)
def renew_screen(screen_id: UUID) -> ResponseReturnValue:
    """Give a screen another address; the former one answers no more."""
    screen, token = write(services.renew_screen, screen_id)
    form = Form(ScreenFormSchema())
    return _page(form, screen.resource_id, made=screen.id, token=token)


@blueprint.post("/ecrans/<uuid:screen_id>/arreter")
@requires(Permission.SCREENS)
def stop_screen(screen_id: UUID) -> ResponseReturnValue:
    """Take a screen down."""
    screen = write(services.stop_screen, screen_id)
    flash(
        gettext("L'écran « %(name)s » est arrêté : son adresse ne répond plus.", name=screen.name)
    )
    return redirect(url_for("bookings.screens", resource_id=screen.resource_id), 303)


@blueprint.get("/ressources/<uuid:resource_id>/affiche")
@requires(Permission.SCREENS)
def poster(resource_id: UUID) -> ResponseReturnValue:
    """Show the sheet to print and stick on the door."""
    with reading() as work:
        resource = services.managed(work, resource_id)
        arrive = f"{settings().base_url}{url_for('bookings.arrive', resource_id=resource.id)}"
        return render_template(
            "bookings/poster.html",
            resource=resource,
            address=arrive,
            picture=segno.make(arrive, error="m").svg_data_uri(scale=8, border=2),
        )
