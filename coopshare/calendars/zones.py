"""VTIMEZONE blocks: the same bytes each time, with a yearly rule wherever the zone has one.

A fixed zone is one STANDARD block. A zone whose clocks change by the same rule each year is one
DAYLIGHT and one STANDARD block with an RRULE (no RDATE: Exchange refuses a mix of the two). Any
other zone (Morocco, Egypt) is written out change by change. What is written equals `zoneinfo` for
every instant of `YEARS`; the tests prove it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

YEARS = range(2020, 2040)
"""The years a block must be right for: the windows of feeds lie well inside."""
EARLIEST = 1970
"""How far back a yearly rule is looked for: its first year is written as its start."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the clocks: what the old clock showed, and the offsets on both sides."""

    onset: datetime
    """Local time of the old offset, naive."""
    before: timedelta
    after: timedelta
    name: str

    @property
    def is_summer(self) -> bool:
        """Tell whether clocks go forward."""
        return self.after > self.before


@cache
def vtimezone(name: str) -> bytes:
    """Return the VTIMEZONE block of an IANA zone, CRLF at the end of each line."""
    place = ZoneInfo(name)
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}"]
    changes = _changes(place, YEARS)
    if not changes:
        lines += _block(_standing(place, YEARS.start, EARLIEST), None)
    else:
        rules = _yearly_rules(place, changes)
        if rules is None:
            lines += _block(_standing(place, YEARS.start, YEARS.start), None)
            for change in changes:
                lines += _block(change, None)
        else:
            for change, rule in rules:
                lines += _block(change, rule)
    lines += ["END:VTIMEZONE", ""]
    return "\r\n".join(lines).encode()


def _standing(place: ZoneInfo, year: int, since: int) -> Change:
    """Return the offset at the start of a year, as if it had begun with another one."""
    start = datetime(year, 1, 1, tzinfo=UTC).astimezone(place)
    offset = start.utcoffset() or timedelta(0)
    return Change(datetime(since, 1, 1), offset, offset, start.tzname() or "")  # noqa: DTZ001 - local


def _changes(place: ZoneInfo, years: range) -> list[Change]:
    """Return the changes of offset of a zone in some years, in order."""
    found: list[Change] = []
    first = datetime(years.start, 1, 1, tzinfo=UTC)
    days = (datetime(years.stop, 1, 1, tzinfo=UTC) - first).days
    for early, late in pairwise(first + timedelta(days=n) for n in range(days + 1)):
        before, after = early.astimezone(place).utcoffset(), late.astimezone(place).utcoffset()
        if before is None or after is None or before == after:
            continue
        low, high = 0, 24 * 60
        while high - low > 1:
            middle = (low + high) // 2
            if (early + timedelta(minutes=middle)).astimezone(place).utcoffset() == before:
                low = middle
            else:
                high = middle
        moment = early + timedelta(minutes=high)
        name = moment.astimezone(place).tzname() or ""
        found.append(Change((moment + before).replace(tzinfo=None), before, after, name))
    return found


def _yearly_rules(place: ZoneInfo, changes: list[Change]) -> list[tuple[Change, str]] | None:
    """Return the two changes of each year with their rules, or None when there is no such rule."""
    summers = [change for change in changes if change.is_summer]
    winters = [change for change in changes if not change.is_summer]
    summer, winter = _rule(summers), _rule(winters)
    if summer is None or winter is None:
        return None
    first = changes
    for year in range(YEARS.start - 1, EARLIEST - 1, -1):
        earlier = _changes(place, range(year, year + 1))
        same = [
            _rule([*(c for c in earlier if c.is_summer is side), *kept], YEARS.start - year)
            for side, kept in ((True, summers), (False, winters))
        ]
        if len(earlier) != 2 or same != [summer, winter]:  # noqa: PLR2004 - forward and back
            break
        summers = [*(c for c in earlier if c.is_summer), *summers]
        winters = [*(c for c in earlier if not c.is_summer), *winters]
        first = earlier
    return [(c, summer if c.is_summer else winter) for c in first[:2]]


def _rule(changes: list[Change], more: int = 0) -> str | None:
    """Return the yearly rule that gives these changes, once each year, or None."""
    onsets = [change.onset for change in changes]
    alike = {(c.onset.month, c.onset.weekday(), c.onset.time(), c.before, c.after, c.name)
             for c in changes}  # fmt: skip
    if len(alike) != 1 or len({onset.year for onset in onsets}) != len(YEARS) + more:
        return None
    month, weekday = onsets[0].month, WEEKDAYS[onsets[0].weekday()]
    rule = f"FREQ=YEARLY;BYMONTH={month};BYDAY="
    if all((onset + timedelta(days=7)).month != month for onset in onsets):
        return f"{rule}-1{weekday}"
    ranks = {(onset.day - 1) // 7 + 1 for onset in onsets}
    if len(ranks) == 1:
        return f"{rule}{ranks.pop()}{weekday}"
    low, high = min(onset.day for onset in onsets), max(onset.day for onset in onsets)
    if high - low > 6:  # noqa: PLR2004 - more than a week: not one rule
        return None
    return f"{rule}{weekday};BYMONTHDAY={','.join(str(day) for day in range(low, low + 7))}"


def _block(change: Change, rule: str | None) -> Iterable[str]:
    kind = "DAYLIGHT" if change.is_summer else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{change.onset:%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(change.before)}"
    yield f"TZOFFSETTO:{_offset(change.after)}"
    if change.name:
        yield f"TZNAME:{change.name}"
    if rule is not None:
        yield f"RRULE:{rule}"
    yield f"END:{kind}"


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
