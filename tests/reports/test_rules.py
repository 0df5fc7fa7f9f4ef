"""Periods, and minutes spread over the hours of the week."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopshare.kernel.dates import say_hours, utc
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.units import say_number, say_percent
from coopshare.reports.periods import Compared, Period, Usual, usual
from coopshare.reports.rules import STEPS, Share, by_hour, heat_map, minutes_of

PARIS = ZoneInfo("Europe/Paris")
KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    ("which", "first", "last"),
    [
        (Usual.MONTH, date(2027, 3, 1), date(2027, 3, 31)),
        (Usual.LAST_MONTH, date(2027, 2, 1), date(2027, 2, 28)),
        (Usual.QUARTER, date(2027, 1, 1), date(2027, 3, 31)),
        (Usual.YEAR, date(2027, 1, 1), date(2027, 12, 31)),
        (Usual.TWELVE_MONTHS, date(2026, 3, 1), date(2027, 2, 28)),
    ],
)
def test_periods_asked_for_by_name(which: Usual, first: date, last: date) -> None:
    assert usual(which, date(2027, 3, 10)) == Period(first, last)


@pytest.mark.parametrize(
    ("period", "how", "other"),
    [
        (
            Period(date(2028, 2, 1), date(2028, 2, 29)),
            Compared.YEAR_BEFORE,
            Period(date(2027, 2, 1), date(2027, 2, 28)),
        ),
        (
            Period(date(2027, 2, 1), date(2027, 2, 28)),
            Compared.YEAR_BEFORE,
            Period(date(2026, 2, 1), date(2026, 2, 28)),
        ),
        (
            Period(date(2028, 2, 29), date(2028, 3, 6)),
            Compared.YEAR_BEFORE,
            Period(date(2027, 2, 28), date(2027, 3, 6)),
        ),
        (
            Period(date(2027, 3, 1), date(2027, 3, 31)),
            Compared.BEFORE,
            Period(date(2027, 2, 1), date(2027, 2, 28)),
        ),
        (
            Period(date(2027, 1, 1), date(2027, 3, 31)),
            Compared.BEFORE,
            Period(date(2026, 10, 1), date(2026, 12, 31)),
        ),
        (
            Period(date(2027, 3, 8), date(2027, 3, 14)),
            Compared.BEFORE,
            Period(date(2027, 3, 1), date(2027, 3, 7)),
        ),
    ],
)
def test_what_a_period_is_compared_with(period: Period, how: Compared, other: Period) -> None:
    assert period.compared(how) == other


def test_a_period_is_a_year_at_most_and_in_order() -> None:
    with pytest.raises(Invalid):
        Period(date(2027, 3, 2), date(2027, 3, 1))
    with pytest.raises(Invalid):
        Period(date(2027, 1, 1), date(2028, 1, 2))
    assert Period(date(2028, 1, 1), date(2028, 12, 31)).days == 366


spans = st.builds(
    lambda start, length: Interval(
        utc(2027, 3, 20) + timedelta(minutes=start),
        utc(2027, 3, 20) + timedelta(minutes=start + length),
    ),
    st.integers(0, 20 * 24 * 60),
    st.integers(1, 3 * 24 * 60),
)


@given(
    st.lists(st.tuples(spans, st.integers(1, 60)), max_size=5), st.sampled_from([PARIS, KOLKATA])
)
def test_no_minute_is_lost_nor_counted_twice(
    used: list[tuple[Interval, int]], zone: ZoneInfo
) -> None:
    assert by_hour(used, zone).total() == minutes_of(used)


def test_hours_are_those_of_the_place_over_the_change_of_clocks() -> None:
    night = Interval(
        datetime(2027, 3, 28, 1, 0, tzinfo=PARIS).astimezone(utc(2027, 1, 1).tzinfo),
        datetime(2027, 3, 28, 4, 0, tzinfo=PARIS).astimezone(utc(2027, 1, 1).tzinfo),
    )
    assert by_hour([(night, 2)], PARIS) == {(6, 1): 120, (6, 3): 120}


def test_shares_and_shades() -> None:
    assert [Share(n, 60).percent for n in (0, 20, 30, 60, 90)] == [0, 33, 50, 100, 150]
    assert Share(5, 0).percent is None
    assert [Share(n, 60).step for n in (0, 1, 30, 59, 60)] == [0, 1, 4, STEPS, STEPS]
    assert Share(10, 0).step == STEPS
    assert Share(1, 2) + Share(3, 4) == Share(4, 6)


def test_the_map_shows_the_usual_hours_and_those_in_use() -> None:
    assert heat_map({}, {(0, 3): 60}).hours == range(8, 20)
    found = heat_map({(1, 21): 30, (1, 9): 60}, {(1, 21): 60, (1, 9): 60, (0, 2): 10})
    assert found.hours == range(8, 22)
    assert [key for key, _ in found.fullest] == [(1, 9), (1, 21)]
    assert found.share(4, 4) == Share(0, 0)


def test_figures_are_said() -> None:
    assert say_hours(74_430) == "1\u202f240\u202fh\u202f30"
    assert say_hours(45) == "45\u202fmin"
    assert say_hours(74_400, "en") == "1,240\u202fh"
    assert (say_number(1240), say_number(1240, "en")) == ("1\u202f240", "1,240")
    assert (say_percent(38), say_percent(38, "en")) == ("38\u202f%", "38%")
