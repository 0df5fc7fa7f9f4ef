"""Rules of recurrence: read, written, expanded as dateutil does, within their limits."""

import time as clock
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coopshare.kernel.errors import Invalid
from coopshare.kernel.localtime import at
from coopshare.kernel.recurrence import (
    MOST_DATES,
    Frequency,
    Rule,
    dates,
    first_from,
    last_possible,
    months_without,
    parse,
)

PARIS = ZoneInfo("Europe/Paris")
DAILY, WEEKLY, MONTHLY, YEARLY = Frequency
FIRST = date(2027, 3, 2)
"""A Tuesday."""
CPU_LIMIT = 0.1
"""In how many seconds of CPU the worst rule is refused."""


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Return any rule."""
    frequency = draw(st.sampled_from(Frequency))
    ends = (
        {"count": draw(st.integers(1, 400))}
        if draw(st.booleans())
        else {"until": draw(st.dates(date(2026, 1, 1), date(2031, 1, 1)))}
    )
    days: dict[str, object] = {}
    if frequency is WEEKLY:
        days["weekdays"] = tuple(draw(st.sets(st.integers(0, 6))))
    if frequency is MONTHLY:
        kind = draw(st.integers(0, 2))
        if kind == 1:
            days["month_day"] = draw(st.one_of(st.just(-1), st.integers(1, 31)))
        if kind == 2:
            days["nth"] = (draw(st.sampled_from((1, 2, 3, 4, -1))), draw(st.integers(0, 6)))
    interval = draw(st.one_of(st.integers(1, 4), st.integers(1, 99)))
    return Rule(frequency, interval=interval, **days, **ends)  # type: ignore[arg-type]


FIRSTS = st.dates(date(2026, 1, 1), date(2029, 12, 31))


def by_dateutil(rule: Rule, first: date) -> list[date]:
    """Return the dates another library finds, cut a little beyond our limits."""
    start = datetime.combine(first, time(9))
    text = rule.text()
    if rule.until is not None:
        text = text.replace(f"{rule.until:%Y%m%d}", f"{rule.until:%Y%m%d}T235959")
    end = datetime.combine(last_possible(first), time(23))
    found: list[date] = []
    for moment in rrulestr(text, dtstart=start):
        if moment > end or len(found) > MOST_DATES:
            break
        found.append(moment.date())
    return found


@settings(max_examples=400, deadline=None)
@given(rules(), FIRSTS)
def test_dates_are_those_of_another_library(rule: Rule, first: date) -> None:
    try:
        found = dates(rule, first)
    except Invalid:
        other = by_dateutil(rule, first)
        assert (
            first not in other  # it is refused with its reason: tests below
            or len(other) > MOST_DATES
            or (rule.until is not None and rule.until > last_possible(first))
            or (rule.count is not None and len(other) < rule.count)
            or (rule.frequency is YEARLY and (first.month, first.day) == (2, 29))
        )
    else:
        assert found == by_dateutil(rule, first)
        assert found[0] == first


@settings(max_examples=400, deadline=None)
@given(rules())
def test_a_rule_reads_as_it_is_written(rule: Rule) -> None:
    assert parse(rule.text()) == rule
    assert parse(f"RRULE:{rule.text().lower()};WKST=MO") == rule


@settings(deadline=None)
@given(rules(), FIRSTS)
def test_the_limits_hold(rule: Rule, first: date) -> None:
    try:
        found = dates(rule, first)
    except Invalid:
        assume(False)
    assert len(found) <= MOST_DATES
    assert found == sorted(set(found))
    assert found[-1] <= last_possible(first)


@pytest.mark.parametrize(
    ("text", "first", "expected"),
    [
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", FIRST, ["2027-03-02", "2027-03-04", "2027-03-06"]),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270316", FIRST, ["2027-03-02", "2027-03-09", "2027-03-16"]),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,TU;COUNT=4",
            FIRST,
            ["2027-03-02", "2027-03-04", "2027-03-16", "2027-03-18"],
        ),
        ("FREQ=WEEKLY;COUNT=2", FIRST, ["2027-03-02", "2027-03-09"]),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3",
            date(2027, 1, 31),
            ["2027-01-31", "2027-03-31", "2027-05-31"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3",
            date(2027, 1, 31),
            ["2027-01-31", "2027-02-28", "2027-03-31"],
        ),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=2", FIRST, ["2027-03-02", "2027-04-06"]),
        (
            "FREQ=MONTHLY;BYDAY=-1WE;COUNT=2",
            date(2027, 3, 31),
            ["2027-03-31", "2027-04-28"],
        ),
        ("FREQ=YEARLY;COUNT=3", FIRST, ["2027-03-02", "2028-03-02", "2029-03-02"]),
    ],
)
def test_examples(text: str, first: date, expected: list[str]) -> None:
    assert [day.isoformat() for day in dates(parse(text), first)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=SECONDLY;COUNT=2",
        "FREQ=HOURLY;COUNT=2",
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=2;UNTIL=20270316",
        "FREQ=DAILY;INTERVAL=0;COUNT=2",
        "FREQ=DAILY;INTERVAL=100;COUNT=2",
        "FREQ=DAILY;INTERVAL=-1;COUNT=2",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=2;COUNT=3",
        "FREQ=DAILY;COUNT=99999999999999999999",
        "FREQ=DAILY;BYDAY=MO;COUNT=2",
        "FREQ=DAILY;BYMONTHDAY=-1;COUNT=2",
        "FREQ=DAILY;UNTIL=20270230",
        "FREQ=DAILY;UNTIL=20270316T120000Z",
        "FREQ=WEEKLY;BYDAY=1MO;COUNT=2",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=2",
        "FREQ=WEEKLY;WKST=SU;COUNT=2",
        "FREQ=MONTHLY;BYDAY=MO;COUNT=2",
        "FREQ=MONTHLY;BYDAY=5MO;COUNT=2",
        "FREQ=MONTHLY;BYDAY=1MO,2TU;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=32;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=0;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=-2;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=2;BYDAY=1TU;COUNT=2",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
        "FREQ=YEARLY;BYWEEKNO=53;COUNT=2",
        "COUNT=2",
        "FREQ=DAILY;COUNT=2;X=Y",
        "FREQ=DAILY;COUNT=٢",
        "FREQ=DAILY;" * 100_000,
    ],
    ids=lambda text: text[:44],
)
def test_anything_else_is_refused_at_once(text: str) -> None:
    begun = clock.process_time()
    with pytest.raises(Invalid) as refused:
        parse(text)
    assert list(refused.value.fields) == ["recurrence"]
    assert clock.process_time() - begun < CPU_LIMIT


@pytest.mark.parametrize(
    ("text", "first", "said"),
    [
        ("FREQ=DAILY;COUNT=367", FIRST, "366 dates"),
        ("FREQ=DAILY;UNTIL=20280302", FIRST, "366 dates"),
        ("FREQ=DAILY;UNTIL=99991231", FIRST, "24 mois"),
        ("FREQ=WEEKLY;COUNT=106", FIRST, "seulement 105"),
        ("FREQ=MONTHLY;INTERVAL=99;BYMONTHDAY=31;COUNT=2", date(2027, 1, 31), "seulement 1"),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=3", FIRST, "mardi 2\N{NO-BREAK SPACE}mars"),
        ("FREQ=MONTHLY;BYDAY=2TU;COUNT=3", FIRST, "premier jour"),
        ("FREQ=DAILY;UNTIL=20270301", FIRST, "avant son premier jour"),
        ("FREQ=YEARLY;COUNT=2", date(2028, 2, 29), "29 février"),
        ("FREQ=DAILY;COUNT=2", date(9999, 12, 31), "trop lointaine"),
    ],
)
def test_a_rule_beyond_the_limits_says_which(text: str, first: date, said: str) -> None:
    rule = parse(text)
    begun = clock.process_time()
    with pytest.raises(Invalid) as refused:
        dates(rule, first)
    assert clock.process_time() - begun < CPU_LIMIT
    assert said in str(refused.value)


def test_as_many_dates_as_the_limits_allow() -> None:
    assert len(dates(parse("FREQ=DAILY;COUNT=366"), FIRST)) == MOST_DATES
    assert dates(parse("FREQ=WEEKLY;COUNT=105"), FIRST)[-1] == date(2029, 2, 27)


def test_months_too_short_for_the_rule_are_told() -> None:
    rule = parse("FREQ=MONTHLY;BYMONTHDAY=31;UNTIL=20270531")
    assert months_without(rule, date(2027, 1, 31)) == [date(2027, 2, 1), date(2027, 4, 1)]
    assert months_without(parse("FREQ=MONTHLY;BYMONTHDAY=28;COUNT=9"), date(2027, 1, 28)) == []


@settings(deadline=None)
@given(rules(), FIRSTS)
def test_the_first_day_of_a_rule_is_the_nearest_it_names(rule: Rule, day: date) -> None:
    once = replace(rule, count=1, until=None)
    found = first_from(rule, day)
    assume((found.month, found.day) != (2, 29) or rule.frequency is not YEARLY)
    assert dates(once, found) == [found]
    for number in range((found - day).days):
        before = day + timedelta(days=number)
        with pytest.raises(Invalid):
            dates(once, before)


@pytest.mark.parametrize(
    ("first", "changes"),
    [(date(2027, 3, 23), date(2027, 3, 28)), (date(2027, 10, 26), date(2027, 10, 31))],
)
def test_the_hour_on_the_wall_stays_when_clocks_change(first: date, changes: date) -> None:
    found = dates(parse("FREQ=WEEKLY;COUNT=2"), first)
    moments = [at(day, 9 * 60, PARIS) for day in found]
    assert found[0] < changes < found[1]
    assert [moment.astimezone(PARIS).time() for moment in moments] == [time(9), time(9)]
    assert moments[1] - moments[0] != timedelta(days=7)


def test_the_missing_hour_moves_and_the_repeated_one_is_the_first() -> None:
    half_past_two = 2 * 60 + 30
    in_march = dates(parse("FREQ=DAILY;COUNT=3"), date(2027, 3, 27))
    assert [at(day, half_past_two, PARIS).astimezone(PARIS).time() for day in in_march] == [
        time(2, 30),
        time(3, 30),
        time(2, 30),
    ]
    in_october = dates(parse("FREQ=DAILY;COUNT=3"), date(2027, 10, 30))
    assert [at(day, half_past_two, PARIS) for day in in_october] == [
        datetime(2027, 10, 30, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 11, 1, 1, 30, tzinfo=UTC),
    ]
