"""Case A in a real browser: a member comes in, finds, books, is refused, subscribes."""

import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE, WIDE

MEMBER = "membre@atelier-nord.example.org"
PASSWORD = "phare-mutualise-2026"
DAY = "2027-03-10"
"""A Wednesday nine days after the present of the tests."""


def log_in(page: Page, email: str) -> None:
    """Come in by the front door."""
    page.goto("/connexion")
    page.get_by_label("Adresse").first.fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page.locator("h1")).to_have_text("Que cherchez-vous ?")


@pytest.mark.demonstration
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("size", "scripts"), [(WIDE, True), (PHONE, True), (WIDE, False)], ids=["desk", "phone", "bare"]
)
def test_from_login_to_subscription(
    open_page: Callable[..., Page], size: tuple[int, int], *, scripts: bool
) -> None:
    page = open_page(size, scripts=scripts)
    log_in(page, MEMBER)

    # What is free? A sentence with blanks; the answers say what is free first.
    page.goto(f"/?quoi=place&personnes=10&jour={DAY}&de=10:00&a=11:30")
    answer = page.locator(".answers > *").filter(has=page.get_by_role("link", name="Réserver"))
    answer = answer.filter(has_text=re.compile("^\\s*Salle"))
    name = answer.first.locator("h3").inner_text()
    answer.first.get_by_role("link", name="Réserver").click()

    # The form is filled in already; one more line, then why.
    expect(page.locator("#f-resource_id option:checked")).to_contain_text(name)
    page.get_by_label("En quelques mots").fill("Réunion d'équipe")
    page.get_by_role("button", name="Réserver", exact=False).last.click()
    expect(page.locator("h1")).to_have_text("Réunion d'équipe")
    booking = page.url
    expect(page.locator("main")).to_contain_text(name)
    expect(page.locator("main")).to_contain_text(re.compile("Confirmée|En attente"))

    # The same again, in another window: refused in words, with what is possible instead.
    page.goto(f"/?quoi=place&personnes=10&jour={DAY}&de=10:00&a=11:30")
    refused = page.locator(".answers > *").filter(has_text=name).first
    expect(refused).to_contain_text("déjà réservé")
    expect(refused).to_contain_text("Libre juste à côté")

    # A subscription, shown once, holds the booking.
    page.goto("/abonnements")
    page.get_by_role("button", name="Créer l’adresse").click()
    address = page.get_by_label("Adresse à copier").input_value()
    path = address[address.index("/ical/") :]
    origin = re.match(r"https?://[^/]+", page.url)
    assert origin is not None
    with urllib.request.urlopen(origin[0] + path) as answered:
        calendar = answered.read().decode()
    assert "SUMMARY:Réunion d'équipe" in calendar
    assert "BEGIN:VTIMEZONE" in calendar

    # Given back.
    page.goto(f"{booking}/annuler")
    page.get_by_role("button", name="Annuler la réservation").click()
    expect(page.locator("main")).to_contain_text("Annulée")
    page.goto(f"/?quoi=place&personnes=10&jour={DAY}&de=10:00&a=11:30")
    again = page.locator(".answers > *").filter(has_text=name).first
    expect(again.get_by_role("link", name="Réserver")).to_be_visible()
