"""The shapes of resources, in and out."""

import re
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked
from coopshare.members.kinds import Standing
from coopshare.resources.commands import Create, QuotaRule, TariffLine
from coopshare.resources.kinds import (
    FEATURES,
    QuotaHolder,
    QuotaMeasure,
    QuotaPeriod,
    ResourceKind,
    TariffUnit,
    VatMode,
)
from coopshare.web.errors import flattened
from coopshare.web.schemas import Day, Instant, Schema, Text, Whole

TIME = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)$|^24:00$")
YEAR = 366 * 24 * 60
"""Minutes: the longest of any rule."""


class TimeOfDay(fields.Field[int]):
    """A time of the local day, "09:30" or "24:00"; minutes inside."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:  # noqa: ARG002
        if not isinstance(value, str) or not TIME.match(value):
            raise ValidationError([marked("Écrivez une heure, par exemple 09:30.")])
        hours, minutes = value.split(":")
        return int(hours) * 60 + int(minutes)

    def _serialize(self, value: int | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else f"{value // 60:02}:{value % 60:02}"


class Complete(fields.Nested):
    """A nested shape that is always given whole, in a partial change too."""

    def _load(self, value: Any, partial: Any = None) -> Any:  # noqa: ARG002
        return super()._load(value, partial=False)


class OpeningSchema(Schema):
    """A resource is open on a weekday (0 Monday) between two times of the local day."""

    weekday = Whole(0, 6, required=True)
    opens = TimeOfDay(required=True, metadata={"type": "string", "example": "09:00"})
    closes = TimeOfDay(required=True, metadata={"type": "string", "example": "18:00"})

    @post_load
    def check(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Refuse hours that end before they begin."""
        if data["closes"] <= data["opens"] or data["opens"] >= 24 * 60:
            raise ValidationError({"closes": [marked("La fermeture doit suivre l'ouverture.")]})
        return data


class FixedSlotSchema(OpeningSchema):
    """A fixed slot of any day."""

    class Meta:
        """Slots have no weekday."""

        exclude = ("weekday",)


class PriceSchema(Schema):
    """A price for a standing (null: everyone without a line of their own) and a unit, in cents."""

    standing = fields.Enum(Standing, by_value=True, load_default=None, allow_none=True)
    unit = fields.Enum(TariffUnit, by_value=True, required=True)
    cents = Whole(0, 100_000_000, required=True)
    note = Text(200)
    beyond = Whole(0, YEAR, load_default=0)
    """It holds for what comes after so many minutes (by the hour) or units (all else)."""
    weekdays = fields.List(Whole(0, 6), load_default=list, validate=validate.Length(max=7))
    """Days on which it holds, 0 Monday; none: all."""
    opens = TimeOfDay(
        load_default=None, allow_none=True, metadata={"type": "string", "example": "18:00"}
    )
    """By the hour: the time of day from which it holds."""
    closes = TimeOfDay(
        load_default=None, allow_none=True, metadata={"type": "string", "example": "22:00"}
    )


def tariff_of(data: dict[str, Any]) -> TariffLine:
    """Return a loaded price as the commands want it."""
    return TariffLine(**data)


class PricingSchema(Schema):
    """What goes with the prices: deposit, late cancellation, tax."""

    deposit_cents = Whole(0, 100_000_000)
    late_before = Whole(0, YEAR)
    """Minutes before the start from which giving up is late; 0: never."""
    late_share = Whole(0, 10_000)
    """Part of the price then due, in basis points."""
    vat_mode = fields.Enum(VatMode, by_value=True, allow_none=True)
    vat_bp = Whole(0, 10_000)
    """Rate of tax in basis points, added to prices where they are taxable."""


