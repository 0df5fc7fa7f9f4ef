"""The law on plain facts: at each limit, a minute beyond, across members, midnight and clocks."""

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.rules import (
    SETS,
    Absence,
    Breach,
    Level,
    OutOfBounds,
    Override,
    Setting,
    Stint,
    StintKind,
    Terms,
    check,
    newly,
)

PARIS = ZoneInfo("Europe/Paris")
WORKER, AVENIR, RELAIS = (UUID(int=number) for number in (1, 2, 3))
DAY, WEEK, MINUTE = timedelta(days=1), timedelta(days=7), timedelta(minutes=1)
MONDAY = date(2027, 3, 1)
FULL = Terms(
    worker_id=WORKER,
    name="Léa Durand",
    timezone="Europe/Paris",
    weekly_minutes=2100,
    is_part_time=False,
)
HALF = replace(FULL, weekly_minutes=1200, is_part_time=True)
LAW = SETS[-1].rules


def stint(
    day: date,
    start: str,
    end: str,
    member: UUID = AVENIR,
    *,
    kind: StintKind = StintKind.MEMBER,
    pauses: Sequence[tuple[str, str]] = (),
) -> Stint:
    """Return a stint of local hours of a day; an end before its start is the day after."""

    def at(hour: str) -> datetime:
        return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=PARIS).astimezone(UTC)

    begin, finish = at(start), at(end)
    if finish <= begin:
        later = datetime.fromisoformat(f"{day + DAY}T{end}").replace(tzinfo=PARIS)
        finish = later.astimezone(UTC)
    return Stint(
        id=uuid5(NAMESPACE_OID, f"{day}{start}{end}{member}"),
        worker_id=WORKER,
        kind=kind,
        span=Interval(begin, finish),
        breaks=tuple(Interval(at(a), at(b)) for a, b in pauses),
        member_id=member,
    )


def days(first: date, count: int, *hours: tuple[str, str]) -> list[Stint]:
    """Return the same hours on so many days in a row."""
    return [stint(first + n * DAY, start, end) for n in range(count) for start, end in hours]


def found(
    stints: Iterable[Stint], terms: Terms = FULL, setting: Setting | None = None, **options: object
) -> list[tuple[str, date, int, int]]:
    """Return the findings: rule, day, what was done, the excess."""
    breaches = check(stints, [terms], setting, **options)  # type: ignore[arg-type]
    return [(b.rule_id, b.day, b.done, b.excess) for b in breaches]


TEN_HOURS = (("08:00", "13:00"), ("14:00", "19:00"))


@pytest.mark.parametrize(
    ("at_limit", "beyond", "expected"),
    [
        (
            [stint(MONDAY, "08:00", "13:00"), stint(MONDAY, "14:00", "19:00", RELAIS)],
            [stint(MONDAY, "08:00", "13:00"), stint(MONDAY, "14:00", "19:01", RELAIS)],
            ("day_max", MONDAY, 601, 1),
        ),
        (
            [stint(MONDAY, "08:00", "13:59")],
            [stint(MONDAY, "08:00", "14:00")],
            ("break_min", MONDAY, 0, 20),
        ),
        (
            [stint(MONDAY, "08:00", "18:00", pauses=[("12:00", "12:20")])],
            [stint(MONDAY, "08:00", "18:00", pauses=[("12:00", "12:19")])],
            ("break_min", MONDAY, 19, 1),
        ),
        (
            [stint(MONDAY, "16:00", "21:00"), stint(MONDAY + DAY, "08:00", "12:00")],
            [stint(MONDAY, "16:00", "21:01"), stint(MONDAY + DAY, "08:00", "12:00")],
            ("daily_rest", MONDAY, 659, 1),
        ),
        (
            [stint(MONDAY, "07:00", "09:00"), stint(MONDAY, "18:00", "20:00", RELAIS)],
            [stint(MONDAY, "07:00", "09:00"), stint(MONDAY, "18:00", "20:01", RELAIS)],
            ("day_span", MONDAY, 781, 1),
        ),
        (
            days(MONDAY, 5, ("09:00", "12:00"), ("13:00", "17:00")),
            [
                *days(MONDAY, 5, ("09:00", "12:00"), ("13:00", "17:00")),
                stint(MONDAY, "18:00", "18:01", RELAIS),
            ],
            ("legal_week", MONDAY, 2101, 1),
        ),
        (
            days(MONDAY, 6, ("09:00", "12:00")),
            days(MONDAY, 7, ("09:00", "12:00")),
            ("week_days", MONDAY, 7, 1),
        ),
    ],
    ids=["day", "six hours", "break", "daily rest", "span", "legal week", "seven days"],
)
def test_at_the_limit_and_beyond(
    at_limit: list[Stint], beyond: list[Stint], expected: tuple[str, date, int, int]
) -> None:
    rule_id = expected[0]
    assert [one for one in found(at_limit) if one[0] == rule_id] == []
    assert [one for one in found(beyond) if one[0] == rule_id] == [expected]


