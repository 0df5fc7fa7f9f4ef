"""Real calendar applications read a subscription from a live server: vdirsyncer, then khal."""

import os
import subprocess
import sys
from pathlib import Path

import icalendar
import pytest

from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import FeedKind
from coopshare.calendars.services import create_feed
from coopshare.db.work import Database
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
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
