"""Labels: choosing which, a sheet to print, and making one anew."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.text import marked
from coopshare.resources import queries, services
from coopshare.resources.kinds import RESOURCE_KINDS, ResourceKind
from coopshare.resources.models import Resource
from coopshare.resources.pages.routes import blueprint
from coopshare.resources.policies import Permission, allow, may
from coopshare.resources.queries import ResourceFilter
from coopshare.web.context import reading, write
from coopshare.web.i18n import gettext
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

MOST = 300
"""Labels on one sheet."""
MOST_OF_ONE = 100


@dataclass(frozen=True, slots=True)
class Sticker:
    """A label as it is printed."""

    resource: Resource
    code: str
    address: str
    qr: Markup


def drawn(address: str) -> Markup:
    """Return a QR code as inline SVG, without any style: black squares, a quiet margin."""
    made = segno.make(address, error="m", micro=False)
    svg = made.svg_inline(border=2, omitsize=True, svgclass="qr", lineclass="qr-line")
    return Markup(svg)  # noqa: S704 - drawn by us: holds digits only


@blueprint.get("/etiquettes")
@requires(Permission.EDIT)
def labels() -> ResponseReturnValue:
    """Choose which things get labels, and how many of each."""
    with reading() as work:
        allow(work.actor, Permission.EDIT)
        found = sorted(_mine(work), key=lambda one: not one.hand_over)
        return render_template(
            "resources/labels.html", resources=found, kinds=RESOURCE_KINDS, most=MOST_OF_ONE
        )


def _mine(work: Work) -> list[Resource]:
    """Return what one manages and can stick a label on."""
    return [
        one
        for one in queries.search(work, ResourceFilter())
        if one.kind in {ResourceKind.EQUIPMENT, ResourceKind.PLACE}
        and may(work.actor, Permission.EDIT, one.manager_id)
    ]


@blueprint.post("/etiquettes")
@requires(Permission.EDIT)
def make_labels() -> ResponseReturnValue:
    """Make the labels that were chosen, then show their sheet."""
    chosen = _chosen(request.form.items())
    write(services.label, [resource_id for resource_id, _ in chosen])
    return redirect(
        url_for("resources.label_sheet", e=[f"{key}*{count}" for key, count in chosen]), 303
    )


def _chosen(typed: Any) -> list[tuple[UUID, int]]:
    """Return (resource, how many) of fields named `n-<id>`; raises `Invalid`."""
    found = []
    for name, value in typed:
        if not name.startswith("n-") or value.strip() in {"", "0"}:
            continue
        found.append(_pair(name.removeprefix("n-"), value))
    if not found:
        raise Invalid.field("labels", marked("Choisissez au moins une étiquette."))
    if sum(count for _, count in found) > MOST:
        raise Invalid.field(
            "labels", marked("Imprimez {most} étiquettes au plus à la fois."), most=MOST
        )
    return found


def _pair(key: str, count: str) -> tuple[UUID, int]:
    try:
        resource_id = UUID(key)
    except ValueError:
        raise NotFound from None
    if not count.strip().isdecimal() or not 0 < int(count[:6]) <= MOST_OF_ONE:
        raise Invalid.field(
            "labels",
            marked("Écrivez un nombre d'étiquettes entre 1 et {most}."),
            most=MOST_OF_ONE,
        )
    return resource_id, int(count)


@blueprint.get("/etiquettes/feuille")
@requires(Permission.EDIT)
def label_sheet() -> ResponseReturnValue:
    """Show labels as they print: `e` is « id*how many », as often as there are things."""
    chosen = [_pair(*one.partition("*")[::2]) for one in request.args.getlist("e")[:MOST]]
    with reading() as work:
        allow(work.actor, Permission.EDIT)
        resources = {one.id: one for one in queries.get_many(work, [key for key, _ in chosen])}
        for one in resources.values():
            allow(work.actor, Permission.EDIT, one.manager_id)
        known = queries.labels(work, list(resources))
        stickers: list[Sticker] = []
        for key, count in chosen:
            if key in known:
                address = queries.label_address(work, known[key])
                sticker = Sticker(resources[key], known[key].code, address, drawn(address))
                stickers += [sticker] * count
        return render_template("resources/label_sheet.html", stickers=stickers[:MOST])


@blueprint.post("/ressources/<uuid:resource_id>/etiquette/refaire")
@requires(Permission.EDIT)
def renew_label(resource_id: UUID) -> ResponseReturnValue:
    """Give up the label of a thing for another."""
    once(services.renew_label, resource_id)
    flash(
        gettext("L'ancienne étiquette ne mène plus nulle part. Voici la nouvelle à coller."),
        "success",
    )
    return redirect(url_for("resources.label_sheet", e=[f"{resource_id}*1"]), 303)
