"""How often each person may ask (security.md's rate classes), counted in this process.

Reading writes nothing and booking has not one statement more: the counts live in memory, each
server process has its own, and a restart forgets them. What guesses (passwords, links) is counted
in the database instead, for all processes together: see `coopshare.db.throttle`.
"""

import hashlib
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import cast

from flask import Flask, current_app, request

from coopshare.db.throttle import Rate
from coopshare.kernel.dates import Duration
from coopshare.kernel.errors import TooMany
from coopshare.web.context import actor, database
from coopshare.web.csrf import SAFE
from coopshare.web.permissions import PUBLIC, permission_of


class Pace(StrEnum):
    """The classes of requests; whatever is not named in app.py is READING or WRITING."""

    READING = "reading"
    WRITING = "writing"
    SEARCHING = "searching"
    BOOKING = "booking"
    FEED = "feed"
    REFUSALS = "refusals"


RATES: Mapping[Pace, Rate] = {
    Pace.READING: Rate(count=1200, minutes=1),
    Pace.WRITING: Rate(count=120, minutes=1),
    Pace.SEARCHING: Rate(count=60, minutes=1),
    Pace.BOOKING: Rate(count=60, minutes=1),
    Pace.FEED: Rate(count=60, minutes=60),
    Pace.REFUSALS: Rate(count=30, minutes=60),
}
"""For each person (or access key, or subscription), in any window of so many minutes."""

MOST = 10_000
"""Windows remembered before those that are over are forgotten."""
EXTENSION = "coopshare-limits"


class Counter:
    """Counts in windows; safe between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[tuple[Pace, str], tuple[datetime, int]] = {}

    def count(self, pace: Pace, who: str, now: datetime) -> None:
        """Count one request; raises `TooMany` past the rate, and counts no further."""
        rate = RATES[pace]
        length = timedelta(minutes=rate.minutes)
        with self._lock:
            began, count = self._windows.get((pace, who), (now, 0))
            if now - began >= length:
                began, count = now, 0
            if count < rate.count:
                self._windows[pace, who] = began, count + 1
                if len(self._windows) > MOST:
                    self._forget(now)
                return
        seconds = max(1, int((began + length - now).total_seconds()))
        raise TooMany(retry_after=seconds, wait=Duration((seconds + 59) // 60))

    def _forget(self, now: datetime) -> None:
        self._windows = {
            (pace, who): (began, count)
            for (pace, who), (began, count) in self._windows.items()
            if now - began < timedelta(minutes=RATES[pace].minutes)
        }


def count(pace: Pace, who: object) -> None:
    """Count what somebody does outside of the routes' own classes; raises `TooMany`."""
    counter: Counter | None = current_app.extensions[EXTENSION]
    if counter is not None:
        counter.count(pace, str(who), database().clock())


def pace_of(paces: Mapping[str, Pace], endpoint: str, method: str) -> Pace:
    """Return the class of a request: as named for reading or for writing, else the plain one."""
    named = paces.get(endpoint)
    if method in SAFE:
        return named if named is Pace.SEARCHING else Pace.READING
    return named if named is Pace.BOOKING else Pace.WRITING


def _who() -> str:
    """Return who is counted: an access key apart from the person's own browser."""
    key = request.headers.get("Authorization")
    person = str(actor().person_id)
    return f"{person}:{hashlib.sha256(key.encode()).hexdigest()[:16]}" if key else person


def check() -> None:
    """Count the request of a known person; whoever is not known is counted where they guess."""
    endpoint = request.endpoint
    if endpoint is None or current_app.extensions[EXTENSION] is None:
        return
    if permission_of(current_app, endpoint) == PUBLIC and endpoint not in paces():
        return
    if not actor().is_known:
        return
    pace = pace_of(paces(), endpoint, request.method)
    count(pace, actor().person_id if pace is Pace.BOOKING else _who())


def paces() -> Mapping[str, Pace]:
    """Return what app.py names."""
    return cast("Mapping[str, Pace]", current_app.extensions[f"{EXTENSION}-paces"])


def install(app: Flask, named: Mapping[str, Pace], *, is_on: bool) -> None:
    """Plug the counting in, after the check of permissions."""
    app.extensions[EXTENSION] = Counter() if is_on else None
    app.extensions[f"{EXTENSION}-paces"] = named
    app.before_request(check)


def refuse_unknown(app: Flask) -> None:
    """Refuse to start with a class named for a route that does not exist."""
    unknown = app.extensions[f"{EXTENSION}-paces"].keys() - app.view_functions.keys()
    if unknown:
        message = f"Rate classes of unknown routes: {', '.join(sorted(unknown))}"
        raise RuntimeError(message)
