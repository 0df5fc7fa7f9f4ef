"""The shapes of what people choose to be told."""

from typing import Any

from marshmallow import fields, post_load, validate

from coopshare.notifications.commands import Choose
from coopshare.notifications.models import News
from coopshare.notifications.services import REMINDERS
from coopshare.web.schemas import CHOOSE, Schema


class ChooseSchema(Schema):
    """What one wants to be told from now on."""

    news = fields.Enum(News, by_value=True, required=True)
    reminder = fields.Integer(required=True, validate=validate.OneOf(REMINDERS, error=CHOOSE))
    deadlines = fields.Boolean(load_default=False)
    digest = fields.Boolean(load_default=False)

    @post_load
    def command(self, data: dict[str, Any], **_more: Any) -> Choose:
        """Return the command."""
        return Choose(**data)


class ChoiceSchema(Schema):
    """What one is told."""

    news = fields.String(required=True)
    reminder = fields.Integer(required=True, metadata={"description": "Heures avant ; 0 : aucun."})
    deadlines = fields.Boolean(required=True)
    digest = fields.Boolean(required=True)
