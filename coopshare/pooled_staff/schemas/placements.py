"""The JSON shapes of conventions."""

from typing import Any

from marshmallow import fields, post_load, validate

from coopshare.pooled_staff.commands import Clauses, Draw
from coopshare.pooled_staff.kinds import CommitmentUnit, Half, PriceMode, Side
from coopshare.web.schemas import Day, Schema, Text, Whole

HALF_DAYS = tuple(f"{weekday}-{half.value}" for weekday in range(7) for half in Half)
"""Half-days of the week: "0-morning" is Monday's morning."""
YEAR = 366 * 24 * 60


def half_days() -> "fields.List[str]":
    """Return the field of some half-days of the week."""
    known = validate.OneOf(HALF_DAYS)
    return fields.List(
        fields.String(validate=known),
        load_default=list,
        validate=validate.Length(max=len(HALF_DAYS)),
    )


class ClausesSchema(Schema):
    """What a version says. `amount`: minutes, or a weight; `price`: basis points or cents."""

    starts_on = Day(required=True)
    ends_on = Day(load_default=None, allow_none=True)
    unit = fields.Enum(CommitmentUnit, by_value=True, required=True)
    amount = Whole(1, YEAR, required=True)
    tolerance_minutes = Whole(0, YEAR, load_default=0)
    is_firm = fields.Boolean(load_default=True)
    wished = half_days()
    excluded = half_days()
    sites = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=100))
    price_mode = fields.Enum(PriceMode, by_value=True, required=True)
    price = Whole(0, 10_000_000, load_default=0)
    notice_months = Whole(0, 24, load_default=3)
    terms = Text(4000, multiline=True)
    consent_on = Day(load_default=None, allow_none=True)

    @post_load
    def clauses(self, data: dict[str, Any], **_options: Any) -> Clauses:
        """Return the clauses."""
        return Clauses(
            **data
            | {
                "wished": tuple(data["wished"]),
                "excluded": tuple(data["excluded"]),
                "sites": frozenset(data["sites"]),
            }
        )


class DrawSchema(Schema):
    """A convention with a member about a post."""

    employer_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    position_id = fields.UUID(required=True)
    worker_id = fields.UUID(load_default=None, allow_none=True)
    clauses = fields.Nested(ClausesSchema, required=True)

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> Draw:
        """Return the command."""
        return Draw(**data)


class AmendSchema(Schema):
    """The clauses of the draft, or of the version that follows, on the version that was seen."""

    version = Whole(1, required=True)
    clauses = fields.Nested(ClausesSchema, required=True)


class SendSchema(Schema):
    """The version of the convention that was seen."""

    version = Whole(1, required=True)


class AcceptSchema(Schema):
    """What is accepted: the document that was read, and in which quality."""

    sha256 = Text(64, required=True)
    quality = Text(120, required=True)


class EndSchema(Schema):
    """The last day of a convention that ends before its term."""

    version = Whole(1, required=True)
    last_day = Day(required=True)


class SignatureSchema(Schema):
    """Who accepted, for which side, when."""

    side = fields.Enum(Side, by_value=True, required=True)
    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True)
    quality = fields.String(required=True)
    at = fields.DateTime(required=True)


class PlacementVersionSchema(Schema):
    """A version of a convention."""

    number = fields.Integer(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    unit = fields.Enum(CommitmentUnit, by_value=True, required=True)
    amount = fields.Integer(required=True)
    tolerance_minutes = fields.Integer(required=True)
    is_firm = fields.Boolean(required=True)
    wished = fields.List(fields.String(), required=True)
    excluded = fields.List(fields.String(), required=True)
    sites = fields.List(fields.String(), required=True)
    price_mode = fields.Enum(PriceMode, by_value=True, required=True)
    price = fields.Integer(required=True)
    notice_months = fields.Integer(required=True)
    terms = fields.String(required=True)
    sent_at = fields.DateTime(required=True, allow_none=True)
    sha256 = fields.String(required=True)
    is_accepted = fields.Boolean(required=True)
    signatures = fields.List(fields.Nested(SignatureSchema), required=True)


class PlacementSchema(Schema):
    """A convention, version by version."""

    id = fields.UUID(required=True)
    employer_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    position_id = fields.UUID(required=True)
    worker_id = fields.UUID(required=True, allow_none=True)
    number = fields.String(required=True)
    ended_on = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)
    versions = fields.List(fields.Nested(PlacementVersionSchema), required=True)


class PlacementListSchema(Schema):
    """The conventions one may read."""

    items = fields.List(fields.Nested(PlacementSchema), required=True)