def test_the_week_is_summed_across_members() -> None:
    """Forty-eight hours at two members pass; a minute more does not."""
    week = days(MONDAY, 4, *TEN_HOURS)
    friday = MONDAY + 4 * DAY
    week += [stint(friday, "08:00", "12:00"), stint(friday, "13:00", "17:00", RELAIS)]
    assert not [one for one in found(week) if one[0] == "week_max"]
    more = [*week, stint(friday, "17:00", "17:01", RELAIS)]
    assert ("week_max", MONDAY, 2881, 1) in found(more)


def test_twelve_weeks() -> None:
    """Eleven weeks at 44 hours and one at 44 h 01; absent weeks are left out, or counted."""
    rota: list[Stint] = []
    for number in range(12):
        first = MONDAY + number * WEEK
        rota += days(first, 4, ("08:00", "12:00"), ("13:00", "18:00"))
        rota += [stint(first + 4 * DAY, "08:00", "12:00"), stint(first + 4 * DAY, "13:00", "17:00")]
    last = MONDAY + 11 * WEEK
    assert not [one for one in found(rota) if one[0] == "avg12_max"]
    more = [*rota, stint(last, "18:00", "18:01", RELAIS)]
    assert [one for one in found(more) if one[0] == "avg12_max"] == [("avg12_max", last, 2640, 1)]
    gone = MONDAY + 5 * WEEK
    away = Absence(worker_id=WORKER, span=Interval(at(gone), at(gone + WEEK)))
    fewer = [one for one in more if not at(gone) <= one.span.start < at(gone + WEEK)]
    strict = found(fewer, absences=[away])
    assert ("avg12_max", last, 2640, 1) in strict
    laxer = found(fewer, setting=Setting(absent_weeks_count=True), absences=[away])
    assert not [one for one in laxer if one[0] == "avg12_max"]


