"""The screen at a door: what it tells when, to whom, and what it costs."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from playwright.sync_api import Page

from coopshare.bookings import jobs, services
from coopshare.bookings.commands import AddScreen, CheckIn
from coopshare.bookings.door import Day, Other, Span, told
from coopshare.bookings.models import DoorScreen
from coopshare.bookings.screens import DAYS
from coopshare.bookings.seen import SEEN
from coopshare.db.work import Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Forbidden, Invalid, NotFound
from coopshare.members.kinds import DoorNames
from coopshare.members.models import Cooperative
from coopshare.resources.models import Resource
from tests.bookings.conftest import Doors, House, hours
from tests.browser import NARROW, PHONE, WIDE, scrolls_sideways, violations
from tests.conftest import Clock
from tests.statements import counted

START = utc(2027, 3, 10, 9)
HOUR = 3600


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Forget the days that other tests made."""
    DAYS._kept.clear()
    yield
    SEEN._found.clear()


@pytest.fixture
def room(house: House, make: Any) -> Resource:
    """Return a room open from 8 h to 20 h, given back after a quarter of an hour."""
    found: Resource = make.resource(
        house.phares,
        house.scic,
        "Plateau",
        hours=(480, 1200),
        address="2 quai du Canal",
        check_in_within=15,
    )
    return found


@pytest.fixture
def token(house: House, room: Resource) -> str:
    command = AddScreen(resource_id=room.id, name="Couloir")
    return house.database.write(house.keeper, services.add_screen, command)[1]


def at(hour: float) -> int:
    """Return an instant of a made-up day, in seconds."""
    return int(hour * HOUR)


def a_day(*spans: Span, others: tuple[Other, ...] = ()) -> Day:
    return Day(
        start=0, today_ends=at(24), end=at(48), offsets=((0, 0),), spans=spans, others=others
    )


def busy(start: float, end: float, kind: Any = "booking", **fields: Any) -> Span:
    return Span(start=at(start), end=at(end), kind=kind, **fields)


def test_each_state_and_when_it_ends() -> None:
    """Free, taken without a gap, closed, and nothing known."""
    day = a_day(
        busy(0, 8, "closed"),
        busy(9, 10),
        busy(10, 10.5, "between"),
        busy(10.5, 12),
        busy(14, 15),
        busy(20, 32, "closed"),
    )
    assert [(told(day, at(h)).state, told(day, at(h)).until) for h in (7, 8, 9, 10.25, 12, 21)] == [
        ("closed", at(8)),
        ("free", at(9)),
        ("taken", at(12)),
        ("taken", at(12)),
        ("free", at(14)),
        ("closed", at(32)),
    ]
    assert told(day, at(48)).state == "unknown"
    assert told(day, at(10.25)).current is None
    found = told(day, at(9.5))
    assert (found.current, [s.start for s in found.rest]) == (day.spans[1], [at(10.5), at(14)])


def test_free_for_the_rest_of_the_day() -> None:
    """What comes tomorrow is not told as today's."""
    day = a_day(busy(30, 31), others=(Other(name="Canal", free=((0, at(12)), (at(13), at(48)))),))
    assert (told(day, at(10)).until, told(day, at(10)).rest) == (None, ())
    assert told(day, at(10)).others == (("Canal", at(12)),)
    assert told(day, at(13)).others == (("Canal", None),)
    assert [s.start for s in told(day, at(25)).rest] == [at(30)]


