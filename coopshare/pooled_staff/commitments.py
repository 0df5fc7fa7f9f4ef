"""What a convention promises between two days, in minutes: exact, and additive over periods.

A promise by the week, the month or the year is spread over its days from Monday to Friday. What is
promised from the first day to a day is rounded down once, so that the promises of consecutive
periods add up to that of the whole. Pure: no database.
"""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from coopshare.pooled_staff.kinds import CommitmentUnit

DAY = timedelta(days=1)
WORKING = 5
"""Days from Monday to Friday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What one version of a convention commits to while it holds."""

    member_id: UUID
    position_id: UUID
    first: date
    last: date | None
    """Included; None: until further notice."""
    unit: CommitmentUnit
    amount: int
    """Minutes, or a weight."""


def weekdays(first: date, last: date) -> int:
    """Return how many days from Monday to Friday there are, both ends included."""
    if last < first:
        return 0
    days = (last - first).days + 1
    weeks, rest = divmod(days, 7)
    start = first.weekday()
    return weeks * WORKING + sum(1 for n in range(rest) if (start + n) % 7 < WORKING)


def _until(
    promise: Promise, last: date, week_of: Mapping[UUID, int], all_: Sequence[Promise]
) -> Fraction:
    """Return what is promised from the first day to a day, exactly."""
    end = last if promise.last is None else min(last, promise.last)
    if end < promise.first:
        return Fraction(0)
    if promise.unit is CommitmentUnit.WEEK:
        return Fraction(promise.amount * weekdays(promise.first, end), WORKING)
    if promise.unit is CommitmentUnit.WEIGHT:
        return _by_weight(promise, end, week_of[promise.position_id], all_)
    total, first = Fraction(0), promise.first
    while first <= end:
        whole_first, whole_last = _period(promise.unit, first)
        part = weekdays(first, min(end, whole_last))
        total += Fraction(promise.amount * part, weekdays(whole_first, whole_last))
        first = whole_last + DAY
    return total


def _by_weight(promise: Promise, end: date, weekly: int, all_: Sequence[Promise]) -> Fraction:
    """Return its part of the post's time: among the weights in force, day by day."""
    rivals = [
        one
        for one in all_
        if one.unit is CommitmentUnit.WEIGHT and one.position_id == promise.position_id
    ]
    edges = {promise.first, end + DAY}
    for one in rivals:
        edges |= {one.first, *([one.last + DAY] if one.last else [])}
    inside = sorted(day for day in edges if promise.first <= day <= end + DAY)
    total = Fraction(0)
    for first, after in pairwise(inside):
        weights = sum(
            one.amount
            for one in rivals
            if one.first <= first and (not one.last or first <= one.last)
        )
        days = weekdays(first, after - DAY)
        total += Fraction(weekly * promise.amount * days, weights * WORKING)
    return total


def _period(unit: CommitmentUnit, day: date) -> tuple[date, date]:
    if unit is CommitmentUnit.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    last = calendar.monthrange(day.year, day.month)[1]
    return date(day.year, day.month, 1), date(day.year, day.month, last)


def promised(
    promises: Iterable[Promise], first: date, last: date, week_of: Mapping[UUID, int]
) -> dict[tuple[UUID, UUID], int]:
    """Return the minutes promised between two days, both included, by member and post.

    `week_of`: minutes a week of each post, which weights share. Consecutive periods add up.
    """
    known = list(promises)
    found: dict[tuple[UUID, UUID], int] = {}
    for one in known:
        until = int(_until(one, last, week_of, known))
        before = int(_until(one, first - DAY, week_of, known))
        key = one.member_id, one.position_id
        found[key] = found.get(key, 0) + until - before
    return found
