"""The shapes of series in JSON: a rule, the choice for a date, every date of a plan."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from coopshare.bookings.commands import Choice, Recurrence, Scope
from coopshare.bookings.schemas import (
    MOST_CENTS,
    AlternativeSchema,
    BookSchema,
    BrokenRuleSchema,
    ChangeSchema,
    LineSchema,
    QuoteSchema,
    ReasonSchema,
    ShownLineSchema,
    span_of,
)
from coopshare.bookings.services import Why
from coopshare.kernel.errors import Invalid
from coopshare.kernel.recurrence import parse
from coopshare.web.schemas import Day, Instant, Schema, Text, Whole

MOST_CHOICES = 366
LONGEST_RULE = 200


class RuleSchema(Schema):
    """A rule, and whether it leaves out school holidays."""

    rule = Text(LONGEST_RULE, required=True)
    skip_school_holidays = fields.Boolean(load_default=False)


class RecurrenceField(fields.Field[Recurrence]):
    """An RRULE of the subset, alone or with `skip_school_holidays`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options,
            metadata={
                "description": "An RRULE (FREQ=WEEKLY;BYDAY=TU;UNTIL=20270630), alone or as"
                ' {"rule": "...", "skip_school_holidays": true}.',
                "oneOf": [
                    {"type": "string", "maxLength": LONGEST_RULE},
                    {
                        "type": "object",
                        "required": ["rule"],
                        "properties": {
                            "rule": {"type": "string", "maxLength": LONGEST_RULE},
                            "skip_school_holidays": {"type": "boolean"},
                        },
                        "additionalProperties": False,
                    },
                ],
            },
        )

    def _deserialize(self, value: Any, *_arguments: Any, **_options: Any) -> Recurrence:
        given = {"rule": value} if isinstance(value, str) else value
        found: dict[str, Any] = RuleSchema().load(given)
        try:
            rule = parse(found["rule"])
        except Invalid as error:
            raise ValidationError([s for said in error.fields.values() for s in said]) from error
        return Recurrence(rule=rule, skip_school_holidays=found["skip_school_holidays"])


class ChoiceSchema(Schema):
    """What is wanted of one date; `day` is the one the plan names."""

    day = Day(required=True)
    skip = fields.Boolean(load_default=False)
    lines = fields.List(
        fields.Nested(LineSchema), load_default=None, validate=validate.Length(1, 50)
    )
    starts_at = Instant(load_default=None)
    ends_at = Instant(load_default=None)

    @post_load
    def to_choice(self, data: dict[str, Any], **_options: Any) -> Choice:
        """Return the choice."""
        lines = data["lines"]
        return Choice(
            day=data["day"],
            skip=data["skip"],
            lines=tuple(lines) if lines is not None else None,
            span=span_of(data),
        )


def _choices() -> fields.List[Choice]:
    return fields.List(
        fields.Nested(ChoiceSchema), load_default=list, validate=validate.Length(max=MOST_CHOICES)
    )


def _scope(default: Scope) -> fields.Enum[Scope]:
    return fields.Enum(Scope, by_value=True, load_default=default)


class BookingOrSeriesSchema(BookSchema):
    """A booking to be made, or the same on many days."""

    recurrence = RecurrenceField(load_default=None, allow_none=True)
    choices = _choices()


class ScopedChangeSchema(ChangeSchema):
    """What changes in a booking, and in which others of its series."""

    scope = _scope(Scope.THIS)
    recurrence = RecurrenceField(load_default=None, allow_none=True)
    choices = _choices()


class ScopedReasonSchema(ReasonSchema):
    """Why, in a few words, and for which dates of its series."""

    scope = _scope(Scope.THIS)


class DecideSchema(ScopedReasonSchema):
    """An answer to a request: of these things only, or of all the actor decides on."""

    resource_ids = fields.List(
        fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(1, 50)
    )

    @post_load
    def to_choice(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the fields of the command."""
        chosen = data.pop("resource_ids")
        return data | {"resource_ids": frozenset(chosen) if chosen is not None else None}


class MakeSeriesSchema(Schema):
    """How a single booking comes back."""

    recurrence = RecurrenceField(required=True)
    choices = _choices()
    seen_cents = Whole(0, MOST_CENTS, load_default=None, allow_none=True)


class LeaveSeriesSchema(Schema):
    """Whether the other dates to come are given up."""

    cancel_others = fields.Boolean(load_default=False)


class AddDateSchema(Schema):
    """A date that was skipped or cancelled, as the series is or otherwise."""

    day = Day(required=True)
    lines = fields.List(
        fields.Nested(LineSchema), load_default=None, validate=validate.Length(1, 50)
    )
    starts_at = Instant(load_default=None)
    ends_at = Instant(load_default=None)


class PlannedDateSchema(Schema):
    """One date of a series before it is written."""

    day = fields.Date(required=True)
    booking_id = fields.UUID(required=True, allow_none=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    possible = fields.Boolean(required=True)
    left_out = fields.Enum(Why, by_value=True, required=True, allow_none=True)
    detail = fields.String(required=True)
    rules = fields.List(fields.Nested(BrokenRuleSchema), required=True)
    conflicts = fields.List(fields.Dict(), required=True)
    alternatives = fields.List(fields.Nested(AlternativeSchema), required=True)


class PlanSchema(QuoteSchema):
    """What would come of a booking or of a series; nothing is written."""

    dates = fields.List(fields.Nested(PlannedDateSchema), required=True)


class SeriesSchema(Schema):
    """A series: its rule, what each date has unless it has its own, the days left out."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    title = fields.String(required=True)
    note = fields.String(required=True)
    people = fields.Integer(required=True, allow_none=True)
    timezone = fields.String(required=True)
    rule = fields.String(required=True)
    detail = fields.String(required=True)
    first_day = fields.Date(required=True)
    local_starts_at = fields.String(required=True)
    minutes = fields.Integer(required=True)
    all_day = fields.Boolean(required=True)
    skip_school_holidays = fields.Boolean(required=True)
    left_out = fields.List(fields.Date(), required=True)
    split_from = fields.UUID(required=True, allow_none=True)
    lines = fields.List(fields.Nested(ShownLineSchema), required=True)
    version = fields.Integer(required=True)
