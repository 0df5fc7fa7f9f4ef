"""Organisations by the JSON API."""

from typing import Any
from uuid import UUID

from coopshare.members import queries, services
from coopshare.members.api.routes import blueprint
from coopshare.members.api.shapes import (
    ChangeOrganisationSchema,
    ListSchema,
    OrganisationOutSchema,
    OrganisationsSchema,
)
from coopshare.members.commands import (
    ChangeOrganisation,
)
from coopshare.members.models import Membership, Organisation
from coopshare.members.pages.organisation import after_name
from coopshare.members.policies import Permission, allow
from coopshare.members.schemas import (
    OrganisationSchema,
)
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.idempotency import once
from coopshare.web.pagination import Page, page
from coopshare.web.permissions import requires


def _organisation(one: Membership) -> dict[str, Any]:
    sheet: Organisation = one.organisation
    names = ("id", "name", "kind", "siret", "email", "phone", "address", "version")
    return {name: getattr(sheet, name) for name in names} | {
        "standing": one.standing,
        "since": one.since,
        "until": one.until,
    }


@blueprint.route("/organisations", methods=["GET"])
@blueprint.arguments(ListSchema, location="query")
@blueprint.response(200, OrganisationsSchema)
@requires(Permission.READ)
def organisations(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """Lister les organisations de la coopérative."""
    with reading() as work:
        allow(work.actor, Permission.READ)
        found = queries.search(
            work, asked["q"], limit=asked["limit"], after=after_name(asked["after"])
        )
        cut = page(
            found,
            asked["limit"],
            lambda one: (one.organisation.sort_key, one.organisation_id),
        )
        return Page([_organisation(one) for one in cut.items], cut.next)


@blueprint.route("/organisations", methods=["POST"])
@blueprint.arguments(OrganisationSchema)
@blueprint.response(201, OrganisationOutSchema)
@requires(Permission.ADMINISTER)
def add_organisation(command: Any) -> dict[str, Any]:
    """Ajouter une organisation à la coopérative."""
    added = once(services.add_organisation, command)
    return _read_organisation(added)


def _read_organisation(organisation_id: UUID) -> dict[str, Any]:
    with reading() as work:
        allow(work.actor, Permission.READ)
        one = queries.membership(work, organisation_id)
        give_version(one.organisation.version)
        return _organisation(one)


@blueprint.route("/organisations/<uuid:organisation_id>", methods=["GET"])
@blueprint.response(200, OrganisationOutSchema)
@requires(Permission.READ)
def organisation(organisation_id: UUID) -> dict[str, Any]:
    """Lire une organisation."""
    return _read_organisation(organisation_id)


@blueprint.route("/organisations/<uuid:organisation_id>", methods=["PATCH"])
@blueprint.arguments(ChangeOrganisationSchema)
@blueprint.response(200, OrganisationOutSchema)
@requires(Permission.MANAGE_ORGANISATION)
def change_organisation(given: dict[str, Any], organisation_id: UUID) -> dict[str, Any]:
    """Changer la fiche d'une organisation."""
    write(
        services.change_organisation,
        ChangeOrganisation(organisation_id=organisation_id, version=seen_version(), **given),
    )
    return _read_organisation(organisation_id)
