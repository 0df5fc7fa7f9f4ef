"""The prices of the demonstration's bookings, frozen as a booking freezes them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from coopshare.bookings import pricing
from coopshare.bookings.charges import Charge, total
from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.bookings.services.pricing import rates_for
from coopshare.demo.build import NAMESPACE, Made
from coopshare.kernel.intervals import Interval
from coopshare.members.kinds import Standing

Row = dict[str, Any]


def charge(made: Made, rows: Mapping[type, list[Row]]) -> list[Row]:
    """Tell each booking its price; return the rows of the charges. What was given up has none."""
    standings = {made.organisations[one.key].id: one.standing for one in made.plan.organisations}
    lines: dict[UUID, list[Row]] = defaultdict(list)
    for line in rows.get(BookingLine, ()):
        lines[line["booking_id"]].append(line)
    found: list[Row] = []
    for booking in rows.get(Booking, ()):
        booking["price_cents"] = None
        if booking["status"] is BookingStatus.CANCELLED:
            continue
        charges = _charges(
            made, booking, lines[booking["id"]], standings[booking["organisation_id"]]
        )
        booking["price_cents"] = total(charges) if charges else None
        found += [
            {
                "id": uuid5(NAMESPACE, f"charge/{booking['id']}/{position}"),
                "booking_id": booking["id"],
                "position": position,
                "resource_id": one.resource_id,
                "kind": one.kind,
                "unit": one.unit,
                "units": one.units,
                "quantity": one.quantity,
                "cents_each": one.cents_each,
                "cents": one.cents,
                "vat_mode": one.vat_mode,
                "vat_bp": one.vat_bp,
                "quota_id": one.quota_id,
                "data": dict(one.data),
            }
            for position, one in enumerate(charges)
        ]
    return found


def _charges(made: Made, booking: Row, lines: list[Row], standing: Standing) -> list[Charge]:
    by_id = {one.id: one for one in made.resources.values()}
    items = []
    for line in lines:
        resource = by_id[line["resource_id"]]
        rates = rates_for(resource, standing)
        if rates:
            items.append(
                pricing.Item(
                    resource_id=resource.id,
                    name=resource.name,
                    quantity=line["quantity"],
                    rates=rates,
                    vat_mode=resource.vat_mode,
                    vat_bp=resource.vat_bp,
                )
            )
    span = Interval(booking["starts_at"], booking["ends_at"])
    return pricing.price(items, span, ZoneInfo(booking["timezone"]), people=booking["people"])
