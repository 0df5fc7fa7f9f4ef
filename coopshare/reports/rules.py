"""Counting time: plain spans in, minutes out. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from coopshare.kernel.intervals import Interval

HOUR = 60
STEPS = 6
"""How many shades the map of hours has, from the lightest to the fullest."""

WeekHour: TypeAlias = tuple[int, int]
"""A weekday (0: Monday) and an hour of its local day (0 to 23)."""


@dataclass(frozen=True, slots=True)
class Share:
    """Minutes in use out of the minutes open, times how many there are of the thing."""

    used: int
    open: int

    @property
    def percent(self) -> int | None:
        """Return the share in whole percents, half up; None where it was never open.

        It goes past 100 for what is used outside its hours.
        """
        return (200 * self.used + self.open) // (2 * self.open) if self.open else None

    @property
    def step(self) -> int:
        """Return the shade: 0 for nothing, then 1 to `STEPS`."""
        if not self.used:
            return 0
        if self.used >= self.open:
            return STEPS
        return 1 + self.used * STEPS // self.open

    def __add__(self, other: "Share") -> "Share":
        return Share(self.used + other.used, self.open + other.open)


def by_hour(spans: Iterable[tuple[Interval, int]], zone: ZoneInfo) -> Counter[WeekHour]:
    """Spread spans over the hours of the week: minutes times quantity in each.

    Minutes are real: the night when clocks go back counts three hours between 1 h and 3 h.
    """
    found: Counter[WeekHour] = Counter()
    for span, quantity in spans:
        at = span.start
        while at < span.end:
            local = at.astimezone(zone)
            until = min(span.end, at + timedelta(minutes=HOUR - local.minute))
            minutes = int((until - at).total_seconds()) // 60
            found[local.weekday(), local.hour] += minutes * quantity
            at = until if minutes else span.end
    return found


def minutes_of(spans: Iterable[tuple[Interval, int]]) -> int:
    """Return the minutes of spans, each times its quantity."""
    return sum(span.minutes * quantity for span, quantity in spans)


USUAL_HOURS = range(8, 20)


def hours_shown(cells: Mapping[WeekHour, Share]) -> range:
    """Return the hours worth showing: the usual ones, and those from the first to the last use."""
    used = [hour for (_, hour), share in cells.items() if share.used]
    return range(min([USUAL_HOURS.start, *used]), max([USUAL_HOURS.stop - 1, *used]) + 1)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """How full each hour of the week is."""

    cells: Mapping[WeekHour, Share]

    @property
    def hours(self) -> range:
        """Return the hours worth showing."""
        return hours_shown(self.cells)

    def share(self, weekday: int, hour: int) -> Share:
        """Return the share of one hour of the week."""
        return self.cells.get((weekday, hour), Share(0, 0))

    @property
    def fullest(self) -> Sequence[tuple[WeekHour, Share]]:
        """Return the three fullest hours, the fullest first, among those when most is open."""
        most = max((share.open for share in self.cells.values()), default=0)
        full = [
            (key, share)
            for key, share in self.cells.items()
            if share.used and share.open * 2 >= most > 0
        ]
        full.sort(key=lambda one: (-one[1].used / one[1].open, one[0]))
        return full[:3]


def heat_map(used: Mapping[WeekHour, int], opened: Mapping[WeekHour, int]) -> HeatMap:
    """Put together what is used and what is open."""
    keys = sorted({*used, *opened})
    return HeatMap({key: Share(used.get(key, 0), opened.get(key, 0)) for key in keys})
