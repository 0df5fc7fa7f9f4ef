"""What bookings charge, as the month's statements read it: frozen charges, never tariffs."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from coopshare.bookings.models import Booking, BookingCharge, BookingStatus, ChargeKind
from coopshare.db.work import Work
from coopshare.exchanges.commands import Charged
from coopshare.resources.queries import catalogue

DUE = (BookingStatus.CONFIRMED, BookingStatus.NO_SHOW, BookingStatus.CANCELLED)
"""Nothing is due before it is confirmed; what was cancelled keeps the charges that stay due."""


def due_before(work: Work, before: datetime) -> Iterator[Charged]:
    """Give every charge that is due of bookings that begin before an instant; one statement.

    One statement, so that a booking and its charges are always of the same state. A deposit is
    given back, and is no part of the price.
    """
    names = catalogue(work).resources
    query = (
        select(
            BookingCharge,
            Booking.organisation_id,
            Booking.title,
            Booking.starts_at,
            Booking.ends_at,
            Booking.timezone,
        )
        .join(Booking, Booking.id == BookingCharge.booking_id)
        .where(
            Booking.starts_at < before,
            Booking.status.in_(DUE),
            BookingCharge.kind != ChargeKind.DEPOSIT,
        )
        .order_by(Booking.starts_at, Booking.id, BookingCharge.position)
    )
    for charge, organisation_id, title, starts_at, ends_at, timezone in work.session.execute(query):
        known = names.get(charge.resource_id)
        yield Charged(
            source_id=charge.booking_id,
            organisation_id=organisation_id,
            title=title,
            starts_at=starts_at,
            ends_at=ends_at,
            timezone=timezone,
            resource_id=charge.resource_id,
            resource=str(charge.data.get("name") or (known.name if known else "?"))[:120],
            kind=charge.kind.value,
            unit=charge.unit.value,
            units=charge.units,
            quantity=charge.quantity,
            cents_each=charge.cents_each,
            cents=charge.cents,
            vat_mode=charge.vat_mode.value if charge.vat_mode else None,
            vat_bp=charge.vat_bp,
            note=str(charge.data.get("note") or "")[:300],
        )
