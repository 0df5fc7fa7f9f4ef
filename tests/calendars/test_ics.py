"""One event as bytes: expected files, read back by icalendar; nothing typed becomes a property."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from coopshare.calendars.ics import Variant, calendar, header, uid_of, vevent
from coopshare.calendars.lines import clean, one_line, unescaped, unfolded
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from tests.calendars.entries import SOURCE, entry

EXPECTED = Path(__file__).parent / "expected"
UID = f"{SOURCE}@phares.example.org"
PARIS = ZoneInfo("Europe/Paris")

CASES: dict[str, dict[str, Any]] = {
    "usual": {},
    "cancelled": {"status": "cancelled", "sequence": 3},
    "pending_all_day": {
        "status": "tentative",
        "all_day": True,
        "span": Interval(utc(2027, 3, 27, 23), utc(2027, 3, 28, 22)),
        "note": "",
        "categories": (),
    },
    "second_hour": {"span": Interval(utc(2027, 10, 31, 0, 30), utc(2027, 10, 31, 1, 30))},
    "miquelon": {
        "timezone": "America/Miquelon",
        "span": Interval(utc(2027, 7, 1, 12), utc(2027, 7, 1, 14)),
    },
}


@pytest.mark.parametrize("case", CASES)
def test_an_event_is_written_as_expected(case: str) -> None:
    assert calendar(entry(**CASES[case]), UID) == (EXPECTED / f"{case}.ics").read_bytes()


def test_busy_tells_nothing_but_the_time() -> None:
    names = [line.partition(":")[0] for line in unfolded(vevent(entry(), UID, Variant.BUSY))]
    assert names == [
        "BEGIN", "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE",
        "DTSTART;TZID=Europe/Paris", "DTEND;TZID=Europe/Paris", "SUMMARY", "STATUS", "CLASS",
        "TRANSP", "END",
    ]  # fmt: skip
    assert b"SUMMARY:R\xc3\xa9serv\xc3\xa9\r\n" in vevent(entry(), UID, Variant.BUSY)


def read(data: bytes) -> Event:
    parsed = Calendar.from_ical(data)
    assert isinstance(parsed, Calendar)
    (event,) = parsed.events
    return event


def test_icalendar_reads_back_what_was_meant() -> None:
    event = read(calendar(entry(), UID))
    assert event.start == datetime(2027, 3, 9, 9, tzinfo=PARIS)
    assert event.end == datetime(2027, 3, 9, 12, 30, tzinfo=PARIS)
    assert str(event["SUMMARY"]) == entry().title
    assert str(event["LOCATION"]) == entry().place
    assert event.categories == list(entry().categories)


def test_all_day_ends_on_the_day_after() -> None:
    event = read(calendar(entry(**CASES["pending_all_day"]), UID))
    assert (event.start, event.end) == (date(2027, 3, 28), date(2027, 3, 29))


def test_the_second_of_two_equal_hours_is_told_in_utc() -> None:
    event = read(calendar(entry(**CASES["second_hour"]), UID))
    assert isinstance(event.start, datetime)
    assert isinstance(event.end, datetime)
    starts, ends = event.start.astimezone(UTC), event.end.astimezone(UTC)
    assert (starts, ends) == (utc(2027, 10, 31, 0, 30), utc(2027, 10, 31, 1, 30))


TYPED = st.lists(
    st.sampled_from(["\r", "\n", "\r\n", "\u2028", "\x0b", "\x00", "END:VEVENT", "BEGIN:VALARM",
                     "ATTENDEE:mailto:a@b.fr", "\\", ";", ",", '"', "^n", ":", "é", "🏮", " "])
    | st.text(max_size=8),
    max_size=60,
).map("".join)  # fmt: skip


@given(TYPED, TYPED, TYPED)
def test_nothing_typed_becomes_a_property(title: str, place: str, note: str) -> None:
    told = entry(title=title, place=place, note=note, categories=(title, place), url=f"x{note}")
    data = calendar(told, UID)
    lines = unfolded(data)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.replace(b"\r\n", b"").isascii() or data.decode()
    assert sum(line.startswith("BEGIN:") for line in lines) == 5
    values = dict(line.partition(":")[::2] for line in lines[lines.index("BEGIN:VEVENT") :])
    known = {"BEGIN", "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "STATUS",
             "CLASS", "LOCATION", "DESCRIPTION", "CATEGORIES", "TRANSP", "END",
             "DTSTART;TZID=Europe/Paris", "DTEND;TZID=Europe/Paris"}  # fmt: skip
    assert set(values) <= known
    assert unescaped(values["SUMMARY"]) == (one_line(title) or "Réservé")
    assert unescaped(values.get("DESCRIPTION", "")) == clean(note).strip()
    read(data)


def test_a_header_has_no_uid_and_nobody_in_it() -> None:
    lines = unfolded(header("resource", "Verrière ; étage", "Europe/Paris", description="a\nb"))
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//CoopShare//resource//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:Verrière \\; étage",
        "X-WR-CALNAME:Verrière \\; étage",
        "X-WR-CALDESC:a b",
        "X-WR-TIMEZONE:Europe/Paris",
        "COLOR:teal",
        "X-APPLE-CALENDAR-COLOR:#0F5C63",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]


def test_a_uid_is_the_id_at_the_host_of_the_instance() -> None:
    assert uid_of(SOURCE, "https://phares.example.org:8443/x") == UID
    assert uid_of(SOURCE, "") == f"{SOURCE}@coopshare.invalid"
