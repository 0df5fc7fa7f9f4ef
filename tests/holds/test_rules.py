"""The pure parts against a naive model that looks at every minute."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from coopshare.holds.fitting import blocked, candidates
from coopshare.holds.models import HoldSource
from coopshare.holds.rules import HoldUse, Leaf, conflicts_of, demand_for, overfull
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval, peak
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import Resource

START = utc(2027, 3, 10)
MINUTES = 180
ID = UUID(int=7)


def span(start: int, length: int) -> Interval:
    """Return a span in minutes from the start of the model's day."""
    first = START + timedelta(minutes=start)
    return Interval(first, first + timedelta(minutes=length))


def minutes_of(interval: Interval) -> set[int]:
    """Return the minutes of a span, counted from the start of the model's day."""
    first = int((interval.start - START).total_seconds()) // 60
    return set(range(first, first + interval.minutes))


spans = st.builds(span, st.integers(0, MINUTES - 60), st.integers(1, 60))
held = st.lists(st.tuples(spans, st.integers(1, 5)), max_size=8)


def resource(quantity: int = 1, before: int = 0, after: int = 0, step: int = 5) -> Resource:
    """Return a resource that is in no database."""
    return Resource(
        id=ID,
        kind=ResourceKind.PLACE,
        name="Atelier",
        timezone="Europe/Paris",
        quantity=quantity,
        preparation_before=before,
        preparation_after=after,
        step=step,
        slots=[],
        shortest=None,
    )


def leaf_of(made: Resource) -> Leaf:
    """Return what a resource without parts holds."""
    return Leaf(
        made.id,
        made.name,
        made.timezone,
        made.quantity,
        made.preparation_before,
        made.preparation_after,
    )


def uses_of(found: list[tuple[Interval, int]]) -> list[HoldUse]:
    """Return holds of several bookings."""
    return [HoldUse(s, quantity, HoldSource.BOOKING, uuid4()) for s, quantity in found]


@given(held, st.integers(0, 8))
def test_overfull_is_every_minute_above_the_limit(
    found: list[tuple[Interval, int]], limit: int
) -> None:
    naive = {
        minute
        for minute in range(MINUTES)
        if sum(quantity for s, quantity in found if minute in minutes_of(s)) > limit
    }
    answer = overfull(found, limit)
    assert {minute for s, _ in answer for minute in minutes_of(s)} == naive
    assert all(used == peak(found, s) for s, used in answer)
    assert all(a.end < b.start for (a, _), (b, _) in pairwise(answer))


@given(held, st.integers(1, 6), st.integers(1, 6), spans, st.integers(0, 20), st.integers(0, 20))
def test_a_use_meets_a_conflict_where_minutes_lack(
    found: list[tuple[Interval, int]],
    quantity: int,
    wanted: int,
    use: Interval,
    before: int,
    after: int,
) -> None:
    made = resource(quantity, before, after)
    demand = demand_for(made, leaf_of(made), wanted, use)
    naive = any(
        sum(q for s, q in found if minute in minutes_of(s)) + wanted > quantity
        for minute in minutes_of(use.widened(before, after))
    )
    assert bool(conflicts_of(demand, uses_of(found))) is naive
    if wanted <= quantity:
        stops = blocked(made, [(leaf_of(made), uses_of(found))], wanted)
        assert any(stop.overlaps(use) for stop in stops) is naive


@given(held, st.integers(1, 5), spans, st.integers(5, 60))
def test_candidates_are_free_on_a_step_and_miss_no_gap(
    found: list[tuple[Interval, int]], wanted: int, wish: Interval, length: int
) -> None:
    made = resource(5)
    opening = [span(0, MINUTES)]
    stops = blocked(made, [(leaf_of(made), uses_of(found))], wanted)
    answer = candidates(made, opening, stops, wish.start, length)
    longest = length + -length % 5
    for one in answer:
        assert one.minutes == longest
        assert opening[0].contains(one)
        assert not any(stop.overlaps(one) for stop in stops)
        assert min(minutes_of(one)) % 5 == 0
    fits = [
        span(start, longest)
        for start in range(0, MINUTES - longest + 1, 5)
        if not any(stop.overlaps(span(start, longest)) for stop in stops)
    ]
    assert bool(answer) is bool(fits)
    if fits:
        assert abs(answer[0].start - wish.start) <= min(
            abs(one.start - wish.start) for one in fits
        ) + timedelta(minutes=5)
