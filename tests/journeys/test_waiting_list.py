"""A waiting list served, mails followed: refused, kept, told, let pass, accepted by another."""

import email
import email.policy
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coopshare.app import HANDLERS, make_worker
from coopshare.config import Settings
from coopshare.db.work import Database
from tests.browser import PHONE, WIDE
from tests.journeys.test_case_a import log_in

HOLDER = "accueil@coup-de-pouce.example.org"
FIRST = "membre@atelier-nord.example.org"
SECOND = "equipe@ressourcerie.example.org"
DAY = "2027-04-28"
HOURS = f"du={DAY}T14:00&au={DAY}T16:00"


class Post:
    """The mails as they leave, and the link a person follows in one of them."""

    def __init__(self, database: Database, settings: Settings, folder: Path) -> None:
        self.folder = folder
        self.worker = make_worker(replace(settings, mail_url=f"file:{folder}"), database)

    def link(self, to: str, subject: str) -> str:
        """Have the worker work, then return the path that the newest such mail leads to."""
        self.worker.drain()
        found = []
        for path in sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if to in str(mail["To"]) and str(mail["Subject"]).startswith(subject):
                body = mail.get_body(("plain",))
                assert body is not None
                found.append(body.get_content())
        assert found, f"no mail « {subject} » to {to}"
        address = re.search(r"https?://[^/\s]+(/reservations/[0-9a-f-]{36})", found[-1])
        assert address is not None
        return address[1]


def ask(page: Page, room: str, title: str) -> None:
    """Fill the form for a room, that evening."""
    page.goto(f"/ressources?q={room}")
    page.locator("main").get_by_role("link", name=room).first.click()
    resource_id = page.url.rsplit("/", 1)[1]
    page.goto(f"/reserver?ressource={resource_id}&{HOURS}")
    page.get_by_label("En quelques mots").fill(title)
    page.get_by_role("button", name="Réserver", exact=True).last.click()


@pytest.mark.demonstration
@pytest.mark.parametrize(
    ("size", "scripts"), [(WIDE, True), (PHONE, False)], ids=["desk", "bare phone"]
)
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_waiting_list_is_served(
    database: Database,
    settings: Settings,
    tmp_path: Path,
    open_page: Callable[..., Page],
    size: tuple[int, int],
    *,
    scripts: bool,
) -> None:
    database.handlers = HANDLERS
    post = Post(database, settings, tmp_path / "courriels")
    holder, first, second = (open_page(size, scripts=scripts) for _ in range(3))
    for page, who in ((holder, HOLDER), (first, FIRST), (second, SECOND)):
        log_in(page, who)

    # One has the room that evening; two others are refused, and keep their request in the list.
    ask(holder, "La Verrière", "Permanence emploi")
    expect(holder.locator("h1")).to_have_text("Permanence emploi")
    booking = holder.url
    for page, title in ((first, "Assemblée"), (second, "Répétition")):
        ask(page, "La Verrière", title)
        expect(page.locator("main")).to_contain_text("déjà réservé")
        page.get_by_role("button", name="Me prévenir si la place se libère").click()
        expect(page.locator("h1")).to_have_text("Liste d’attente")
    expect(first.get_by_role("row").filter(has_text="Assemblée")).to_contain_text("prochain")
    expect(second.get_by_role("row").filter(has_text="Répétition")).to_contain_text("vous êtes 2e")

    # It is given up: the first one is told, and the link of the mail leads to a page with buttons.
    holder.goto(f"{booking}/annuler")
    holder.get_by_role("button", name="Annuler la réservation").click()
    expect(holder.locator("main")).to_contain_text("Annulée")
    first.goto(post.link(FIRST, "Une place s'est libérée"))
    expect(first.locator("main")).to_contain_text("La place attendue s’est libérée.")

    # Nobody else can have it meanwhile; let pass, it goes to the next one.
    ask(holder, "La Verrière", "Encore nous")
    expect(holder.locator("main")).to_contain_text("déjà réservé")
    first.get_by_role("button", name="Laisser passer").click()
    expect(first.locator("h1")).to_have_text("Liste d’attente")

    second.goto(post.link(SECOND, "Une place s'est libérée"))
    second.get_by_role("button", name="Accepter la place").click()
    expect(second.locator("main")).to_contain_text("Confirmée")
    assert post.link(SECOND, "Confirmé") == second.url[second.url.index("/reservations/") :]
