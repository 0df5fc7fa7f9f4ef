"""Screens at doors by the JSON API."""

from typing import Any
from uuid import UUID

from coopshare.bookings import screens as queries
from coopshare.bookings import services
from coopshare.bookings.commands import AddScreen
from coopshare.bookings.models import DoorScreen
from coopshare.bookings.pages.screens import address_of, made_once
from coopshare.bookings.policies import Permission, manages_something
from coopshare.bookings.schemas import (
    AddScreenSchema,
    ScreenPageSchema,
    ScreenQuerySchema,
    ScreenSchema,
)
from coopshare.kernel.errors import Forbidden
from coopshare.resources.queries import catalogue
from coopshare.resources.services import is_managed_by
from coopshare.web.api import Blueprint
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "screens_api",
    __name__,
    url_prefix="/api/v1/screens",
    description="Les écrans aux portes des salles.",
)

NAMES = ("id", "resource_id", "name", "language", "created_at", "last_seen_at")


def _as_json(screen: DoorScreen, token: str | None = None) -> dict[str, Any]:
    url = None if token is None else address_of(token)
    return {name: getattr(screen, name) for name in NAMES} | {"url": url}


@blueprint.get("")
@blueprint.arguments(ScreenQuerySchema, location="query")
@blueprint.response(200, ScreenPageSchema)
@requires(Permission.SCREENS)
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """List the screens of the rooms one looks after: all of them, in one page."""
    with reading() as work:
        if not manages_something(work.actor):
            raise Forbidden
        asked = query["resource_id"]
        mine = [
            one.id
            for one in catalogue(work).resources.values()
            if is_managed_by(work.actor, one) and asked in {None, one.id}
        ]
        return {"items": [_as_json(one) for one in queries.listing(work, mine)], "next": None}


@blueprint.post("")
@blueprint.arguments(AddScreenSchema)
@blueprint.response(201, ScreenSchema)
@requires(Permission.SCREENS)
def create(body: dict[str, Any]) -> dict[str, Any]:
    """Make a screen; its address is in this answer only."""
    made, token = made_once(AddScreen(**body))
    with reading() as work:
        screen = queries.get(work, made)
        give_version(screen.version)
        return _as_json(screen, token)


@blueprint.get("/<uuid:screen_id>")
@blueprint.response(200, ScreenSchema)
@requires(Permission.SCREENS)
def read(screen_id: UUID) -> dict[str, Any]:
    """Read one screen; its ETag is the version that stopping it has to name."""
    with reading() as work:
        screen = queries.get(work, screen_id)
        services.managed(work, screen.resource_id)
        give_version(screen.version)
        return _as_json(screen)


@blueprint.post("/<uuid:screen_id>/renew")
@blueprint.response(200, ScreenSchema)
@requires(Permission.SCREENS)
def renew(screen_id: UUID) -> dict[str, Any]:
    """Give a screen another address, which is in this answer only."""
    screen, token = write(services.renew_screen, screen_id)
    give_version(screen.version)
    return _as_json(screen, token)


@blueprint.delete("/<uuid:screen_id>")
@blueprint.response(204)
@requires(Permission.SCREENS)
def stop(screen_id: UUID) -> None:
    """Take a screen down: its address answers no more."""
    write(services.stop_screen, screen_id, version=seen_version())
