"""The pages of members in a real browser: axe, widths, themes, keyboard alone."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members import jobs, passwords, services
from coopshare.members.commands import Invite
from coopshare.members.models import Organisation, Person
from tests.browser import NARROW, PHONE, WIDE, scrolls_sideways, violations
from tests.make import Maker

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]

PASSWORD = "quatre vaches bleues"
LONG = "Association intercommunale pour l'insertion par l'activité économique des vallées"
Open = Callable[..., Page]


@pytest.fixture
def filled(database: Database, make: Maker) -> tuple[Organisation, Person, str]:
    """Store an organisation with a long name; return it, a person in it, an invitation's path."""
    phares = make.cooperative()
    own, long = make.organisation(phares, "Le Phares"), make.organisation(phares, LONG)
    ada = make.person(
        "Ada Martin", email="ada@example.org", password_hash=passwords.hashed(PASSWORD).hash
    )
    admin = make.actor(phares, own, Role.ADMINISTRATOR, person=ada)
    person = make.person("Jean-Christophe de La Villardière-Montgolfier")
    make.affiliate(phares, long, person, Role.MEMBER, Role.ORGANISATION_MANAGER)
    made = database.write(
        admin, services.invite, Invite(organisation_id=long.id, email="noa@example.org")
    )
    worker = Actor(door="worker", cooperative_id=phares.id)
    message = database.write(worker, jobs.invitation_message, made.id)
    assert message is not None
    assert message.action is not None
    return long, person, "/invitation/" + message.action[1].rsplit("/", 1)[1]


def log_in(page: Page) -> None:
    """Log in with the keyboard alone."""
    page.goto("/connexion?suite=/compte")
    expect(page.locator("[name=email]")).to_be_focused()  # the browser gives it when it has drawn
    page.keyboard.type("ada@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"^http://[^/]+/compte$"))


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE, NARROW], ids=["wide", "phone", "narrow"])
def test_every_page_is_accessible(
    open_page: Open,
    filled: tuple[Organisation, Person, str],
    size: tuple[int, int],
    theme: str,
) -> None:
    long, person, invitation = filled
    page = open_page(size, theme)
    sheet = f"/administration/membres/{long.id}"
    found: dict[str, list[str]] = {}

    def look(path: str) -> None:
        page.goto(path)
        wide = ["scrolls sideways"] if scrolls_sideways(page) else []
        found[path] = violations(page) + wide

    for path in ("/connexion", "/mot-de-passe", "/mot-de-passe/inconnu", invitation):
        look(path)
    log_in(page)
    for path in (
        "/compte",
        "/administration",
        "/administration/membres",
        "/administration/membres?q=rien",
        "/administration/membres/ajouter",
        sheet,
        f"{sheet}/modifier",
        f"{sheet}/place",
        f"{sheet}/personnes/{person.id}",
        "/administration/journal",
    ):
        look(path)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_without_scripts(
    app: Flask, open_page: Open, filled: tuple[Organisation, Person, str]
) -> None:
    """An invitation becomes a person who is logged in, by plain forms."""
    assert app.testing
    page = open_page(PHONE, scripts=False)
    page.goto(filled[2])
    page.get_by_label("Votre nom").fill("Noa Neuf")
    page.get_by_label("Choisissez un mot de passe").fill("court")
    page.get_by_role("button", name="Créer mon compte et entrer").click()
    assert "au moins 14 caractères" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Votre nom").input_value() == "Noa Neuf"
    page.get_by_label("Choisissez un mot de passe").fill("une longue phrase à moi")
    page.get_by_role("button", name="Créer mon compte et entrer").click()
    page.goto("/compte")
    assert page.get_by_label("Nom").first.input_value() == "Noa Neuf"
