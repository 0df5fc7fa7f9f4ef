"""The shapes of statements: JSON, and the form that closes a month."""

from typing import Any

from marshmallow import fields, post_load, validate

from coopshare.exchanges.commands import CloseMonth
from coopshare.exchanges.months import Month
from coopshare.web.schemas import Schema, Text, Whole


class CloseSchema(Schema):
    """Which month is closed, as 2026-10."""

    month = Text(7, required=True)

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> CloseMonth:
        """Return the command."""
        return CloseMonth(month=Month.parse(data["month"]))


class StatementQuerySchema(Schema):
    """Which statements are listed."""

    month = Text(7)
    organisation_id = fields.UUID(load_default=None)
    limit = Whole(1, 100, load_default=50)
    after = fields.String(load_default=None, validate=validate.Length(max=400))


class DraftQuerySchema(Schema):
    """Which month is looked at; none: the next one to be closed."""

    month = Text(7)


class LineSchema(Schema):
    """A line of a statement; `units` are minutes where the unit is the hour."""

    booking_id = fields.UUID(required=True)
    title = fields.String(required=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    timezone = fields.String(required=True)
    resource_id = fields.UUID(required=True)
    resource = fields.String(required=True)
    kind = fields.String(required=True)
    unit = fields.String(required=True)
    units = fields.Integer(required=True)
    quantity = fields.Integer(required=True)
    cents_each = fields.Integer(required=True)
    cents = fields.Integer(required=True)
    vat_mode = fields.String(required=True, allow_none=True)
    vat_bp = fields.Integer(required=True)
    is_correction = fields.Boolean(required=True)


class StatementSchema(Schema):
    """A statement, without its lines."""

    id = fields.UUID(required=True)
    number = fields.String(required=True)
    month = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    issued_on = fields.Date(required=True)
    currency = fields.String(required=True)
    net_cents = fields.Integer(required=True)
    vat_cents = fields.Integer(required=True)
    total_cents = fields.Integer(required=True)
    csv_sha256 = fields.String(required=True)
    pdf_sha256 = fields.String(required=True)


class WholeStatementSchema(StatementSchema):
    """A statement with its lines."""

    lines = fields.List(fields.Nested(LineSchema), required=True)


class StatementPageSchema(Schema):
    """Some statements, and where the next ones begin."""

    items = fields.List(fields.Nested(StatementSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class DraftSchema(Schema):
    """What an organisation would be told."""

    number = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    organisation = fields.String(required=True)
    net_cents = fields.Integer(required=True)
    vat_cents = fields.Integer(required=True)
    lines = fields.Integer(required=True)
    corrections = fields.Integer(required=True)


class DraftsSchema(Schema):
    """What closing a month now would issue."""

    month = fields.String(required=True)
    items = fields.List(fields.Nested(DraftSchema), required=True)


class ClosedMonthSchema(Schema):
    """A closed month."""

    id = fields.UUID(required=True)
    month = fields.String(required=True)
    closed_at = fields.DateTime(required=True)
