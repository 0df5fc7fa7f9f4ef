"""From an entry to one VEVENT, and the header of calendars: the only user of icalendar.

The same entry always gives the same bytes: DTSTAMP is the time of its last change, not the clock.
"""

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Event
from icalendar.prop import vText

from coopshare.calendars.lines import clean, escaped, folded, one_line
from coopshare.calendars.zones import vtimezone
from coopshare.kernel.agenda import Entry, EntryStatus
from coopshare.kernel.text import marked

FORMAT = 1
"""Rises when the same entry gives other bytes: part of every ETag."""
BUSY_TITLE = marked("Réservé")
STATUSES: dict[EntryStatus, str] = {
    "confirmed": "CONFIRMED",
    "tentative": "TENTATIVE",
    "cancelled": "CANCELLED",
}
OPAQUE = b"TRANSP:OPAQUE\r\nEND:VEVENT\r\n"
"""The end of each event that takes its reader's time, as it is stored."""
TRANSPARENT = b"TRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\r\nEND:VEVENT\r\n"
"""The end of an event that is only looked at: the calendar of a room makes nobody busy."""
FOOTER = b"END:VCALENDAR\r\n"


class Variant(StrEnum):
    """How much an event tells."""

    FULL = "full"
    BUSY = "busy"


class _Text(vText):
    """Text escaped by ourselves: the library's own escaping loses the case of a backslash and N."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        """Return the value, cleaned and escaped."""
        return escaped(clean(self)).encode()


class _Texts(vText):
    """Several texts, escaped one by one and separated by commas."""

    __slots__ = ()

    def to_ical(self) -> bytes:
        """Return the values; the separator inside is a line break, which no value holds."""
        return ",".join(escaped(one_line(text)) for text in self.split("\n")).encode()


def uid_of(source_id: UUID, address: str) -> str:
    """Return the UID a new event gets: its id at the host of this instance."""
    return f"{source_id}@{urlsplit(address).hostname or 'coopshare.invalid'}"


def vevent(entry: Entry, uid: str, variant: Variant = Variant.FULL) -> bytes:
    """Return one VEVENT, folded, ending with `OPAQUE` unless the entry is cancelled."""
    return vevents(entry, uid)[variant]


def vevents(entry: Entry, uid: str) -> dict[Variant, bytes]:
    """Return one VEVENT in both variants.

    What they share is written once, and what the dates of a series share once for all of them.
    """
    changed = utc_stamp(entry.changed_at)
    head = (
        "BEGIN:VEVENT",
        f"UID:{escaped(one_line(uid))}",
        f"DTSTAMP:{changed}",
        f"CREATED:{utc_stamp(entry.created_at)}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{entry.sequence}",
        *_bounds(entry),
    )
    begin = b"".join(folded(line) for line in head)
    before, after = _told(entry.title, entry.status, entry.place, entry.note, entry.categories)
    end = TRANSPARENT if entry.status == "cancelled" else OPAQUE
    return {
        Variant.FULL: begin + before + _url(entry.url) + after + end,
        Variant.BUSY: begin + _busy(entry.status) + end,
    }


def _url(url: str) -> bytes:
    return folded(f"URL:{''.join(one_line(url).split())}") if is_absolute(url) else b""


@lru_cache(maxsize=256)
def _told(
    title: str, status: EntryStatus, place: str, note: str, categories: tuple[str, ...]
) -> tuple[bytes, bytes]:
    """Return what only those allowed to know may read: what comes before the link, and after."""
    first, last = Event(), Event()
    first["SUMMARY"] = _Text(one_line(title) or BUSY_TITLE)
    first["STATUS"] = _Text(STATUSES[status])
    first["CLASS"] = _Text("PRIVATE")
    if where := one_line(place):
        first["LOCATION"] = _Text(where)
    if said := clean(note).strip():
        last["DESCRIPTION"] = _Text(said)
    if words := [word for each in categories if (word := one_line(each))]:
        last["CATEGORIES"] = _Texts("\n".join(words))
    return _written(first), _written(last)


@cache
def _busy(status: EntryStatus) -> bytes:
    """Return all that others than its own people read of an event, beside when it is."""
    event = Event()
    event["SUMMARY"] = _Text(BUSY_TITLE)
    event["STATUS"] = _Text(STATUSES[status])
    event["CLASS"] = _Text("PUBLIC")
    return _written(event)


def _written(event: Event) -> bytes:
    """Return the properties of an event as folded lines, in the order they were given."""
    return b"".join(folded(str(line)) for line in event.content_lines(sorted=False)[1:-2])


def is_absolute(url: str) -> bool:
    """Tell whether a link can be followed from outside."""
    return urlsplit(url).scheme in {"http", "https"}


def _bounds(entry: Entry) -> tuple[str, str]:
    """Return the lines of start and end: whole days, local hours, or UTC."""
    place = ZoneInfo(entry.timezone)
    start, end = entry.span.start.astimezone(place), entry.span.end.astimezone(place)
    if entry.all_day:
        last = (end - timedelta(microseconds=1)).date() + timedelta(days=1)
        return f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"
    if start.fold or end.fold:  # the second of an hour that exists twice can only be said in UTC
        return f"DTSTART:{utc_stamp(start)}", f"DTEND:{utc_stamp(end)}"
    zone = f";TZID={place.key}:"
    return f"DTSTART{zone}{start:%Y%m%dT%H%M%S}", f"DTEND{zone}{end:%Y%m%dT%H%M%S}"


def header(kind: str, name: str, timezone: str, *, description: str = "") -> bytes:
    """Return the beginning of a feed: the same bytes for the same feed.

    No UID (one reader takes the whole calendar for one event), no organiser (some mail answers).
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//CoopShare//{kind}//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    if name:
        said = escaped(one_line(name))
        lines += [f"NAME:{said}", f"X-WR-CALNAME:{said}"]
    if description:
        lines.append(f"X-WR-CALDESC:{escaped(one_line(description))}")
    lines.append(f"X-WR-TIMEZONE:{timezone}")
    if name:
        lines += [
            "COLOR:teal",
            "X-APPLE-CALENDAR-COLOR:#0F5C63",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
        ]
    return b"".join(folded(line) for line in lines)


def calendar(entry: Entry, uid: str) -> bytes:
    """Return one event as a calendar of its own, for a mail or a download."""
    zone = b"" if entry.all_day else vtimezone(entry.timezone)
    return header("event", "", entry.timezone) + zone + vevent(entry, uid) + FOOTER


def single(fragment: bytes, timezone: str) -> bytes:
    """Return a stored event as a calendar of its own."""
    zone = vtimezone(timezone) if f"TZID={timezone}:".encode() in fragment else b""
    return header("event", "", timezone) + zone + fragment + FOOTER


def utc_stamp(moment: datetime) -> str:
    """Return an instant as iCalendar writes it in UTC."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def first_day(moment: datetime) -> date:
    """Return the UTC day of an instant: the windows of feeds move with it."""
    return moment.astimezone(UTC).date()
