"""What a subscription answers: a constant header, zones, and stored events joined. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from coopshare.calendars.ics import FOOTER, FORMAT, OPAQUE, TRANSPARENT, header, utc_stamp
from coopshare.calendars.lines import folded
from coopshare.calendars.models import FeedKind
from coopshare.calendars.zones import vtimezone
from coopshare.kernel.intervals import Interval, merged, without

DAYS_BACK, DAYS_AHEAD = 30, 400
"""The window of a feed around the present day."""
PERIODS_IN_A_LINE = 8

CLIENTS: Mapping[str, str] = {
    "google": "Google Agenda",
    "thunderbird": "Thunderbird",
    "vdirsyncer": "vdirsyncer",
    "davx5": "DAVx5",
    "dataaccess": "Apple (iPhone, iPad)",
    "ios/": "Apple (iPhone, iPad)",
    "macos": "Apple (Mac)",
    "mac os": "Apple (Mac)",
    "outlook": "Outlook",
    "microsoft": "Outlook",
    "exchange": "Outlook",
    "evolution": "Evolution",
}
"""A word of a client's name -> the family its owner is told of."""


Fragment: TypeAlias = tuple[bytes, str]
"""One stored event, and the zone its times are told in."""


def window(first_day: date) -> Interval:
    """Return the window of a feed: whole UTC days around the present one."""
    midnight = datetime.combine(first_day, time(0), tzinfo=UTC)
    return Interval(midnight - timedelta(days=DAYS_BACK), midnight + timedelta(days=DAYS_AHEAD))


def family(user_agent: str) -> str:
    """Return the family of the program that reads a feed."""
    told = user_agent.casefold()
    return next((name for word, name in CLIENTS.items() if word in told), "Autre application")


def etag(*parts: object) -> str:
    """Return a strong entity tag of what the bytes depend on."""
    told = "\n".join(str(part) for part in (FORMAT, *parts))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def joined(
    kind: FeedKind, name: str, description: str, timezone: str, fragments: Sequence[Fragment]
) -> bytes:
    """Return the calendar: the same bytes for the same events.

    Only the calendars of one's own bookings and half-days make their reader busy.
    """
    zones = sorted({zone for _, zone in fragments if zone})
    events = b"".join([content for content, _ in fragments])
    if kind not in {FeedKind.MY_BOOKINGS, FeedKind.MY_SHIFTS}:
        events = events.replace(OPAQUE, TRANSPARENT)
    head = header(kind.value, name, timezone, description=description)
    return b"".join([head, *(vtimezone(zone) for zone in zones), events, FOOTER])


def free_busy(
    uid: str,
    day: date,
    busy: Iterable[Interval],
    tentative: Iterable[Interval] = (),
    closed: Iterable[Interval] = (),
) -> bytes:
    """Return the free/busy periods of the window: merged, in UTC, each instant told once.

    Taken for sure goes before asked for, which goes before closed.
    """
    span = window(day)
    taken = merged(busy)
    asked = _rest(tentative, taken)
    shut = _rest(closed, [*taken, *asked])
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CoopShare//free-busy//FR",
        "METHOD:PUBLISH",
        "BEGIN:VFREEBUSY",
        f"UID:{uid}",
        f"DTSTAMP:{day:%Y%m%d}T000000Z",
        f"DTSTART:{utc_stamp(span.start)}",
        f"DTEND:{utc_stamp(span.end)}",
    ]
    for kind, periods in (("BUSY", taken), ("BUSY-TENTATIVE", asked), ("BUSY-UNAVAILABLE", shut)):
        said = [
            f"{utc_stamp(part.start)}/{utc_stamp(part.end)}"
            for period in periods
            if (part := period.clipped(span)) is not None
        ]
        lines += [
            f"FREEBUSY;FBTYPE={kind}:{','.join(said[first : first + PERIODS_IN_A_LINE])}"
            for first in range(0, len(said), PERIODS_IN_A_LINE)
        ]
    lines += ["END:VFREEBUSY", "END:VCALENDAR"]
    return b"".join(folded(line) for line in lines)


def _rest(spans: Iterable[Interval], taken: Sequence[Interval]) -> list[Interval]:
    return [part for span in merged(spans) for part in without(span, taken)]
