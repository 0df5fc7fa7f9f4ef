"""What is answered, in JSON: bookings, prices, quotas, queues, screens."""

from marshmallow import fields

from coopshare.bookings.models import BookingStatus, ChargeKind, ChargeUnit, WaitStatus
from coopshare.bookings.schemas.asked import LineSchema
from coopshare.resources.kinds import QuotaHolder, QuotaMeasure, VatMode
from coopshare.web.schemas import Instant, Schema


class UsageSchema(Schema):
    """What is used of a quota in its present period: minutes, or bookings."""

    quota_id = fields.UUID(required=True)
    name = fields.String(required=True)
    is_free = fields.Boolean(required=True)
    measure = fields.Enum(QuotaMeasure, by_value=True, required=True)
    holder = fields.Enum(QuotaHolder, by_value=True, required=True)
    amount = fields.Integer(required=True)
    used = fields.Integer(required=True)
    left = fields.Integer(required=True)
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)


class UsageListSchema(Schema):
    """What is used of each quota."""

    items = fields.List(fields.Nested(UsageSchema), required=True)


class ShownLineSchema(Schema):
    """A line of a booking."""

    resource_id = fields.UUID(required=True)
    name = fields.String(required=True)
    quantity = fields.Integer(required=True)


class TariffSchema(Schema):
    """A price that applies to a line."""

    resource_id = fields.UUID(required=True)
    unit = fields.String(required=True)
    cents = fields.Integer(required=True)
    note = fields.String(required=True)


class TaxSchema(Schema):
    """The tax of one rate, in basis points, on the sum of what bears it."""

    bp = fields.Integer(required=True)
    base_cents = fields.Integer(required=True)
    cents = fields.Integer(required=True)


class ChargeSchema(Schema):
    """A line of a price; `units` are minutes where the unit is the hour."""

    resource_id = fields.UUID(required=True)
    name = fields.String(required=True)
    kind = fields.Enum(ChargeKind, by_value=True, required=True)
    unit = fields.Enum(ChargeUnit, by_value=True, required=True)
    units = fields.Integer(required=True)
    quantity = fields.Integer(required=True)
    cents_each = fields.Integer(required=True)
    cents = fields.Integer(required=True)
    vat_mode = fields.Enum(VatMode, by_value=True, required=True, allow_none=True)
    vat_bp = fields.Integer(required=True)
    quota_id = fields.UUID(required=True, allow_none=True)
    detail = fields.String(required=True)


class PriceSchema(Schema):
    """What a booking costs: frozen once it is made. `cents` before tax, deposits apart."""

    cents = fields.Integer(required=True, allow_none=True)
    vat_cents = fields.Integer(required=True)
    total_cents = fields.Integer(required=True)
    deposit_cents = fields.Integer(required=True)
    vat = fields.List(fields.Nested(TaxSchema), required=True)
    lines = fields.List(fields.Nested(ChargeSchema), required=True)

    currency = fields.String(required=True)
    tariffs = fields.List(fields.Nested(TariffSchema), required=True)


class BookingSchema(Schema):
    """A booking: instants in UTC, and the local time at its place."""

    id = fields.UUID(required=True)
    status = fields.Enum(BookingStatus, by_value=True, required=True)
    title = fields.String(required=True)
    note = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    local_starts_at = fields.String(required=True)
    local_ends_at = fields.String(required=True)
    timezone = fields.String(required=True)
    all_day = fields.Boolean(required=True)
    people = fields.Integer(required=True, allow_none=True)
    lines = fields.List(fields.Nested(ShownLineSchema), required=True)
    price = fields.Nested(PriceSchema, required=True)
    lapses_at = fields.String(required=True, allow_none=True)
    check_in_by = fields.String(required=True, allow_none=True)
    checked_in_at = fields.String(required=True, allow_none=True)
    released_at = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    created_at = fields.String(required=True)
    changed_at = fields.String(required=True)
    cancelled_at = fields.String(required=True, allow_none=True)
    cancel_reason = fields.String(required=True)
    series_id = fields.UUID(required=True, allow_none=True)
    occurrence = fields.Date(required=True, allow_none=True)


class ApprovalReasonSchema(Schema):
    """Why a thing waits for an approver."""

    resource_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    detail = fields.String(required=True)


class BookingPageSchema(Schema):
    """Some bookings, and where the next ones begin."""

    items = fields.List(fields.Nested(BookingSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class WaitSchema(Schema):
    """A place in a waiting list: what is wanted, and how far it has come."""

    id = fields.UUID(required=True)
    status = fields.Enum(WaitStatus, by_value=True, required=True)
    place = fields.Integer(required=True, allow_none=True)
    """1: the next to be served; null: it no longer waits."""
    title = fields.String(required=True)
    note = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True, allow_none=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    local_starts_at = fields.String(required=True)
    local_ends_at = fields.String(required=True)
    timezone = fields.String(required=True)
    all_day = fields.Boolean(required=True)
    people = fields.Integer(required=True, allow_none=True)
    lines = fields.List(fields.Nested(ShownLineSchema), required=True)
    booking_id = fields.UUID(required=True, allow_none=True)
    """The option that is offered."""
    offered_until = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True)


class WaitListSchema(Schema):
    """Some places, two hundred at most."""

    items = fields.List(fields.Nested(WaitSchema), required=True)


class NoShowSchema(Schema):
    """How often nobody of an organisation came, in 90 days."""

    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True)
    count = fields.Integer(required=True)


class NoShowPageSchema(Schema):
    """All of them: there is one page."""

    items = fields.List(fields.Nested(NoShowSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class BrokenRuleSchema(Schema):
    """A rule that a booking would break."""

    rule = fields.String(required=True)
    resource_id = fields.String(required=True)


class AlternativeSchema(Schema):
    """What would be accepted instead."""

    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    timezone = fields.String(required=True)
    lines = fields.List(fields.Nested(LineSchema), required=True)
    detail = fields.String(required=True)


class QuoteSchema(Schema):
    """What would come of a booking; nothing is written."""

    possible = fields.Boolean(required=True)
    status = fields.Enum(BookingStatus, by_value=True, required=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    timezone = fields.String(required=True)
    price = fields.Nested(PriceSchema, required=True)
    detail = fields.String(required=True)
    rules = fields.List(fields.Nested(BrokenRuleSchema), required=True)
    conflicts = fields.List(fields.Dict(), required=True)
    alternatives = fields.List(fields.Nested(AlternativeSchema), required=True)
    approval = fields.List(fields.Nested(ApprovalReasonSchema), required=True)


class ScreenSchema(Schema):
    """A screen; `url` is given once, by the answer that made it or renewed it."""

    id = fields.UUID(required=True)
    resource_id = fields.UUID(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    created_at = Instant(required=True)
    last_seen_at = Instant(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)


class ScreenPageSchema(Schema):
    """All of them: there is one page."""

    items = fields.List(fields.Nested(ScreenSchema), required=True)
    next = fields.String(required=True, allow_none=True)
