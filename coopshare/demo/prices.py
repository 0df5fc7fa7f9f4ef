"""The prices of the demonstration's bookings, frozen as a booking freezes them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from coopshare.bookings import pricing
from coopshare.bookings.charges import Charge, taken, total
from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.bookings.quotas import Period, covers, period_of
from coopshare.bookings.services.pricing import rates_for
from coopshare.demo.build import NAMESPACE, Made
from coopshare.kernel.intervals import Interval
from coopshare.members.kinds import Standing

Row = dict[str, Any]
Key = tuple[UUID, UUID, Period | None]


def charge(made: Made, rows: Mapping[type, list[Row]]) -> list[Row]:
    """Tell each booking its price; return the rows of the charges. What was given up has none."""
    standings = {made.organisations[one.key].id: one.standing for one in made.plan.organisations}
    lines: dict[UUID, list[Row]] = defaultdict(list)
    for line in rows.get(BookingLine, ()):
        lines[line["booking_id"]].append(line)
    found: list[Row] = []
    used: Counter[Key] = Counter()
    for booking in sorted(rows.get(Booking, ()), key=lambda row: (row["starts_at"], row["id"])):
        booking["price_cents"] = None
        if booking["status"] is BookingStatus.CANCELLED:
            continue
        standing = standings[booking["organisation_id"]]
        allowances = _left(made, booking, standing, used)
        charges = _charges(made, booking, lines[booking["id"]], standing, list(allowances.values()))
        for quota_id, amount in taken(charges).items():
            used[_key(made, booking, quota_id)] += amount
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


def _key(made: Made, booking: Row, quota_id: UUID) -> Key:
    """Return what a free quota is counted by: itself, the organisation, its period."""
    quota = next(one for one in made.quotas if one.id == quota_id)
    day = booking["starts_at"].astimezone(ZoneInfo(booking["timezone"])).date()
    return quota_id, booking["organisation_id"], period_of(quota, day)


def _left(
    made: Made, booking: Row, standing: Standing, used: Mapping[Key, int]
) -> dict[UUID, pricing.Allowance]:
    """Return what free quotas leave to a booking."""
    return {
        quota.id: pricing.Allowance(
            quota_id=quota.id,
            name=quota.name,
            measure=quota.measure,
            left=max(0, quota.amount - used.get(_key(made, booking, quota.id), 0)),
            covers=frozenset(one.id for one in made.resources.values() if covers(quota, one)),
        )
        for quota in made.quotas
        if quota.is_free and quota.standing in {None, standing}
    }


def _charges(
    made: Made,
    booking: Row,
    lines: list[Row],
    standing: Standing,
    allowances: list[pricing.Allowance],
) -> list[Charge]:
    by_id = {one.id: one for one in made.resources.values()}
    items = []
    for line in lines:
        resource = by_id[line["resource_id"]]
        rates = rates_for(resource, standing)
        if rates or resource.deposit_cents:
            items.append(
                pricing.Item(
                    resource_id=resource.id,
                    name=resource.name,
                    quantity=line["quantity"],
                    rates=rates,
                    deposit_cents=resource.deposit_cents,
                    vat_mode=resource.vat_mode,
                    vat_bp=resource.vat_bp,
                )
            )
    span = Interval(booking["starts_at"], booking["ends_at"])
    place = ZoneInfo(booking["timezone"])
    return pricing.price(items, span, place, people=booking["people"], allowances=allowances)
