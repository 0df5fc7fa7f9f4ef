"""The planning: a table for everybody, the same data for the timeline, nothing told too much."""

from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coopshare.calendars.planning import cells, rows
from coopshare.calendars.services import publish
from coopshare.db.work import Database, Work
from coopshare.holds.models import HoldSource
from coopshare.holds.services import Wanted, hold
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.agenda import Entry
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span
from coopshare.members.models import Organisation
from coopshare.resources.models import Resource
from tests.make import Maker
from tests.statements import counted

DAY = date(2027, 3, 10)
PARIS = ZoneInfo("Europe/Paris")


def taken(database: Database, actor: Actor, resource: Resource, span: Interval, title: str) -> None:
    """Have an organisation use a resource."""

    def use(work: Work) -> None:
        source = uuid4()
        hold(
            work,
            [work.session.get_one(Resource, resource.id)],
            [Wanted(resource.id)],
            span,
            source_kind=HoldSource.BOOKING,
            source_id=source,
        )
        assert actor.organisation_id is not None
        entry = Entry(
            source_kind="booking",
            source_id=source,
            organisation_id=actor.organisation_id,
            person_id=actor.person_id,
            span=span,
            timezone="Europe/Paris",
            all_day=False,
            status="confirmed",
            title=title,
            place="",
            note="",
            categories=(),
            url=f"/reservations/{source}",
            sequence=0,
            created_at=work.now,
            changed_at=work.now,
        )
        publish(work, [entry], [resource.id])

    database.write(actor, use)


class House:
    """A room in two halves, and two organisations."""

    def __init__(self, database: Database, make: Maker) -> None:
        self.database, self.make = database, make
        self.cooperative = make.cooperative()
        self.owner: Organisation = make.organisation(self.cooperative, "Le Phares")
        other = make.organisation(self.cooperative, "Autre")
        self.member = make.actor(self.cooperative, self.owner)
        self.other = make.actor(self.cooperative, other)
        self.hall = make.resource(self.cooperative, self.owner, "Hall", hours=(480, 1200))
        self.half = make.resource(self.cooperative, self.owner, "Moitié", hours=(480, 1200))
        make.part(self.hall, self.half)
        span = Interval(utc(2027, 3, 10, 9), utc(2027, 3, 10, 11))
        taken(database, self.member, self.half, span, "Conseil")


@pytest.fixture
def house(database: Database, make: Maker) -> House:
    return House(database, make)


def acting(app: Flask, actor: Actor) -> FlaskClient:
    app.extensions["coopshare"].current_actor = lambda: actor
    return app.test_client()


def test_a_hall_shows_what_its_half_is_taken_for(house: House) -> None:
    with house.database.read(house.member) as work:
        found = rows(work, [house.hall, house.half], day_span(DAY, PARIS))
        shown = [
            [(cell.kind, cell.width) for cell in cells(row, DAY, PARIS, 8 * 60, 13 * 60)]
            for row in found
        ]
    assert shown == [[("free", 4), ("mine", 4), ("free", 2)]] * 2


def test_others_read_only_that_it_is_taken(app: Flask, house: House) -> None:
    for actor, is_told in ((house.member, True), (house.other, False)):
        client = acting(app, actor)
        for path in (
            f"/planning?date={DAY}",
            f"/planning?date={DAY}&vue=semaine",
            f"/ressources/{house.half.id}/planning?date={DAY}",
            f"/planning/donnees?from={DAY}&to={DAY + timedelta(days=1)}",
        ):
            answer = client.get(path)
            assert answer.status_code == 200
            assert ("Conseil" in answer.text) is is_told, path
            assert is_told or "Occup" in answer.text


def test_odd_addresses_are_read_as_today(app: Flask, house: House) -> None:
    client = acting(app, house.member)
    for query in ("date=demain", "vue=siecle", "kind=fusee", "date=9999-12-31", "q=%00"):
        assert client.get(f"/planning?{query}").status_code == 200
    assert client.get("/planning?vue=mois").status_code == 200
    assert "Rien à montrer ici." in client.get("/planning?q=introuvable").text
    for query in (
        "",
        "from=x&to=y",
        "from=2027-03-10&to=2027-03-09",
        "from=2027-01-01&to=2028-01-01",
    ):
        assert client.get(f"/planning/donnees?{query}").status_code == 422


def test_strangers_see_nothing(app: Flask, make: Maker, house: House) -> None:
    other = make.cooperative("Ailleurs")
    stranger = acting(app, make.actor(other, make.organisation(other), Role.ADMINISTRATOR))
    assert stranger.get(f"/ressources/{house.half.id}/planning").status_code == 404
    assert "Moitié" not in stranger.get("/planning").text


def test_as_many_statements_for_two_rooms_as_for_thirty(app: Flask, house: House) -> None:
    client = acting(app, house.member)
    client.get("/planning")  # what is kept in memory is there before one counts
    with counted(house.database) as few:
        assert client.get(f"/planning?date={DAY}").status_code == 200
    for number in range(30):
        house.make.resource(house.cooperative, house.owner, f"Salle {number}", hours=(480, 1200))
    client.get("/planning")
    with counted(house.database) as many:
        assert client.get(f"/planning?date={DAY}").status_code == 200
    assert len(few) == len(many)
