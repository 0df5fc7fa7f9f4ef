"""Real calendar applications read a subscription from a live server: vdirsyncer, then khal."""

import os
import subprocess
import sys
from datetime import date, time
from pathlib import Path
from typing import Any

import icalendar
import pytest

from coopshare.bookings import services as bookings
from coopshare.bookings.commands import (
    Book,
    BookSeries,
    CancelSeries,
    ChangeSeries,
    Line,
    LocalTimes,
    Recurrence,
    Scope,
)
from coopshare.bookings.series import occurrences
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import FeedKind
from coopshare.calendars.services import create_feed
from coopshare.db.work import Database
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.kernel.recurrence import parse
from tests.calendars.test_planning import House, taken
from tests.make import Maker

PROGRAMS = Path(sys.executable).parent


def run(home: Path, *words: str) -> str:
    """Run a program of the test environment with a home of its own; return what it printed."""
    done = subprocess.run(
        [str(PROGRAMS / words[0]), *words[1:]],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env={
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "TZ": "Europe/Paris",
        },
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def house(database: Database, make: Maker) -> House:
    house = House(database, make)
    for number, title in enumerate(("Été, c'est l'été ; « déjà »", "Réunion, suite")):
        start = utc(2027, 3, 11 + number, 13)
        taken(
            database,
            house.member,
            house.half,
            Interval(start, utc(2027, 3, 11 + number, 15)),
            title,
        )
    return house


def test_vdirsyncer_and_khal_read_a_subscription(house: House, live: str, tmp_path: Path) -> None:
    feed, token = house.database.write(
        house.member, create_feed, CreateFeed(kind=FeedKind.MY_BOOKINGS)
    )
    kept = tmp_path / "kept"
    (tmp_path / "vdirsyncer.ini").write_text(
        f'[general]\nstatus_path = "{tmp_path}/status/"\n'
        '[pair house]\na = "there"\nb = "here"\ncollections = null\n'
        f'[storage there]\ntype = "http"\nurl = "{live}/ical/{token}/{feed.slug}.ics"\n'
        f'[storage here]\ntype = "filesystem"\npath = "{kept}/"\nfileext = ".ics"\n',
        encoding="utf-8",
    )
    for _ in range(2):  # the second time nothing has changed
        run(tmp_path, "vdirsyncer", "-c", str(tmp_path / "vdirsyncer.ini"), "discover", "house")
        run(tmp_path, "vdirsyncer", "-c", str(tmp_path / "vdirsyncer.ini"), "sync")
        files = sorted(kept.glob("*.ics"))
        assert len(files) == 3
    titles = set()
    for file in files:
        for event in icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT"):
            titles.add(str(event["SUMMARY"]))
    assert titles == {"Conseil", "Été, c'est l'été ; « déjà »", "Réunion, suite"}
    (tmp_path / "khal.conf").write_text(
        f"[calendars]\n[[house]]\npath = {kept}\ntype = calendar\n"
        "[locale]\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        "default_timezone = Europe/Paris\nlocal_timezone = Europe/Paris\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n",
        encoding="utf-8",
    )
    shown = run(
        tmp_path,
        "khal",
        "-c",
        str(tmp_path / "khal.conf"),
        "list",
        "--format",
        "{start-time} {end-time} {title}",
        "2027-03-10",
        "3d",
    )
    assert "10:00 12:00 Conseil" in shown
    assert "14:00 16:00 Réunion, suite" in shown


def test_a_season_is_read_date_by_date(house: House, live: str, tmp_path: Path) -> None:
    """A weekly series over a change of clocks, one date moved, one given up: as people see it."""
    assert house.member.organisation_id is not None
    first = date(2027, 3, 16)
    command = BookSeries(
        book=Book(
            organisation_id=house.member.organisation_id,
            title="Chorale",
            lines=(Line(resource_id=house.half.id),),
            span=LocalTimes(first=first, last=first, starts=time(18), ends=time(20)),
        ),
        recurrence=Recurrence(rule=parse("FREQ=WEEKLY;COUNT=4")),
    )
    write = house.database.write
    series = write(house.member, bookings.book_series, command)
    with house.database.read(house.member) as work:
        rows = list(occurrences(work, series.id))
    moved = LocalTimes(
        first=date(2027, 3, 31), last=date(2027, 3, 31), starts=time(17), ends=time(19)
    )
    write(
        house.member,
        bookings.change_series,
        ChangeSeries(booking_id=rows[2].id, version=1, scope=Scope.THIS, span=moved),
    )
    given_up = CancelSeries(booking_id=rows[1].id, version=1, scope=Scope.THIS)
    write(house.member, bookings.cancel_series, given_up)
    feed, token = write(house.member, create_feed, CreateFeed(kind=FeedKind.MY_BOOKINGS))
    kept = tmp_path / "kept"
    (tmp_path / "vdirsyncer.ini").write_text(
        f'[general]\nstatus_path = "{tmp_path}/status/"\n'
        '[pair house]\na = "there"\nb = "here"\ncollections = null\n'
        f'[storage there]\ntype = "http"\nurl = "{live}/ical/{token}/{feed.slug}.ics"\n'
        f'[storage here]\ntype = "filesystem"\npath = "{kept}/"\nfileext = ".ics"\n',
        encoding="utf-8",
    )
    run(tmp_path, "vdirsyncer", "-c", str(tmp_path / "vdirsyncer.ini"), "discover", "house")
    run(tmp_path, "vdirsyncer", "-c", str(tmp_path / "vdirsyncer.ini"), "sync")
    events = [
        event
        for file in kept.glob("*.ics")
        for event in icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        if str(event["SUMMARY"]) == "Chorale"
    ]
    assert len(events) == len({str(event["UID"]) for event in events}) == 4
    assert not any({"RRULE", "RECURRENCE-ID", "EXDATE"} & event.keys() for event in events)
    read: dict[str, tuple[str, int]] = {}
    for found in events:
        event: Any = found  # a union of thirty types
        start = f"{event['DTSTART'].dt:%m-%d %H:%M}"
        read[start] = str(event["STATUS"]), int(event["SEQUENCE"])
    assert read == {
        "03-16 18:00": ("CONFIRMED", 0),
        "03-23 18:00": ("CANCELLED", 1),
        "03-31 17:00": ("CONFIRMED", 1),
        "04-06 18:00": ("CONFIRMED", 0),
    }
    (tmp_path / "khal.conf").write_text(
        f"[calendars]\n[[house]]\npath = {kept}\ntype = calendar\n"
        "[locale]\nlocal_timezone = Europe/Paris\ndefault_timezone = Europe/Paris\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n",
        encoding="utf-8",
    )
    said = run(
        tmp_path,
        "khal",
        "-c",
        str(tmp_path / "khal.conf"),
        "list",
        "--format",
        "{start-long} {title}",
        "--day-format",
        "",
        "2027-03-15",
        "30d",
    )
    shown = [line for line in said.splitlines() if line.endswith("Chorale")]
    assert shown == [
        "2027-03-16 18:00 Chorale",
        "2027-03-23 18:00 Chorale",
        "2027-03-31 17:00 Chorale",
        "2027-04-06 18:00 Chorale",
    ]
