"""A new cooperative: each page says what will be there and what to do first."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members import services
from coopshare.members.commands import AddPerson
from coopshare.members.jobs import reset_message
from coopshare.notifications.layout import laid_out
from tests.browser import NARROW, PHONE, WIDE, scrolls_sideways, violations
from tests.make import Maker

Login = Callable[[FlaskClient, Actor], None]
TEACHING = {
    "/": "Rien n’est encore mis en commun",
    "/planning": "Rien n’est encore partagé.",
    "/reserver": "Rien n’est encore partagé.",
    "/ressources": "Rien n’est encore partagé.",
    "/reservations": "Aucune réservation à venir.",
    "/a-traiter": "Rien n’attend votre réponse.",
    "/abonnements": "Aucun abonnement pour l’instant.",
    "/administration/fermetures": "il n’y a rien à fermer",
    "/administration": "La prochaine étape\u00a0: Ajouter une organisation membre",
}
"""Page -> what it says while the cooperative is empty."""


class New:
    """A cooperative with its own organisation and who administers it: nothing else."""

    def __init__(self, app: Flask, make: Maker, login: Login) -> None:
        self.make, self.phares = make, make.cooperative("Pôle Terreau")
        self.home = make.organisation(self.phares, "Pôle Terreau")
        self.client, self.reader = app.test_client(), app.test_client()
        login(self.client, make.actor(self.phares, self.home, Role.ADMINISTRATOR))
        login(self.reader, make.actor(self.phares, self.home))


@pytest.fixture
def new(app: Flask, make: Maker, login: Login) -> New:
    return New(app, make, login)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_empty_pages_teach(new: New) -> None:
    for path, words in TEACHING.items():
        assert words in unescape(new.client.get(path).text), path
    assert "Mettre la coopérative en route" in new.client.get("/").text
    assert "Mettre la coopérative en route" not in new.reader.get("/").text
    assert "Aucune ressource ne répond à ce filtre" in new.client.get("/planning?q=x").text
    new.make.resource(new.phares, new.home)
    for path in ("/", "/planning", "/reserver", "/ressources"):
        assert TEACHING[path] not in unescape(new.client.get(path).text), path


def test_a_first_password_is_not_a_new_one(database: Database) -> None:
    """Whoever never had a password reads that the account is there."""
    shell = Actor(door="cli")
    made = AddPerson(email="lea@example.org", name="Léa Morin")
    database.write(shell, services.add_person, made)
    message = database.write(shell, reset_message, "lea@example.org")
    assert message is not None
    notice = laid_out(message)
    assert notice.subject == "Choisissez votre mot de passe"
    assert "Il ne manque que votre mot de passe." in notice.text
    assert "Ce message est envoyé par CoopShare. " in notice.text


@pytest.mark.browser
@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("size", [WIDE, PHONE, NARROW])
def test_everybody_can_begin(
    new: New, live: str, open_page: Callable[..., Page], size: tuple[int, int]
) -> None:
    """Axe finds nothing on empty pages, and nothing scrolls sideways."""
    cookie = new.client.get_cookie("coopshare")
    assert cookie is not None
    page = open_page(size, "light")
    page.context.add_cookies([{"name": "coopshare", "value": cookie.value, "url": live}])
    for path in (*TEACHING, "/administration/cooperative"):
        page.goto(path)
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path
