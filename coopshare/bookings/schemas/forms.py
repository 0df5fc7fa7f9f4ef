"""What the forms of the pages send."""

from typing import Any, ClassVar

from marshmallow import fields, post_load, pre_load, validate

from coopshare.bookings.commands import Book, Line, LocalInstant, LocalTimes
from coopshare.bookings.exporting import ExportFormat
from coopshare.bookings.models import BookingStatus
from coopshare.bookings.schemas.asked import MOST_CENTS, MOST_OF_ONE, MOST_PEOPLE
from coopshare.web.schemas import Day, Schema, Text, Whole


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


class AcceptFormSchema(VersionFormSchema):
    """The button that takes what is proposed, at the price that was on the page."""

    seen_cents = Whole(0, MOST_CENTS, load_default=0)


class ArrivalFormSchema(Schema):
    """A button that acts on a booking whatever its version: arriving, leaving."""

    door = fields.UUID(load_default=None)
    """The resource at whose door it was pressed."""


class ReasonFormSchema(Schema):
    """Giving up, or an answer, with the version that was seen."""

    version = Whole(1, required=True)
    reason = Text(300)
