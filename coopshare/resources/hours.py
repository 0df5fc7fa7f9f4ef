"""When a resource is open: local hours of the weekday, made into UTC spans. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from coopshare.kernel.intervals import Interval, merged
from coopshare.kernel.localtime import day_span, local_days
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.models import Resource

DAY = 24 * 60
MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=4096)
def stretches(day: date, zone: ZoneInfo) -> tuple[tuple[Interval, int], ...]:
    """Return the stretches of a local day in which clocks do not change, each with the minute of
    the local day at its start: one on most days, two when clocks change.
    """
    whole = day_span(day, zone)
    first = whole.start.astimezone(zone)
    last = (whole.end - MINUTE).astimezone(zone)
    if first.utcoffset() == last.utcoffset():
        return ((whole, _minute(first, day)),)
    low, high = whole.start, whole.end - MINUTE
    while high - low > MINUTE:
        middle = low + timedelta(minutes=int((high - low) / MINUTE) // 2)
        if middle.astimezone(zone).utcoffset() == first.utcoffset():
            low = middle
        else:
            high = middle
    return (
        (Interval(whole.start, high), _minute(first, day)),
        (Interval(high, whole.end), _minute(high.astimezone(zone), day)),
    )


def _minute(local: datetime, day: date) -> int:
    return local.hour * 60 + local.minute + (DAY if local.date() > day else 0)


def open_on(resource: Resource, day: date) -> list[tuple[int, int]]:
    """Return the opening hours of a local day in minutes, holidays aside; no hours: all day."""
    if not resource.hours:
        return [(0, DAY)]
    return sorted((h.opens, h.closes) for h in resource.hours if h.weekday == day.weekday())


def spans_of_day(hours: Sequence[tuple[int, int]], day: date, zone: ZoneInfo) -> list[Interval]:
    """Return the instants of a local day whose local time lies within some hours.

    An hour jumped over is not there; an hour that happens twice is open twice.
    """
    found: list[Interval] = []
    for stretch, offset in stretches(day, zone):
        for opens, closes in hours:
            start = max(stretch.start, stretch.start + timedelta(minutes=opens - offset))
            end = min(stretch.end, stretch.start + timedelta(minutes=closes - offset))
            if start < end:
                found.append(Interval(start, end))
    return merged(found)


def open_spans(resource: Resource, window: Interval, calendar: ClosedCalendar) -> list[Interval]:
    """Return when the resource is open within a window: disjoint UTC spans in order."""
    zone = ZoneInfo(resource.timezone)
    spans = [
        span
        for day in local_days(window, zone)
        if calendar.closed(resource, day) is None
        for span in spans_of_day(open_on(resource, day), day, zone)
    ]
    return [part for span in merged(spans) if (part := span.clipped(window)) is not None]
