"""Conventions by the JSON API."""

from typing import Any
from uuid import UUID

from flask import Response, request

from coopshare.pooled_staff.commands import Amend, Draw, Sign
from coopshare.pooled_staff.models import Placement
from coopshare.pooled_staff.policies import Permission, allow
from coopshare.pooled_staff.queries import placements as queries
from coopshare.pooled_staff.schemas.placements import (
    AcceptSchema,
    AmendSchema,
    DrawSchema,
    EndSchema,
    PlacementListSchema,
    PlacementSchema,
    SendSchema,
)
from coopshare.pooled_staff.services import placements
from coopshare.web.api import Blueprint
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version
from coopshare.web.files import download
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "placements_api",
    __name__,
    url_prefix="/api/v1/placements",
    description="Les conventions de mise à disposition, version par version.",
)


def _shown(placement_id: UUID) -> Placement:
    with reading() as work:
        found = queries.placement(work, placement_id)
        give_version(found.version)
        return found


@blueprint.get("")
@blueprint.response(200, PlacementListSchema)
@requires(Permission.READ_PLACEMENTS)
def listing() -> dict[str, Any]:
    """List the conventions one may read, the latest number first."""
    with reading() as work:
        allow(work.actor, Permission.READ_PLACEMENTS)
        return {"items": queries.placements(work)}


@blueprint.post("")
@blueprint.arguments(DrawSchema)
@blueprint.response(201, PlacementSchema)
@requires(Permission.SET_UP)
def draw(command: Draw) -> Placement:
    """Draw up a convention: a draft that its member does not see yet."""
    return _shown(once(placements.draw, command))


@blueprint.get("/<uuid:placement_id>")
@blueprint.response(200, PlacementSchema)
@requires(Permission.READ_PLACEMENTS)
def read(placement_id: UUID) -> Placement:
    """Read a convention; its ETag is the version a change has to name."""
    return _shown(placement_id)


@blueprint.post("/<uuid:placement_id>/amend")
@blueprint.arguments(AmendSchema)
@blueprint.response(200, PlacementSchema)
@requires(Permission.SET_UP)
def amend(said: dict[str, Any], placement_id: UUID) -> Placement:
    """Change the draft of a convention, or begin the version that follows the accepted one."""
    write(placements.amend, Amend(placement_id=placement_id, **said))
    return _shown(placement_id)


@blueprint.post("/<uuid:placement_id>/send")
@blueprint.arguments(SendSchema)
@blueprint.response(200, PlacementSchema)
@requires(Permission.SET_UP)
def send(said: dict[str, Any], placement_id: UUID) -> Placement:
    """Send a draft to be accepted: what it says, and its document, change no more."""
    write(placements.send, placement_id, said["version"])
    return _shown(placement_id)


@blueprint.post("/<uuid:placement_id>/accept")
@blueprint.arguments(AcceptSchema)
@blueprint.response(200, PlacementSchema)
@requires(Permission.SIGN)
def accept(said: dict[str, Any], placement_id: UUID) -> Placement:
    """Accept the latest version for one's organisation: the very document that was read."""
    with reading() as work:
        version_id = queries.latest(queries.placement(work, placement_id)).id
    write(placements.sign, Sign(version_id=version_id, address=request.remote_addr or "", **said))
    return _shown(placement_id)


@blueprint.post("/<uuid:placement_id>/end")
@blueprint.arguments(EndSchema)
@blueprint.response(200, PlacementSchema)
@requires(Permission.SET_UP)
def end(said: dict[str, Any], placement_id: UUID) -> Placement:
    """End a convention before its term."""
    write(placements.end, placement_id, said["version"], said["last_day"])
    return _shown(placement_id)


@blueprint.get("/<uuid:placement_id>/<int:number>/pdf")
@blueprint.response(200, content_type="application/pdf")
@requires(Permission.READ_PLACEMENTS)
def pdf(placement_id: UUID, number: int) -> Response:
    """Give the document of a version, as it was sent."""
    with reading() as work:
        return download(placements.document(work, placement_id, number))
