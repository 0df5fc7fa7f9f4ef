"""What a booking costs, line by line. Pure: plain values in, charges out; integers only.

The rule, said to people in `docs/guide/tarifs.md` and under every price:

* The prices of a resource are those of the organisation's standing; without one, those of all.
* Time. Each local day of the booking is counted at its cheapest: by the hour (to the minute, pro
  rata), by half-days of five hours in a row and hours for what is left, or as a whole day, among
  the prices the resource has. Where it has a price by the day or half-day, hours without a price
  of their own are no way around it. All is for each unit of the resource.
* Units and persons are counted once for the booking, and added to the time. Where nobody said how
  many persons come, one is counted.
* A price of particular days or hours replaces the general one on them; of several, the first.
* Steps are slices: a price that holds beyond some hours, days, units or persons is that of what
  comes after them, counted from the start of the booking; what comes before keeps its own.
* Of two prices of one unit on the same days and from the same step, the cheaper one holds.
* What is free within a quota is the first minutes of the booking; the rest is paid at the prices
  it has anyway. Units and persons are never free by a quota.
* A line is rounded once, half a cent up. A deposit is asked for each unit and is no part of the
  price. Tax is counted on the sum of each rate, once.

So a booking that ends later never costs less (but for the rounding of its lines), nor does one
with less left of a quota, and no line is negative.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.bookings.charges import Charge, half_up
from coopshare.bookings.models import ChargeKind, ChargeUnit
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import at, day_span, local_days
from coopshare.resources.kinds import QuotaMeasure, TariffUnit, VatMode

HALF_DAY = 300
"""Minutes in a row that a half-day covers at most."""
HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """One price of a resource, as `Tariff` has it."""

    unit: TariffUnit
    cents: int
    beyond: int = 0
    weekdays: tuple[int, ...] = ()
    opens: int | None = None
    closes: int | None = None
    note: str = ""

    @property
    def is_particular(self) -> bool:
        """Tell whether it holds on some days or hours only."""
        return bool(self.weekdays) or self.opens is not None

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a local day, at some hour."""
        return not self.weekdays or day.weekday() in self.weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """So many of a resource, and what is needed to price it."""

    resource_id: UUID
    name: str
    quantity: int
    rates: tuple[Rate, ...]
    """Those of the organisation's standing, in their order."""
    deposit_cents: int = 0
    vat_mode: VatMode | None = None
    vat_bp: int = 0

    @property
    def is_paid_by_time(self) -> bool:
        """Tell whether its time costs something: else no quota is used up for it."""
        return any(rate.cents and rate.unit in TIMES for rate in self.rates)


