"""Through each fault: a quick 503 in words, nothing half-written, and recovery by itself."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url
from werkzeug.test import TestResponse

from coopshare.calendars import services as calendars
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import FeedKind
from coopshare.db.base import Base
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.members import services as members
from coopshare.members import tokens
from coopshare.members.commands import CreateToken
from coopshare.resources.models import Resource
from tests.conftest import Clock
from tests.make import Maker
from tests.outages.faults import EVERYTHING, WRITES, Fault, Place
from tests.outages.link import Link

PATIENCE = 7.0
"""Seconds: 5 are promised, and this machine may be busy."""
ARRIVES = 0.5
"""Seconds in which the end of a connection comes to its other end."""
SOON = 4.0
"""Seconds: 2 are promised when nothing answers at all."""


@pytest.fixture
def place(engine_name: str, new_url: Callable[[str], str], clock: Clock) -> Iterator[Place]:
    """Give a database, which PostgreSQL serves through a link that can be cut."""
    url, link = new_url(engine_name), None
    taken = make_url(url)
    if engine_name == "postgresql":
        link = Link(taken.host or "127.0.0.1", taken.port or 5432)
        taken = taken.set(host="127.0.0.1", port=link.port)
    database = Database(taken.render_as_string(hide_password=False), clock=clock)
    yield Place(database, url, link)
    database.close()
    if link is not None:
        link.cut()


@pytest.fixture
def database(place: Place) -> Database:
    """Return the database the application uses."""
    return place.database


class House:
    """A member with a login, a key and a subscription, and a room to book."""

    def __init__(self, app: Flask, make: Maker, place: Place) -> None:
        self.place, self.app = place, app
        cooperative = make.cooperative()
        owner = make.organisation(cooperative)
        self.room: Resource = make.resource(cooperative, owner, "Verrière", capacity=20)
        self.member: Actor = make.actor(cooperative, owner)
        database, key = place.database, tokens.new()
        command = CreateToken(name="essai", token_hash=tokens.hashed(key))
        database.write(self.member, members.create_token, command)
        self.headers = {"Authorization": f"Bearer {key}"}
        asked = CreateFeed(kind=FeedKind.MY_BOOKINGS)
        feed, token = database.write(self.member, calendars.create_feed, asked)
        self.feed = f"/ical/{token}/{feed.slug}.ics"
        self.client = app.test_client()
        self.days = 0

    def form(self) -> dict[str, str]:
        """Open the form to book, as a browser does, and return its hidden values."""
        page = self.client.get("/reserver").text
        found = {
            name: re.findall(rf'name="{name}"\s+value="([^"]*)"', page)
            for name in ("csrf_token", "_key", "organisation_id")
        }
        return {name: values[0] for name, values in found.items() if values}

    def _day(self) -> datetime:
        self.days += 1
        return utc(2027, 3, 10, 9) + timedelta(days=self.days)

    def book_by_page(self, hidden: dict[str, str]) -> TestResponse:
        typed = {
            "resource_id": [str(self.room.id)],
            "quantity": ["1"],
            "day": self._day().date().isoformat(),
            "starts_at": "10:00",
            "ends_at": "12:00",
            "title": "Réunion",
            "note": "Une longue note. " * 50,
            "do": "book",
        }
        return self.client.post("/reserver", data=typed | hidden)

    def book_by_program(self, **headers: str) -> TestResponse:
        start = self._day()
        body: dict[str, Any] = {
            "title": "Réunion",
            "note": "Une longue note. " * 50,
            "lines": [{"resource_id": str(self.room.id), "quantity": 1}],
            "starts_at": start.isoformat(),
            "ends_at": (start + timedelta(hours=2)).isoformat(),
        }
        return self.app.test_client().post(
            "/api/v1/bookings", json=body, headers=self.headers | headers
        )

    def counts(self) -> dict[str, int]:
        """Return how many rows each table has, read beside the application."""
        engine = sa.create_engine(self.place.url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return {
                table.name: connection.execute(
                    sa.select(sa.func.count()).select_from(table)
                ).scalar_one()
                for table in Base.metadata.sorted_tables
            }


@pytest.fixture
def house(
    app: Flask, make: Maker, place: Place, login: Callable[[FlaskClient, Actor], None]
) -> House:
    house = House(app, make, place)
    login(house.client, house.member)
    return house


def told(answer: TestResponse, kind: str) -> None:
    """Assert that an answer says "later" in words, and shows nothing of ours."""
    assert answer.status_code == 503, answer.text[:300]
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.mimetype == kind
    assert answer.headers["Cache-Control"] == "no-store"
    assert not re.search(r"Traceback|sqlalchemy|sqlite|psycopg|\.py\b", answer.text, re.IGNORECASE)


def told_by_page(answer: TestResponse) -> None:
    told(answer, "text/html")
    assert '<html lang="fr"' in answer.text
    assert "Rien n’a été changé" in answer.text
    assert "Réessayez" in answer.text


def told_by_program(answer: TestResponse) -> None:
    told(answer, "application/problem+json")
    said = answer.get_json()
    assert said["status"] == 503
    assert said["code"] in {"busy", "unavailable"}
    assert said["detail"].startswith("Le service")


def told_by_feed(answer: TestResponse) -> None:
    told(answer, "text/plain")
    assert answer.text.startswith("Le service")
    assert "Set-Cookie" not in answer.headers


def within(seconds: float, act: Callable[..., TestResponse], *given: Any) -> TestResponse:
    """Return an answer that came soon enough."""
    began = time.monotonic()
    answer = act(*given)
    assert time.monotonic() - began < seconds
    return answer


def all_is_well(house: House) -> None:
    """Assert that the very next request of each kind is served."""
    assert house.app.test_client().get(house.feed).status_code == 200
    assert house.client.get("/ressources").status_code == 200
    assert house.book_by_program().status_code == 201
    assert house.book_by_page(house.form()).status_code == 303


def until_refused(act: Callable[[], TestResponse]) -> TestResponse:
    """Repeat what goes well while there is room left in what the file has already."""
    for _ in range(60):
        answer = act()
        if answer.status_code not in {201, 303}:
            return answer
    return answer


def ids(faults: list[tuple[str, Fault]]) -> list[str]:
    return [f"{engine}-{fault.__name__}" for engine, fault in faults]


@pytest.mark.parametrize(("engine_name", "fault"), WRITES, ids=ids(WRITES))
def test_what_cannot_be_written(house: House, fault: Fault) -> None:
    hidden = house.form()
    with fault(house.place):
        refused = until_refused(lambda: within(PATIENCE, house.book_by_program))
        before = house.counts()
        told_by_program(refused)
        told_by_page(within(PATIENCE, house.book_by_page, hidden))
        assert house.counts() == before
        assert house.client.get("/ressources").status_code == 200
        assert house.app.test_client().get(house.feed).status_code == 200
    all_is_well(house)


@pytest.mark.parametrize(("engine_name", "fault"), EVERYTHING, ids=ids(EVERYTHING))
def test_what_cannot_be_reached(house: House, fault: Fault) -> None:
    hidden, before = house.form(), house.counts()
    with fault(house.place):
        told_by_program(within(SOON, house.book_by_program))
        told_by_page(within(SOON, house.book_by_page, hidden))
        told_by_page(within(SOON, house.client.get, "/ressources"))
        told_by_page(within(SOON, house.client.get, "/"))
        told_by_feed(within(SOON, house.app.test_client().get, house.feed))
        stranger = house.app.test_client()
        assert stranger.get("/healthz").text == "ok\n"
        assert (stranger.get("/readyz").status_code, stranger.get("/readyz").text) == (
            503,
            "not ready\n",
        )
        assert stranger.get("/connexion").status_code == 200
        in_english = stranger.get(
            "/api/v1/me", headers=house.headers | {"Accept-Language": "en"}
        ).get_json()
        assert in_english["status"] == 503
    assert house.counts() == before
    all_is_well(house)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_broken_connections_are_not_noticed(house: House) -> None:
    """The server ended every session, or its network did: the next request opens its own."""
    assert house.place.link is not None
    all_is_well(house)
    house.place.link.drop()
    time.sleep(ARRIVES)
    all_is_well(house)
    house.place.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    time.sleep(ARRIVES)
    all_is_well(house)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_another_file_is_taken_up(house: House) -> None:
    """A copy put back in place is what is read and written from then on."""
    all_is_well(house)
    house.place.database.close()
    path = house.place.path
    copy = path.read_bytes()
    before = house.counts()
    all_is_well(house)
    aside = path.with_suffix(".copy")
    aside.write_bytes(copy)
    for journal in ("-wal", "-shm"):
        path.with_name(path.name + journal).unlink(missing_ok=True)
    aside.replace(path)
    assert house.counts() == before
    house.days -= 2
    all_is_well(house)
    assert house.counts()["bookings"] == before["bookings"] + 2


def test_readiness_waits_for_nobody(house: House, engine_name: str) -> None:
    """Whether the service is ready is read, even while somebody writes."""
    fault = dict(WRITES)[engine_name] if engine_name == "postgresql" else WRITES[0][1]
    with fault(house.place):
        answer = within(SOON, house.app.test_client().get, "/readyz")
    assert answer.text == "ready\n"
