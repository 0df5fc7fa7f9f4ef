"""What is asked, in JSON: bookings, changes, lists."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from coopshare.bookings.commands import Line
from coopshare.bookings.exporting import ExportFormat
from coopshare.bookings.models import BookingStatus
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import marked
from coopshare.web.errors import flattened
from coopshare.web.schemas import Instant, Schema, Text, Whole

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


class ExportQuerySchema(BookingQuerySchema):
    """Which bookings leave as a file, and as what."""

    class Meta:
        """A file has no pages."""

        exclude = ("limit", "after")

    format = fields.Enum(ExportFormat, by_value=True, load_default=ExportFormat.CSV)


class WaitQuerySchema(Schema):
    """Which places in waiting lists are listed."""

    resource_id = fields.UUID(load_default=None)
    organisation_id = fields.UUID(load_default=None)
    mine = fields.Boolean(load_default=False)


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
