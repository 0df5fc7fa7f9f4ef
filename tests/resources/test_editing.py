"""Declaring, changing, photographing and withdrawing by the pages, without any script."""

import os
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Page

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.resources import queries
from coopshare.resources.kinds import TariffUnit
from coopshare.resources.models import Tariff
from coopshare.resources.queries import ResourceFilter
from tests.browser import NARROW, PHONE, WIDE, scrolls_sideways, violations
from tests.make import Maker

Login = Callable[[FlaskClient, Actor], None]
Csrf = Callable[[FlaskClient], str]


class Visit:
    """A cooperative, and a client that acts as somebody of it."""

    def __init__(self, make: Maker, app: Flask, login: Login, csrf: Csrf) -> None:
        self.make, self.app, self.login, self.csrf = make, app, login, csrf
        self.place = make.cooperative()
        self.owner = make.organisation(self.place)
        self.member = make.actor(self.place, self.owner)
        self.manager = make.actor(self.place, self.owner, Role.RESOURCE_MANAGER)
        self.administrator = make.actor(self.place, self.owner, Role.ADMINISTRATOR)

    def as_(self, actor: Actor) -> FlaskClient:
        client = self.app.test_client()
        self.login(client, actor)
        return client

    def post(self, client: FlaskClient, url: str, **fields: object) -> tuple[int, str]:
        answer = client.post(
            url,
            data={"csrf_token": self.csrf(client), **fields},
            content_type="multipart/form-data",
        )
        return answer.status_code, answer.headers.get("Location", "") or answer.text


@pytest.fixture
def visit(make: Maker, app: Flask, login: Login, csrf: Csrf) -> Visit:
    return Visit(make, app, login, csrf)


def test_a_room_is_declared_from_a_typical_one_then_made_precise(
    visit: Visit, database: Database
) -> None:
    client = visit.as_(visit.manager)
    assert "Salle de réunion" in client.get("/ressources/nouvelle").text
    assert 'value="12"' in client.get("/ressources/nouvelle?modele=meeting_room").text
    fields = {
        "modele": "meeting_room",
        "name": "Verrière",
        "kind": "place",
        "owner_id": str(visit.owner.id),
        "capacity": "14",
        "quantity": "1",
    }
    status, url = visit.post(client, "/ressources/nouvelle", **fields)
    assert status == 303
    sheet = client.get(url).text
    assert "Verrière" in sheet
    form = client.get(f"{url}/modifier").text
    key = re.search(r'name="version" value="(\d+)"', form)
    assert key is not None
    status, _ = visit.post(
        client,
        f"{url}/modifier",
        version=key.group(1),
        name="La Verrière",
        kind="place",
        owner_id=str(visit.owner.id),
        manager_id=str(visit.owner.id),
        features="wheelchair",
        hours_0="9 h – 12 h 30, 14h-18h",
        hours_5="9:00-24:00",
        slots="",
        step="30",
        notice="1440",
        price_0="12,50",
        unit_0="hour",
    )
    assert status == 303
    with database.read(visit.member) as work:
        (found,) = queries.search(work, ResourceFilter(q="verriere fauteuil"))
        assert queries.search(work, ResourceFilter(q="wheelchair")) == [found]
        assert [(h.weekday, h.opens, h.closes) for h in found.hours] == [
            (0, 540, 750),
            (0, 840, 1080),
            (5, 540, 1440),
        ]
        assert [(t.cents, t.unit.value) for t in found.tariffs] == [(1250, "hour")]
        assert (found.notice, found.capacity) == (1440, None)
    assert "12,50" in client.get(url).text
    stale = visit.post(client, f"{url}/modifier", version="1", name="X", kind="place", step="15")
    assert stale[0] == 412
    wrong = visit.post(
        client, f"{url}/modifier", version="2", name="X", kind="place", hours_1="tard", price_0="x"
    )
    assert wrong[0] == 422
    assert "Écrivez par exemple" in wrong[1]
    assert "tard" in wrong[1]
    opened = re.findall(r'<details class="form-fold" id="(\w+)" open>', wrong[1])
    assert opened == ["horaires", "tarifs"]
    assert '<a href="#f-hours_1">' in wrong[1]


def test_members_read_and_do_not_change(visit: Visit) -> None:
    room = visit.make.resource(visit.place, visit.owner)
    client = visit.as_(visit.member)
    sheet = client.get(f"/ressources/{room.id}")
    assert sheet.status_code == 200
    assert "/modifier" not in sheet.text
    assert client.get(f"/ressources/{room.id}/modifier").status_code == 403
    assert client.get("/ressources/nouvelle").status_code == 403
    assert client.get("/administration/jours-fermes").status_code == 403
    assert visit.post(client, f"/ressources/{room.id}/retirer?version=1")[0] == 403


def test_another_cooperative_finds_nothing(visit: Visit) -> None:
    room = visit.make.resource(visit.place, visit.owner)
    elsewhere = visit.make.cooperative("Lagon")
    stranger = visit.make.actor(
        elsewhere, visit.make.organisation(elsewhere, "Récif"), Role.ADMINISTRATOR
    )
    client = visit.as_(stranger)
    for path in ("", "/modifier"):
        assert client.get(f"/ressources/{room.id}{path}").status_code == 404
    assert room.name not in client.get("/ressources").text


