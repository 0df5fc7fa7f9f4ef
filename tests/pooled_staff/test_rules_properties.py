"""What holds of the law for any rota: the same as counted by hand, and never less for more work."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.rules import Breach, Stint, check
from tests.pooled_staff.made import FULL, MINUTE, MONDAY, PARIS, WEEK, at, stint

spans = st.tuples(st.integers(0, 13 * 48), st.integers(1, 20))
rotas = st.lists(spans, max_size=24).map(
    lambda pairs: [
        replace(
            stint(MONDAY, "08:00", "09:00"),
            id=UUID(int=number + 10),
            span=Interval(
                at(MONDAY) + start * 30 * MINUTE, at(MONDAY) + (start + length) * 30 * MINUTE
            ),
        )
        for number, (start, length) in enumerate(pairs)
    ]
)


def by_the_minute(rota: list[Stint]) -> set[tuple[str, date, int]]:
    """Return some findings, counted one minute after the other: slow, and written apart."""
    begin = at(MONDAY)
    busy = bytearray(16 * 1440)
    for one in rota:
        first = int((one.span.start - begin) / MINUTE)
        busy[first : first + one.span.minutes] = b"\1" * one.span.minutes
    day_of = [(begin + n * MINUTE).astimezone(PARIS).date() for n in range(len(busy))]
    per_day: dict[date, int] = defaultdict(int)
    per_week: dict[date, int] = defaultdict(int)
    starts: dict[date, int] = {}
    for n, is_busy in enumerate(busy):
        if is_busy:
            per_day[day_of[n]] += 1
            per_week[day_of[n] - timedelta(days=day_of[n].weekday())] += 1
            if n == 0 or not busy[n - 1]:
                starts.setdefault(day_of[n], n)
    result = {("day_max", day, done) for day, done in per_day.items() if done > 600}
    result |= {("sunday", day, done) for day, done in per_day.items() if day.weekday() == 6}
    for rule_id, limit in (("week_max", 2880), ("legal_week", 2100)):
        result |= {(rule_id, first, done) for first, done in per_week.items() if done > limit}
    for monday in per_week:
        count = sum(1 for day in per_day if monday <= day < monday + WEEK)
        if count > 6:
            result.add(("week_days", monday, count))
    for day, begun in starts.items():
        pieces = bytes(busy[begun : begun + 1440]).split(b"\1")
        rest = max(len(piece) for piece in pieces) if begun + 1440 <= len(busy) else 1440
        if rest < 660:
            result.add(("daily_rest", day, rest))
    return result


@settings(max_examples=30)
@given(rotas, st.randoms())
def test_as_counted_by_the_minute(rota: list[Stint], chance: random.Random) -> None:
    breaches = check(rota, [FULL])
    told = {"day_max", "sunday", "week_max", "legal_week", "week_days", "daily_rest"}
    assert {(b.rule_id, b.day, b.done) for b in breaches if b.rule_id in told} == by_the_minute(
        rota
    )
    mixed = list(rota)
    chance.shuffle(mixed)
    assert [key(one) for one in check(mixed, [FULL])] == [key(one) for one in breaches]


MAXIMA = frozenset({"day_max", "week_max", "avg12_max", "legal_week", "week_days", "cumul"})


def key(one: Breach) -> tuple[str, date, int, int]:
    """Return what a finding says."""
    return one.rule_id, one.day, one.done, one.excess


@settings(max_examples=30)
@given(rotas, spans)
def test_more_work_never_mends_a_maximum(rota: list[Stint], more: tuple[int, int]) -> None:
    start, length = more
    begin = at(MONDAY) + start * 30 * MINUTE
    added = replace(
        stint(MONDAY, "08:00", "09:00"),
        id=UUID(int=1000),
        span=Interval(begin, begin + length * 30 * MINUTE),
    )
    before = {(b.rule_id, b.day) for b in check(rota, [FULL]) if b.rule_id in MAXIMA}
    after = {(b.rule_id, b.day) for b in check([*rota, added], [FULL])}
    assert before <= after
