"""VTIMEZONE blocks equal the zone data, instant by instant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from coopshare.calendars.lines import unfolded
from coopshare.calendars.zones import vtimezone

FRENCH = (
    "Europe/Paris",
    "America/Miquelon",
    "America/Martinique",
    "America/Guadeloupe",
    "America/St_Barthelemy",
    "America/Marigot",
    "America/Cayenne",
    "Indian/Reunion",
    "Indian/Mayotte",
    "Indian/Kerguelen",
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Marquesas",
    "Pacific/Gambier",
    "Pacific/Wallis",
)
OTHERS = (
    "UTC",
    "Europe/Dublin",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Africa/Cairo",
    "America/Nuuk",
    "Pacific/Chatham",
)


def offset(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


def onsets(block: bytes) -> list[tuple[datetime, timedelta]]:
    """Read a block as a client does: each change as an instant in UTC and the offset after it."""
    found: list[tuple[datetime, timedelta]] = []
    values: dict[str, str] = {}
    for line in unfolded(block):
        name, _, value = line.partition(":")
        values[name] = value
        if line in {"END:STANDARD", "END:DAYLIGHT"}:
            start = datetime.strptime(values["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local
            starts = [start]
            if "RRULE" in values:
                until = datetime(2040, 6, 1)  # noqa: DTZ001 - local, as the rule is
                starts = rrulestr(values["RRULE"], dtstart=start).between(start, until, inc=True)
            before = offset(values["TZOFFSETFROM"])
            found += [
                ((s - before).replace(tzinfo=UTC), offset(values["TZOFFSETTO"])) for s in starts
            ]
            values = {}
    return sorted(found)


@pytest.mark.parametrize("name", FRENCH + OTHERS)
def test_a_block_equals_the_zone_at_every_instant(name: str) -> None:
    place, known = ZoneInfo(name), onsets(vtimezone(name))
    moment, index = datetime(2020, 1, 2, tzinfo=UTC), 0
    while moment < datetime(2039, 12, 31, tzinfo=UTC):
        while index + 1 < len(known) and known[index + 1][0] <= moment:
            index += 1
        assert moment.astimezone(place).utcoffset() == known[index][1], moment
        moment += timedelta(hours=7)


@pytest.mark.parametrize("name", FRENCH)
def test_a_french_zone_has_at_most_two_blocks_and_no_date_list(name: str) -> None:
    block = vtimezone(name)
    summer = name in {"Europe/Paris", "America/Miquelon"}
    assert block.count(b"BEGIN:DAYLIGHT") == block.count(b"RRULE") / 2 == (1 if summer else 0)
    assert block.count(b"BEGIN:STANDARD") == 1
    assert b"RDATE" not in block
    assert b"COMMENT" not in block


def test_the_block_of_paris_is_the_well_known_one() -> None:
    assert unfolded(vtimezone("Europe/Paris")) == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Paris",
        "BEGIN:DAYLIGHT",
        "DTSTART:19960331T020000",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "TZNAME:CEST",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19961027T030000",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "TZNAME:CET",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
