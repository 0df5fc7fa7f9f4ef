"""Half-open spans of time in UTC: [start, end). Two spans that touch do not overlap."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked

LONGEST = timedelta(days=3660)
"""No span is longer than ten years: beyond, it is a mistake in typing."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A half-open span [start, end) of aware UTC instants.

    Raises `Invalid` on the field `ends_at` (or `starts_at`) when it is naive, reversed or empty.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            for name, value in (("starts_at", self.start), ("ends_at", self.end)):
                if value.tzinfo is None:
                    raise Invalid.field(name, marked("Cette heure n'a pas de fuseau horaire."))
            object.__setattr__(self, "start", self.start.astimezone(UTC))
            object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise Invalid.field("ends_at", marked("La fin doit venir après le début."))
        if self.end - self.start > LONGEST:
            raise Invalid.field("ends_at", marked("Cette durée dépasse dix ans."))

    @property
    def minutes(self) -> int:
        """Return the real duration, in whole minutes."""
        return int((self.end - self.start).total_seconds()) // 60

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether the two spans share an instant."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Interval") -> bool:
        """Tell whether the other span lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end

    def widened(self, before: int, after: int) -> "Interval":
        """Return the span with that many minutes more on each side."""
        return Interval(self.start - timedelta(minutes=before), self.end + timedelta(minutes=after))

    def clipped(self, to: "Interval") -> "Interval | None":
        """Return the part shared with another span, or None."""
        start, end = max(self.start, to.start), min(self.end, to.end)
        return Interval(start, end) if start < end else None

    def moved(self, start: datetime) -> "Interval":
        """Return a span of the same real length that starts at another instant."""
        return Interval(start, start + (self.end - self.start))


def merged(spans: Iterable[Interval]) -> list[Interval]:
    """Return the same instants as disjoint spans in order; spans that touch become one."""
    result: list[Interval] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            if span.end > result[-1].end:
                result[-1] = Interval(result[-1].start, span.end)
        else:
            result.append(span)
    return result


def without(whole: Interval, taken: Iterable[Interval]) -> list[Interval]:
    """Return what is left of a span once others are taken out of it."""
    edges = [whole.start]
    for span in merged(taken):
        part = span.clipped(whole)
        if part is not None:
            edges += [part.start, part.end]
    edges.append(whole.end)
    return [Interval(a, b) for a, b in list(pairwise(edges))[::2] if a < b]


def peak(uses: Iterable[tuple[Interval, int]], within: Interval) -> int:
    """Return the largest quantity in use at one instant of a span."""
    changes: list[tuple[datetime, int]] = []
    for span, quantity in uses:
        part = span.clipped(within)
        if part is not None:
            changes += [(part.start, quantity), (part.end, -quantity)]
    highest = current = 0
    for _, change in sorted(changes):  # at one instant, an end (negative) comes before a start
        current += change
        highest = max(highest, current)
    return highest
