"""Photos: added and taken away by who manages the resource."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import is_clean, marked, normalised
from coopshare.resources import services
from coopshare.resources.commands import AddPhoto
from coopshare.resources.pages.routes import blueprint
from coopshare.resources.pictures import MOST_BYTES
from coopshare.resources.policies import Permission
from coopshare.web.context import write
from coopshare.web.i18n import gettext
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

MOST_WORDS = 200


@blueprint.post("/ressources/<uuid:resource_id>/photos")
@requires(Permission.EDIT)
def add_photo(resource_id: UUID) -> ResponseReturnValue:
    """Add a photo; the form is on the page that changes the resource."""
    sent = request.files.get("photo")
    words = normalised(request.form.get("description", ""))
    if not is_clean(words) or not 0 < len(words) <= MOST_WORDS:
        raise Invalid.field(
            "description", marked("Dites en une phrase ce que montre la photo (200 signes).")
        )
    content = sent.stream.read(MOST_BYTES + 1) if sent else b""
    command = AddPhoto(resource_id=resource_id, content=content, description=words)
    once(services.add_photo, command)
    flash(gettext("La photo est ajoutée."), "success")
    return redirect(url_for("resources.edit", resource_id=resource_id) + "#photos", 303)


@blueprint.post("/photos/<uuid:photo_id>/retirer")
@requires(Permission.EDIT)
def remove_photo(photo_id: UUID) -> ResponseReturnValue:
    """Take a photo away."""
    resource_id = write(services.remove_photo, photo_id)
    flash(gettext("La photo est retirée."), "success")
    return redirect(url_for("resources.edit", resource_id=resource_id) + "#photos", 303)
