"""The shapes of bookings: JSON in and out, and the form."""

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from coopshare.bookings.commands import Book, Line, LocalInstant, LocalTimes
from coopshare.bookings.exporting import ExportFormat
from coopshare.bookings.models import BookingStatus, ChargeKind, ChargeUnit, WaitStatus
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import marked
from coopshare.resources.kinds import QuotaHolder, QuotaMeasure, VatMode
from coopshare.web.errors import flattened
from coopshare.web.schemas import Day, Instant, Schema, Text, Whole

MOST_PEOPLE = 100_000
MOST_OF_ONE = 100_000
MOST_CENTS = 10**12


class LineSchema(Schema):
    """So many of one resource."""

    resource_id = fields.UUID(required=True)
    quantity = Whole(1, MOST_OF_ONE, load_default=1)

    @post_load
    def to_line(self, data: dict[str, Any], **_options: Any) -> Line:
        """Return the line."""
        return Line(**data)


class BookSchema(Schema):
    """A booking to be made."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    title = Text(120, required=True)
    note = Text(1000, multiline=True)
    lines = fields.List(fields.Nested(LineSchema), required=True, validate=validate.Length(1, 50))
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    all_day = fields.Boolean(load_default=False)
    people = Whole(1, MOST_PEOPLE, load_default=None, allow_none=True)
    option_until = Instant(load_default=None, allow_none=True)
    """Hold without engagement until then, instead of booking."""
    seen_cents = Whole(0, MOST_CENTS, load_default=None, allow_none=True)
    """The price that was seen, before tax, deposits apart: another one is refused."""


class ChangeSchema(Schema):
    """What changes in a booking; what is not said stays."""

    title = Text(120, required=False, load_default=None)
    note = Text(1000, multiline=True, load_default=None)
    lines = fields.List(
        fields.Nested(LineSchema), load_default=None, validate=validate.Length(1, 50)
    )
    starts_at = Instant(load_default=None)
    ends_at = Instant(load_default=None)
    all_day = fields.Boolean(load_default=None)
    people = Whole(1, MOST_PEOPLE, allow_none=True)
    seen_cents = Whole(0, MOST_CENTS, load_default=None, allow_none=True)
    """The price that was seen, before tax, deposits apart: another one is refused."""


class ReasonSchema(Schema):
    """Why, in a few words."""

    reason = Text(300)


class BookingQuerySchema(Schema):
    """Which bookings are listed."""

    starts = Instant(data_key="from", load_default=None)
    ends = Instant(data_key="to", load_default=None)
    resource_id = fields.UUID(load_default=None)
    organisation_id = fields.UUID(load_default=None)
    series_id = fields.UUID(load_default=None)
    status = fields.Enum(BookingStatus, by_value=True, load_default=None)
    mine = fields.Boolean(load_default=False)
    to_decide = fields.Boolean(load_default=False)
    to_answer = fields.Boolean(load_default=False)
    limit = Whole(1, 100, load_default=50)
    after = fields.String(load_default=None, validate=validate.Length(max=400))


class UsageQuerySchema(Schema):
    """Whose quotas; nobody named: one's own organisation."""

    organisation_id = fields.UUID(load_default=None)


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


class ExportQuerySchema(BookingQuerySchema):
    """Which bookings leave as a file, and as what."""

    class Meta:
        """A file has no pages."""

        exclude = ("limit", "after")

    format = fields.Enum(ExportFormat, by_value=True, load_default=ExportFormat.CSV)


class ExportFormSchema(Schema):
    """The form that takes bookings away, and the address of a list as a file."""

    vue = fields.String(
        load_default="moi", validate=validate.OneOf(["moi", "organisation", "tout"])
    )
    quand = fields.String(
        load_default="tout", validate=validate.OneOf(["tout", "a-venir", "passees"])
    )
    du = Day(load_default=None)
    au = Day(load_default=None)
    ressource = fields.UUID(load_default=None)
    organisation = fields.UUID(load_default=None)
    etat = fields.Enum(BookingStatus, by_value=True, load_default=None)
    format = fields.Enum(ExportFormat, by_value=True, load_default=ExportFormat.CSV)


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


class WaitQuerySchema(Schema):
    """Which places in waiting lists are listed."""

    resource_id = fields.UUID(load_default=None)
    organisation_id = fields.UUID(load_default=None)
    mine = fields.Boolean(load_default=False)


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