def at(day: date) -> datetime:
    """Return the midnight a day begins with, in Paris."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)


def test_over_midnight_and_the_two_changes_of_clocks() -> None:
    """A night is cut at midnight; at the end of March it has an hour less, in October one more."""
    spring, autumn = date(2027, 3, 27), date(2027, 10, 30)
    for day, sunday in ((spring, 360), (autumn, 480)):
        night = stint(day, "20:00", "07:00")
        minutes = {one[1]: one[2] for one in found([night]) if one[0] == "sunday"}
        assert minutes == {day + DAY: sunday}


def test_the_rest_of_the_week() -> None:
    """From Saturday 20 h to Monday 7 h is enough; from Saturday 21 h to Monday 7 h is not."""
    enough = [*days(MONDAY, 6, ("14:00", "20:00")), stint(MONDAY + 7 * DAY, "07:00", "12:00")]
    assert not [one for one in found(enough) if one[0] == "weekly_rest"]
    short = [*enough, stint(MONDAY + 5 * DAY, "20:00", "21:00", RELAIS)]
    assert [one for one in found(short) if one[0] == "weekly_rest"] == [
        ("weekly_rest", MONDAY, 2040, 60)
    ]


def test_holidays() -> None:
    may = date(2027, 5, 1)
    ascension = date(2027, 5, 6)
    rota = [stint(may, "09:00", "12:00"), stint(ascension, "09:00", "12:00")]
    assert found(rota) == [("holiday_may1", may, 180, 180)]
    off = Setting(holidays_off=frozenset({may, ascension}))
    assert found(rota, setting=off) == [
        ("holiday_may1", may, 180, 180),
        ("holiday", ascension, 180, 180),
    ]


def test_part_time() -> None:
    """Twenty hours: two more at most, one interruption of two hours, always below full time."""
    week = days(MONDAY, 5, ("08:00", "10:12"), ("12:12", "14:24"))
    assert found(week, HALF) == []
    more = [*week, stint(MONDAY, "14:24", "14:25", RELAIS)]
    assert found(more, HALF) == [("pt_extra", MONDAY, 121, 1)]
    gaps = [
        stint(MONDAY, "08:00", "10:00"),
        stint(MONDAY, "12:01", "13:00"),
        stint(MONDAY, "14:00", "15:00"),
    ]
    assert found(gaps, HALF) == [("pt_gap", MONDAY, 121, 61)]
    full = days(MONDAY, 5, ("08:00", "12:00"), ("13:00", "16:00"))
    assert ("pt_below_full", MONDAY, 2100, 1) in found(full, HALF)


def test_the_contract_names_who_and_where() -> None:
    listed = replace(FULL, members=frozenset({AVENIR}))
    rota = [stint(MONDAY, "09:00", "12:00"), stint(MONDAY, "14:00", "16:00", RELAIS)]
    assert found(rota, listed) == [("listed_user", MONDAY, 120, 120)]
    assert found([replace(rota[1], kind=StintKind.COMMON)], listed) == []


def test_other_jobs_and_age() -> None:
    other = replace(FULL, other_jobs_minutes=900)
    week = days(MONDAY, 5, ("08:00", "12:00"), ("13:00", "16:00"))
    assert found(week, other) == [("cumul", MONDAY, 3000, 120)]
    young = replace(FULL, born_on=date(2009, 3, 2))
    assert found(week[:1], young) == [("minor", MONDAY, 17, 1)]
    assert found(week[2:3], young) == []


def test_agreements() -> None:
    """Twelve hours a day by agreement, from its day on; not thirteen, and never more a week."""
    rota = [*days(MONDAY, 2, ("07:00", "13:00"), ("13:30", "18:30"))]
    agreed = Override(
        rule_id="day_max", value=720, agreement="Accord du 3 mai", valid_from=MONDAY + DAY
    )
    setting = Setting(overrides=(agreed,))
    assert [one[:2] for one in found(rota, setting=setting)] == [("day_max", MONDAY)]
    for wrong in (
        replace(agreed, value=780),
        replace(agreed, rule_id="week_max", value=3000),
        replace(agreed, rule_id="unknown"),
    ):
        with pytest.raises(OutOfBounds, match="Accord du 3 mai"):
            check(rota, [FULL], Setting(overrides=(wrong,)))


def test_a_law_that_changes_in_mid_week() -> None:
    """Each day is judged by the set of that day, and says which."""
    later = replace(
        SETS[-1],
        name="new",
        valid_from=MONDAY + DAY,
        rules={**LAW, "day_max": replace(LAW["day_max"], value=540)},
    )
    rota = days(MONDAY, 2, *TEN_HOURS)
    breaches = check(rota, [FULL], sets=(*SETS, later))
    assert [(b.rule_id, b.day, b.rule_set) for b in breaches] == [("day_max", MONDAY + DAY, "new")]


def test_what_is_judged_and_what_is_new() -> None:
    """History counts and is not judged; a change tells only what it adds."""
    rota = [*days(MONDAY, 1, ("07:00", "18:30")), *days(MONDAY + WEEK, 1, *TEN_HOURS)]
    assert found(rota, days=(MONDAY + WEEK, MONDAY + 2 * WEEK)) == []
    before = check(rota, [FULL])
    after = check([*rota, stint(MONDAY + WEEK, "19:00", "19:30", RELAIS)], [FULL])
    assert [(b.rule_id, b.excess) for b in newly(before, after)] == [("day_max", 30)]


def test_a_finding_is_a_sentence_with_its_source() -> None:
    [breach] = check([stint(MONDAY, "08:00", "13:00"), stint(MONDAY, "14:00", "19:30")], [FULL])
    assert breach.level is Level.BLOCKS
    assert breach.sentence.say().replace("\u202f", " ").replace("\u00a0", " ") == (
        "Léa Durand travaillerait 10 h 30 le lundi 1er mars ; le maximum est de 10 h par jour."
    )
    assert breach.source.say() == "L3121-18 (à vérifier)"


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
