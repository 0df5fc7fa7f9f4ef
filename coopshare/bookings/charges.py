"""The lines of a price, kept or not, and what they come to. Pure: integer cents.

Tax is counted on the sum of each rate, half a cent up, once. Deposits are no part of a price.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from coopshare.bookings.models import BookingCharge, ChargeKind, ChargeUnit
from coopshare.resources.kinds import VatMode

WHOLE = 10_000
"""Basis points of the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One line of a price; `BookingCharge` keeps it and says what each value is."""

    resource_id: UUID
    kind: ChargeKind
    unit: ChargeUnit
    units: int
    quantity: int
    cents_each: int
    cents: int
    vat_mode: VatMode | None = None
    vat_bp: int = 0
    quota_id: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


AnyCharge = Charge | BookingCharge


def frozen(row: BookingCharge) -> Charge:
    """Return a kept charge as a plain value."""
    return Charge(
        resource_id=row.resource_id,
        kind=row.kind,
        unit=row.unit,
        units=row.units,
        quantity=row.quantity,
        cents_each=row.cents_each,
        cents=row.cents,
        vat_mode=row.vat_mode,
        vat_bp=row.vat_bp,
        quota_id=row.quota_id,
        data=row.data,
    )


def half_up(numerator: int, denominator: int) -> int:
    """Return a quotient of integers that are not negative, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def total(charges: Iterable[AnyCharge]) -> int:
    """Return the sum before tax, deposits apart."""
    return sum(charge.cents for charge in charges if charge.kind is not ChargeKind.DEPOSIT)


def merged(charges: Iterable[Charge]) -> list[Charge]:
    """Return the same charges with those that are alike as one: for a series as a whole.

    The cents are added up as they are, so that the sum stays what is due date by date.
    """
    found: dict[tuple[object, ...], Charge] = {}
    for charge in charges:
        alike = (charge.resource_id, charge.kind, charge.unit, charge.quantity, charge.cents_each)
        key = (*alike, charge.vat_mode, charge.vat_bp, charge.quota_id, repr(charge.data))
        before = found.get(key, replace(charge, units=0, cents=0))
        found[key] = replace(
            before, units=before.units + charge.units, cents=before.cents + charge.cents
        )
    return list(found.values())


def taken(charges: Iterable[AnyCharge]) -> dict[UUID, int]:
    """Return what is taken of each free quota: minutes times quantity, or one booking."""
    found: dict[UUID, int] = {}
    for charge in charges:
        if charge.quota_id is None:
            continue
        if charge.unit is ChargeUnit.BOOKING:
            found[charge.quota_id] = 1
        else:
            amount = charge.units * charge.quantity
            found[charge.quota_id] = found.get(charge.quota_id, 0) + amount
    return found


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax of one rate: basis points, what it is counted on, cents."""

    bp: int
    base: int
    cents: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of some charges, in cents."""

    net: int
    """Before tax."""
    taxes: tuple[Tax, ...]
    """One for each rate, the highest last."""
    deposit: int
    exemptions: tuple[VatMode, ...]
    """Why some lines bear no tax, each said once."""

    @property
    def vat(self) -> int:
        """Return the tax of all rates."""
        return sum(tax.cents for tax in self.taxes)

    @property
    def gross(self) -> int:
        """Return what is to be paid, tax included, deposits apart."""
        return self.net + self.vat


def totals(charges: Sequence[AnyCharge]) -> Totals:
    """Return the sums: tax is half-up(sum of what bears that rate), once for each rate."""
    due = [charge for charge in charges if charge.kind is not ChargeKind.DEPOSIT]
    taxable = sorted((c for c in due if c.vat_mode is VatMode.TAXABLE), key=lambda c: c.vat_bp)
    taxes = []
    for bp, group in groupby(taxable, key=lambda charge: charge.vat_bp):
        base = total(list(group))
        taxes.append(Tax(bp, base, half_up(base * bp, WHOLE)))
    modes = {c.vat_mode for c in due if c.cents} - {VatMode.TAXABLE, None}
    return Totals(
        net=total(due),
        taxes=tuple(tax for tax in taxes if tax.base),
        deposit=sum(c.cents for c in charges if c.kind is ChargeKind.DEPOSIT),
        exemptions=tuple(mode for mode in VatMode if mode in modes),
    )


