"""English in a real browser: nothing found by axe, nothing sideways, the planning too."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Page

from coopshare.db.work import Database
from coopshare.kernel.actor import ANONYMOUS
from coopshare.members import queries
from tests.browser import NARROW, WIDE, scrolls_sideways, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.demonstration,
    pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True),
]

PAGES = (
    "/",
    "/planning",
    "/planning?vue=mois",
    "/ressources",
    "/ressources/nouvelle",
    "/reservations",
    "/reserver",
    "/abonnements",
    "/compte",
    "/administration",
    "/administration/membres",
    "/administration/jours-fermes",
    "/administration/fermetures",
)


@pytest.fixture
def in_english(app: Flask, database: Database) -> None:
    """Have whoever runs the cooperative of the demonstration look at the pages in English."""
    with database.read(ANONYMOUS) as work:
        actor = queries.actor_named(work, "coordination@phares.example.org", None, None)
    site = app.extensions["coopshare"]
    site.current_actor = lambda: replace(actor, door="web", language="en")


@pytest.mark.usefixtures("in_english")
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_pages_are_accessible_in_english(
    open_page: Callable[..., Page], size: tuple[int, int]
) -> None:
    page = open_page(size)
    found = {}
    for path in PAGES:
        answer = page.goto(path)
        assert answer is not None
        wide = ["scrolls sideways"] if scrolls_sideways(page) else []
        found[path] = [str(answer.status), *violations(page), *wide]
    assert found == {path: ["200"] for path in PAGES}


@pytest.mark.usefixtures("in_english")
def test_the_timeline_says_days_and_hours_in_english(open_page: Callable[..., Page]) -> None:
    page = open_page(WIDE)
    page.goto("/planning")
    page.locator(".ec-header, .ec-day-head").first.wait_for()
    shown = page.locator("[data-locale]").inner_text()
    assert "lundi" not in shown.lower()
    assert "monday" in shown.lower()
    assert "\u202fh" not in shown
