"""What a booking costs: examples people would count by hand, and properties of any price."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopshare.bookings.charges import (
    Charge,
    Late,
    Tax,
    after_change,
    half_up,
    late,
    taken,
    total,
    totals,
)
from coopshare.bookings.models import ChargeKind, ChargeUnit
from coopshare.bookings.pricing import Allowance, Item, Rate, price
from coopshare.kernel.intervals import Interval
from coopshare.resources.kinds import QuotaMeasure, TariffUnit, VatMode

PARIS = ZoneInfo("Europe/Paris")
HOUR, HALF, DAY = TariffUnit.HOUR, TariffUnit.HALF_DAY, TariffUnit.DAY
UNIT, PERSON = TariffUnit.UNIT, TariffUnit.PERSON
ROOM = UUID(int=1)
LONG = timedelta(hours=80)


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """Return a local moment of 2027 at Paris; 10 March is a Wednesday."""
    return datetime(2027, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


def room(*rates: Rate, quantity: int = 1, **fields: object) -> Item:
    """Return an item to be priced."""
    values: dict[str, object] = {"resource_id": ROOM, "name": "Salle", **fields}
    return Item(quantity=quantity, rates=rates, **values)  # type: ignore[arg-type]


def lines(*charges: Charge) -> list[tuple[str, str, int, int, int]]:
    """Return charges as plain values."""
    return [(c.kind.value, c.unit.value, c.units, c.quantity, c.cents) for c in charges]


def priced(item: Item, start: datetime, end: datetime, **options: object) -> list[Charge]:
    """Return the price of one item."""
    return price([item], Interval(start, end), PARIS, **options)  # type: ignore[arg-type]


BY_HOUR = Rate(unit=HOUR, cents=2500)
BY_HALF = Rate(unit=HALF, cents=8000)
BY_DAY = Rate(unit=DAY, cents=15000)


def test_by_the_hour_to_the_minute() -> None:
    """Ninety minutes at 25 € cost 37.50 €; a cent is rounded half up, once."""
    assert lines(*priced(room(BY_HOUR), at(10, 9), at(10, 10, 30))) == [
        ("use", "hour", 90, 1, 3750)
    ]
    odd = room(Rate(unit=HOUR, cents=1), quantity=1)
    assert total(priced(odd, at(10, 9), at(10, 9, 30))) == 1
    assert total(priced(odd, at(10, 9), at(10, 9, 29))) == 0


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (3, [("use", "hour", 180, 1, 7500)]),
        (4, [("use", "half_day", 1, 1, 8000)]),
        (6, [("use", "hour", 60, 1, 2500), ("use", "half_day", 1, 1, 8000)]),
        (9, [("use", "day", 1, 1, 15000)]),
    ],
)
def test_each_day_at_its_cheapest(
    hours: int, expected: list[tuple[str, str, int, int, int]]
) -> None:
    """Hours, half-days of five hours with hours after them, or the whole day."""
    item = room(BY_HOUR, BY_HALF, BY_DAY)
    assert lines(*priced(item, at(10, 8), at(10, 8 + hours))) == expected


def test_days_are_local_days() -> None:
    """From Tuesday 22 h to Thursday 2 h: two hours by the hour, a day, two hours."""
    item = room(BY_HOUR, BY_DAY)
    assert lines(*priced(item, at(9, 22), at(11, 2))) == [
        ("use", "hour", 240, 1, 10000),
        ("use", "day", 1, 1, 15000),
    ]


def test_hours_without_a_price_are_no_way_around_the_day() -> None:
    """An hourly price of the evening does not make the afternoon free."""
    evening = Rate(unit=HOUR, cents=1000, opens=18 * 60, closes=22 * 60)
    item = room(evening, BY_DAY)
    assert total(priced(item, at(10, 18), at(10, 20))) == 2000
    assert total(priced(item, at(10, 16), at(10, 20))) == 15000
    assert total(priced(room(evening), at(10, 16), at(10, 20))) == 2000


def test_a_price_that_is_there_twice_is_paid_once() -> None:
    """Two lines that say the same are one price."""
    assert total(priced(room(BY_DAY, BY_DAY), at(10, 9), at(10, 12))) == 15000


def test_particular_hours_replace_the_general_price() -> None:
    """Evenings at 10 €, Saturdays at 40 €: each on their own line."""
    evening = Rate(unit=HOUR, cents=1000, opens=18 * 60, closes=22 * 60, note="soirée")
    saturday = Rate(unit=HOUR, cents=4000, weekdays=(5,))
    item = room(saturday, evening, BY_HOUR)
    found = priced(item, at(10, 17), at(10, 19))
    assert lines(*found) == [("off_peak", "hour", 60, 1, 1000), ("use", "hour", 60, 1, 2500)]
    assert found[0].data["note"] == "soirée"
    assert lines(*priced(item, at(13, 17), at(13, 19))) == [("off_peak", "hour", 120, 1, 8000)]


def test_steps_are_slices() -> None:
    """Two hours at 25 €, what comes after them at 20 €; one page at 7 cents up to a hundred."""
    item = room(BY_HOUR, Rate(unit=HOUR, cents=2000, beyond=120))
    assert lines(*priced(item, at(10, 9), at(10, 14))) == [
        ("use", "hour", 120, 1, 5000),
        ("use", "hour", 180, 1, 6000),
    ]
    pages = room(Rate(unit=UNIT, cents=7), Rate(unit=UNIT, cents=5, beyond=100), quantity=250)
    assert lines(*priced(pages, at(10, 9), at(10, 10))) == [
        ("use", "unit", 100, 1, 700),
        ("use", "unit", 150, 1, 750),
    ]


def test_persons_are_added_and_one_is_counted_where_nobody_said() -> None:
    """Time and persons add up."""
    item = room(BY_HOUR, Rate(unit=PERSON, cents=300))
    assert total(priced(item, at(10, 9), at(10, 10), people=12)) == 2500 + 3600
    found = priced(item, at(10, 9), at(10, 10))
    assert total(found) == 2800
    assert found[1].data["is_guess"] is True


@pytest.mark.parametrize(("day", "month", "hours"), [(28, 3, 23), (31, 10, 25), (10, 3, 24)])
def test_the_days_on_which_clocks_change(day: int, month: int, hours: int) -> None:
    """A day costs a day; by the hour it has the hours that really pass."""
    start, end = at(day, 0, month=month), at(day, 0, month=month) + timedelta(hours=hours)
    assert end.astimezone(PARIS).hour == 0
    assert total(priced(room(BY_HOUR), start, end)) == 2500 * hours
    assert lines(*priced(room(BY_DAY), start, end)) == [("use", "day", 1, 1, 15000)]
    evening = Rate(unit=HOUR, cents=1000, opens=18 * 60, closes=22 * 60)
    assert total(priced(room(evening, BY_HOUR), start, end)) == 4000 + 2500 * (hours - 4)


def allowance(left: int, measure: QuotaMeasure = QuotaMeasure.HOURS) -> Allowance:
    """Return what is left of a free quota."""
    return Allowance(
        quota_id=UUID(int=9), name="10 h", measure=measure, left=left, covers=frozenset({ROOM})
    )


def test_free_first_then_paid() -> None:
    """Two hours are left of a quota: the third one is paid."""
    found = priced(room(BY_HOUR), at(10, 9), at(10, 12), allowances=[allowance(120)])
    assert lines(*found) == [("free_quota", "hour", 120, 1, 0), ("use", "hour", 60, 1, 2500)]
    assert taken(found) == {UUID(int=9): 120}
    free = priced(room(Rate(unit=HOUR, cents=0)), at(10, 9), at(10, 12), allowances=[allowance(60)])
    assert taken(free) == {}


def test_a_free_booking_covers_all_its_things() -> None:
    """A quota of bookings makes the time of each thing of one booking free."""
    other = room(BY_HOUR, resource_id=UUID(int=2))
    free = Allowance(
        quota_id=UUID(int=9),
        name="",
        measure=QuotaMeasure.BOOKINGS,
        left=1,
        covers=frozenset({ROOM, UUID(int=2)}),
    )
    span = Interval(at(10, 9), at(10, 12))
    found = price([room(BY_HOUR), other], span, PARIS, allowances=[free])
    assert lines(*found) == [("free_quota", "booking", 1, 1, 0)] * 2
    assert taken(found) == {UUID(int=9): 1}


def test_free_hours_are_for_each_unit() -> None:
    """Five hours for two rooms are two and a half hours each."""
    found = priced(room(BY_HOUR, quantity=2), at(10, 9), at(10, 12), allowances=[allowance(301)])
    assert lines(*found) == [("free_quota", "hour", 150, 2, 0), ("use", "hour", 30, 2, 2500)]
    assert taken(found) == {UUID(int=9): 300}


def test_deposits_are_no_part_of_the_price() -> None:
    """They are asked for each unit, and bear no tax."""
    item = room(BY_HOUR, quantity=2, deposit_cents=5000, vat_mode=VatMode.TAXABLE, vat_bp=2000)
    found = totals(priced(item, at(10, 9), at(10, 10)))
    assert (found.net, found.vat, found.gross, found.deposit) == (5000, 1000, 6000, 10000)


def test_tax_is_counted_once_for_each_rate() -> None:
    """Half-up of the sum, not the sum of the rounded."""

    def line(cents: int, bp: int, mode: VatMode = VatMode.TAXABLE) -> Charge:
        return Charge(
            resource_id=ROOM,
            kind=ChargeKind.USE,
            unit=ChargeUnit.UNIT,
            units=1,
            quantity=1,
            cents_each=cents,
            cents=cents,
            vat_mode=mode,
            vat_bp=bp,
        )

    found = totals([line(3, 2000), line(3, 2000), line(3, 550), line(9, 0, VatMode.FRANCHISE)])
    assert found.taxes == (Tax(550, 3, 0), Tax(2000, 6, 1))
    assert found.exemptions == (VatMode.FRANCHISE,)
    assert found.gross == 19


def test_giving_up_late() -> None:
    """Less than 48 hours before: half is due; exactly 48 hours before: nothing."""
    charges = priced(room(BY_HOUR, deposit_cents=900), at(10, 9), at(10, 12))
    terms = {ROOM: Late(48 * 60, 5000)}
    start = at(10, 9)
    assert late(charges, terms, starts_at=start, now=start - timedelta(hours=48)) == []
    due = late(charges, terms, starts_at=start, now=start - timedelta(hours=47))
    assert lines(*due) == [("late_cancellation", "booking", 1, 1, 3750)]
    assert due[0].data == {"name": "Salle", "base": 7500, "share": 5000, "before": 2880}


def test_shortened_late_then_given_up() -> None:
    """Half of what is given back is due at once; in all, as much as giving up whole costs."""
    start, terms = at(10, 9), {ROOM: Late(48 * 60, 5000)}
    when = {"starts_at": start, "now": start - timedelta(hours=3)}
    old = priced(room(BY_HOUR, deposit_cents=900), start, at(10, 17))
    new = priced(room(BY_HOUR, deposit_cents=900), start, at(10, 10))
    after = after_change(old, new, terms, **when)
    assert lines(*after) == [
        ("use", "hour", 60, 1, 2500),
        ("deposit", "unit", 1, 1, 900),
        ("late_cancellation", "booking", 1, 1, 8750),
    ]
    over = late(after, terms, **when)
    assert total(over) == total(late(old, terms, **when)) == 10000


def test_moved_late_then_given_up() -> None:
    """It costs nothing to move; giving up afterwards is as late as it was, and in time is not."""
    start, terms = at(10, 9), {ROOM: Late(48 * 60, 5000)}
    old = priced(room(BY_HOUR), start, at(10, 11))
    new = priced(room(BY_HOUR), at(25, 9), at(25, 11))
    for now, due in ((start - timedelta(hours=3), 2500), (start - timedelta(hours=49), 0)):
        after = after_change(old, new, terms, starts_at=start, now=now)
        assert total(after) == 5000
        again = after_change(after, new, terms, starts_at=at(25, 9), now=now)
        assert total(late(again, terms, starts_at=at(25, 9), now=now)) == due
    by_a_manager = after_change(old, new[:0], {}, starts_at=start, now=start)
    assert by_a_manager == []


rates = st.builds(
    Rate,
    unit=st.sampled_from([HOUR, HOUR, HALF, DAY, UNIT, PERSON]),
    cents=st.integers(0, 5000),
    beyond=st.sampled_from([0, 0, 0, 1, 2, 60, 200]),
    weekdays=st.sampled_from([(), (), (2, 3), (5, 6)]),
)
hourly = st.builds(
    Rate,
    unit=st.just(HOUR),
    cents=st.integers(0, 5000),
    weekdays=st.sampled_from([(), (2,)]),
    opens=st.sampled_from([0, 120, 18 * 60]),
    closes=st.sampled_from([180, 1140, 1440]),
)
items = st.builds(
    lambda found, quantity, deposit: room(*found, quantity=quantity, deposit_cents=deposit),
    st.lists(st.one_of(rates, hourly), max_size=6),
    st.integers(1, 4),
    st.integers(0, 500),
)
starts = st.one_of(
    st.integers(0, 7 * 96).map(lambda n: at(9, 0) + timedelta(minutes=15 * n)),
    st.integers(0, 96).map(lambda n: at(27, 12) + timedelta(minutes=15 * n)),
    st.integers(0, 96).map(lambda n: at(30, 12, month=10) + timedelta(minutes=15 * n)),
)
lengths = st.integers(1, 200).map(lambda n: timedelta(minutes=15 * n))


@given(items, items, starts, lengths, st.integers(0, 3000), st.one_of(st.none(), st.integers(1, 9)))
def test_any_price(
    first: Item, second: Item, start: datetime, length: timedelta, left: int, people: int | None
) -> None:
    """Lines are what they say, never negative; free and paid add up; things add up."""
    span = Interval(start, start + length)
    one = price([first], span, PARIS, people=people, allowances=[allowance(left)])
    for charge in one:
        each = 60 if charge.unit is ChargeUnit.HOUR else 1
        assert charge.units >= 1
        assert charge.cents == half_up(charge.units * charge.quantity * charge.cents_each, each)
    assert total(one) == sum(c.cents for c in one if c.kind is not ChargeKind.DEPOSIT)
    assert taken(one).get(UUID(int=9), 0) <= min(left, span.minutes * first.quantity)
    apart = price([second], span, PARIS, people=people)
    assert price([first, second], span, PARIS, people=people) == [
        *price([first], span, PARIS, people=people),
        *apart,
    ]
    dearest = max((r.cents for r in first.rates if r.unit is DAY and not r.weekdays), default=None)
    if dearest is not None and not any(r.beyond or r.weekdays for r in first.rates):
        time = [c for c in one if c.unit in {ChargeUnit.HOUR, ChargeUnit.HALF_DAY, ChargeUnit.DAY}]
        days = (span.end.astimezone(PARIS).date() - start.astimezone(PARIS).date()).days + 1
        assert total(time) <= days * dearest * first.quantity + len(time)


@given(items, starts, lengths, lengths, st.integers(0, 3000), st.integers(0, 3000))
def test_longer_never_costs_less(
    item: Item, start: datetime, short: timedelta, more: timedelta, left: int, spent: int
) -> None:
    """A later end, or less left of a quota, never lowers the price but by a line's rounding."""
    shorter = priced(item, start, start + short, allowances=[allowance(left)])
    longer = priced(item, start, start + short + more, allowances=[allowance(left)])
    assert total(longer) >= total(shorter) - len(shorter)
    poorer = priced(item, start, start + short, allowances=[allowance(max(0, left - spent))])
    assert total(poorer) >= total(shorter) - len(shorter)


