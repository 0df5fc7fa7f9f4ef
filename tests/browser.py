"""A real browser on a live server, and axe on its pages (decision 16)."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from waitress.server import create_server

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
WIDE, PHONE, NARROW = (1280, 800), (390, 844), (320, 640)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def find_browser() -> str:
    """Return the path of a browser of this machine; fails with a sentence when there is none."""
    named = os.environ.get("COOPSHARE_TEST_BROWSER")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        message = "No Chromium was found: install one (on Debian: apt install chromium)."
        raise RuntimeError(message)
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Start Playwright once."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """Start one browser for the whole run."""
    browser = playwright.chromium.launch(
        executable_path=find_browser(),
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    )
    yield browser
    browser.close()


@pytest.fixture
def live(app: Flask) -> Iterator[str]:
    """Serve the application and give its address."""
    server = create_server(
        app, host="127.0.0.1", port=0, threads=4, clear_untrusted_proxy_headers=True
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.task_dispatcher.shutdown(timeout=5)  # what is being answered ends first
    server.trigger.pull_trigger(server.close)  # in the thread that waits on its sockets
    thread.join(timeout=5)


@pytest.fixture
def open_page(chromium: Browser, live: str) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page in a new context: size, theme, with or without scripts."""
    opened: list[BrowserContext] = []

    def start(size: tuple[int, int] = WIDE, theme: str = "light", *, scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            locale="fr-FR",
            timezone_id="Europe/Paris",
            java_script_enabled=scripts,
            bypass_csp=False,
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        return page

    yield start
    for context in opened:
        context.close()


def violations(
    page: Page, rules: list[str] | None = None, *, with_styles: bool = True
) -> list[str]:
    """Return what axe finds on a page: rule, and the elements it is about.

    `rules` are names or tags of axe's; None: those of WCAG 2.2 AA, and its best practices.
    `with_styles`: also fetch every style sheet, for the one rule that reads them (a page that is
    held upright or lying); it takes half a second.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = page.evaluate(
        "([asked, preload]) =>"
        " axe.run(document, {runOnly: asked, preload, resultTypes: ['violations']})",
        [rules or RULES, with_styles],
    )
    return [
        f"{found['id']}: {' | '.join(str(node['target']) for node in found['nodes'][:3])}"
        for found in result["violations"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Tell whether the whole page is wider than its window."""
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )
