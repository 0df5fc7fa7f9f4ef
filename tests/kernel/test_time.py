"""Spans, local time and how both are said."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopshare.kernel.dates import LocalSpan, say_day, say_duration, utc
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval, merged, peak, without
from coopshare.kernel.localtime import (
    AmbiguousTime,
    NonexistentTime,
    at,
    day_span,
    local_days,
    to_utc,
    zone,
)

PARIS = ZoneInfo("Europe/Paris")
START = utc(2027, 3, 10, 9)


def span(start: int, end: int) -> Interval:
    """Return a span between two minutes after a fixed instant."""
    return Interval(START + timedelta(minutes=start), START + timedelta(minutes=end))


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda t: span(t[0], t[0] + t[1])),
    max_size=12,
)


def minutes(spans: list[Interval]) -> set[int]:
    """Return the minutes some spans cover, one by one: the naive model."""
    return {
        minute
        for one in spans
        for minute in range(-5, 200)
        if one.start <= START + timedelta(minutes=minute) < one.end
    }


@given(SPANS)
def test_merged_covers_the_same_minutes(spans: list[Interval]) -> None:
    found = merged(spans)
    assert minutes(found) == minutes(spans)
    assert all(a.end < b.start for a, b in pairwise(found))


@given(SPANS)
def test_without_leaves_the_rest(spans: list[Interval]) -> None:
    whole = span(0, 60)
    assert minutes(without(whole, spans)) == minutes([whole]) - minutes(spans)


@given(st.lists(st.tuples(SPANS.filter(bool).map(lambda s: s[0]), st.integers(1, 9)), max_size=8))
def test_peak_is_the_largest_sum_of_a_minute(uses: list[tuple[Interval, int]]) -> None:
    within = span(5, 50)
    sums = [
        sum(quantity for one, quantity in uses if minute in minutes([one]))
        for minute in minutes([within])
    ]
    assert peak(uses, within) == max(sums)


@pytest.mark.parametrize("end", [START, START - timedelta(hours=1), START + timedelta(days=5000)])
def test_an_absurd_span_is_refused_on_its_field(end: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        Interval(START, end)
    assert list(refused.value.fields) == ["ends_at"]


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(Invalid):
        Interval(datetime(2027, 3, 10, 9), START + timedelta(days=1))  # noqa: DTZ001 - on purpose


def test_the_two_odd_hours_are_asked_about() -> None:
    """28 March 2027: 02:30 does not exist; 31 October 2027: 02:30 happens twice."""
    with pytest.raises(NonexistentTime) as jumped:
        to_utc(datetime(2027, 3, 28, 2, 30), PARIS)  # noqa: DTZ001 - local on purpose
    assert "3\u202fh\u202f30" in str(jumped.value)
    twice = datetime(2027, 10, 31, 2, 30)  # noqa: DTZ001 - local on purpose
    with pytest.raises(AmbiguousTime):
        to_utc(twice, PARIS)
    first, second = to_utc(twice, PARIS, which="first"), to_utc(twice, PARIS, which="second")
    assert (first, second) == (utc(2027, 10, 31, 0, 30), utc(2027, 10, 31, 1, 30))


@given(
    st.sampled_from(
        [
            "Europe/Paris",
            "America/Miquelon",
            "Indian/Reunion",
            "Pacific/Marquesas",
            "Pacific/Noumea",
        ]
    ),
    st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 31)),  # noqa: DTZ001 - local on purpose
    st.sampled_from(["first", "second"]),
)
def test_local_time_goes_to_utc_and_back(name: str, local: datetime, which: str) -> None:
    local = local.replace(second=0, microsecond=0, fold=0)
    place = zone(name)
    try:
        instant = to_utc(local, place, which=which)  # type: ignore[arg-type]
    except NonexistentTime:
        skipped = local.replace(tzinfo=place).astimezone(UTC).astimezone(place)
        assert skipped.replace(tzinfo=None) != local
    else:
        assert instant.astimezone(place).replace(tzinfo=None, fold=0) == local


def test_days_have_23_24_or_25_hours() -> None:
    days = (date(2027, 3, 28), date(2027, 3, 29), date(2027, 10, 31))
    assert [day_span(day, PARIS).minutes // 60 for day in days] == [23, 24, 25]
    assert local_days(day_span(days[0], PARIS, 2), PARIS) == [date(2027, 3, 28), date(2027, 3, 29)]
    assert at(days[0], 9 * 60, PARIS) == utc(2027, 3, 28, 7)
    assert at(days[0], 24 * 60, PARIS) == day_span(days[0], PARIS).end


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(Invalid):
        zone("Europe")
    with pytest.raises(Invalid):
        zone("../etc/passwd")


def test_spans_are_said_as_people_say_them() -> None:
    morning = LocalSpan(Interval(utc(2027, 3, 9, 8), utc(2027, 3, 9, 11, 30)), PARIS, year=2027)
    assert morning.say() == "mardi 9\u00a0mars, 9\u202fh\u00a0–\u00a012\u202fh\u202f30"
    assert morning.say("en") == "Tuesday 9\u00a0March, 09:00\u00a0–\u00a012:30"
    whole = LocalSpan(day_span(date(2027, 5, 1), PARIS), PARIS, year=2026)
    assert whole.say() == "samedi 1er\u00a0mai\u00a02027, toute la journée"
    days = LocalSpan(day_span(date(2027, 5, 1), PARIS, 2), PARIS, year=2027)
    assert days.say() == "du samedi 1er\u00a0mai au dimanche 2\u00a0mai"
    assert say_day(date(2027, 3, 10), year=2027) == "mercredi 10\u00a0mars"
    assert [say_duration(m) for m in (45, 60, 90, 1440, 2880)] == [
        "45\u202fmin",
        "1\u202fh",
        "1\u202fh\u202f30",
        "1\u00a0jour",
        "2\u00a0jours",
    ]
