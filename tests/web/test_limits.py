"""Each person asks at a bounded pace; reading and booking pay nothing in the database for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coopshare.app import create_app
from coopshare.calendars import services as calendars
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import FeedKind
from coopshare.config import Settings
from coopshare.db.models import Throttle
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import TooMany
from coopshare.members import services, tokens
from coopshare.members.commands import CreateToken
from coopshare.web.limits import MOST, RATES, Counter, Pace, pace_of
from tests.conftest import NOW, Clock
from tests.make import Maker

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

LogIn = Callable[[FlaskClient, Actor], None]


class House:
    """Two members of one organisation, each with an access key; a room."""

    def __init__(self, app: Flask, database: Database, make: Maker) -> None:
        self.app, self.database = app, database
        cooperative = make.cooperative()
        owner = make.organisation(cooperative)
        self.room = make.resource(cooperative, owner, capacity=20)
        self.one, self.other = (
            make.actor(cooperative, owner, person=make.person(name)) for name in ("Une", "Autre")
        )
        self.keys = {actor.person_id: self.key(actor) for actor in (self.one, self.other)}
        self.day = utc(2027, 3, 10, 9)

    def key(self, actor: Actor) -> str:
        key = tokens.new()
        command = CreateToken(name="essai", token_hash=tokens.hashed(key))
        self.database.write(actor, services.create_token, command)
        return key

    def headers(self, actor: Actor) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[actor.person_id]}"}

    def get(self, path: str, actor: Actor | None = None) -> TestResponse:
        headers = self.headers(actor or self.one)
        return self.app.test_client().get(path, headers=headers)

    def book(self, actor: Actor | None = None, title: str = "Réunion") -> TestResponse:
        body = {
            "title": title,
            "lines": [{"resource_id": str(self.room.id), "quantity": 1}],
            "starts_at": self.day.isoformat(),
            "ends_at": (self.day + timedelta(hours=1)).isoformat(),
        }
        headers = self.headers(actor or self.one)
        return self.app.test_client().post("/api/v1/bookings", json=body, headers=headers)


@pytest.fixture
def house(app: Flask, database: Database, make: Maker) -> House:
    return House(app, database, make)


def refused(answer: TestResponse, wait: str) -> None:
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.get_json()["code"] == "too_many"
    assert answer.get_json()["detail"].endswith(wait)


AVAILABILITY = "/api/v1/availability?from=2027-03-10T09:00:00Z&to=2027-03-10T10:00:00Z"


def test_searching(house: House, clock: Clock) -> None:
    """Sixty a minute, for each person alone; a minute later it goes on."""
    answers = [house.get(AVAILABILITY).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    refused(house.get(AVAILABILITY), "Réessayez dans 1\u202fmin.")
    assert house.get(AVAILABILITY, house.other).status_code == 200
    assert house.get("/api/v1/resources").status_code == 200
    clock.now += timedelta(minutes=1)
    assert house.get(AVAILABILITY).status_code == 200


def test_booking(house: House, clock: Clock) -> None:
    """Sixty attempts a minute, those that were refused too; a second key does not help."""
    answers = [house.book().status_code for _ in range(61)]
    assert answers == [201] + [409] * 59 + [429]
    house.keys[house.one.person_id] = house.key(house.one)
    refused(house.book(), "Réessayez dans 1\u202fmin.")
    assert house.book(house.other).status_code == 409
    clock.now += timedelta(minutes=1)
    assert house.book().status_code == 409


def test_a_page_says_it_in_words(house: House, login: LogIn) -> None:
    client = house.app.test_client()
    login(client, house.one)
    for _ in range(60):
        client.get("/planning/donnees")
    page = client.get("/planning/donnees", headers={"Accept": "text/html"})
    assert page.status_code == 429
    assert page.headers["Retry-After"] == "60"
    assert "Trop d&#39;essais en peu de temps. Réessayez dans 1\u202fmin." in page.text


def test_a_subscription(house: House, clock: Clock) -> None:
    """Sixty whole answers an hour; a client that asks whether anything changed is always heard."""
    asked = CreateFeed(kind=FeedKind.MY_BOOKINGS)
    feed, token = house.database.write(house.one, calendars.create_feed, asked)
    path = f"/ical/{token}/{feed.slug}.ics"
    client = house.app.test_client()
    tag = client.get(path).headers["ETag"]
    assert {client.get(path).status_code for _ in range(59)} == {200}
    late = client.get(path)
    assert (late.status_code, late.mimetype) == (429, "text/plain")
    assert int(late.headers["Retry-After"]) == 3600
    assert late.text == "Trop d'essais en peu de temps. Réessayez dans 1\u202fh.\n"
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    clock.now += timedelta(hours=1)
    assert client.get(path).status_code == 200


def test_it_costs_no_statement(house: House) -> None:
    house.get(AVAILABILITY)
    house.book()
    with house.database.engine.connect() as connection:
        count = sa.select(sa.func.count()).select_from(Throttle)
        assert connection.execute(count).scalar_one() == 0


def test_it_can_be_off(house: House, settings: Settings) -> None:
    house.app = create_app(replace(settings, limits="off"), house.database)
    assert {house.get(AVAILABILITY).status_code for _ in range(62)} == {200}


def test_every_route_has_its_class(app: Flask) -> None:
    """Named, or by whether it writes."""
    paces = app.extensions["coopshare-limits-paces"]
    assert pace_of(paces, "bookings.book", "GET") is Pace.READING
    assert pace_of(paces, "bookings.book", "POST") is Pace.BOOKING
    assert pace_of(paces, "holds.search", "GET") is Pace.SEARCHING
    assert pace_of(paces, "calendars.create", "POST") is Pace.WRITING
    assert set(RATES) == set(Pace)


def test_counts_that_are_over_are_forgotten(app: Flask) -> None:
    """Memory stays bounded, and whoever is counted stays counted."""
    del app
    counter = Counter()
    for number in range(MOST):
        counter.count(Pace.SEARCHING, str(number), NOW)
    for _ in range(60):
        counter.count(Pace.FEED, "steady", NOW)
    later = NOW + timedelta(minutes=2)
    counter.count(Pace.SEARCHING, "new", later)
    assert len(counter._windows) == 2
    with pytest.raises(TooMany):
        counter.count(Pace.FEED, "steady", later)
