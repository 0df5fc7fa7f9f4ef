"""The work of one person, cut into the civil days and weeks of where they live.

Lengths are differences of UTC instants, so that the days on which clocks change have their 23 or 25
hours; work over midnight counts for each day what falls in it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.kernel.intervals import Interval, merged
from coopshare.kernel.localtime import day_span, zone
from coopshare.pooled_staff.rules.facts import Absence, Stint, Terms

DAY, WEEK = timedelta(days=1), timedelta(days=7)
LONG = 8 * WEEK
"""Of what lies before and after what is known: longer than any rest that is asked for."""


@dataclass(slots=True)
class DayWork:
    """What is worked on one civil day."""

    minutes: int = 0
    stints: list[Stint] = field(default_factory=list)
    pieces: list[Interval] = field(default_factory=list)
    """What falls in it, in order; those that touch are one."""
    starts: list[Interval] = field(default_factory=list)
    """What begins in it, whole: over midnight too."""

    @property
    def ids(self) -> tuple[UUID, ...]:
        """Return what was looked at, in order."""
        return tuple(stint.id for stint in self.stints)


class Diary:
    """The days and weeks of one person, ready to be judged."""

    def __init__(
        self, terms: Terms, stints: Sequence[Stint], absences: Sequence[Absence] = ()
    ) -> None:
        self.terms = terms
        self.place: ZoneInfo = zone(terms.timezone)
        self.stints = sorted(stints, key=lambda one: (one.span, one.id))
        self.absences = merged(one.span for one in absences)
        self._days: dict[date, Interval] = {}

    def span_of(self, day: date) -> Interval:
        """Return a civil day, midnight to midnight where the person lives."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = day_span(day, self.place)
        return found

    def day_of(self, instant: datetime) -> date:
        """Return the civil day of an instant."""
        return instant.astimezone(self.place).date()

    @cached_property
    def work(self) -> list[Interval]:
        """Return when there is work, breaks left out, in order: what touches is one span."""
        return merged(piece for stint in self.stints for piece in worked(stint))

    @cached_property
    def rests(self) -> list[Interval]:
        """Return when there is none, between two spans of work; long before and after."""
        if not self.work:
            return []
        first, last = self.work[0].start - LONG, self.work[-1].end + LONG
        edges = [first, *(edge for span in self.work for edge in (span.start, span.end)), last]
        return [Interval(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]

    @cached_property
    def days(self) -> dict[date, DayWork]:
        """Return each civil day with work, in order."""
        found: dict[date, DayWork] = {}
        for span in self.work:
            first = self.day_of(span.start)
            found.setdefault(first, DayWork()).starts.append(span)
            for day, piece in self._cut(span):
                one = found.setdefault(day, DayWork())
                one.pieces.append(piece)
                one.minutes += piece.minutes
        for stint in self.stints:
            for day, _ in self._cut(stint.span):
                if day in found:
                    found[day].stints.append(stint)
        return dict(sorted(found.items()))

    def _cut(self, span: Interval) -> Iterator[tuple[date, Interval]]:
        day = self.day_of(span.start)
        while True:
            whole = self.span_of(day)
            if span.end <= whole.end:
                yield day, span
                return
            yield day, Interval(span.start, whole.end)
            span = Interval(whole.end, span.end)
            day += DAY

    def minutes_of(self, stints: Iterable[Stint], day: date) -> int:
        """Return what is worked in some stints on a civil day: once where two are at one time."""
        whole = self.span_of(day)
        pieces = merged(piece for stint in stints for piece in worked(stint))
        parts = (piece.clipped(whole) for piece in pieces)
        return sum(part.minutes for part in parts if part is not None)

    @cached_property
    def weeks(self) -> dict[date, list[date]]:
        """Return the Monday of each week with work, and its days with work."""
        found: dict[date, list[date]] = {}
        for day in self.days:
            found.setdefault(monday(day), []).append(day)
        return found

    def week_minutes(self, first: date) -> int:
        """Return what is worked in the week of a Monday."""
        return sum(self.days[day].minutes for day in self.weeks.get(first, ()))

    def week_ids(self, first: date) -> tuple[UUID, ...]:
        """Return what was looked at in the week of a Monday, in order."""
        found = {
            stint.id: None for day in self.weeks.get(first, ()) for stint in self.days[day].stints
        }
        return tuple(found)

    def is_away(self, first: date) -> bool:
        """Tell whether the person is absent from Monday to Friday, whatever they work all the same.

        Depends on absences only: work that is added never takes a week out of the average of twelve
        nor puts one into it (L3121-22).
        """
        whole = Interval(self.span_of(first).start, self.span_of(first + 4 * DAY).end)
        return any(span.contains(whole) for span in self.absences)

    def longest_rest(self, within: Interval) -> int:
        """Return the longest rest inside a span, in minutes: the part of it that falls inside."""
        return max((part.minutes for part in self._resting(within)), default=0)

    def _resting(self, within: Interval) -> Iterator[Interval]:
        for rest in self.rests_in(within):
            part = rest.clipped(within)
            if part is not None:
                yield part

    def rests_in(self, within: Interval) -> Iterator[Interval]:
        """Give the rests that share an instant with a span, whole."""
        index = max(0, bisect_right(self.rests, within.start, key=lambda one: one.start) - 1)
        for rest in self.rests[index:]:
            if rest.start >= within.end:
                return
            if rest.end > within.start:
                yield rest


def worked(stint: Stint) -> Iterator[Interval]:
    """Give what is worked of a stint: all of it but its breaks."""
    start = stint.span.start
    for pause in merged(stint.breaks):
        part = pause.clipped(stint.span)
        if part is None:
            continue
        if start < part.start:
            yield Interval(start, part.start)
        start = part.end
    if start < stint.span.end:
        yield Interval(start, stint.span.end)


def monday(day: date) -> date:
    """Return the Monday of a day's civil week (L3121-35: from Monday 0 h to Sunday 24 h)."""
    return day - timedelta(days=day.weekday())


def is_may1(day: date) -> bool:
    """Tell whether nobody works that day by law (L3133-4)."""
    return (day.month, day.day) == (5, 1)


def gaps(spans: Iterable[Interval]) -> list[int]:
    """Return the minutes between spans in order."""
    found, before = [], None
    for span in spans:
        if before is not None:
            found.append(int((span.start - before).total_seconds()) // 60)
        before = span.end
    return found
