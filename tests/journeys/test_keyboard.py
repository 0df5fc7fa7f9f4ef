"""A person with a keyboard alone: comes in, finds, books, looks at the planning, gives up.

No pointer and no script of the test moves the focus: only Tab, Shift, Enter, Space and letters, as
on the person's own machine. Wherever the focus lands one can see it.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from coopshare.config import Settings
from tests.browser import PHONE, WIDE

pytestmark = [
    pytest.mark.demonstration,
    pytest.mark.parametrize("engine_name", ["sqlite"]),
]

MEMBER = "membre@atelier-nord.example.org"
PASSWORD = "phare-mutualise-2026"
MOST_STOPS = 150

FOCUSED = """() => {
    const it = document.activeElement, box = it.getBoundingClientRect()
    const style = getComputedStyle(it)
    const middle = document.elementFromPoint(
        Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1),
        Math.min(Math.max(box.y + Math.min(box.height, 24) / 2, 0), innerHeight - 1))
    const label = it.labels && it.labels.length ? it.labels[0].innerText : ""
    return {
        words: (it.getAttribute("aria-label") || label || it.innerText || it.value || "").trim(),
        tag: it.tagName.toLowerCase(),
        name: it.getAttribute("name") || "",
        ringed: style.outlineStyle !== "none" || style.boxShadow !== "none",
        inSight: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
        covered: !!middle && !it.contains(middle) && !middle.contains(it)
            && !(it.labels && [...it.labels].some((label) => label.contains(middle))),
    }
}"""
"""What has the focus, as the person perceives it."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Return the settings without limits."""
    return replace(settings, limits="off")


class Keys:
    """The keys of a keyboard, and what the person sees of the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unseen: list[str] = []

    def tab_to(self, words: str, tag: str = "") -> None:
        """Press Tab until something of that name has the focus; fails when nothing has."""
        met = []
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(FOCUSED)
            met.append(found["words"][:30])
            if found["tag"] != "body" and not (
                found["ringed"] and found["inSight"] and not found["covered"]
            ):
                self.unseen.append(f"{self.page.url}: {found}")
            is_it = found["words"].startswith(words) or found["name"] == words
            if is_it and (not tag or found["tag"] == tag):
                return
        message = f"No {words!r} under the Tab key on {self.page.url}, only {met}"
        raise AssertionError(message)

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)

    def enter(self) -> None:
        """Press Enter and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.page.keyboard.type(text)


@pytest.mark.browser
@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("size", "theme"), [(WIDE, "light"), (PHONE, "dark")], ids=["desk", "phone"]
)
def test_booking_with_a_keyboard_alone(
    open_page: Callable[..., Page], size: tuple[int, int], theme: str
) -> None:
    page = open_page(size, theme)
    page.emulate_media(reduced_motion="reduce")
    keys = Keys(page)

    page.goto("/connexion")
    expect(page.locator("[name=email]")).to_be_focused()  # given when the browser has drawn it
    keys.type(MEMBER)
    keys.tab_to("password")
    keys.type(PASSWORD)
    keys.enter()
    assert page.inner_text("h1") == "Que cherchez-vous\u202f?"

    # The first Tab offers to skip the menu; the sentence is next.
    keys.tab_to("Aller au contenu", "a")
    keys.press("Enter")
    keys.tab_to("personnes")
    keys.type("8")
    keys.enter()
    keys.tab_to("Aller au contenu", "a")
    keys.press("Enter")
    keys.tab_to("Réserver", "a")
    keys.enter()
    keys.tab_to("title")
    keys.type("Au clavier")
    keys.enter()
    assert page.inner_text("h1") == "Au clavier"
    booking = page.url

    # The planning is a table too, whose free moments lead to the form.
    keys.tab_to("Planning", "a")
    keys.enter()
    keys.tab_to("Planning en tableau", "summary")
    if not page.locator("[data-planning-fallback]").evaluate("it => it.open"):
        keys.press("Enter")
    keys.tab_to("Libre dès", "a")
    keys.enter()
    assert "/reserver?" in page.url

    page.goto(booking)
    keys.tab_to("Annuler", "a")
    keys.enter()
    keys.tab_to("Annuler la réservation", "button")
    keys.enter()
    assert "Annulée" in page.inner_text("main")
    assert not keys.unseen, "\n".join(keys.unseen)
