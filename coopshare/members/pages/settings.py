"""The settings of the cooperative, by their page."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.kernel.text import Sentence, marked
from coopshare.members import queries, services
from coopshare.members.commands import ChangeCooperative
from coopshare.members.kinds import (
    COOPERATIVE_KINDS,
    CURRENCIES,
    DOOR_NAMES,
    HOLIDAY_AREAS,
    SCHOOL_ZONES,
    ZONES,
)
from coopshare.members.pages.routes import blueprint
from coopshare.members.policies import Permission, allow
from coopshare.members.schemas import CooperativeFormSchema
from coopshare.web.context import reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, say
from coopshare.web.permissions import requires

FIELDS = (
    "version",
    "name",
    "kind",
    "timezone",
    "currency",
    "holiday_area",
    "school_zone",
    "door_names",
)


@blueprint.route("/administration/cooperative", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def settings() -> ResponseReturnValue:
    """Change the name, the time zone, the currency and the holidays of the cooperative."""
    with reading() as work:
        allow(work.actor, Permission.ADMINISTER)
        before = queries.cooperative(work)
    initial = {name: str(getattr(before, name) or "") for name in FIELDS}
    form = Form(CooperativeFormSchema(), initial)
    if form.is_submitted:
        with form.refusals():
            command: ChangeCooperative = form.load()
            write(services.change_cooperative, command)
            flash(gettext("Les réglages sont enregistrés."), "success")
            if command.timezone != before.timezone:
                message = marked(
                    "Les pages se lisent maintenant à l'heure de {zone}. Les ressources déjà"
                    " déclarées et leurs réservations gardent leur propre fuseau."
                )
                flash(say(Sentence(message, {"zone": zone_words(command.timezone or "")})), "info")
            return redirect(url_for("members.administration"), 303)
    return render_template(
        "members/settings.html",
        form=form,
        kinds=[(str(code), gettext(text)) for code, text in COOPERATIVE_KINDS.items()],
        door_names=[(str(code), gettext(text)) for code, text in DOOR_NAMES.items()],
        zones=zone_options(before.timezone, str(form.value("timezone"))),
        currencies=[(code, gettext(text)) for code, text in CURRENCIES.items()],
        areas=[(code, gettext(text)) for code, text in HOLIDAY_AREAS.items()],
        school_zones=[(code, gettext(text)) for code, text in SCHOOL_ZONES.items()],
    ), form.status


def zone_words(name: str) -> str:
    """Return a time zone as people name it: the place, then the IANA name."""
    if name not in ZONES:
        return name
    place = gettext(ZONES[name])
    return f"{place} ({name})"


def zone_options(*others: str) -> list[tuple[str, str]]:
    """Return the time zones to choose from, with those that stand already."""
    names = dict.fromkeys((*ZONES, *(name for name in others if name)))
    return [(name, zone_words(name)) for name in names]
