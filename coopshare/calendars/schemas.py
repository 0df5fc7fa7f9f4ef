"""The shapes of subscriptions, in and out."""

from typing import Any

from marshmallow import fields, post_load

from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import FeedDetail, FeedKind
from coopshare.web.schemas import Day, Instant, Schema


class CreateFeedSchema(Schema):
    """A new subscription address."""

    kind = fields.Enum(FeedKind, by_value=True, required=True)
    target_id = fields.UUID(load_default=None, allow_none=True)
    detail = fields.Enum(FeedDetail, by_value=True, load_default=FeedDetail.FULL)

    @post_load
    def command(self, data: dict[str, Any], **_: object) -> CreateFeed:
        """Return the command."""
        return CreateFeed(**data)


class FeedSchema(Schema):
    """A subscription; `url` is given once, by the answer that made it."""

    id = fields.UUID(required=True)
    kind = fields.Enum(FeedKind, by_value=True, required=True)
    detail = fields.Enum(FeedDetail, by_value=True, required=True)
    target_id = fields.UUID(allow_none=True)
    name = fields.String(required=True)
    created_at = Instant(required=True)
    last_used_on = Day(allow_none=True)
    last_client = fields.String(allow_none=True)
    url = fields.String(allow_none=True)


class FeedPageSchema(Schema):
    """All the subscriptions of a person: there is one page."""

    items = fields.List(fields.Nested(FeedSchema), required=True)
    next = fields.String(required=True, allow_none=True)