def words(text: str, part: str) -> str:
    """Return what a part of the page says, without its marks."""
    found = re.search(rf'data-part="{part}">(.*?)</(?:p|ul|span)>', text, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_the_page(house: House, room: Resource, token: str, client: FlaskClient, clock: Clock,
                  make: Any) -> None:  # fmt: skip
    """The word, until when, what follows, what else is free; nobody's name; nothing left behind."""
    make.resource(house.phares, house.scic, "Canal", address="2 quai du Canal")
    make.resource(house.phares, house.scic, "Loin", address="Ailleurs")
    house.book((room, 1), title="Bilan de Camille")
    house.book((room, 1), title="Autre", span=hours(13, 15))
    clock.now = START + timedelta(minutes=5)
    answer = client.get(f"/ecran/{token}")
    text = answer.text
    assert 'data-state="taken"' in text
    assert words(text, "word") == "Occupé"
    assert words(text, "until") == "jusqu&#39;à 12 h"
    assert "Arrivée attendue avant 10\u202fh\u202f15" in text
    assert "Canal" in words(text, "others")
    assert "Loin" not in text
    assert "Camille" not in text
    assert "Atelier Nord" not in text
    headers = answer.headers
    assert "Set-Cookie" not in headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in client.get(f"/ecran/{token}?langue=en").headers


@pytest.mark.parametrize(
    ("names", "said"),
    [(DoorNames.NOTHING, ""), (DoorNames.ORGANISATION, "Atelier Nord"), (DoorNames.TITLE, "Bilan")],
)
def test_names_are_the_cooperatives_choice(
    house: House,
    room: Resource,
    token: str,
    client: FlaskClient,
    clock: Clock,
    names: DoorNames,
    said: str,
) -> None:
    house.book((room, 1), title="Bilan")

    def choose(work: Work) -> None:
        work.session.get_one(Cooperative, house.phares.id).door_names = names

    house.database.write(house.coordinator, choose)
    clock.now = START
    shown = json.loads(client.get(f"/ecran/{token}/jour").text)["spans"]
    assert [span["words"] for span in shown if span["kind"] == "booking"] == [said]


def test_what_it_costs(
    house: House, room: Resource, token: str, client: FlaskClient, clock: Clock
) -> None:
    """A 304 and a page that changed nothing: one statement; a check-in makes another day."""
    booking = house.book((room, 1))
    clock.now = START
    first = client.get(f"/ecran/{token}/jour")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert first.headers["X-Now"] == str(int(START.timestamp()))
    with counted(house.database) as seen:
        assert client.get(f"/ecran/{token}/jour", headers=tag).status_code == 304
        assert client.get(f"/ecran/{token}").status_code == 200
    assert len(seen) == 2
    house.database.write(house.member, services.check_in, CheckIn(booking_id=booking.id))
    with counted(house.database) as seen:
        answer = client.get(f"/ecran/{token}/jour", headers=tag)
    assert (answer.status_code, len(seen) <= 9) == (200, True)
    assert [s["here"] for s in json.loads(answer.text)["spans"] if s["kind"] == "booking"] == [True]
    house.cancel(house.book((room, 1), span=hours(13, 14, 20)))
    assert client.get(f"/ecran/{token}/jour", headers=tag).status_code == 200


def test_a_day_of_many_bookings_costs_the_same(
    house: House, room: Resource, token: str, client: FlaskClient, clock: Clock
) -> None:
    found = []
    for hour in (9, 11, 13):
        house.book((room, 1), span=hours(hour, hour + 1))
        clock.now = START
        client.get(f"/ecran/{token}/jour")
        DAYS._kept.clear()
        with counted(house.database) as seen:
            client.get(f"/ecran/{token}/jour")
        found.append(len(seen))
    assert len(set(found)) == 1


def test_a_token_lives_until_it_is_renewed_or_stopped(
    house: House, room: Resource, token: str, client: FlaskClient, clock: Clock
) -> None:
    """Only its hash is kept; what was, what never was and what is stopped answer the same."""
    (screen,) = _screens(house)
    assert token not in repr(screen.token_hash)
    assert client.get(f"/ecran/{token}").status_code == 200
    assert SEEN.write(house.database) == 1
    assert _screens(house)[0].last_seen_at == clock.now
    _, other = house.database.write(house.keeper, services.renew_screen, screen.id)
    gone = client.get(f"/ecran/{token}")
    assert (gone.status_code, gone.text) == (404, client.get("/ecran/jamais").text)
    assert client.get(f"/ecran/{other}").status_code == 200
    house.database.write(house.keeper, services.stop_screen, screen.id)
    assert client.get(f"/ecran/{other}").status_code == 404
    assert client.get(f"/ecran/{other}/jour").status_code == 404
    assert room.id == screen.resource_id


def _screens(house: House) -> list[DoorScreen]:
    with house.database.read(house.coordinator) as work:
        return list(work.session.scalars(sa.select(DoorScreen)))


def test_who_may_hang_one(house: House, room: Resource) -> None:
    def add(actor: Actor, resource: Resource) -> object:
        command = AddScreen(resource_id=resource.id, name="Couloir")
        return house.database.write(actor, services.add_screen, command)

    with pytest.raises(Forbidden):
        add(house.member, room)
    with pytest.raises(Invalid):
        add(house.keeper, house.chairs)
    away = house.make.cooperative("Ailleurs")
    stranger = house.make.actor(away, house.make.organisation(away, "Loin"), "administrator")  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        add(stranger, room)


def test_by_page_api_and_command(doors: Doors, house: House, room: Resource) -> None:
    """Three ways to an address, shown once."""
    doors.as_(house.keeper)
    path = f"/ressources/{room.id}/ecrans"
    page = doors.fill(path, name="Couloir")
    assert page.status_code == 201
    (address,) = set(re.findall(r"http://localhost/ecran/[\w-]{43}", page.text))
    assert "/ecran/" not in doors.get(path).text
    doors.as_(house.member)
    assert doors.client.get(address.removeprefix("http://localhost")).status_code == 200
    assert doors.get(path).status_code == 403
    doors.as_(house.keeper)
    headers = {"Authorization": "Bearer x"}
    made = doors.client.post(
        "/api/v1/screens", json={"resource_id": str(room.id), "name": "Hall"}, headers=headers
    )
    assert made.status_code == 201
    assert made.json is not None
    assert made.json["url"].startswith("http://localhost/ecran/")
    listed = doors.client.get("/api/v1/screens", headers=headers).json
    assert listed is not None
    assert [(one["name"], one["url"]) for one in listed["items"]] == [
        ("Couloir", None),
        ("Hall", None),
    ]
    stopped = doors.client.delete(
        f"/api/v1/screens/{made.json['id']}", headers=headers | {"If-Match": '"v1"'}
    )
    assert stopped.status_code == 204


@pytest.mark.browser
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
class TestOnTheWall:
    """In a real browser."""

    def test_it_is_accessible_and_fits(
        self, house: House, room: Resource, token: str, clock: Clock,
        open_page: Callable[..., Page],
    ) -> None:  # fmt: skip
        """Each state, both themes, lying and upright, on a phone: nothing sideways, all of it."""
        house.book((room, 1))
        for moment in (START, START + timedelta(hours=3), START + timedelta(hours=14)):
            clock.now = moment
            for size in ((1280, 800), (800, 1280), (390, 844)):
                for theme in ("light", "dark"):
                    page = open_page(size, theme)
                    page.goto(f"/ecran/{token}")
                    assert violations(page) == [], (moment, size, theme)
                    assert not scrolls_sideways(page)
                    page.context.close()

    def test_the_pages_around_it(
        self, doors: Doors, house: House, room: Resource, token: str, clock: Clock,
        open_page: Callable[..., Page],
    ) -> None:  # fmt: skip
        """Screens, poster, arrival and no-shows: nothing for axe, nothing sideways; one tap."""
        booking = house.book((room, 1))
        missed = house.book((room, 1), span=hours(7, 9))
        clock.now = utc(2027, 3, 10, 7, 20)
        assert jobs.release(house.database) == 1
        clock.now = START
        paths = (
            f"/ressources/{room.id}/ecrans",
            f"/ressources/{room.id}/affiche",
            f"/arrivee/{room.id}",
            f"/reservations/{booking.id}",
            f"/reservations/{missed.id}",
            "/reservations/absences",
        )
        doors.as_(house.coordinator)
        for size in (WIDE, PHONE, NARROW):
            for theme in ("light", "dark"):
                page = open_page(size, theme)
                for path in paths:
                    page.goto(path)
                    assert violations(page) == [], (path, size, theme)
                    assert not scrolls_sideways(page), (path, size)
                page.context.close()
        doors.as_(house.member)
        page = open_page(PHONE)
        page.goto(f"/arrivee/{room.id}")
        page.get_by_role("button", name="Je suis là").click()
        page.get_by_text("Arrivée signalée").wait_for()
        assert token not in page.content()

    def test_it_survives_a_network_cut(
        self, house: House, room: Resource, token: str, clock: Clock,
        open_page: Callable[..., Page],
    ) -> None:  # fmt: skip
        """It turns to the next state by itself, says since when, and comes back by itself."""
        house.book((room, 1))
        clock.now = START - timedelta(minutes=30)
        page = open_page()
        page.clock.install()
        page.goto(f"/ecran/{token}")
        state = page.locator("body")
        assert state.get_attribute("data-state") == "free"
        assert page.locator("[data-part=until]").inner_text() == "jusqu'à 10\u202fh"
        page.route("**/jour", lambda route: route.abort())
        page.clock.run_for(31 * 60 * 1000)
        assert state.get_attribute("data-state") == "taken"
        assert page.locator("[data-part=until]").inner_text() == "jusqu'à 12\u202fh"
        said = page.locator("[data-part=updated]").inner_text()
        assert said == "Pas de réseau\u00a0: dernière mise à jour à 9\u202fh\u202f30"
        page.clock.run_for(2 * 3600 * 1000)
        assert state.get_attribute("data-state") == "free"
        clock.now = START + timedelta(hours=2, minutes=3)
        house.book((room, 1), span=hours(13, 14))
        page.unroute("**/jour")
        for _ in range(35):  # at most five minutes between two questions; no question is hurried
            page.clock.run_for(10 * 1000)
            page.wait_for_timeout(30)
        page.locator("body:not(.is-offline)").wait_for()
        assert page.locator("[data-part=until]").inner_text() == "jusqu'à 14\u202fh"

    def test_a_screen_that_is_stopped_shows_nothing_more(
        self, house: House, room: Resource, token: str, open_page: Callable[..., Page]
    ) -> None:
        page = open_page()
        page.clock.install()
        page.goto(f"/ecran/{token}")
        (screen,) = _screens(house)
        house.database.write(house.keeper, services.stop_screen, screen.id)
        with page.expect_response(f"**/ecran/{token}"):
            page.clock.run_for(61 * 1000)
        page.get_by_text("Cet écran n'existe pas, ou plus.").wait_for()
        assert room.id == screen.resource_id

    def test_the_script_tells_what_the_server_tells(
        self, house: House, room: Resource, token: str, clock: Clock, make: Any,
        open_page: Callable[..., Page],
    ) -> None:  # fmt: skip
        """Every half hour of two days, word for word, with the other rooms."""
        canal = make.resource(house.phares, house.scic, "Canal", address="2 quai du Canal")
        make.resource(house.phares, house.scic, "Salle", address="2 quai du Canal",
                      hours=(540, 1080))  # fmt: skip
        house.book((room, 1))
        house.book((room, 1), span=hours(11, 12))
        house.book((canal, 1), span=hours(10, 15))
        house.book((room, 1), span=hours(8, 9, 11))
        clock.now = utc(2027, 3, 9, 23)
        scripted, plain = open_page(), open_page(scripts=False)
        scripted.clock.install()
        scripted.goto(f"/ecran/{token}")
        scripted.route("**/jour", lambda route: route.abort())
        parts = ("clock", "word", "until", "current", "come", "rest", "others")
        read = "names => names.map(n => document.querySelector(`[data-part=${n}]`).textContent"
        read += ".split(/\\s+/).join(''))"
        for _ in range(48):
            clock.now += timedelta(minutes=30)
            scripted.clock.run_for(30 * 60 * 1000)
            plain.goto(f"/ecran/{token}")
            shown = [
                "".join((plain.locator(f"[data-part={name}]").text_content() or "").split())
                for name in parts
            ]
            if clock.now < utc(2027, 3, 10, 23):  # afterwards the server knows one day more
                assert scripted.evaluate(read, list(parts)) == shown, clock.now


def test_the_scripts_need_no_new_browser() -> None:
    """The page for old browsers is written as they read it."""
    text = (Path(__file__).parents[2] / "coopshare/static/js/door-plain.js").read_text()
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    assert not re.search(r"=>|\blet\b|\bconst\b|`|\?\.", code)
