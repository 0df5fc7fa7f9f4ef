"""Screens at doors: hang one up, give it another address, take it down."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import or_, update

from coopshare.bookings import screens
from coopshare.bookings.commands import AddScreen
from coopshare.bookings.facts import ScreenAdded, ScreenRenewed, ScreenStopped
from coopshare.bookings.models import DoorScreen
from coopshare.calendars.services import hashed, new_token
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work
from coopshare.kernel.errors import Forbidden, Invalid, VersionMismatch
from coopshare.kernel.text import marked
from coopshare.resources import queries as catalogue
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import Resource
from coopshare.resources.services import is_managed_by


def managed(work: Work, resource_id: UUID) -> Resource:
    """Return a resource whose screens the actor looks after; raises `NotFound`, `Forbidden`."""
    resource = catalogue.get(work, resource_id)
    if not is_managed_by(work.actor, resource):
        raise Forbidden
    return resource


def add_screen(work: Work, command: AddScreen) -> tuple[DoorScreen, str]:
    """Make the address of a screen; return it with its token, which is told only now.

    Raises `NotFound`, `Forbidden`, and `Invalid` for what has no door.
    """
    resource = managed(work, command.resource_id)
    if resource.kind is not ResourceKind.PLACE:
        raise Invalid.field("resource_id", marked("Un écran se pose à la porte d'un lieu."))
    token = new_token()
    screen = DoorScreen(
        id=uuid4(),
        resource_id=resource.id,
        name=command.name,
        language=command.language,
        token_hash=hashed(token),
        created_by=work.actor.person_id,
        created_at=work.now,
    )
    work.session.add(screen)
    work.session.flush()
    work.record(ScreenAdded(object_id=screen.id))
    return screen, token


def renew_screen(work: Work, screen_id: UUID) -> tuple[DoorScreen, str]:
    """Give a screen another address; the former one answers no more from now on."""
    screen = screens.get(work, screen_id)
    managed(work, screen.resource_id)
    token = new_token()
    screen.token_hash, screen.last_seen_at = hashed(token), None
    work.session.flush()
    work.record(ScreenRenewed(object_id=screen.id))
    return screen, token


def stop_screen(work: Work, screen_id: UUID, *, version: int | None = None) -> DoorScreen:
    """Take a screen down: its address answers no more. Raises `VersionMismatch`."""
    screen = screens.get(work, screen_id)
    managed(work, screen.resource_id)
    if version is not None and screen.version != version:
        raise VersionMismatch
    screen.revoked_at = work.now
    work.session.flush()
    work.record(ScreenStopped(object_id=screen.id))
    return screen


def record_seen(work: Work, seen: Mapping[UUID, datetime]) -> None:
    """Keep when screens last asked, as the web processes gathered it."""
    for screen_id in sorted(seen):
        at = seen[screen_id]
        work.session.execute(
            update(DoorScreen)
            .where(
                DoorScreen.id == screen_id,
                or_(DoorScreen.last_seen_at.is_(None), DoorScreen.last_seen_at < at),
            )
            .values(last_seen_at=at)
            .execution_options(synchronize_session=False, **EVERYWHERE)
        )
