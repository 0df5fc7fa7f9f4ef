"""The first page and the closures, as people meet them."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from coopshare.holds import queries
from coopshare.kernel.actor import Actor, Role
from coopshare.members.kinds import Standing
from coopshare.resources.kinds import ResourceKind, TariffUnit
from coopshare.resources.models import Tariff
from tests.browser import NARROW, PHONE, WIDE, scrolls_sideways, violations
from tests.holds.test_services import House, between
from tests.make import Maker

ASKED = "/?quoi=place&personnes=12&jour=2027-03-10&de=09:00&a=12:00"


@pytest.fixture
def house(database: Any, make: Maker) -> House:
    return House(database, make)


@pytest.fixture
def as_actor(app: Flask) -> Callable[[Actor], None]:
    """Give a function that says who asks from now on."""

    def become(actor: Actor) -> None:
        app.extensions["coopshare"].current_actor = lambda: actor

    return become


def furnish(house: House) -> None:
    """Give the house a few things, some of them taken on 10 March from 9 h to 12 h."""
    verriere = house.resource(
        "Verrière",
        capacity=14,
        location="Bâtiment B",
        features=["projector", "wheelchair", "wifi"],
    )
    house.make.keep(
        Tariff(
            resource_id=verriere.id,
            position=0,
            standing=Standing.ASSOCIATE,
            unit=TariffUnit.HOUR,
            cents=1250,
        ),
        house.cooperative.id,
    )
    atelier = house.resource("Atelier", capacity=12)
    house.hold(between(8, 11), atelier)
    house.resource("Salle du conseil", capacity=30, needs_approval=True)
    house.resource("Petit bureau", capacity=3)
    house.resource("Chaises", quantity=60, kind=ResourceKind.EQUIPMENT)


def test_visitors_learn_what_this_is(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Me connecter" in answer.text
    assert "Je cherche" not in answer.text


def test_the_sentence_answers_at_once(
    house: House, client: FlaskClient, as_actor: Callable[[Actor], None]
) -> None:
    furnish(house)
    as_actor(house.actor)
    answer = client.get(ASKED)
    assert answer.status_code == 200
    names = re.findall(r"<h3>(?:<a [^>]*>)?([^<]*)<", answer.text)
    assert names == ["Verrière", "Salle du conseil", "Atelier", "Petit bureau"]
    assert "12,50\u00a0€ l&#39;heure" in answer.text
    assert "«\u00a0Atelier\u00a0»\u00a0: déjà réservé, mercredi 10\u00a0mars" in answer.text
    assert "sa capacité est de 3." in answer.text
    assert "du=2027-03-10T09:00&amp;au=2027-03-10T12:00&amp;quantite=1" in answer.text
    assert "du=2027-03-10T12:00&amp;au=2027-03-10T15:00" in answer.text  # nearest of the Atelier


def test_without_an_address_the_coming_hours(
    house: House, client: FlaskClient, as_actor: Callable[[Actor], None]
) -> None:
    """At 10 h, the sentence says 11 h to 13 h today and already answers."""
    furnish(house)
    as_actor(house.actor)
    text = client.get("/").text
    assert 'value="2027-03-01"' in text
    assert 'value="11:00"' in text
    assert "<h3>" in text


def test_a_duration_anywhere(
    house: House, client: FlaskClient, as_actor: Callable[[Actor], None]
) -> None:
    furnish(house)
    as_actor(house.actor)
    text = client.get(
        "/?jour=2027-03-10&de=09:00&a=12:00&fin=2027-03-11&duree=120&mot=ATELIER"
    ).text
    assert "1 a un moment libre de 2\u202fh" in text
    assert "du=2027-03-10T12:00&amp;au=2027-03-10T14:00" in text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("jour=2027-03-10&de=12:00&a=09:00", "La fin doit venir après le début."),
        ("jour=2027-03-10&de=09:00&a=12:00&duree=60&fin=2027-03-08", "Le dernier jour vient avant"),
        ("jour=demain&de=09:00&a=12:00", "Écrivez une date"),
        ("jour=2027-02-10&de=09:00&a=12:00", "Ce moment est déjà passé"),
        ("jour=2027-03-28&de=02:30&a=04:00", "Cette heure n&#39;existe pas"),
        ("jour=2027-10-31&de=02:30&a=04:00", "Cette heure existe deux fois"),
        ("jour=2027-03-10&de=09:00&a=12:00&personnes=-3", "Écrivez un nombre entre"),
        ("jour=2027-03-10&de=09:00&a=12:00&quoi=dragon", "Choisissez parmi"),
        ("jour=2027-03-10&de=09:00&a=12:00&mot=%00", "signes invisibles"),
        ("jour=2027-03-10&de=09:00&a=12:00&avec=trampoline", "Choisissez parmi"),
        ("jour=2027-03-10&de=09:00&a=12:00&duree=60&fin=2027-09-10", "deux mois au plus"),
    ],
)
def test_what_cannot_be_searched_is_said(
    house: House,
    client: FlaskClient,
    as_actor: Callable[[Actor], None],
    query: str,
    said: str,
) -> None:
    as_actor(house.actor)
    answer = client.get(f"/?{query}")
    assert answer.status_code == 422
    assert said in answer.text


def test_nothing_yet(house: House, client: FlaskClient, as_actor: Callable[[Actor], None]) -> None:
    as_actor(house.actor)
    assert "Rien n’est encore mis en commun" in client.get(ASKED).text


def test_markup_in_names_stays_text(
    house: House, client: FlaskClient, as_actor: Callable[[Actor], None]
) -> None:
    house.resource("<script>alert(1)</script>{name}", capacity=20)
    room = house.resource("{0} <b>", capacity=20)
    house.hold(between(8, 11), room)
    as_actor(house.actor)
    text = client.get(ASKED).text
    assert "<script>alert" not in text
    assert "{0} &lt;b&gt;" in text


def test_statements_do_not_grow(
    house: House, client: FlaskClient, as_actor: Callable[[Actor], None]
) -> None:
    as_actor(house.actor)
    seen: list[str] = []
    sa.event.listen(
        house.database.reading,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: seen.append(statement),
    )
    counts = []
    for number in (1, 30):
        for _ in range(number):
            room = house.resource(f"Salle {uuid.uuid4().hex[:4]}", capacity=20, hours=(0, 1440))
            house.hold(between(9, 10), room)
            house.resource(f"Salle {uuid.uuid4().hex[:4]}", capacity=20)
        seen.clear()
        assert client.get(ASKED).status_code == 200
        counts.append(len([s for s in seen if s.startswith("SELECT")]))
    assert counts == [15, 15]  # the catalogue just changed: loaded again; one counts what waits


def token(client: FlaskClient, path: str) -> str:
    """Return the token of a page's form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return found.group(1)


