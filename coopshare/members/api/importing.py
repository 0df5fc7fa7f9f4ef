"""Importing members by the JSON API: the body is the file."""

from typing import Any

from coopshare.members.api.routes import blueprint
from coopshare.members.pages.importing import IMPORTER
from coopshare.members.policies import Permission
from coopshare.web.importing import FILE_BODY, DryRunSchema, PreviewSchema
from coopshare.web.permissions import requires


@blueprint.post("/members/import")
@blueprint.doc(**FILE_BODY)
@blueprint.arguments(DryRunSchema, location="query")
@blueprint.response(200, PreviewSchema)
@requires(Permission.ADMINISTER)
def import_members(asked: dict[str, Any]) -> dict[str, Any]:
    """Ajouter les membres d'un tableau ; avec `dry_run`, dire seulement ce qui serait fait."""
    return IMPORTER.operation(dry_run=asked["dry_run"])
