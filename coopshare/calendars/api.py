"""Subscriptions by the JSON API."""

from typing import Any
from uuid import UUID

from coopshare.calendars import queries, services
from coopshare.calendars.addresses import addresses
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import Feed
from coopshare.calendars.policies import Permission
from coopshare.calendars.schemas import CreateFeedSchema, FeedPageSchema, FeedSchema
from coopshare.db.work import Work
from coopshare.web.api import Blueprint
from coopshare.web.context import reading, settings, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.idempotency import outcome
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "calendars_api",
    __name__,
    url_prefix="/api/v1/feeds",
    description="Les abonnements de son agenda.",
)


def made_once(command: CreateFeed) -> tuple[UUID, str | None]:
    """Make a subscription under the request's key; its token is None when it was made before."""
    tokens: list[str] = []

    def make(work: Work) -> Feed:
        feed, token = services.create_feed(work, command)
        tokens.append(token)
        return feed

    made = outcome(make, lambda _work, _feed: tokens[-1])
    return made.id, made.shown


def shown_address(feed: Feed, token: str | None) -> str | None:
    """Return the address of a subscription whose token is known only now."""
    return None if token is None else addresses(settings().base_url, feed, token).https


def _as_json(feed: Feed, token: str | None = None) -> dict[str, Any]:
    names = (
        "id",
        "kind",
        "detail",
        "target_id",
        "name",
        "created_at",
        "last_used_on",
        "last_client",
    )
    return {name: getattr(feed, name) for name in names} | {"url": shown_address(feed, token)}


@blueprint.get("")
@blueprint.response(200, FeedPageSchema)
@requires(Permission.SUBSCRIBE)
def listing() -> dict[str, Any]:
    """List one's own subscriptions, newest first."""
    with reading() as work:
        return {"items": [_as_json(feed) for feed in queries.feeds(work)], "next": None}


@blueprint.post("")
@blueprint.arguments(CreateFeedSchema)
@blueprint.response(201, FeedSchema)
@requires(Permission.SUBSCRIBE)
def create(command: CreateFeed) -> dict[str, Any]:
    """Make a subscription; its address is in this answer only."""
    made, token = made_once(command)
    with reading() as work:
        feed = queries.get_feed(work, made)
        give_version(feed.version)
        return _as_json(feed, token)


@blueprint.get("/<uuid:feed_id>")
@blueprint.response(200, FeedSchema)
@requires(Permission.SUBSCRIBE)
def read(feed_id: UUID) -> dict[str, Any]:
    """Read one of one's own subscriptions."""
    with reading() as work:
        feed = queries.get_feed(work, feed_id)
        give_version(feed.version)
        return _as_json(feed)


@blueprint.delete("/<uuid:feed_id>")
@blueprint.response(204)
@requires(Permission.SUBSCRIBE)
def revoke(feed_id: UUID) -> None:
    """End a subscription: its address answers no more."""
    write(services.revoke_feed, feed_id, version=seen_version())
