"""Where a use fits: pure search of the moments nearest to a wish."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from coopshare.holds.rules import HoldUse, Leaf, overfull, preparation
from coopshare.kernel.intervals import Interval, merged, without
from coopshare.kernel.localtime import at, local_days
from coopshare.resources.models import Resource

DAY = 24 * 60


def blocked(
    resource: Resource, leaves: Iterable[tuple[Leaf, Sequence[HoldUse]]], quantity: int
) -> list[Interval]:
    """Return the spans a use of so many of a resource may not touch: disjoint, in order.

    Preparation time is in them: a use needs its time before and after free as well.
    """
    found: list[Interval] = []
    for leaf, held in leaves:
        if not held:
            continue
        room = leaf.quantity - (quantity if leaf.id == resource.id else leaf.quantity)
        before, after = preparation(resource, leaf)
        full = overfull(((use.span, use.quantity) for use in held), room)
        found += [span.widened(after, before) for span, _ in full]
    return merged(found)


def usual_length(resource: Resource, minutes: int) -> int:
    """Return the length, in minutes, that a use of about so long has: shortest, step."""
    length = max(minutes, resource.shortest or 0)
    return length + -length % resource.step


def candidates(
    resource: Resource,
    opening: Sequence[Interval],
    taken: Sequence[Interval],
    around: datetime,
    minutes: int,
) -> list[Interval]:
    """Return spans of about `minutes` in which nothing stands in the way, nearest first.

    Of two as near, the later one comes first.
    At most one for each stretch of free time, on a step or on fixed slots. The other rules of the
    resource are not looked at here.
    """
    zone = ZoneInfo(resource.timezone)
    gaps = [gap for span in opening for gap in without(span, taken)]
    found: list[Interval] = []
    for gap in gaps:
        if resource.slots:
            found += _slots(resource, gap, zone, minutes)
        else:
            fitting = _nearest_in(gap, zone, around, usual_length(resource, minutes), resource.step)
            found += [fitting] if fitting else []
    if minutes >= DAY and opening:
        whole = Interval(opening[0].start, opening[-1].end)
        found += _same_time(whole, taken, zone, around, minutes)
    return sorted(set(found), key=lambda span: (abs(span.start - around), span.start < around))


def _nearest_in(
    gap: Interval, zone: ZoneInfo, around: datetime, minutes: int, step: int
) -> Interval | None:
    length = timedelta(minutes=minutes)
    last = gap.end - length
    if last < gap.start:
        return None
    start = _on_step(min(max(around, gap.start), last), zone, step)
    if start > last:
        start -= timedelta(minutes=step)
    return Interval(start, start + length) if start >= gap.start else None


def _on_step(moment: datetime, zone: ZoneInfo, step: int) -> datetime:
    """Return the first instant from a moment on whose local minute is a multiple of the step."""
    if moment.second or moment.microsecond:
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    local = moment.astimezone(zone)
    return moment + timedelta(minutes=-(local.hour * 60 + local.minute) % step)


def _slots(resource: Resource, gap: Interval, zone: ZoneInfo, minutes: int) -> list[Interval]:
    """Return runs of fixed slots, long enough, that lie in a stretch of free time."""
    slots = sorted((int(a), int(b)) for a, b in resource.slots)
    found: list[Interval] = []
    for day in local_days(gap, zone):
        for number, (start, _) in enumerate(slots):
            ends = [end for _, end in slots[number:] if end - start >= minutes]
            if not ends:
                continue
            first, last = at(day, start, zone), at(day, ends[0], zone)
            if gap.start <= first < last <= gap.end:
                found.append(Interval(first, last))
    return found


def _same_time(
    whole: Interval, taken: Sequence[Interval], zone: ZoneInfo, around: datetime, minutes: int
) -> list[Interval]:
    """Return spans at the same local time on other days, for uses of a day and more."""
    local, length = around.astimezone(zone), timedelta(minutes=minutes)
    minute = local.hour * 60 + local.minute
    found: list[Interval] = []
    for day in local_days(whole, zone):
        start = at(day, minute, zone)
        span = Interval(start, start + length)
        if not any(span.overlaps(busy) for busy in taken):
            found.append(span)
    return found
