"""Importing resources from a table."""

from uuid import UUID

from flask import Response
from flask.typing import ResponseReturnValue

from coopshare.kernel.text import marked
from coopshare.resources.imports import FIELDS, read_resources
from coopshare.resources.pages.routes import blueprint
from coopshare.resources.policies import Permission
from coopshare.resources.services.importing import import_resources, preview_resources
from coopshare.web.importing import Importer
from coopshare.web.permissions import requires

IMPORTER = Importer(
    purpose="resources",
    file_name="ressources",
    title=marked("Importer des ressources"),
    lead=marked("Des lieux, du matériel, des services, d'un tableau que vous avez déjà."),
    about=(
        marked("Une ressource qui porte déjà ce nom ne change pas."),
        marked("Photos, tarifs et autres règles s'ajoutent ensuite, sur chaque fiche."),
    ),
    fields=FIELDS,
    read=read_resources,
    preview=preview_resources,
    apply=import_resources,
    endpoint="resources.importing",
    after="resources.index",
)


@blueprint.route("/ressources/importer", methods=["GET", "POST"])
@requires(Permission.EDIT)
def importing() -> ResponseReturnValue:
    """Take a table of resources."""
    return IMPORTER.upload_page()


@blueprint.get("/ressources/importer/modele")
@requires(Permission.EDIT)
def importing_template() -> Response:
    """Give the table to start from."""
    return IMPORTER.template_file()


@blueprint.get("/ressources/importer/<uuid:file_id>")
@requires(Permission.EDIT)
def importing_preview(file_id: UUID) -> ResponseReturnValue:
    """Show what becomes of every line."""
    return IMPORTER.preview_page(file_id)


@blueprint.post("/ressources/importer/<uuid:file_id>")
@requires(Permission.EDIT)
def importing_apply(file_id: UUID) -> ResponseReturnValue:
    """Import what was looked at."""
    return IMPORTER.apply_page(file_id)