class TimesFormSchema(Schema):
    """The hours and the things of the form, in local time."""

    title = Text(120, required=True)
    note = Text(1000, multiline=True)
    resource_id = fields.List(fields.UUID(), load_default=list)
    quantity = fields.List(Whole(1, MOST_OF_ONE), load_default=list)
    day = Day(required=True)
    last_day = Day(load_default=None)
    starts_at = fields.Time(load_default=None)
    ends_at = fields.Time(load_default=None)
    all_day = fields.Boolean(load_default=False)
    which = fields.String(load_default=None, validate=validate.OneOf(["first", "second"]))
    people = Whole(1, MOST_PEOPLE, load_default=None)
    told = Text(4000)
    """The reasons for an approval that the page has told (`services.keys_of`)."""

    buttons: ClassVar[frozenset[str]] = frozenset({"do", "instead", "lines", "seen_cents"})

    @pre_load
    def without_buttons(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Leave out the buttons, and the lines where nothing was chosen."""
        kept = {name: value for name, value in data.items() if name not in self.buttons}
        ids = list(kept.get("resource_id") or [])
        quantities = list(kept.get("quantity") or [])
        quantities += [""] * (len(ids) - len(quantities))
        pairs = [(key, count or "1") for key, count in zip(ids, quantities, strict=False) if key]
        kept["resource_id"] = [key for key, _ in pairs]
        kept["quantity"] = [count for _, count in pairs]
        return kept

    def times_of(self, data: dict[str, Any]) -> LocalTimes:
        """Return the hours that were typed."""
        return LocalTimes(
            first=data["day"],
            last=data["last_day"] or data["day"],
            starts=data["starts_at"],
            ends=data["ends_at"],
            all_day=data["all_day"],
            which=data["which"],
        )

    def lines_of(self, data: dict[str, Any]) -> tuple[Line, ...]:
        """Return the things that were chosen, those chosen twice added up."""
        amounts: dict[Any, int] = {}
        for key, count in zip(data["resource_id"], data["quantity"], strict=True):
            amounts[key] = amounts.get(key, 0) + count
        return tuple(Line(resource_id=key, quantity=count) for key, count in amounts.items())


class BookFormSchema(TimesFormSchema):
    """The booking form."""

    organisation_id = fields.UUID(required=True)
    option_until = Day(load_default=None)
    option_hour = fields.Time(load_default=None)

    @post_load
    def to_book(self, data: dict[str, Any], **_options: Any) -> Book:
        """Return the command."""
        return Book(
            organisation_id=data["organisation_id"],
            title=data["title"],
            note=data["note"],
            lines=self.lines_of(data),
            span=self.times_of(data),
            people=data["people"],
            told=frozenset(data["told"].split()),
            option_until=LocalInstant(day=data["option_until"], hour=data["option_hour"])
            if data["option_until"]
            else None,
        )


class ChangeFormSchema(TimesFormSchema):
    """The form that changes a booking."""

    version = Whole(1, required=True)


class VersionFormSchema(Schema):
    """A button that acts on the version that was seen."""

    version = Whole(1, required=True)


class ArrivalFormSchema(Schema):
    """A button that acts on a booking whatever its version: arriving, leaving."""

    door = fields.UUID(load_default=None)
    """The resource at whose door it was pressed."""


class ScreenFormSchema(Schema):
    """A new screen at a door."""

    name = Text(80, required=True)
    language = fields.String(load_default="fr", validate=validate.OneOf(["fr", "en"]))


class AddScreenSchema(ScreenFormSchema):
    """A new screen, and at whose door."""

    resource_id = fields.UUID(required=True)


class ScreenQuerySchema(Schema):
    """Whose screens are listed."""

    resource_id = fields.UUID(load_default=None)


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


class ReasonFormSchema(Schema):
    """Giving up, or an answer, with the version that was seen."""

    version = Whole(1, required=True)
    reason = Text(300)


class TextsSchema(Schema):
    """The words of a booking, where the rest is read otherwise (command line)."""

    title = Text(120, required=True)
    note = Text(1000, multiline=True)
    people = Whole(1, MOST_PEOPLE, load_default=None, allow_none=True)


def loaded(schema: Schema, data: dict[str, Any]) -> dict[str, Any]:
    """Return what a schema makes of data; raises `Invalid`, field by field."""
    try:
        found: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise Invalid(flattened(error.messages)) from error
    return found


def span_of(data: dict[str, Any]) -> Interval | None:
    """Return the span of a JSON body, or None where it says none; both ends or none."""
    starts_at, ends_at = data["starts_at"], data["ends_at"]
    if starts_at is None and ends_at is None:
        return None
    if starts_at is None or ends_at is None:
        missing = "starts_at" if starts_at is None else "ends_at"
        raise Invalid.field(missing, marked("Donnez le début et la fin ensemble."))
    return Interval(starts_at, ends_at)
