"""The pages of bookings in a real browser: both sizes, both themes, axe, and a keyboard alone."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from coopshare.resources.models import Resource
from tests.bookings.conftest import Doors, House, hours
from tests.browser import NARROW, PHONE, WIDE, scrolls_sideways, violations

Opener = Callable[..., Page]
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def paths(house: House, make: Any) -> list[str]:
    """Return every page there is to look at, with something on it."""
    guarded: Resource = make.resource(
        house.phares,
        house.scic,
        "Plateau des arts vivants et des savoir-faire du quartier nord, dit le Plateau",
        needs_approval=True,
        hours=(540, 1080),
    )
    booking = house.book((house.room, 1), (house.chairs, 6), note="Prévoir le café")
    house.change(booking, span=hours(12, 14))
    house.book((guarded, 1), title="Une" + " très" * 20 + " longue assemblée")
    return [
        "/reservations",
        "/reservations?quand=passees",
        f"/reservations/{booking.id}",
        f"/reservations/{booking.id}/modifier",
        f"/reservations/{booking.id}/annuler",
        f"/reserver?ressource={house.room.id}&ressource={guarded.id}&du=2027-03-10T10:00",
        "/a-traiter",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_axe_finds_nothing(
    doors: Doors,
    house: House,
    paths: list[str],
    open_page: Opener,
    size: tuple[int, int],
    theme: str,
) -> None:
    doors.as_(house.coordinator)
    page = open_page(size, theme)
    found = {}
    for path in paths:
        page.goto(path)
        found[path] = violations(page)
    assert {path: said for path, said in found.items() if said} == {}


def test_nothing_scrolls_sideways(
    doors: Doors, house: House, paths: list[str], open_page: Opener
) -> None:
    doors.as_(house.coordinator)
    page = open_page(NARROW)
    for path in paths:
        page.goto(path)
        assert not scrolls_sideways(page), path


def test_with_a_keyboard_alone(doors: Doors, house: House, open_page: Opener) -> None:
    """Typed from field to field, sent by Enter, refused, and booked by the first way out."""
    house.book(actor=house.stranger)
    doors.as_(house.member)
    page = open_page(WIDE)
    page.goto(f"/reserver?ressource={house.room.id}&du=2027-03-10T10:00&au=2027-03-10T12:00")
    page.locator("#f-title").focus()
    page.keyboard.type("Atelier")
    page.keyboard.press("Enter")
    page.wait_for_selector(".refusal")
    assert "déjà réservé" in page.inner_text(".refusal")
    assert violations(page) == []
    way = page.locator("button[name=instead]").first
    way.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reservations/*")
    assert page.inner_text("h1") == "Atelier"
    assert "C'est réservé" in page.inner_text(".flashes")


def test_without_scripts(doors: Doors, house: House, open_page: Opener) -> None:
    """Two things booked, then cancelled, and not one script run."""
    doors.as_(house.member)
    page = open_page(PHONE, scripts=False)
    page.goto(f"/reserver?ressource={house.room.id}&du=2027-03-10T10:00&au=2027-03-10T12:00")
    page.fill("#f-title", "Bal")
    page.click("button[value=add]")
    page.select_option("#f-resource_id-2", str(house.chairs.id))
    page.fill("#f-quantity-2", "6")
    page.click(".form-end button")
    assert page.inner_text("h1") == "Bal"
    assert "Chaises" in page.inner_text("main")
    page.click("text=Annuler")
    page.click("button.btn-danger")
    assert "annulée" in page.inner_text(".flashes")
    house.book((house.chairs, 10))
