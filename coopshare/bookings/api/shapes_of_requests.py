"""The shapes of requests in JSON: what is proposed, and where an answer stands."""

from marshmallow import fields, validate

from coopshare.bookings.models import DecisionStatus, ProposalKind
from coopshare.bookings.schemas import MOST_CENTS, LineSchema, ShownLineSchema
from coopshare.web.schemas import Instant, Schema, Text, Whole


class ProposeSchema(Schema):
    """What is proposed instead; what is not said stays as it was asked."""

    lines = fields.List(
        fields.Nested(LineSchema), load_default=None, validate=validate.Length(1, 50)
    )
    starts_at = Instant(load_default=None)
    ends_at = Instant(load_default=None)
    note = Text(300, multiline=True)


class AcceptSchema(Schema):
    """What was seen of what is taken."""

    seen_cents = Whole(0, MOST_CENTS, load_default=None, allow_none=True)


class NothingSchema(Schema):
    """A verb that needs no words."""


class DecisionSchema(Schema):
    """What was answered about one thing."""

    resource_id = fields.UUID(required=True)
    name = fields.String(required=True)
    status = fields.Enum(DecisionStatus, by_value=True, required=True)
    reasons = fields.List(fields.String(), required=True)
    answered_by = fields.String(required=True, allow_none=True)
    is_mine = fields.Boolean(required=True)


class ProposalSchema(Schema):
    """What is proposed and not answered: instead of a request, or a change that is asked for."""

    kind = fields.Enum(ProposalKind, by_value=True, required=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    timezone = fields.String(required=True)
    all_day = fields.Boolean(required=True)
    lines = fields.List(fields.Nested(ShownLineSchema), required=True)
    proposed_by = fields.String(required=True, allow_none=True)
    note = fields.String(required=True)
    price_cents = fields.Integer(required=True, allow_none=True)
    """Before tax, were it taken."""
    lapses_at = fields.String(required=True)


class ApprovalSchema(Schema):
    """Where a request stands: who has answered, what is proposed, until when it waits."""

    decisions = fields.List(fields.Nested(DecisionSchema), required=True)
    proposal = fields.Nested(ProposalSchema, required=True, allow_none=True)
    lapses_at = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
