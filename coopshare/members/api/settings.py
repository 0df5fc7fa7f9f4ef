"""The settings of the cooperative by the JSON API."""

from typing import Any

from coopshare.members import queries, services
from coopshare.members.api.routes import blueprint
from coopshare.members.api.shapes import ChangeCooperativeSchema, CooperativeSchema
from coopshare.members.commands import ChangeCooperative
from coopshare.members.models import Cooperative
from coopshare.members.policies import Permission, allow
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.permissions import requires


@blueprint.route("/cooperative", methods=["GET"])
@blueprint.response(200, CooperativeSchema)
@requires(Permission.READ)
def cooperative() -> Cooperative:
    """Lire les réglages de la coopérative."""
    with reading() as work:
        allow(work.actor, Permission.READ)
        found = queries.cooperative(work)
    give_version(found.version)
    return found


@blueprint.route("/cooperative", methods=["PATCH"])
@blueprint.arguments(ChangeCooperativeSchema)
@blueprint.response(200, CooperativeSchema)
@requires(Permission.ADMINISTER)
def change_cooperative(given: dict[str, Any]) -> Cooperative:
    """Changer les réglages ; les ressources et les réservations gardent leur fuseau horaire."""
    found = write(services.change_cooperative, ChangeCooperative(version=seen_version(), **given))
    give_version(found.version)
    return found
