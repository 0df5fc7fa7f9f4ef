"""The page from which bookings leave as a file, and the file."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from coopshare.bookings.exporting import MOST, ExportFormat, export
from coopshare.bookings.pages.form import options
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.policies import Permission
from coopshare.bookings.queries import BookingFilter
from coopshare.bookings.schemas import ExportFormSchema
from coopshare.bookings.states import STATES
from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import Invalid
from coopshare.kernel.localtime import day_span
from coopshare.kernel.text import marked
from coopshare.kernel.units import say_number
from coopshare.members.queries import cooperative, memberships
from coopshare.resources import queries as resources
from coopshare.resources.queries import ResourceFilter
from coopshare.web.context import actor, reading
from coopshare.web.errors import flattened
from coopshare.web.files import download
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, language
from coopshare.web.permissions import requires

FORMATS = {
    ExportFormat.CSV: (marked("CSV"), marked("tous les tableurs, tous les programmes")),
    ExportFormat.XLSX: (marked("XLSX"), marked("Excel ; dates et nombres déjà reconnus")),
    ExportFormat.ODS: (marked("ODS"), marked("LibreOffice ; dates et nombres déjà reconnus")),
    ExportFormat.ICS: (marked("iCal"), marked("les agendas ; une copie, qui ne suivra pas")),
}
"""Each format: its name, and what opens it."""


def sees_beyond() -> bool:
    """Tell whether the reader may see bookings of others than their own organisation."""
    return actor().has_role(Role.ADMINISTRATOR, Role.NETWORK_ADMINISTRATOR, Role.RESOURCE_MANAGER)


@blueprint.get("/reservations/exporter")
@requires(Permission.READ)
def exporting() -> ResponseReturnValue:
    """Choose which bookings leave, and as what."""
    form = Form(ExportFormSchema(), {"vue": "moi", "quand": "tout"} | request.args.to_dict())
    with reading() as work:
        if "format" in request.args:
            with form.refusals():
                return _file(work, _asked())
        return (
            render_template(
                "bookings/export.html",
                form=form,
                formats=[
                    (str(one), " : ".join((gettext(name), gettext(what))))
                    for one, (name, what) in FORMATS.items()
                ],
                most={str(one): say_number(most, language()) for one, most in MOST.items()},
                views=_views(),
                resources=options(resources.search(work, ResourceFilter())),
                organisations=[
                    (str(m.organisation_id), m.organisation.name) for m in memberships(work)
                ]
                if sees_beyond()
                else [],
                states=[(str(one), gettext(word)) for one, (_, word) in STATES.items()],
            ),
            form.status,
        )


@blueprint.get("/reservations/fichier")
@requires(Permission.READ)
def exported() -> Response:
    """Give the bookings of a list as a file, with the filters of the list."""
    with reading() as work:
        return _file(work, _asked())


def _views() -> list[tuple[str, str]]:
    found = [
        ("moi", gettext(marked("Les miennes"))),
        ("organisation", gettext(marked("Celles de mon organisation"))),
    ]
    if sees_beyond():
        found.append(("tout", gettext(marked("Toutes celles que je peux voir"))))
    return found


def _asked() -> dict[str, Any]:
    given = {name: value for name, value in request.args.items() if value != ""}
    try:
        found: dict[str, Any] = ExportFormSchema().load(given)
    except ValidationError as error:
        raise Invalid(flattened(error.messages)) from error
    return found


def _file(work: Work, asked: dict[str, Any]) -> Response:
    return download(export(work, _filter(work, asked), asked["format"], gettext))


def _filter(work: Work, asked: dict[str, Any]) -> BookingFilter:
    """Return what the form asks for; days are those of the cooperative."""
    place = ZoneInfo(cooperative(work).timezone)
    first, last, when = asked["du"], asked["au"], asked["quand"]
    if first is not None and last is not None and last < first:
        raise Invalid.field("au", marked("La fin doit venir après le début."))
    who = work.actor
    ends_after = day_span(first, place).start if first else None
    if when == "a-venir":
        ends_after = max(filter(None, (ends_after, work.now)))
    return BookingFilter(
        person_id=who.person_id if asked["vue"] == "moi" else None,
        organisation_id=asked["organisation"]
        or (who.organisation_id if asked["vue"] == "organisation" else None),
        ends_after=ends_after,
        ended_by=work.now if when == "passees" else None,
        starts_before=day_span(last, place).end if last else None,
        resource_id=asked["ressource"],
        statuses=frozenset([asked["etat"]]) if asked["etat"] else frozenset(),
    )


def export_links(**filters: Any) -> list[tuple[str, str, str]]:
    """Return (name, address, what opens it) of each format, for a list with these filters."""
    return [
        (
            gettext(name),
            url_for("bookings.exported", format=str(one), **filters),
            gettext(what),
        )
        for one, (name, what) in FORMATS.items()
    ]