def test_photos_are_ours_and_private(visit: Visit) -> None:
    room = visit.make.resource(visit.place, visit.owner)
    client = visit.as_(visit.manager)
    out = BytesIO()
    Image.new("RGB", (900, 600), "teal").save(out, "JPEG")
    url = f"/ressources/{room.id}/photos"
    sent = (BytesIO(out.getvalue()), "../../salle.exe")
    assert visit.post(client, url, photo=sent, description="La salle")[0] == 303
    page = client.get(f"/ressources/{room.id}").text
    found = re.search(r'src="(/photos/[0-9a-f-]+)"', page)
    assert found is not None
    photo = client.get(found.group(1))
    assert photo.content_type == "image/webp"
    assert photo.headers["X-Content-Type-Options"] == "nosniff"
    assert photo.headers["Cache-Control"].startswith("private")
    assert Image.open(BytesIO(client.get(f"{found.group(1)}/vignette").data)).size == (480, 360)
    assert visit.app.test_client().get(found.group(1)).status_code == 303
    bad = (BytesIO(b"<svg onload=alert(1)>"), "a.jpg")
    assert visit.post(client, url, photo=bad, description="Rien")[0] == 422
    assert visit.post(client, f"{found.group(1)}/retirer")[0] == 303
    assert client.get(found.group(1)).status_code == 404


def test_closed_days_are_added_once_and_given_up(visit: Visit) -> None:
    client = visit.as_(visit.administrator)
    url = "/administration/jours-fermes"
    assert "Lundi de Pâques" in client.get(url).text
    assert visit.post(client, url, day="2027-05-07", reason="Pont")[0] == 303
    assert visit.post(client, url, day="2027-05-07", reason="Pont")[0] == 409
    found = re.search(r'action="([^"]+/ouvrir)"', client.get(url).text)
    assert found is not None
    assert visit.post(client, found.group(1))[0] == 303
    assert "Pont" not in client.get(url).text


def test_withdrawn_then_offered_again(visit: Visit) -> None:
    room = visit.make.resource(visit.place, visit.owner, "Verrière")
    client = visit.as_(visit.manager)
    assert visit.post(client, f"/ressources/{room.id}/retirer?version=1")[0] == 303
    assert "Verrière" not in client.get("/ressources").text
    assert "n’est plus proposée à la réservation" in client.get(f"/ressources/{room.id}").text
    assert visit.post(client, f"/ressources/{room.id}/proposer?version=2")[0] == 303
    client.get(f"/ressources/{room.id}")
    assert "Verrière" in client.get("/ressources").text


@pytest.mark.browser
@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE, NARROW])
def test_everybody_can_use_these_pages(
    visit: Visit, live: str, open_page: Callable[..., Page], size: tuple[int, int], theme: str
) -> None:
    """Axe finds nothing, and nothing scrolls sideways."""
    room = visit.make.resource(visit.place, visit.owner, "Verrière", hours=(540, 1080))
    client = visit.as_(visit.administrator)
    cookie = client.get_cookie("coopshare")
    assert cookie is not None
    page = open_page(size, theme)
    page.context.add_cookies([{"name": "coopshare", "value": cookie.value, "url": live}])
    for path in (
        "/ressources/nouvelle",
        "/ressources/nouvelle?modele=hall",
        f"/ressources/{room.id}/modifier",
        "/administration/jours-fermes",
    ):
        page.goto(path)
        assert page.url.endswith(path)
        assert violations(page) == []
        assert not scrolls_sideways(page)
        folder = os.environ.get("COOPSHARE_TEST_PICTURES")
        if folder:
            name = path.strip("/").replace("/", "-").replace(str(room.id), "x").replace("?", "-")
            page.screenshot(path=f"{folder}/{name}-{size[0]}-{theme}.png", full_page=True)


def test_what_the_form_does_not_show_stays(visit: Visit, database: Database) -> None:
    """Parts that somebody else manages are kept when the sheet is saved."""
    other = visit.make.organisation(visit.place, "Les Fourmis")
    hall = visit.make.resource(visit.place, visit.owner, "Grande salle")
    part = visit.make.resource(visit.place, other, "Salle B")
    visit.make.part(hall, part)
    client = visit.as_(visit.manager)
    owner = str(visit.owner.id)
    fields = {"version": "1", "name": "Salle", "kind": "place", "owner_id": owner}
    url = f"/ressources/{hall.id}/modifier"
    assert visit.post(client, url, **fields, manager_id=owner, step="15")[0] == 303
    with database.read(visit.member) as work:
        assert queries.get(work, hall.id).name == "Salle"
        assert list(queries.all_parts(work)) == [(hall.id, part.id)]


def test_the_long_form_is_folded_and_says_what_it_holds(visit: Visit) -> None:
    """Each section is one line that says what it holds; the first one is open."""
    room = visit.make.resource(
        visit.place, visit.owner, hours=(540, 1080), location="Bâtiment B", needs_approval=True
    )
    tariff = Tariff(resource_id=room.id, position=0, unit=TariffUnit.HOUR, cents=1250)
    visit.make.keep(tariff, visit.place.id)
    page = visit.as_(visit.manager).get(f"/ressources/{room.id}/modifier").text
    opened = re.findall(r'<details class="form-fold" id="(\w+)" open>', page)
    assert opened == ["quoi"]
    glances = re.findall(r'</h2>\s*<span class="quiet">([^<]+)</span>', unescape(page))
    assert glances == [
        "Bâtiment B",
        "lundi à dimanche, 9\u202fh\u202f–\u202f18\u202fh",
        "Se réserve d'un quart d'heure en quart d'heure.",
        "Chaque demande attend un accord.",
        "1 ligne",
        "Aucune",
        "Proposée",
    ]
    assert page.count('id="f-price_') == 4
