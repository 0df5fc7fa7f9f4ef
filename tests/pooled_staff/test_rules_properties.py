"""What holds of the law for any rota: the same as counted by hand, and never less for more work."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.rules import Absence, Breach, Stint, check
from tests.pooled_staff.made import DAY, FULL, MINUTE, MONDAY, PARIS, WEEK, WORKER, at, stint

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


WEEKS = 14


def added(start: int, length: int) -> Stint:
    """Return more work, in half-hours from the first midnight."""
    begin = at(MONDAY) + start * 30 * MINUTE
    span = Interval(begin, begin + length * 30 * MINUTE)
    return replace(stint(MONDAY, "08:00", "09:00"), id=UUID(int=1000), span=span)


@st.composite
def long_rotas(draw: st.DrawFn) -> tuple[list[Stint], list[Absence], Stint]:
    """Return weeks near the most that their average may be, some of absence, and work to add.

    A week of absence is one of no work, or of some on its Monday or its Saturday: what a person
    does all the same. What is added falls anywhere, in such a week as soon as in another.
    """
    gone = sorted(draw(st.sets(st.integers(0, WEEKS - 1), max_size=3)))
    minutes = draw(st.lists(st.integers(527, 545), min_size=WEEKS, max_size=WEEKS))
    rota = []
    for week in range(WEEKS):
        worked = draw(st.sampled_from([(), (0,), (5,)])) if week in gone else range(5)
        for day in worked:
            begin = at(MONDAY + week * WEEK + day * DAY) + 480 * MINUTE
            span = Interval(begin, begin + minutes[week] * MINUTE)
            one = replace(stint(MONDAY, "08:00", "09:00"), id=UUID(int=10 * week + day + 10))
            rota.append(replace(one, span=span))
    first = [at(MONDAY + week * WEEK) for week in gone]
    length = draw(st.sampled_from([4, 5, 7])) * DAY
    away = [Absence(worker_id=WORKER, span=Interval(begin, begin + length)) for begin in first]
    week = draw(st.sampled_from(gone) if gone else st.integers(0, WEEKS))
    return rota, away, added(draw(st.integers(0, 335)) + week * 336, draw(st.integers(1, 20)))


short_rotas = st.tuples(rotas, st.just(list[Absence]()), spans.map(lambda pair: added(*pair)))


@settings(max_examples=100)
@given(st.one_of(short_rotas, long_rotas()), st.sampled_from([0, 30, 600]))
def test_more_work_never_mends_a_maximum(
    facts: tuple[list[Stint], list[Absence], Stint], others: int
) -> None:
    """Nor does it make one smaller, whoever is away, and whatever other jobs they have."""
    rota, away, more = facts
    terms = replace(FULL, other_jobs_minutes=others)
    before, after = (
        {(b.rule_id, b.day): b.excess for b in check(stints, [terms], absences=away)}
        for stints in (rota, [*rota, more])
    )
    mended = [what for what, excess in before.items() if excess > after.get(what, 0)]
    assert [what for what in mended if what[0] in MAXIMA] == []
