"""Equipment handed over on a phone: scanned, taken in two goes, late, given back, one damaged."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader

from coopshare.app import HANDLERS
from coopshare.bookings.handing.jobs import follow_late
from coopshare.config import Settings
from coopshare.db.work import Database
from coopshare.demo.build import identity
from coopshare.kernel.actor import Actor
from coopshare.members.queries import actor_named
from coopshare.resources import services as resources
from tests.bookings.test_handing import jpeg
from tests.browser import PHONE, WIDE, scrolls_sideways, violations
from tests.conftest import NOW, Clock
from tests.journeys.test_case_a import PASSWORD, log_in
from tests.journeys.test_waiting_list import Post

KEEPER = "coordination@phares.example.org"
MEMBER = "membre@atelier-nord.example.org"
NEXT = "equipe@ressourcerie.example.org"
LAPTOPS = identity("le-phares", "resource", "ordinateurs")
"""There are eight."""


def label_of(database: Database) -> str:
    """Return the code that is printed on the laptops."""
    with database.read(Actor(door="cli")) as work:
        keeper = actor_named(work, KEEPER, None, None)
    [label] = database.write(keeper, resources.label, [LAPTOPS])
    return str(label.code)


def book(page: Page, title: str, count: int, hours: tuple[str, str]) -> str:
    """Book so many laptops today; return the address of the booking."""
    start, end = (f"2027-03-01T{hour}" for hour in hours)
    page.goto(f"/reserver?ressource={LAPTOPS}&du={start}&au={end}&quantite={count}")
    page.get_by_label("En quelques mots").fill(title)
    page.get_by_role("button", name="Réserver", exact=True).last.click()
    expect(page.locator("h1")).to_have_text(title)
    return re.sub(r"^https?://[^/]+", "", page.url)


def check(page: Page) -> None:
    """Look at a page from all sides."""
    assert not scrolls_sideways(page), page.url
    assert violations(page, with_styles=False) == [], page.url


@pytest.mark.demonstration
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_lent_on_a_phone(
    database: Database, settings: Settings, tmp_path: Path, open_page: Callable[..., Page]
) -> None:
    database.handlers = HANDLERS
    post = Post(database, settings, tmp_path / "courriels")
    code = label_of(database)

    # Nadia books three laptops; the Ressourcerie books all eight for the afternoon.
    member = open_page(PHONE)
    log_in(member, MEMBER)
    booking = book(member, "Atelier CV", 3, ("11:00", "13:00"))
    after = open_page(WIDE)
    log_in(after, NEXT)
    later = book(after, "Inventaire", 8, ("14:00", "17:00"))

    # Claire scans the label: not logged in, she comes back to it, and sees who takes them today.
    keeper = open_page(PHONE)
    keeper.goto(f"/etiquette/{code}")
    keeper.get_by_label("Adresse").first.fill(KEEPER)
    keeper.locator("[name=password]").fill(PASSWORD)
    keeper.locator("main button[type=submit]").click()
    expect(keeper.locator("h1")).to_have_text("Ordinateurs portables reconditionnés")
    check(keeper)
    taken = keeper.locator("section", has_text="Atelier CV")
    taken.get_by_role("link", name="Retirer (3 à prendre)").click()
    check(keeper)
    keeper.get_by_label("Bon état").fill("1")
    keeper.get_by_label("Usé").fill("1")
    photo: FilePayload = {"name": "etat.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    keeper.get_by_label("Une photo de l’état").set_input_files(photo)
    keeper.get_by_label("Remarque").fill("Une charnière fatiguée.")
    keeper.get_by_role("button", name="noter le départ").click()
    expect(keeper.locator("main")).to_contain_text("Une charnière fatiguée.")
    expect(keeper.locator("main img")).to_have_count(1)
    check(keeper)

    # Nadia takes the third one herself.
    member.goto(f"{booking}/retirer")
    expect(member.locator("main")).to_contain_text("1 à prendre")
    member.get_by_label("Bon état").fill("1")
    member.get_by_role("button", name="noter le départ").click()
    member.goto(booking)
    expect(member.locator("#materiel")).to_contain_text("3 sur 3 dehors")

    # At half past one they are not back: who has them is told, and the page says so.
    database.clock = Clock(NOW + timedelta(hours=3, minutes=40))
    follow_late(database)
    assert post.link(MEMBER, "Pas encore rendu") == booking
    member.goto(booking)
    expect(member.locator("main")).to_contain_text("ne sont pas encore rendues")
    check(member)

    # Claire notes what comes back: two, one of which is broken; one is still out.
    keeper.goto(f"/etiquette/{code}")
    keeper.get_by_role("link", name="Rendre (3 sortis)").click()
    keeper.get_by_label("Bon état").fill("1")
    keeper.get_by_label("Abîmé").fill("1")
    keeper.get_by_label("Remarque").fill("L'écran est fendu.")
    keeper.get_by_role("button", name="Noter le retour").click()
    expect(keeper.locator("main")).to_contain_text("1 abîmé")
    keeper.goto("/administration/hors-service")
    expect(keeper.locator("main")).to_contain_text("Ordinateurs portables reconditionnés")
    check(keeper)

    # The Ressourcerie counts on eight: it is told, by mail and on the page.
    assert post.link(NEXT, "Peut manquer") == later
    after.goto(later)
    expect(after.locator("main")).to_contain_text("2 risquent de manquer")
    expect(after.locator("main")).to_contain_text("du matériel est hors service")
    check(after)

    # What was noted fits on one sheet, to be signed.
    keeper.goto(f"{booking}/bordereau")
    keeper.emulate_media(media="print")
    assert len(PdfReader(io.BytesIO(keeper.pdf())).pages) == 1