@given(st.integers(0, 5000), starts, lengths, lengths)
def test_splitting_a_booking_by_the_hour_changes_nothing(
    cents: int, start: datetime, first: timedelta, second: timedelta
) -> None:
    """Two bookings in a row cost what one costs, to the rounding of one line more."""
    item = room(Rate(unit=HOUR, cents=cents))
    middle, end = start + first, start + first + second
    whole = total(priced(item, start, end))
    parts = total(priced(item, start, middle)) + total(priced(item, middle, end))
    assert abs(whole - parts) <= 1
    even = room(Rate(unit=HOUR, cents=cents * 60))
    assert total(priced(even, start, end)) == total(priced(even, start, middle)) + total(
        priced(even, middle, end)
    )


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from([0, 550, 1000, 2000]))))
def test_totals_agree_whatever_the_order(found: list[tuple[int, int]]) -> None:
    """Net and tax are sums, the same for any order of the lines."""
    charges = [
        Charge(
            resource_id=uuid4(),
            kind=ChargeKind.USE,
            unit=ChargeUnit.UNIT,
            units=1,
            quantity=1,
            cents_each=cents,
            cents=cents,
            vat_mode=VatMode.TAXABLE,
            vat_bp=bp,
        )
        for cents, bp in found
    ]
    sums = totals(charges)
    assert sums == totals(charges[::-1])
    assert sums.net == sum(cents for cents, _ in found)
    assert sums.gross == sums.net + sum(tax.cents for tax in sums.taxes)
    assert sum(tax.base for tax in sums.taxes) == sums.net