def test_close_and_lift(
    house: House, make: Maker, client: FlaskClient, as_actor: Callable[[Actor], None]
) -> None:
    room = house.resource("Atelier")
    house.hold(between(9, 10), room)
    path = "/administration/fermetures"
    as_actor(house.actor)
    assert client.get(path).status_code == 403
    as_actor(make.actor(house.cooperative, house.owner, Role.RESOURCE_MANAGER))
    assert "Rien n’est fermé" in client.get(path).text
    form = {
        "csrf_token": token(client, path),
        "reason": "Travaux de peinture",
        "day": "2027-03-10",
        "resource_ids": [str(room.id)],
    }
    answer = client.post(path, data=form)
    assert answer.status_code == 409
    assert (
        "«\u00a0Atelier\u00a0»\u00a0: déjà réservé, mercredi 10\u00a0mars, 10\u202fh" in answer.text
    )
    assert "Travaux de peinture" in answer.text
    answer = client.post(path, data=form | {"day": "2027-03-11", "last_day": "2027-03-12"})
    assert answer.status_code == 303
    page = client.get(path).text
    assert "du jeudi 11\u00a0mars au vendredi 12\u00a0mars" in page
    with house.database.read(house.actor) as work:
        (line,) = queries.closures(work)
    assert line.closure.ends_at - line.closure.starts_at == timedelta(days=2)
    lift = f"{path}/{line.closure.id}/lever"
    assert client.post(lift, data={"csrf_token": form["csrf_token"]}).status_code == 303
    assert "Rien n’est fermé" in client.get(path).text
    assert client.post(path, data={"csrf_token": form["csrf_token"]}).status_code == 422


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_in_a_browser(
    house: House,
    make: Maker,
    as_actor: Callable[[Actor], None],
    open_page: Callable[..., Page],
    theme: str,
) -> None:
    """Nothing for axe to find, nothing scrolls sideways, and it works without scripts."""
    furnish(house)
    house.resource("Une salle dont le nom est vraiment très long " * 2, capacity=40)
    as_actor(make.actor(house.cooperative, house.owner, Role.ADMINISTRATOR, Role.MEMBER))
    for size in (WIDE, PHONE, NARROW):
        page = open_page(size, theme)
        for path in (ASKED, f"{ASKED}&mot=rien", "/?jour=x", "/administration/fermetures"):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status in {200, 422}
            assert violations(page) == []
            assert not scrolls_sideways(page), (path, size)
    page = open_page(PHONE, theme, scripts=False)
    page.goto(ASKED)
    page.get_by_label("avec d’autres : Verrière").check()
    page.get_by_label("avec d’autres : Salle du conseil").check()
    page.get_by_role("button", name="Réserver ce que j’ai coché").click()
    assert page.url.count("ressource=") == 2
    assert "du=2027-03-10T09%3A00" in page.url