class QuotaRuleSchema(Schema):
    """What a quota says; `amount` is minutes, or bookings."""

    name = Text(120, required=True)
    is_free = fields.Boolean(required=True)
    measure = fields.Enum(QuotaMeasure, by_value=True, load_default=QuotaMeasure.HOURS)
    amount = Whole(0, 10 * YEAR, required=True)
    period = fields.Enum(QuotaPeriod, by_value=True, load_default=QuotaPeriod.MONTH)
    first_day = Day(load_default=None, allow_none=True)
    last_day = Day(load_default=None, allow_none=True)
    holder = fields.Enum(QuotaHolder, by_value=True, load_default=QuotaHolder.ORGANISATION)
    standing = fields.Enum(Standing, by_value=True, load_default=None, allow_none=True)
    resource_id = fields.UUID(load_default=None, allow_none=True)
    kind = fields.Enum(ResourceKind, by_value=True, load_default=None, allow_none=True)

    @post_load
    def to_rule(self, data: dict[str, Any], **_: object) -> QuotaRule:
        """Return the rule."""
        return QuotaRule(**data)


class QuotaSchema(Schema):
    """A quota as programs read it."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    is_free = fields.Boolean(required=True)
    measure = fields.Enum(QuotaMeasure, by_value=True, required=True)
    amount = fields.Integer(required=True)
    period = fields.Enum(QuotaPeriod, by_value=True, required=True)
    first_day = fields.Date(required=True, allow_none=True)
    last_day = fields.Date(required=True, allow_none=True)
    holder = fields.Enum(QuotaHolder, by_value=True, required=True)
    standing = fields.Enum(Standing, by_value=True, required=True, allow_none=True)
    resource_id = fields.UUID(required=True, allow_none=True)
    kind = fields.Enum(ResourceKind, by_value=True, required=True, allow_none=True)
    version = fields.Integer(required=True)


class QuotaListSchema(Schema):
    """The quotas that count."""

    items = fields.List(fields.Nested(QuotaSchema), required=True)


class RulesSchema(Schema):
    """How a resource may be used. Durations are minutes, `horizon` days."""

    preparation_before = Whole(0, 24 * 60)
    preparation_after = Whole(0, 24 * 60)
    shortest = Whole(1, YEAR, allow_none=True)
    longest = Whole(1, YEAR, allow_none=True)
    step = Whole(1, 24 * 60)
    slots = fields.List(Complete(FixedSlotSchema), validate=validate.Length(max=48))
    notice = Whole(0, YEAR)
    horizon = Whole(1, 3660, allow_none=True)
    standings = fields.List(
        fields.Enum(Standing, by_value=True), validate=validate.Length(max=len(Standing))
    )
    needs_approval = fields.Boolean()
    option_longest = Whole(0, YEAR)
    """Minutes an option may last; 0: no options."""
    waiting_delay = Whole(0, YEAR)
    """Minutes for which what became free is offered to the first who waits; 0: no waiting list."""
    check_in_within = Whole(0, 24 * 60)
    """Minutes after the start within which somebody checks in; 0: nobody has to."""
    hand_over = fields.Boolean()
    """Handed over in person: collected and given back, with a state noted at both ends."""
    closed_on_holidays = fields.Boolean()
    closed_in_school_holidays = fields.Boolean()


class ApprovalSchema(Schema):
    """Which uses wait for an approver (`rules.needs_approval`: all), who answers, how fast.

    Durations are minutes; `delay` 0: until the start. No `approvers`: who manages it.
    """

    outside_hours = fields.Boolean()
    above = Whole(1, YEAR, allow_none=True)
    quantity = Whole(0, 100_000, allow_none=True)
    standings = fields.List(
        fields.Enum(Standing, by_value=True), validate=validate.Length(max=len(Standing))
    )
    delay = Whole(0, YEAR)
    approvers = fields.List(fields.UUID(), validate=validate.Length(max=20))


class ResourceFields(Schema):
    """What people say of a resource, all of it optional: the shape of a change."""

    name = Text(120, required=True)
    kind = fields.Enum(ResourceKind, by_value=True, required=True)
    owner_id = fields.UUID(required=True)
    manager_id = fields.UUID()
    quantity = Whole(1, 100_000)
    capacity = Whole(1, 100_000, allow_none=True)
    description = Text(4000, multiline=True)
    location = Text(120)
    address = Text(300)
    access_notes = Text(1000, multiline=True)
    timezone = Text(60)
    features = fields.List(
        fields.String(validate=validate.OneOf(FEATURES)), validate=validate.Length(max=40)
    )
    billed_by = fields.Enum(TariffUnit, by_value=True)
    opening_hours = fields.List(Complete(OpeningSchema), validate=validate.Length(max=70))
    rules = Complete(RulesSchema)
    approval = Complete(ApprovalSchema)
    pricing = Complete(PricingSchema)
    tariffs = fields.List(Complete(PriceSchema), validate=validate.Length(max=60))
    parts = fields.List(fields.UUID(), validate=validate.Length(max=50))


def values_of(data: dict[str, Any]) -> dict[str, Any]:
    """Return what was loaded as the `values` of the commands: columns, hours, tariffs, parts."""
    apart = {"opening_hours", "rules", "approval", "pricing"}
    values = {name: value for name, value in data.items() if name not in apart}
    values |= data.get("pricing", {})
    if "timezone" in values and not values["timezone"]:
        del values["timezone"]
    if "opening_hours" in data:
        values["hours"] = [(h["weekday"], h["opens"], h["closes"]) for h in data["opening_hours"]]
    if "tariffs" in data:
        values["tariffs"] = [tariff_of(one) for one in data["tariffs"]]
    rules = dict(data.get("rules", {}))
    if "slots" in rules:
        rules["slots"] = [[s["opens"], s["closes"]] for s in rules["slots"]]
    if "standings" in rules:
        rules["standings"] = [str(one.value) for one in rules["standings"]]
    return values | rules | approval_of(data.get("approval", {}))


def approval_of(said: dict[str, Any]) -> dict[str, Any]:
    """Return what was said of approval as the `values` of the commands."""
    values = {name if name == "approvers" else f"approval_{name}": said[name] for name in said}
    if "approval_standings" in values:
        values["approval_standings"] = [str(one.value) for one in said["standings"]]
    return values


class ResourceCreateSchema(ResourceFields):
    """A new resource."""

    @post_load
    def command(self, data: dict[str, Any], **_: object) -> Create:
        """Return the command."""
        values = values_of(data)
        return Create(
            name=values.pop("name"),
            kind=values.pop("kind"),
            owner_id=values.pop("owner_id"),
            values=values,
        )


class ResourceChangeSchema(ResourceFields):
    """What is to be changed: anything left out stays as it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"partial": True})


