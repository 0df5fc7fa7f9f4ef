"""When a resource is closed by its weekly hours, as spans in UTC."""

from coopshare.kernel.intervals import Interval, without
from coopshare.kernel.localtime import at, local_days, zone
from coopshare.resources.models import Resource


def closed_spans(resource: Resource, span: Interval) -> list[Interval]:
    """Return the closed parts of a span; a resource without hours is always open."""
    if not resource.hours:
        return []
    place = zone(resource.timezone)
    opened = [
        Interval(at(day, hours.opens, place), at(day, hours.closes, place))
        for day in local_days(span, place)
        for hours in resource.hours
        if hours.weekday == day.weekday()
    ]
    return without(span, opened)
