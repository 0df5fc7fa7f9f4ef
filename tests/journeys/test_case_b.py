"""Case B in a browser: the group of the Gard plans, is told of the law, signs, is absent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coopshare.app import HANDLERS
from coopshare.db.work import Database
from coopshare.demo.services import load
from tests.browser import PHONE, WIDE, scrolls_sideways, violations
from tests.journeys.test_case_a import log_in

PLANNER = "direction@ge-gard.example.org"
COUNSELLOR = "cip@ge-gard.example.org"
COMPANIES = "entreprises@ge-gard.example.org"
MEMBER = "structure3@ge-gard.example.org"


def check(page: Page) -> None:
    """Look at a page from all sides, wide and on a phone."""
    assert not scrolls_sideways(page), page.url
    assert violations(page, with_styles=False) == [], page.url


def look(page: Page, *paths: str) -> None:
    """Open pages and look at each."""
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        check(page)


def plan_by_hand(planner: Page) -> None:
    """Plan a Friday: first eleven hours, and be told which rule says no; then publish it."""
    planner.goto("/equipe/demi-journees/nouvelle?jour=2027-03-05")
    check(planner)
    planner.get_by_label("Qui", exact=True).select_option(label="Rachid Benali")
    planner.locator("[name=starts_at]").fill("07:00")
    planner.locator("[name=ends_at]").fill("18:30")
    planner.get_by_label("Pour qui", exact=True).select_option(label="Bâti Solidaire")
    planner.get_by_role("button", name="Voir ce que cela change").click()
    expect(planner.locator("main")).to_contain_text("le maximum est de 10")
    expect(planner.locator("main")).to_contain_text("L3121-18 (à vérifier)")
    check(planner)
    planner.locator("[name=starts_at]").fill("09:00")
    planner.locator("[name=ends_at]").fill("12:30")
    planner.get_by_role("button", name="Enregistrer en brouillon").click()
    expect(planner.locator("main")).to_contain_text("brouillon sera publié")
    planner.get_by_role("button", name="Publier ces semaines").click()
    expect(planner.get_by_role("alert")).to_contain_text("heures complémentaires")
    check(planner)
    planner.get_by_label("Motif, si une règle bloque").fill("Accord du 3 mai 2026")
    planner.get_by_role("button", name="Publier ces semaines").click()
    expect(planner.locator("main")).to_contain_text("1 demi-journées publiées")
    check(planner)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_group_of_the_gard(database: Database, open_page: Callable[..., Page]) -> None:
    load(database, ["B"])
    database.handlers = HANDLERS

    # Dominique looks at the team and its planning; the illness of Léa waits to be planned again.
    planner = open_page(WIDE)
    log_in(planner, PLANNER)
    look(planner, "/equipe", "/equipe/planning?vue=mois", "/equipe/absences", "/equipe/conventions")
    look(planner, "/equipe/planning")
    expect(planner.locator("main")).to_contain_text("demi-journées sont à remplacer")
    planner.get_by_role("link", name="Rachid Benali", exact=True).click()
    expect(planner.locator("h1")).to_have_text("Rachid Benali")
    expect(planner.locator("main")).to_contain_text("à temps partiel")
    check(planner)

    plan_by_hand(planner)

    # Rachid reads it on his phone, and asks for a day off; the member would lose two half-days.
    phone = open_page(PHONE)
    log_in(phone, COMPANIES)
    phone.goto("/equipe")
    expect(phone.locator("h1")).to_have_text("Mes demi-journées")
    expect(phone.locator("main")).to_contain_text("Bâti Solidaire")
    check(phone)
    phone.locator("#demander summary").click()
    phone.get_by_label("Pourquoi", exact=True).select_option(label="Congés payés")
    phone.get_by_label("Du", exact=True).fill("2027-03-15")
    phone.get_by_role("button", name="Envoyer ma demande").click()
    expect(phone.locator("main")).to_contain_text("Demandé")
    check(phone)
    planner.goto("/equipe/absences")
    asked = planner.locator("section", has_text="15 mars")
    expect(asked).to_contain_text("Ce que cela prendrait de ce qui est prévu")
    asked.get_by_role("button", name="Accepter l’absence").click()
    expect(planner.locator("main")).to_contain_text("L’absence est acceptée.")
    phone.goto("/equipe/moi")
    expect(phone.locator("main")).to_contain_text("Accepté")

    # Nadia reads her part only, and accepts the amendment that waits for her.
    member = open_page(PHONE)
    log_in(member, MEMBER)
    look(member, "/equipe", "/equipe/planning", "/equipe/conventions")
    expect(member.locator("main")).not_to_contain_text("Bâti Solidaire")
    member.locator("tr", has_text="À accepter par vous").get_by_role("link").click()
    expect(member.locator("h1")).to_contain_text("Convention C-")
    check(member)
    member.get_by_label("En quelle qualité").fill("Directrice")
    member.get_by_role("button", name="Accepter pour mon organisation").click()
    expect(member.locator("main")).to_contain_text("Accepté par Nadia Ferrand (Directrice)")

    # Léa, ill, reads when she is absent; nobody else reads why.
    ill = open_page(PHONE)
    log_in(ill, COUNSELLOR)
    look(ill, "/equipe/moi")
    expect(ill.locator("main")).to_contain_text("Arrêt maladie")
    member.goto("/equipe/planning")
    expect(member.locator("main")).to_contain_text("Absence")
    expect(member.locator("main")).not_to_contain_text("maladie")
