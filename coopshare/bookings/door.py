"""What a screen at a door tells at any instant of the day it was given. Pure; the module
coopshare/static/js/door.js tells the same in a browser that lost the network.

Instants are whole seconds since 1970, as browsers of any age read them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

Kind: TypeAlias = Literal["booking", "between", "closed"]
State: TypeAlias = Literal["free", "taken", "closed", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Something that fills the room: a booking, the time to prepare it, a closing."""

    start: int
    end: int
    kind: Kind
    words: str = ""
    """Who or what, where the cooperative tells it at doors."""
    until: int = 0
    """Until when somebody has to check in; 0: nobody has to, or somebody did."""
    here: bool = False
    """Whether somebody checked in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another room of the same place, and when it is free."""

    name: str
    free: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Today and tomorrow of one room, as its screen keeps them."""

    start: int
    today_ends: int
    end: int
    """End of what is known."""
    offsets: tuple[tuple[int, int], ...]
    """From an instant on, so many minutes are added to UTC."""
    spans: tuple[Span, ...]
    """By start; bookings and closings may overlap."""
    others: tuple[Other, ...]

    def as_data(self) -> dict[str, Any]:
        """Return it for programs."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the screen tells at one instant."""

    state: State
    until: int | None
    """When the state ends; None: not within the rest of the day."""
    current: Span | None
    coming: Span | None
    """The next booking of today."""
    rest: tuple[Span, ...]
    """The bookings of today that follow, `coming` first."""
    others: tuple[tuple[str, int | None], ...]
    """Other rooms free now, the longest first, and until when; None: for the rest of the day."""


def offsets(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """Return from which instant on how many minutes are added to UTC, within a window."""
    found: list[tuple[int, int]] = []
    moment = start
    while moment < end:
        shift = moment.astimezone(zone).utcoffset() or timedelta()
        minutes = int(shift.total_seconds()) // 60
        if not found or found[-1][1] != minutes:
            found.append((int(moment.timestamp()), minutes))
        moment += timedelta(hours=1)
    return tuple(found)


def today_of(day: Day, now: int) -> int:
    """Return the end of the local day of an instant: the second day once the first is over."""
    return day.today_ends if now < day.today_ends else day.end


def told(day: Day, now: int) -> Told:
    """Return what the screen tells at an instant; "unknown" outside of what it knows."""
    if not day.start <= now < day.end:
        return Told(state="unknown", until=None, current=None, coming=None, rest=(), others=())
    ends = today_of(day, now)
    running = [s for s in day.spans if s.start <= now < s.end]
    bookings = [s for s in day.spans if s.kind == "booking" and s.end > now and s.start < ends]
    current = next((s for s in bookings if s.start <= now), None)
    rest = tuple(s for s in bookings if s.start > now)
    return Told(
        state=_state(running),
        until=_until(day.spans, running, now, ends),
        current=current,
        coming=rest[0] if rest else None,
        rest=rest,
        others=_free(day.others, now, ends),
    )


def _state(running: Sequence[Span]) -> State:
    if any(span.kind != "closed" for span in running):
        return "taken"
    return "closed" if running else "free"


def _until(spans: Iterable[Span], running: Sequence[Span], now: int, ends: int) -> int | None:
    """Return when a state ends: the next thing, or the end of all that follows without a gap."""
    if not running:
        coming = min((s.start for s in spans if s.start > now), default=ends)
        return coming if coming < ends else None
    is_closed = _state(running) == "closed"
    same = sorted((s.start, s.end) for s in spans if (s.kind == "closed") == is_closed)
    until = now
    for start, end in same:
        if start <= until < end:
            until = end
    if is_closed:
        cut = [s.start for s in spans if s.kind != "closed" and now < s.start < until]
        until = min([until, *cut])
    return until


def _free(others: Iterable[Other], now: int, ends: int) -> tuple[tuple[str, int | None], ...]:
    found = [
        (other.name, end) for other in others for start, end in other.free if start <= now < end
    ]
    found.sort(key=lambda pair: -min(pair[1], ends))
    return tuple((name, end if end < ends else None) for name, end in found)


def clock(day: Day, moment: int) -> datetime:
    """Return an instant as the hands of a clock at the door show it (naive in spirit)."""
    minutes = next((m for start, m in reversed(day.offsets) if start <= moment), 0)
    return datetime.fromtimestamp(moment + minutes * 60, UTC)
