"""The price on the pages: before one agrees to it, and as it was frozen."""

from collections.abc import Sequence

from flask import request
from marshmallow import ValidationError

from coopshare.bookings import services
from coopshare.bookings.charges import AnyCharge
from coopshare.bookings.commands import Book, Change
from coopshare.bookings.schemas import TimesFormSchema
from coopshare.bookings.wording import SaidPrice, said_price
from coopshare.db.work import Work
from coopshare.kernel.errors import CoopShareError
from coopshare.members.queries import cooperative
from coopshare.web.forms import Form


def seen_cents(default: int | None = None) -> int:
    """Return the price that was on the page a form was sent from; none there: the default."""
    typed = request.form.get("seen_cents", "")
    if typed.isdecimal() and len(typed) < len("1000000000000"):
        return int(typed)
    return default or 0


def shown_price(work: Work, charges: Sequence[AnyCharge]) -> SaidPrice | None:
    """Return a price in words, in the money of the cooperative."""
    return said_price(charges, cooperative(work).currency)


def estimated(work: Work, form: Form, change: Change | None = None) -> SaidPrice | None:
    """Return what a form as it stands would cost; None while it says too little.

    `change` is the command of a form that changes a booking.
    """
    try:
        command = change or _book(form)
        if command is None:
            return None
        return shown_price(work, services.estimate(work, command).charges)
    except (CoopShareError, ValidationError):
        return None  # the form says why when it is sent


def _book(form: Form) -> Book | None:
    schema = form.schema
    assert isinstance(schema, TimesFormSchema)  # noqa: S101 - the forms that book
    values = {
        name: value
        for name, value in form.values.items()
        if name in schema.fields and value not in ("", None)
    }
    if not any(values.get("resource_id", ())):
        return None
    loaded = schema.load(values | {"title": values.get("title") or "-"})
    return loaded if isinstance(loaded, Book) else None
