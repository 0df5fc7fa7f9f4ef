"""An approval with a counter-proposal, lived by two people from their mails, in a real browser."""

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
from coopshare.demo.build import identity
from tests.browser import PHONE, WIDE, violations

MEMBER, KEEPER = "membre@atelier-nord.example.org", "salles@phares.example.org"
PASSWORD = "phare-mutualise-2026"

pytestmark = [
    pytest.mark.demonstration,
    pytest.mark.parametrize("engine_name", ["sqlite"]),
]


class Mails:
    """What the worker writes into a folder, read by address."""

    def __init__(self, settings: Settings, database: Database, folder: Path) -> None:
        self.folder = folder
        database.handlers = HANDLERS
        self.worker = make_worker(replace(settings, mail_url=f"file:{folder}"), database)

    def link(self, to: str, ending: str) -> str:
        """Return the path of the one link, in all that was sent to somebody, that ends so."""
        while self.worker.work_once():
            pass
        found = set()
        for path in self.folder.glob("*.eml"):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = mail.get_body(("plain",))
            assert body is not None
            if to in str(mail["To"]):
                found |= set(re.findall(rf"https?://[^/\s]+(/\S+/{ending})\b", body.get_content()))
        [path_found] = found
        return str(path_found)


def follow(page: Page, path: str, who: str) -> None:
    """Open a link of a mail without being logged in: the login leads back to it."""
    page.goto(path)
    page.get_by_label("Adresse").first.fill(who)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(page).to_have_url(re.compile(re.escape(path)))


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "bare"])
def test_asked_proposed_accepted(
    database: Database,
    settings: Settings,
    tmp_path: Path,
    open_page: Callable[..., Page],
    *,
    scripts: bool,
) -> None:
    mails = Mails(settings, database, tmp_path / "courriels")
    room = identity("le-phares", "resource", "salle-a")

    # Nadia wants an evening: she reads why it has to be asked for, and asks.
    member = open_page(WIDE, scripts=scripts)
    asked = f"/reserver?ressource={room}&du=2027-03-19T20:00&au=2027-03-19T22:00"
    member.goto("/connexion")
    member.get_by_label("Adresse").first.fill(MEMBER)
    member.locator("[name=password]").fill(PASSWORD)
    member.locator("main button[type=submit]").click()
    member.goto(asked)
    expect(member.locator("main")).to_contain_text("en dehors des heures d'ouverture")
    member.get_by_label("En quelques mots").fill("Veillée du quartier")
    member.get_by_role("button", name="Envoyer la demande").last.click()
    expect(member.locator("h1")).to_have_text("Veillée du quartier")
    expect(member.locator("main")).to_contain_text("En attente de réponse")

    # Sami follows the link of his mail, on a phone: nothing happens until he presses a button.
    keeper = open_page(PHONE, scripts=scripts)
    follow(keeper, mails.link(KEEPER, "repondre"), KEEPER)
    expect(keeper.locator("main")).to_contain_text("Nadia Cherif")
    if scripts:
        assert violations(keeper) == []
    keeper.get_by_role("link", name="Proposer autre chose").click()
    keeper.get_by_label("Jour", exact=True).fill("2027-04-02")
    keeper.get_by_label("Un mot pour qui a demandé").fill("Ce soir-là, la salle est en travaux.")
    keeper.get_by_role("button", name="Envoyer la proposition").click()
    expect(keeper.locator("main")).to_contain_text("Votre proposition est partie")

    # Nadia follows hers and accepts with one button.
    again = open_page(WIDE, scripts=scripts)
    follow(again, mails.link(MEMBER, "proposition"), MEMBER)
    expect(again.locator("main")).to_contain_text("Ce soir-là, la salle est en travaux.")
    if scripts:
        assert violations(again) == []
    again.get_by_role("button", name="Accepter la proposition").click()
    expect(again.locator("main")).to_contain_text("Confirmée")
    expect(again.locator("main")).to_contain_text("vendredi 2 avril")

    # Sami reads that it was answered.
    follow_up = mails.link(KEEPER, "repondre")
    keeper.goto(follow_up)
    expect(keeper.locator("main")).to_contain_text("Rien n’attend plus votre réponse")
