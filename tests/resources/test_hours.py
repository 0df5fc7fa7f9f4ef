"""Opening hours are local hours: right in any zone, on the days when clocks change too."""

import itertools
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, local_days
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.hours import open_spans
from coopshare.resources.models import OpeningHours, Resource

ZONES = ("Europe/Paris", "Indian/Reunion", "America/Miquelon")
CLOCK_DAYS = (
    date(2027, 3, 28),
    date(2027, 10, 31),
    date(2027, 3, 14),
    date(2027, 11, 7),
)
"""Clocks change in Paris on the first two, in Miquelon on the last two, never in Réunion."""

days = st.one_of(st.sampled_from(CLOCK_DAYS), st.dates(date(2026, 1, 1), date(2030, 12, 31)))
hours_of_week = st.lists(
    st.tuples(st.integers(0, 6), st.tuples(st.integers(0, 1440), st.integers(0, 1440))).filter(
        lambda given: given[1][0] < given[1][1]
    ),
    max_size=12,
)


def room(zone: str, hours: list[tuple[int, tuple[int, int]]]) -> Resource:
    """Return a resource that is not stored."""
    return Resource(
        name="Atelier",
        timezone=zone,
        closed_on_holidays=False,
        closed_in_school_holidays=False,
        hours=[OpeningHours(weekday=day, opens=a, closes=b) for day, (a, b) in hours],
    )


@given(st.sampled_from(ZONES), days, st.integers(1, 4), hours_of_week)
def test_an_instant_is_open_exactly_when_its_local_time_is(
    zone: str, day: date, length: int, hours: list[tuple[int, tuple[int, int]]]
) -> None:
    """Compared with the definition, every seven minutes of some days."""
    place = ZoneInfo(zone)
    window = day_span(day, place, length)
    found = open_spans(room(zone, hours), window, ClosedCalendar())
    moment = window.start
    while moment < window.end:
        local = moment.astimezone(place)
        minute = local.hour * 60 + local.minute
        expected = not hours or any(
            weekday == local.weekday() and opens <= minute < closes
            for weekday, (opens, closes) in hours
        )
        assert any(span.start <= moment < span.end for span in found) == expected, local
        moment += timedelta(minutes=7)


@given(
    st.sampled_from(ZONES),
    st.datetimes(utc(2026, 1, 1).replace(tzinfo=None), utc(2030, 1, 1).replace(tzinfo=None)),
    st.integers(1, 20_000),
    hours_of_week,
)
def test_spans_are_disjoint_ordered_and_inside(
    zone: str, start: object, minutes: int, hours: list[tuple[int, tuple[int, int]]]
) -> None:
    begin = start.replace(tzinfo=ZoneInfo("UTC"))  # type: ignore[attr-defined]
    window = Interval(begin, begin + timedelta(minutes=minutes))
    found = open_spans(room(zone, hours), window, ClosedCalendar())
    assert all(window.contains(span) for span in found)
    assert all(a.end < b.start for a, b in itertools.pairwise(found))


@given(st.sampled_from(ZONES), days)
def test_without_hours_a_day_is_open_whole(zone: str, day: date) -> None:
    whole = day_span(day, ZoneInfo(zone))
    assert open_spans(room(zone, []), whole, ClosedCalendar()) == [whole]


@given(st.sampled_from(ZONES), days, st.sets(st.integers(0, 6)))
def test_closed_days_are_local_days(zone: str, day: date, closed: set[int]) -> None:
    """A closed day closes from its local midnight to the next, whatever the zone."""
    place = ZoneInfo(zone)
    window = day_span(day, place, 7)
    own = {day + timedelta(days=n): "Inventaire" for n in closed}
    resource = room(zone, [])
    resource.closed_on_holidays = True
    found = open_spans(resource, window, ClosedCalendar(own=own))
    opened = {local for span in found for local in local_days(span, place)}
    assert opened == set(local_days(window, place)) - set(own)


def test_an_hour_that_happens_twice_is_open_twice() -> None:
    """From 1 h to 2 h 30 on 31 October 2027 in Paris: 2 h – 2 h 30 comes back."""
    resource = room("Europe/Paris", [(6, (60, 150))])
    window = day_span(date(2027, 10, 31), ZoneInfo("Europe/Paris"))
    assert open_spans(resource, window, ClosedCalendar()) == [
        Interval(utc(2027, 10, 30, 23), utc(2027, 10, 31, 0, 30)),
        Interval(utc(2027, 10, 31, 1), utc(2027, 10, 31, 1, 30)),
    ]


def test_a_day_of_clock_change_opens_at_its_local_hour() -> None:
    """9 h – 18 h on the Sunday of March, in Paris: seven hours from UTC to local 9 h."""
    resource = room("Europe/Paris", [(6, (540, 1080))])
    window = day_span(date(2027, 3, 28), ZoneInfo("Europe/Paris"))
    assert open_spans(resource, window, ClosedCalendar()) == [
        Interval(utc(2027, 3, 28, 7), utc(2027, 3, 28, 16))
    ]
