"""What the forms that answer requests hold."""

from typing import Any

from marshmallow import fields, post_load

from coopshare.bookings.commands import Scope
from coopshare.bookings.schemas import ReasonFormSchema, TimesFormSchema
from coopshare.web.schemas import Text, Whole


class ProposeFormSchema(TimesFormSchema):
    """The form that proposes something else than what is asked for."""

    title = Text(120)
    note = Text(300, multiline=True)
    version = Whole(1, required=True)


class DecideFormSchema(ReasonFormSchema):
    """An answer to a request; nothing chosen: for all one decides on."""

    resource_ids = fields.List(fields.UUID(), load_default=list)
    scope = fields.Enum(Scope, by_value=True, load_default=Scope.THIS)
    """Of a date of a series: whether all that wait get the same answer."""

    @post_load
    def to_choice(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return the fields of the command."""
        chosen = frozenset(data.pop("resource_ids"))
        return data | {"resource_ids": chosen or None}