class ResourceSchema(ResourceFields):
    """A resource as programs read it."""

    id = fields.UUID(required=True)
    owner_name = fields.String()
    manager_name = fields.String()
    is_listed = fields.Boolean()
    out_of_order = fields.Integer()
    """How many are under maintenance now."""
    wholes = fields.List(fields.UUID())
    photos = fields.List(fields.Dict())
    created_at = Instant()
    changed_at = Instant()


class ResourcePageSchema(Schema):
    """Some resources, and where the next ones begin."""

    items = fields.List(fields.Nested(ResourceSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ResourceQuerySchema(Schema):
    """What a list of resources is narrowed to."""

    kind = fields.Enum(ResourceKind, by_value=True, load_default=None)
    q = Text(200)
    min_capacity = Whole(1, 100_000, load_default=None)
    feature = fields.List(fields.String(validate=validate.OneOf(FEATURES)), load_default=list)
    owner = fields.UUID(load_default=None)
    starts_at = Instant(data_key="from", load_default=None)
    ends_at = Instant(data_key="to", load_default=None)
    limit = Whole(1, 100, load_default=50)
    after = Text(400)


def loaded(schema: Schema, data: dict[str, Any]) -> Any:
    """Return what a schema makes of data; raises `Invalid`, field by field."""
    try:
        return schema.load(data)
    except ValidationError as error:
        raise Invalid(flattened(error.messages)) from error


class LabelSchema(Schema):
    """A short address to stick on a thing."""

    resource_id = fields.UUID(required=True)
    code = fields.String(required=True)
    url = fields.String(required=True)
    created_at = fields.String(required=True)
