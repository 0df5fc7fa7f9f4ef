"""What is counted, for whom, through the page, the API and the command."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from coopshare.bookings import services
from coopshare.bookings.commands import Decide
from coopshare.bookings.models import BookingStatus
from coopshare.holds.commands import Close
from coopshare.holds.services import close
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import CoopShareError, Forbidden, NotFound
from coopshare.reports.cli import statistics as command
from coopshare.reports.periods import Period
from coopshare.reports.queries import Report, Wanted, report
from coopshare.reports.rules import Share
from coopshare.resources.kinds import ResourceKind
from coopshare.web.console import Console
from tests.bookings.conftest import Doors, House, doors, hours, house
from tests.conftest import Clock
from tests.statements import counted

__all__ = ["doors", "house"]

MARCH = Period(date(2027, 3, 1), date(2027, 3, 31))
TEN = Period(date(2027, 3, 10), date(2027, 3, 10))
DAY = 24 * 60
PAGE = "/administration/statistiques?periode=jours&du=2027-03-01&au=2027-03-31"


def count(house: House, actor: Actor | None = None, **wanted: object) -> Report:
    """Return the report of 10 March 2027."""
    with house.database.read(actor or house.coordinator) as work:
        return report(work, TEN, Wanted(**wanted))  # type: ignore[arg-type]


def test_hours_are_counted_by_resource_organisation_and_hour(house: House) -> None:
    house.book((house.room, 1), (house.chairs, 4), span=hours(9, 11))
    house.book(actor=house.stranger, span=hours(12, 13))
    found = count(house)
    assert [(use.resource.name, use.minutes, use.bookings) for use in found.resources] == [
        ("Verrière", 180, 2),
        ("Chaises", 120, 1),
    ]
    room, chairs = found.resources
    assert (room.share, chairs.share) == (Share(180, DAY), Share(480, 10 * DAY))
    assert [(one.name, one.minutes, one.bookings) for one in found.organisations] == [
        ("Atelier Nord", 240, 1),
        ("La Cantine", 60, 1),
    ]
    assert (found.minutes, found.bookings, found.total) == (300, 2, Share(660, 11 * DAY))
    places = count(house, kind=ResourceKind.PLACE)
    assert places.total == Share(180, DAY)
    assert {key for key, share in places.hours.cells.items() if share.used} == {
        (2, 10),
        (2, 11),
        (2, 13),
    }


def test_a_whole_counts_for_its_parts_and_once_in_all(house: House) -> None:
    other = house.make.resource(house.phares, house.scic, "Atelier")
    whole = house.make.resource(house.phares, house.scic, "Grande salle")
    house.make.part(whole, house.room)
    house.make.part(whole, other)
    house.book((whole, 1), span=hours(9, 11))
    found = count(house, kind=ResourceKind.PLACE)
    assert {use.resource.name: use.minutes for use in found.resources} == {
        "Verrière": 120,
        "Atelier": 120,
        "Grande salle": 120,
    }
    assert found.total == Share(240, 2 * DAY)
    assert count(house, resource_id=whole.id).total == Share(0, 0)
    assert {key for key, one in count(house, resource_id=whole.id).hours.cells.items() if one.used}


def test_closures_are_not_time_open(house: House) -> None:
    command = Close(
        resource_ids=(house.room.id,), span=hours(8, 12), timezone="Europe/Paris", reason="Travaux"
    )
    house.database.write(house.coordinator, close, command)
    assert count(house, resource_id=house.room.id).total == Share(0, DAY - 240)


def test_what_came_to_nothing(house: House, clock: Clock) -> None:
    asked = house.make.resource(house.phares, house.scic, "Studio", needs_approval=True)
    refused = house.book((asked, 1), span=hours(9, 10))
    house.database.write(
        house.keeper,
        services.refuse,
        Decide(booking_id=refused.id, version=refused.version, reason="Concert"),
    )
    late, early = house.book(span=hours(9, 11)), house.book(span=hours(14, 15))
    house.cancel(early)
    clock.now = hours(8, 9).start
    house.cancel(late)
    found = count(house)
    assert [(r.resource.name, r.status, r.reason, r.requests) for r in found.refusals] == [
        ("Studio", BookingStatus.REFUSED, "Concert", 1)
    ]
    assert (found.late.bookings, found.late.minutes) == (1, 120)
    assert (found.bookings, found.no_shows.bookings) == (0, 0)


def test_who_reads_what(house: House) -> None:
    theirs = house.make.resource(house.phares, house.cantine, "Cuisine")
    house.book()
    house.book((theirs, 1), actor=house.stranger)
    assert {use.resource.name for use in count(house, house.keeper).resources} == {
        "Verrière",
        "Chaises",
    }
    assert len(count(house).resources) == 3
    with pytest.raises(NotFound):
        count(house, house.keeper, resource_id=theirs.id)
    with pytest.raises(Forbidden):
        count(house, house.member)
    runner = house.make.actor(
        house.phares, house.cantine, Role.RESOURCE_MANAGER, person=house.make.person("Ana Lys")
    )
    assert [one.name for one in count(house, runner).organisations] == ["La Cantine"]


def test_statements_do_not_grow(house: House) -> None:
    house.book()
    count(house)
    with counted(house.database) as few:
        count(house)
    for hour in range(12, 16):
        house.book(actor=house.stranger, span=hours(hour, hour + 1))
        house.make.resource(house.phares, house.scic, f"Salle {hour}")
    count(house)
    with counted(house.database) as more:
        count(house)
    assert len(more) == len(few) <= 4


def test_the_page_compares_and_gives_files(doors: Doors, house: House) -> None:
    house.book()
    page = doors.as_(house.coordinator).get(f"{PAGE}&comparer=before")
    assert page.status_code == 200
    assert "Verrière" in page.text
    assert "0\u202fmin</span>" in page.text
    file = doors.get(f"{PAGE}&tableau=organisations&format=csv")
    assert file.content_type == "text/csv; charset=utf-8"
    assert "Atelier Nord;2,00;1" in file.text
    assert "statistiques-organisations-2027-03-01-2027-03-31.csv" in str(file.headers)
    for suffix in ("xlsx", "ods"):
        assert doors.get(f"{PAGE}&tableau=heures&format={suffix}").status_code == 200


def test_the_page_says_what_is_wrong(doors: Doors, house: House) -> None:
    doors.as_(house.coordinator)
    page = doors.get("/administration/statistiques?periode=jours&du=2027-03-31&au=2027-03-01")
    assert page.status_code == 422
    assert "Le dernier jour vient avant le premier." in page.text
    missing = doors.get("/administration/statistiques?periode=jours")
    assert missing.status_code == 422
    assert "Choisissez le premier et le dernier jour." in missing.text
    assert doors.get("/administration/statistiques?periode=jamais").status_code == 422
    assert doors.as_(house.member).get(PAGE).status_code == 403


def test_the_same_by_the_api_and_by_the_command(
    doors: Doors, house: House, app: Flask, tmp_path: Path
) -> None:
    house.book()
    doors.as_(house.coordinator)
    address = "/api/v1/statistics?from=2027-03-10&to=2027-03-10&compare=before"
    answer = app.test_client().get(address).json
    assert answer is not None
    assert answer["period"]["used_minutes"] == 120
    assert answer["period"]["organisations"][0]["name"] == "Atelier Nord"
    assert answer["compared"]["used_minutes"] == 0
    backwards = app.test_client().get("/api/v1/statistics?from=2027-03-10&to=2027-03-09")
    assert backwards.status_code == 422
    target = tmp_path / "usage.csv"
    run_command(house, target, house.coordinator)
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("Verrière;Lieu;2,00;2,00;24,00;8;1")
    with pytest.raises(Forbidden):
        run_command(house, tmp_path / "non.csv", house.member)
    assert not (tmp_path / "non.csv").exists()


def run_command(house: House, target: Path, actor: Actor) -> None:
    """Run the command; raises what it refuses."""
    find: Callable[..., Actor] = lambda *_words: replace(actor, door="cli")  # noqa: E731
    console = Console(
        open_database=lambda: house.database,
        find_actor=find,
        make_worker=lambda database: database,
        acting="somebody@example.org",
    )
    words = [str(target), "--from", "2027-03-10", "--to", "2027-03-10", "--kind", "place"]
    result = CliRunner().invoke(command, words, obj=console)
    if isinstance(result.exception, CoopShareError):
        raise result.exception
    assert result.exit_code == 0, result.output
