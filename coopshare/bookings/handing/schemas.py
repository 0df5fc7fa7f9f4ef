"""The shapes of handing over: JSON in and out, and the forms for one thumb."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from coopshare.bookings.handing.commands import Part
from coopshare.bookings.handing.models import Condition, HandOverKind
from coopshare.kernel.text import marked
from coopshare.resources.services import MOST_BYTES
from coopshare.web.schemas import Schema, Text, Whole

MOST_OF_ONE = 100_000
ON_LEAVING = (Condition.GOOD, Condition.WORN, Condition.DAMAGED)


class Picture(fields.String):
    """A picture in base64; bytes inside."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > MOST_BYTES * 4 // 3 + 4:
            raise ValidationError([marked("Cette image est trop lourde : 8 Mo au plus.")])
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValidationError([marked("Envoyez l'image en base64.")]) from error


class PartSchema(Schema):
    """So many of one thing, in one state."""

    resource_id = fields.UUID(required=True)
    quantity = Whole(1, MOST_OF_ONE, required=True)
    state = fields.Enum(Condition, by_value=True, load_default=Condition.GOOD)
    note = Text(500, multiline=True)

    @post_load
    def to_part(self, data: dict[str, Any], **_options: Any) -> Part:
        """Return the part."""
        return Part(**data)


class CollectSchema(Schema):
    """What leaves; without `lines`, all that is left to collect."""

    lines = fields.List(
        fields.Nested(PartSchema), load_default=list, validate=validate.Length(max=200)
    )
    state = fields.Enum(Condition, by_value=True, load_default=Condition.GOOD)
    note = Text(500, multiline=True)
    photo = Picture(load_default=b"")
    """A JPEG, PNG or WebP, in base64."""


class GiveBackSchema(CollectSchema):
    """What comes back; without `lines`, all that is out."""

    release = fields.Boolean(load_default=False)
    """Give up the rest of the booking, once all is back."""


class HandOverLineSchema(Schema):
    """What one line of a booking comes to."""

    resource_id = fields.UUID(required=True)
    name = fields.String(required=True)
    booked = fields.Integer(required=True)
    collected = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    missing = fields.Integer(required=True)
    out = fields.Integer(required=True)


class NotedSchema(Schema):
    """One thing that was noted."""

    kind = fields.Enum(HandOverKind, by_value=True, required=True)
    resource_id = fields.UUID(required=True)
    quantity = fields.Integer(required=True)
    state = fields.Enum(Condition, by_value=True, required=True)
    note = fields.String(required=True)
    person_name = fields.String(required=True)
    at = fields.String(required=True)
    photo = fields.String(required=True, allow_none=True)
    """The address of its picture."""


class HandOverSchema(Schema):
    """Where handing over a booking stands."""

    booking_id = fields.UUID(required=True)
    overdue = fields.Boolean(required=True)
    can_release = fields.Boolean(required=True)
    lines = fields.List(fields.Nested(HandOverLineSchema), required=True)
    noted = fields.List(fields.Nested(NotedSchema), required=True)
    warnings = fields.List(fields.String(), required=True)


class OutSchema(Schema):
    """Things that are with a borrower."""

    booking_id = fields.UUID(required=True)
    title = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    resource_id = fields.UUID(required=True)
    name = fields.String(required=True)
    quantity = fields.Integer(required=True)
    ends_at = fields.String(required=True)
    overdue = fields.Boolean(required=True)


class OutListSchema(Schema):
    """What is out."""

    items = fields.List(fields.Nested(OutSchema), required=True)


class OutQuerySchema(Schema):
    """Which things are listed."""

    overdue = fields.Boolean(load_default=False)


class FreeFormSchema(Schema):
    """The button that gives up the rest."""


class _NoteSchema(Schema):
    note = Text(500, multiline=True)
    release = fields.Boolean(load_default=False)


def form_schema(kind: HandOverKind, keys: Sequence[str]) -> Schema:
    """Return the schema of the form about some things, by number: `good_0`, `state_1`..."""
    states = ON_LEAVING if kind is HandOverKind.COLLECTED else tuple(Condition)
    shape: dict[str, fields.Field[Any]] = {}
    for number, _ in enumerate(keys):
        for state in states:
            shape[f"{state}_{number}"] = Whole(0, MOST_OF_ONE, load_default=0)
        shape[f"state_{number}"] = fields.String(
            load_default="", validate=validate.OneOf(["", *states])
        )
    made: Schema = _NoteSchema.from_dict(shape)()  # type: ignore[assignment]
    return made


class ReportFormSchema(Schema):
    """Something is damaged or missing."""

    quantity = Whole(1, MOST_OF_ONE, load_default=1)
    reason = fields.String(load_default="damaged", validate=validate.OneOf(["damaged", "missing"]))
    note = Text(500, multiline=True)
