"""Planning and subscriptions in a real browser: nothing found by axe, nothing sideways."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from coopshare.db.work import Database
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from tests.browser import NARROW, PHONE, WIDE, scrolls_sideways, violations
from tests.calendars.test_planning import House, taken
from tests.make import Maker

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def house(database: Database, make: Maker, app: Flask) -> House:
    house = House(database, make)
    span = Interval(utc(2027, 3, 10, 13), utc(2027, 3, 10, 15))
    taken(database, house.other, house.half, span, "Ailleurs")
    app.extensions["coopshare"].current_actor = lambda: house.member
    return house


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE, NARROW])
def test_the_pages_are_accessible(
    house: House, open_page: Callable[..., Page], size: tuple[int, int], theme: str
) -> None:
    page = open_page(size, theme)
    for path in (
        "/planning?date=2027-03-10",
        "/planning?date=2027-03-10&vue=semaine",
        "/planning?date=2027-03-10&vue=mois",
        "/planning?q=rien",
        f"/ressources/{house.half.id}/planning?date=2027-03-10",
        "/abonnements",
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert violations(page) == [], path
        assert not scrolls_sideways(page), path


@pytest.mark.usefixtures("house")
def test_a_free_cell_leads_to_the_form_without_scripts(
    open_page: Callable[..., Page],
) -> None:
    page = open_page(WIDE, scripts=False)
    page.goto("/planning?date=2027-03-10")
    row = page.get_by_role("row", name="Moitié")
    row.get_by_role("link", name="Libre").first.click()
    assert "/reserver?" in page.url
    assert page.locator("h1").inner_text().startswith("Réserver")


@pytest.mark.usefixtures("house")
def test_ones_own_bookings_can_be_read(open_page: Callable[..., Page]) -> None:
    """A title that is a link has the colour of what is around it, not that of links."""
    page = open_page(PHONE)
    for view in ("jour", "semaine"):
        page.goto(f"/planning?date=2027-03-10&vue={view}")
        link = page.get_by_role("link", name="Conseil").first
        colours = link.evaluate(
            "it => [it, it.closest('.plan-mine')].map(one => getComputedStyle(one).color)"
        )
        assert colours[0] == colours[1], view


@pytest.mark.usefixtures("house")
def test_paper_shows_the_table(open_page: Callable[..., Page]) -> None:
    """The timeline is not printed: the table is opened instead, then folded again."""
    page = open_page(WIDE)
    page.goto("/planning?date=2027-03-10")
    page.locator(".planning .ec-event").first.wait_for()
    table = page.locator(".plan-frame")
    assert not table.is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert table.is_visible()
    assert not page.locator(".planning").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not table.is_visible()
