"""Importing members from a table."""

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from coopshare.kernel.text import marked
from coopshare.members.imports import FIELDS, read_members
from coopshare.members.pages.routes import blueprint
from coopshare.members.policies import Permission
from coopshare.members.services.importing import import_members, preview_members
from coopshare.web.importing import Importer
from coopshare.web.permissions import requires

IMPORTER = Importer(
    purpose="members",
    file_name="membres",
    title=marked("Importer des membres"),
    lead=marked("Des organisations et leurs personnes, d'un tableau que vous avez déjà."),
    about=(
        marked("Une organisation déjà membre (même SIRET, ou même nom) ne change pas."),
        marked(
            "Chaque personne reçoit une invitation par courriel, qui sert pendant deux jours :"
            " elle choisit elle-même son nom et son mot de passe."
        ),
    ),
    fields=FIELDS,
    read=read_members,
    preview=preview_members,
    apply=import_members,
    endpoint="members.importing",
    after="members.members",
)


@blueprint.route("/administration/membres/importer", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def importing() -> ResponseReturnValue:
    """Take a table of members."""
    return IMPORTER.upload_page()


@blueprint.get("/administration/membres/importer/modele")
@requires(Permission.ADMINISTER)
def importing_template() -> Response:
    """Give the table to start from."""
    return IMPORTER.template_file()


@blueprint.get("/administration/membres/importer/<uuid:file_id>")
@requires(Permission.ADMINISTER)
def importing_preview(file_id: UUID) -> ResponseReturnValue:
    """Show what becomes of every line."""
    return IMPORTER.preview_page(file_id)


@blueprint.post("/administration/membres/importer/<uuid:file_id>")
@requires(Permission.ADMINISTER)
def importing_apply(file_id: UUID) -> ResponseReturnValue:
    """Import what was looked at."""
    return IMPORTER.apply_page(file_id)
