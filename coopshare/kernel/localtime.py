"""From local time to UTC and back, without guessing: RFC 5545's two odd hours are asked about.

Local times are never compared or subtracted: in the repeated hour of October Python holds two
different instants for equal.
"""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from coopshare.kernel.dates import LocalMoment
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import Sentence, marked

Which: TypeAlias = Literal["first", "second"] | None
"""Which of the two hours is meant, in the night when clocks go back."""


class AmbiguousTime(Invalid):
    """The hour happens twice that night: which one is meant has to be asked."""

    code = "ambiguous_time"


class NonexistentTime(Invalid):
    """The hour does not exist that night: clocks jump over it."""

    code = "nonexistent_time"


@cache
def known_zones() -> frozenset[str]:
    """Return the names of all time zones."""
    return frozenset(zoneinfo.available_timezones())


def zone(name: str) -> ZoneInfo:
    """Return a time zone; raises `Invalid` on the field `timezone` for an unknown name."""
    if name not in known_zones():
        raise Invalid.field("timezone", marked("Ce fuseau horaire n'existe pas."))
    return ZoneInfo(name)


def to_utc(
    local: datetime, place: ZoneInfo, *, which: Which = None, field: str = "starts_at"
) -> datetime:
    """Return the instant of a naive local time.

    Raises `NonexistentTime` for an hour jumped over, `AmbiguousTime` for an hour that happens twice
    when `which` does not say which is meant; both on the named field, with what is possible.
    """
    early = local.replace(tzinfo=place, fold=0)
    late = local.replace(tzinfo=place, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early.astimezone(UTC)
    if early.astimezone(UTC).astimezone(place).replace(tzinfo=None) != local:
        after = LocalMoment(early.astimezone(UTC), place)
        raise NonexistentTime(
            {
                field: [
                    Sentence(
                        marked(
                            "Cette heure n'existe pas : les montres avancent cette nuit-là."
                            " La suivante est {after}."
                        ),
                        {"after": after},
                    )
                ]
            }
        )
    if which is None:
        raise AmbiguousTime(
            {
                field: [
                    Sentence(
                        marked(
                            "Cette heure existe deux fois : les montres reculent cette nuit-là."
                            " Dites laquelle : la première (heure d'été)"
                            " ou la seconde (heure d'hiver)."
                        )
                    )
                ]
            }
        )
    return (early if which == "first" else late).astimezone(UTC)


def day_span(day: date, place: ZoneInfo, days: int = 1) -> Interval:
    """Return whole local days as a span: 23, 24 or 25 hours each.

    A midnight that does not exist or exists twice is read as the earliest instant of the day.
    """
    return Interval(_midnight(day, place), _midnight(day + timedelta(days=days), place))


def _midnight(day: date, place: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=place).astimezone(UTC)


def at(day: date, minute: int, place: ZoneInfo) -> datetime:
    """Return the instant of a minute of a local day, 0 to 1440, for opening hours.

    An hour jumped over is read as the instant after the jump; one that exists twice as its first.
    """
    if minute >= 24 * 60:
        day, minute = day + timedelta(days=1), minute - 24 * 60
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=place).astimezone(UTC)


def local_days(span: Interval, place: ZoneInfo) -> list[date]:
    """Return the local days a span touches, in order."""
    first = span.start.astimezone(place).date()
    last = (span.end - timedelta(microseconds=1)).astimezone(place).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
