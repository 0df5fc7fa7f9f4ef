"""Attempts counted in the database, so that several processes count together."""

from dataclasses import dataclass
from datetime import timedelta

from coopshare.db import guards
from coopshare.db.models import Throttle
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import ANONYMOUS
from coopshare.kernel.dates import Duration
from coopshare.kernel.errors import Conflict, TooMany


class _FirstTogether(Conflict):
    """Two first attempts of a key at the same instant: the second counts after the other."""

    code = "first_together"


guards.refuses("pk_throttles", _FirstTogether)
guards.refuses("throttles.key", _FirstTogether)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` attempts in any window of `minutes`."""

    count: int
    minutes: int


def attempt(work: Work, key: str, rate: Rate) -> None:
    """Count one attempt; raises `TooMany` past the rate. To be called in a unit of its own."""
    row = work.session.get(Throttle, key, with_for_update=True)
    window = timedelta(minutes=rate.minutes)
    if row is None:
        work.session.add(Throttle(key=key, window_starts_at=work.now, count=1))
        return
    if work.now - row.window_starts_at >= window:
        row.window_starts_at, row.count = work.now, 1
        return
    if row.count >= rate.count:
        left = row.window_starts_at + window - work.now
        seconds = max(1, int(left.total_seconds()))
        raise TooMany(retry_after=seconds, wait=Duration(max(1, (seconds + 59) // 60)))
    row.count += 1


def forget(work: Work, key: str) -> None:
    """Forget the attempts of a key, after a success."""
    row = work.session.get(Throttle, key)
    if row is not None:
        work.session.delete(row)


def count(database: Database, key: str, rate: Rate) -> None:
    """Count one attempt and keep it, whatever comes of it; raises `TooMany` past the rate."""
    try:
        database.write(ANONYMOUS, attempt, key, rate)
    except _FirstTogether:
        database.write(ANONYMOUS, attempt, key, rate)
