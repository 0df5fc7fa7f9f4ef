"""A month closed in a real browser: looked at, closed, read by those it is for, never twice."""

import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from coopshare.db.work import Database
from coopshare.kernel.dates import utc
from tests.browser import PHONE, WIDE
from tests.conftest import Clock
from tests.journeys.test_case_a import MEMBER, log_in

KEEPER = "coordination@phares.example.org"


@pytest.mark.demonstration
@pytest.mark.parametrize(
    ("size", "scripts"), [(WIDE, True), (PHONE, False)], ids=["desk", "phone, bare"]
)
def test_a_month_is_closed(
    database: Database, open_page: Callable[..., Page], size: tuple[int, int], *, scripts: bool
) -> None:
    # On 1 March, February is closed already.
    assert isinstance(database.clock, Clock)
    database.clock.now = utc(2027, 4, 2, 8)
    page = open_page(size, scripts=scripts)
    log_in(page, KEEPER)

    # What would be issued is shown before anything is; then one button.
    page.goto("/administration/releves")
    expect(page.locator("#prochain")).to_contain_text("mars 2027")
    row = page.get_by_role("row").filter(has_text="Atelier Nord").first
    amount = re.search(r"[\d\u202f]+,\d\d\u00a0€", row.inner_text())
    assert amount is not None
    page.get_by_role("button", name="Clore mars 2027").click()
    expect(page.locator("main")).to_contain_text("R-2027-03-001")
    expect(page.locator("main")).to_contain_text("R-2027-03-002")

    # It cannot be closed again, nor the next one before its time.
    page.goto("/administration/releves")
    expect(page.locator("#prochain")).to_contain_text("avril 2027")
    expect(page.get_by_role("button", name=re.compile("^Clore"))).to_have_count(0)
    expect(page.locator("main")).to_contain_text("à partir de samedi 1er mai 2027")

    # The member finds their own statements, those of nobody else, and the very same amount.
    page.context.clear_cookies()
    log_in(page, MEMBER)
    page.goto("/releves")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody")).not_to_contain_text("La Table Partagée")
    page.locator("tbody th a").first.click()
    expect(page.locator("h1")).to_have_text("Relevé, mars 2027")
    expect(page.locator("main")).to_contain_text(amount[0].replace("\u202f", " "))
    answer = page.context.request.get(f"{page.url}/releve.pdf")
    assert answer.status == 200
    said = PdfReader(io.BytesIO(answer.body())).pages[0].extract_text()
    assert "Atelier Nord" in said
    table = page.context.request.get(f"{page.url}/releve.csv").body().decode("utf-8-sig")
    assert table.startswith("Relevé;Mois;Organisation;Ressource;Réservation;")
