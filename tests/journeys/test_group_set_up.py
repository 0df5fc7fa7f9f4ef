"""A group from nothing, in a browser: from who employs to a convention that is sent."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coopshare.kernel.actor import Role
from coopshare.members import passwords
from tests.browser import WIDE, scrolls_sideways, violations
from tests.journeys.test_case_a import PASSWORD, log_in
from tests.make import Maker


def check(page: Page) -> None:
    """Look at a page from all sides, wide and on a phone."""
    for size in ((390, 844), WIDE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert not scrolls_sideways(page), page.url
        assert violations(page, with_styles=False) == [], page.url


def add_member_and_place(page: Page) -> None:
    """Have a member join, with its place."""
    page.locator("#ajouter-membre summary").click()
    page.get_by_label("Quelle organisation").select_option(label="Cévennes Rebond")
    page.get_by_label("Membre depuis").fill("2026-09-01")
    page.get_by_role("button", name="Ajouter au groupement").click()
    expect(page.locator("#membres")).to_contain_text("Cévennes Rebond")
    page.locator("#ajouter-lieu summary").click()
    page.get_by_label("Chez qui").select_option(label="Cévennes Rebond")
    page.get_by_label("Nom du lieu").fill("Bureau d’Alès")
    page.get_by_role("button", name="Ajouter ce lieu").click()
    expect(page.locator("#lieux")).to_contain_text("Bureau d’Alès")
    check(page)


def add_post_and_person(page: Page) -> None:
    """Declare a post, who holds it, and their contract."""
    page.goto("/equipe/postes/nouveau")
    check(page)
    page.get_by_label("Intitulé").fill("Conseil en insertion professionnelle")
    page.get_by_label("Heures par semaine").fill("35")
    page.get_by_label("À partir du").fill("2026-09-01")
    page.get_by_role("button", name="Déclarer ce poste").click()
    expect(page.locator("main")).to_contain_text("Dites maintenant qui le tient.")

    page.get_by_role("link", name="Déclarer une personne partagée").click()
    expect(page.locator("h1")).to_have_text("Déclarer une personne partagée")
    check(page)
    page.get_by_label("Prénom et nom").fill("Léa Castan")
    page.get_by_label("Adresse électronique").fill("lea@example.org")
    page.get_by_role("button", name="Déclarer cette personne").click()
    expect(page.locator("h1")).to_have_text("Écrire le contrat de Léa Castan")
    check(page)
    page.get_by_label("Poste").select_option(label="Conseil en insertion professionnelle")
    page.get_by_label("À partir du").fill("2026-09-01")
    page.get_by_label("Heures par semaine", exact=False).first.fill("35")
    page.get_by_label("Salaire brut de l’heure").fill("16,50")
    page.get_by_role("button", name="Écrire ce contrat").click()
    expect(page.get_by_role("alert")).to_contain_text("Un contrat nomme les organisations")
    page.get_by_label("Cévennes Rebond", exact=True).check()
    page.get_by_role("button", name="Écrire ce contrat").click()
    expect(page.locator("main")).to_contain_text("En vigueur")
    check(page)


def draw_and_send(page: Page) -> None:
    """Draw up a convention and send it."""
    page.goto("/equipe/conventions/nouvelle")
    check(page)
    page.get_by_label("Avec quel membre").select_option(label="Cévennes Rebond")
    page.get_by_label("Poste").select_option(label="Conseil en insertion professionnelle")
    page.get_by_label("Combien").fill("3 h 30")
    page.get_by_label("De quoi").select_option(label="heures par semaine")
    page.get_by_label("À partir du").fill("2026-09-01")
    page.get_by_role("button", name="Préparer cette version").click()
    expect(page.locator("main")).to_contain_text("3\u202fh\u202f30 par semaine")
    page.get_by_role("button", name="Envoyer pour accord").click()
    expect(page.locator("main")).to_contain_text("Cette version attend votre accord")
    check(page)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_group_from_nothing(make: Maker, open_page: Callable[..., Page]) -> None:
    place = make.cooperative("Groupement du Gard")
    ge, _ = make.organisation(place, "GE 30"), make.organisation(place, "Cévennes Rebond")
    person = make.person(
        "Dominique", email="dominique@example.org", password_hash=passwords.hashed(PASSWORD).hash
    )
    make.actor(place, ge, Role.PLANNER, person=person)
    page = open_page(WIDE)
    log_in(page, "dominique@example.org")

    page.goto("/equipe")
    check(page)
    page.get_by_role("link", name="Dire qui emploie").click()
    expect(page.locator("h1")).to_have_text("Employer pour plusieurs membres")
    check(page)
    page.get_by_label("Coopérative qui agit en groupement d'employeurs").check()
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.get_by_role("alert")).to_contain_text("R1253-35")
    page.get_by_label("Groupement d'employeurs, association").check()
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.locator("main")).to_contain_text("La fiche de l’employeur est enregistrée.")

    add_member_and_place(page)
    add_post_and_person(page)
    draw_and_send(page)

    page.goto("/equipe/planning")
    expect(page.locator("main")).to_contain_text("Léa Castan")
    check(page)