TIMES = frozenset({TariffUnit.HOUR, TariffUnit.HALF_DAY, TariffUnit.DAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of a free quota for a booking: minutes times quantity, or bookings."""

    quota_id: UUID
    name: str
    measure: QuotaMeasure
    left: int
    covers: frozenset[UUID]
    """The resources it is for."""


def price(
    items: Sequence[Item],
    span: Interval,
    place: ZoneInfo,
    *,
    people: int | None = None,
    allowances: Iterable[Allowance] = (),
) -> list[Charge]:
    """Return the lines of the price of a booking, item by item; the allowances in their order."""
    left = list(allowances)
    found: list[Charge] = []
    for item in items:
        free: list[Charge] = []
        if item.is_paid_by_time:
            free, left = _free(item, span.minutes, left)
        found += free
        found += _time(item, span, place, _minutes_free(free, span.minutes))
        day = span.start.astimezone(place).date()
        found += _counted(item, day, TariffUnit.UNIT, item.quantity)
        found += _counted(item, day, TariffUnit.PERSON, people or 1, is_guess=people is None)
        if item.deposit_cents:
            found.append(_deposit(item))
    return found


def _free(
    item: Item, minutes: int, allowances: Sequence[Allowance]
) -> tuple[list[Charge], list[Allowance]]:
    """Return the free lines of an item, and what is left of the allowances after it.

    A quota of bookings that is once used for a booking covers all its things.
    """
    found: list[Charge] = []
    after: list[Allowance] = []
    wanted = minutes
    for allowance in allowances:
        if item.resource_id not in allowance.covers or not wanted:
            after.append(allowance)
            continue
        is_count = allowance.measure is QuotaMeasure.BOOKINGS
        units = min(wanted, allowance.left if is_count else allowance.left // item.quantity)
        if units:
            unit = ChargeUnit.BOOKING if is_count else ChargeUnit.HOUR
            found.append(
                Charge(
                    resource_id=item.resource_id,
                    kind=ChargeKind.FREE_QUOTA,
                    unit=unit,
                    units=1 if is_count else units,
                    quantity=item.quantity,
                    cents_each=0,
                    cents=0,
                    vat_mode=item.vat_mode,
                    vat_bp=item.vat_bp,
                    quota_id=allowance.quota_id,
                    data={"name": item.name, "quota": allowance.name},
                )
            )
            wanted = 0 if is_count else wanted - units
        used = 0 if is_count else units * item.quantity
        after.append(replace(allowance, left=allowance.left - used))
    return found, after


def _minutes_free(free: Iterable[Charge], minutes: int) -> int:
    return sum(minutes if line.unit is ChargeUnit.BOOKING else line.units for line in free)


def _time(item: Item, span: Interval, place: ZoneInfo, free: int) -> list[Charge]:
    """Return the lines of the time that is paid, each price once, in their order."""
    paid_from = span.start + timedelta(minutes=free)
    amounts: dict[Rate, int] = {}
    for number, day in enumerate(local_days(span, place)):
        today = day_span(day, place)
        start, end = max(today.start, paid_from), min(today.end, span.end)
        if start < end:
            counted = _Day(item.rates, span.start, place, number, day)
            for rate, units in counted.cheapest(Interval(start, end)):
                amounts[rate] = amounts.get(rate, 0) + units
    # A price that is there twice is one price.
    rates = dict.fromkeys(item.rates)
    return [_line(item, rate, amounts[rate], item.quantity) for rate in rates if rate in amounts]


def _line(
    item: Item, rate: Rate, units: int, quantity: int, data: dict[str, Any] | None = None
) -> Charge:
    each = HOUR if rate.unit is TariffUnit.HOUR else 1
    said: dict[str, Any] = {"name": item.name}
    if rate.note:
        said["note"] = rate.note
    if rate.beyond:
        said["beyond"] = rate.beyond
    if rate.is_particular:
        said |= {"weekdays": list(rate.weekdays), "opens": rate.opens, "closes": rate.closes}
    return Charge(
        resource_id=item.resource_id,
        kind=ChargeKind.OFF_PEAK if rate.is_particular else ChargeKind.USE,
        unit=ChargeUnit(rate.unit.value),
        units=units,
        quantity=quantity,
        cents_each=rate.cents,
        cents=half_up(units * quantity * rate.cents, each),
        vat_mode=item.vat_mode,
        vat_bp=item.vat_bp,
        data=said | (data or {}),
    )


Part = tuple[Rate, int]
"""A price and how many of its units: minutes for hours."""


@dataclass(frozen=True, slots=True)
class _Day:
    """The prices of one local day of a booking."""

    rates: tuple[Rate, ...]
    starts_at: datetime
    """Of the booking: steps are counted from there."""
    place: ZoneInfo
    number: int
    """Which day of the booking it is, from 0."""
    day: date

    def cheapest(self, use: Interval) -> list[Part]:
        """Return the cheapest way to count a use within the day; nothing where it has no price."""
        has_blocks = any(
            self._at(unit, position) is not None
            for unit, position in (
                (TariffUnit.DAY, self.number),
                (TariffUnit.HALF_DAY, 2 * self.number),
            )
        )
        ways = [self._hours(use, is_strict=has_blocks)]
        halves: list[Part] = []
        start, position = use.start, 2 * self.number
        while start < use.end:
            half = self._at(TariffUnit.HALF_DAY, position)
            if half is None:
                break
            halves.append((half, 1))
            start, position = start + timedelta(minutes=HALF_DAY), position + 1
            if start < use.end:
                tail = self._hours(Interval(start, use.end), is_strict=True)
                ways.append(None if tail is None else halves + tail)
            else:
                ways.append(list(halves))
        whole = self._at(TariffUnit.DAY, self.number)
        if whole is not None:
            ways.append([(whole, 1)])
        possible = [way for way in ways if way is not None]
        return min(possible, key=_cost) if possible else []

    def _at(self, unit: TariffUnit, position: int, moment: datetime | None = None) -> Rate | None:
        """Return the price of a unit at a position of the booking, the particular ones first."""
        found: list[list[Rate]] = []
        windows: dict[tuple[object, ...], list[Rate]] = {}
        for rate in self.rates:
            if rate.unit is unit and rate.holds_on(self.day) and self._is_open(rate, moment):
                window = (rate.weekdays, rate.opens, rate.closes)
                if window not in windows:
                    windows[window] = []
                    found.append(windows[window])
                windows[window].append(rate)
        found.sort(key=lambda rates: not rates[0].is_particular)
        for rates in found:
            reached = [rate for rate in rates if rate.beyond <= position]
            if reached:
                return min(reached, key=lambda rate: (-rate.beyond, rate.cents))
        return None

    def _is_open(self, rate: Rate, moment: datetime | None) -> bool:
        if rate.opens is None or moment is None:
            return True
        closes = 24 * HOUR if rate.closes is None else rate.closes
        return at(self.day, rate.opens, self.place) <= moment < at(self.day, closes, self.place)

    def _hours(self, use: Interval, *, is_strict: bool) -> list[Part] | None:
        """Return a use by the hour; strict: None where some of it has no price by the hour."""
        hourly = [rate for rate in self.rates if rate.unit is TariffUnit.HOUR]
        edges = {use.start, use.end}
        for rate in hourly:
            edges.add(self.starts_at + timedelta(minutes=rate.beyond))
            if rate.opens is not None:
                edges.add(at(self.day, rate.opens, self.place))
                closes = 24 * HOUR if rate.closes is None else rate.closes
                edges.add(at(self.day, closes, self.place))
        cuts = sorted(edge for edge in edges if use.start <= edge <= use.end)
        parts: list[Part] = []
        for start, end in pairwise(cuts):
            position = int((start - self.starts_at).total_seconds()) // 60
            found = self._at(TariffUnit.HOUR, position, start)
            if found is None and is_strict:
                return None
            if found is not None:
                parts.append((found, int((end - start).total_seconds()) // 60))
        return parts


def _cost(parts: Iterable[Part]) -> int:
    """Return what some parts cost, in sixtieths of a cent: exact, to be compared."""
    return sum(
        units * rate.cents * (1 if rate.unit is TariffUnit.HOUR else HOUR) for rate, units in parts
    )


def _counted(
    item: Item, day: date, unit: TariffUnit, count: int, *, is_guess: bool = False
) -> list[Charge]:
    """Return the lines of what is counted once: a step takes what comes beyond it."""
    rates = [rate for rate in item.rates if rate.unit is unit and rate.holds_on(day)]
    particular = [rate for rate in rates if rate.is_particular]
    rates = particular or rates
    steps = sorted({rate.beyond for rate in rates if rate.beyond < count})
    found = []
    for step, after in pairwise([*steps, count]):
        rate = min((r for r in rates if r.beyond == step), key=lambda r: r.cents)
        data = {"is_guess": True} if is_guess else None
        found.append(_line(item, rate, after - step, 1, data))
    return found


def _deposit(item: Item) -> Charge:
    return Charge(
        resource_id=item.resource_id,
        kind=ChargeKind.DEPOSIT,
        unit=ChargeUnit.UNIT,
        units=1,
        quantity=item.quantity,
        cents_each=item.deposit_cents,
        cents=item.deposit_cents * item.quantity,
        data={"name": item.name},
    )