@dataclass(frozen=True, slots=True)
class Late:
    """When giving a resource up is late, in minutes before the start, and the share then due."""

    before: int
    share: int


def late(
    charges: Iterable[AnyCharge],
    terms: Mapping[UUID, Late],
    *,
    starts_at: datetime,
    now: datetime,
) -> list[Charge]:
    """Return what stays due of a booking given up now: a share of each resource's price, or none.

    Late is less than so many minutes before the start: exactly that many before is in time. What
    was changed when that was late stays late (`after_change`), and what was due by then stays due.
    """
    old = [charge if isinstance(charge, Charge) else frozen(charge) for charge in charges]
    found = [charge for charge in old if charge.kind is ChargeKind.LATE_CANCELLATION]
    for resource_id, lines in _uses(old).items():
        rule = terms.get(resource_id, Late(0, 0))
        if _is_late(lines, rule, starts_at, now):
            found += _share(lines, total(lines), rule)
    return found


def after_change(
    old: Iterable[AnyCharge],
    new: Sequence[Charge],
    terms: Mapping[UUID, Late],
    *,
    starts_at: datetime,
    now: datetime,
) -> list[Charge]:
    """Return a new price with what a change made late leaves due of the old one.

    Otherwise moving or shortening would be a way around `late`. What is given back is due in part,
    at once; what is kept is marked, so that giving it up is late whatever its new hours. `terms`
    are those of the resources there were; empty, nothing is added to what was due and marked.
    """
    before = [charge if isinstance(charge, Charge) else frozen(charge) for charge in old]
    had, has = _uses(before), _uses(new)
    marked = {
        key: terms[key]
        for key, lines in had.items()
        if key in terms and _is_late(lines, terms[key], starts_at, now)
    }
    was_marked = {key for key, lines in had.items() if any(c.data.get("late") for c in lines)}
    found = [
        replace(charge, data={**charge.data, "late": True})
        if charge.resource_id in marked.keys() | was_marked
        and charge.kind is not ChargeKind.DEPOSIT
        else charge
        for charge in new
    ]
    found += [charge for charge in before if charge.kind is ChargeKind.LATE_CANCELLATION]
    for resource_id, rule in marked.items():
        given_back = total(had[resource_id]) - total(has.get(resource_id, ()))
        if given_back > 0:
            found += _share(had[resource_id], given_back, rule, is_part=True)
    return found


def _uses(charges: Iterable[Charge]) -> dict[UUID, list[Charge]]:
    """Return what is charged for the use of each resource."""
    found: dict[UUID, list[Charge]] = {}
    for charge in charges:
        if charge.kind not in {ChargeKind.DEPOSIT, ChargeKind.LATE_CANCELLATION}:
            found.setdefault(charge.resource_id, []).append(charge)
    return found


def _is_late(lines: Iterable[Charge], rule: Late, starts_at: datetime, now: datetime) -> bool:
    is_marked = any(charge.data.get("late") for charge in lines)
    return is_marked or now > starts_at - timedelta(minutes=rule.before)


def _share(
    lines: Sequence[Charge], base: int, rule: Late, *, is_part: bool = False
) -> list[Charge]:
    """Return the charge of what is given up of a resource, if there is something to pay."""
    cents = half_up(base * rule.share, WHOLE)
    if not cents:
        return []
    data = {
        "name": str(lines[0].data.get("name", "")),
        "base": base,
        "share": rule.share,
        "before": rule.before,
    }
    return [
        Charge(
            resource_id=lines[0].resource_id,
            kind=ChargeKind.LATE_CANCELLATION,
            unit=ChargeUnit.BOOKING,
            units=1,
            quantity=1,
            cents_each=cents,
            cents=cents,
            vat_mode=lines[0].vat_mode,
            vat_bp=lines[0].vat_bp,
            data=data | ({"is_part": True} if is_part else {}),
        )
    ]
