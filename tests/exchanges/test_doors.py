"""Statements by page, by API and by command: the same month, the same refusals."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from werkzeug.test import TestResponse

from coopshare.db.work import Database
from coopshare.exchanges.cli import statement as group
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import CoopShareError
from coopshare.web.console import Console, exit_code_of
from tests.exchanges.test_services import JANUARY, Books
from tests.make import Maker
from tests.statements import counted


@pytest.fixture
def books(database: Database, make: Maker) -> Books:
    made = Books(database, make)
    made.charge(made.booking(made.nord, utc(2027, 1, 12, 8), title="Atelier <b>vélo</b>"), 3000)
    made.charge(made.booking(made.sud, utc(2027, 1, 12, 8)), 5000)
    return made


class Doors:
    """The doors, as one person."""

    def __init__(self, app: Flask, books: Books) -> None:
        self.books, self.actor = books, books.admin
        app.extensions["coopshare"].current_actor = lambda: self.actor
        self.client = app.test_client()

    def as_(self, actor: Actor) -> "Doors":
        self.actor = actor
        return self

    def post(self, path: str, page: str, **data: Any) -> TestResponse:
        token = re.findall(r'name="csrf_token"\s+value="([^"]*)"', self.client.get(page).text)
        return self.client.post(path, data={"csrf_token": token[0], **data})

    def api(self, method: str, path: str = "", **options: Any) -> TestResponse:
        headers = {"Authorization": "Bearer x"}
        return self.client.open(
            f"/api/v1/statements{path}", method=method, headers=headers, **options
        )

    def command(self, *words: str) -> tuple[int, str]:
        console = Console(
            open_database=lambda: self.books.database,
            find_actor=lambda *_words: replace(self.actor, door="cli"),
            make_worker=lambda database: database,
            acting="somebody@example.org",
        )
        result = CliRunner().invoke(group, list(words), obj=console)
        if isinstance(result.exception, CoopShareError):
            return exit_code_of(result.exception), result.exception.say()
        return result.exit_code, result.stdout


@pytest.fixture
def doors(app: Flask, books: Books) -> Doors:
    return Doors(app, books)


def test_a_month_is_closed_on_a_page(doors: Doors, books: Books) -> None:
    page = doors.client.get("/administration/releves")
    assert "Prochain mois à clore\u00a0: janvier\u00a02027" in page.text
    assert "2 organisations recevront un relevé" in page.text
    done = doors.post("/administration/releves/clore", "/administration/releves", month="2027-01")
    assert done.status_code == 303, done.text
    listed = doors.client.get(done.location)
    assert "Janvier\u00a02027 est clos" in listed.text
    assert re.findall(r"R-2027-01-00\d</a>", listed.text) == [
        "R-2027-01-002</a>",
        "R-2027-01-001</a>",
    ]
    again = doors.post("/administration/releves/clore", "/administration/releves", month="2027-01")
    assert (again.status_code, "Ce mois est déjà clos" in again.text) == (409, True)
    after = doors.client.get("/administration/releves").text
    assert "pourra l&#39;être à partir de" in after
    assert "Mois clos" in after

    nord = books.statements(JANUARY)["nord"]
    mine = doors.as_(books.member).client.get("/releves").text
    assert ("R-2027-01-001" in mine, "R-2027-01-002" in mine) == (True, False)
    shown = doors.client.get(f"/releves/{nord.id}").text
    assert "Atelier &lt;b&gt;vélo&lt;/b&gt;" in shown
    assert "36,00\u00a0€" in shown
    pdf = doors.client.get(f"/releves/{nord.id}/releve.pdf")
    assert (pdf.data, pdf.content_type) == (nord.pdf, "application/pdf")
    assert doors.client.get(f"/releves/{nord.id}/releve.csv").data == nord.csv
    sud = books.statements(JANUARY)["sud"]
    for path in ("", "/releve.pdf", "/releve.csv"):
        assert doors.client.get(f"/releves/{sud.id}{path}").status_code == 404
    assert doors.client.get("/administration/releves").status_code == 403


def test_a_month_is_closed_by_api(doors: Doors, books: Books) -> None:
    draft = doors.api("GET", "/draft").json
    assert draft is not None
    assert (draft["month"], [one["net_cents"] for one in draft["items"]]) == (
        "2027-01",
        [3000, 5000],
    )
    wrong = doors.api("POST", "/close", json={"month": "janvier"})
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["month"])  # type: ignore[index]
    soon = doors.api("POST", "/close", json={"month": "2027-02"})
    assert (soon.status_code, soon.json["code"]) == (422, "month_not_over")  # type: ignore[index]
    done = doors.api("POST", "/close", json={"month": "2027-01"})
    assert (done.status_code, done.json["month"]) == (201, "2027-01")  # type: ignore[index]
    again = doors.api("POST", "/close", json={"month": "2027-01"})
    assert (again.status_code, again.json["code"]) == (409, "month_already_closed")  # type: ignore[index]
    one = doors.api("GET", "?limit=1").json
    assert one is not None
    rest = doors.api("GET", f"?limit=1&after={one['next']}").json
    assert rest is not None
    numbers = [item["number"] for item in (*one["items"], *rest["items"])]
    assert (numbers, rest["next"]) == (["R-2027-01-002", "R-2027-01-001"], None)
    nord = books.statements(JANUARY)["nord"]
    doors.as_(books.member)
    whole = doors.api("GET", f"/{nord.id}").json
    assert whole is not None
    assert (whole["net_cents"], whole["vat_cents"], whole["total_cents"]) == (3000, 600, 3600)
    assert [line["cents"] for line in whole["lines"]] == [3000]
    assert doors.api("GET", f"/{nord.id}/pdf").data == nord.pdf
    assert doors.api("GET", f"/{nord.id}/csv").data == nord.csv
    sud = books.statements(JANUARY)["sud"]
    assert doors.api("GET", f"/{sud.id}").status_code == 404
    assert doors.api("POST", "/close", json={"month": "2027-02"}).status_code == 403


def test_a_month_is_closed_by_command(doors: Doors, books: Books, tmp_path: Path) -> None:
    code, said = doors.command("close", "2027-01", "--dry-run")
    assert (code, said.splitlines()[0]) == (0, "R-2027-01-001\tAtelier Nord\t3000\t600")
    assert books.statements(JANUARY) == {}
    assert doors.command("close", "2027-02")[0] == 6
    assert doors.command("close", "janvier")[0] == 2
    assert doors.command("close", "2027-01")[0] == 0
    assert doors.command("close", "2027-01")[0] == 5
    nord = books.statements(JANUARY)["nord"]
    doors.as_(books.member)
    assert doors.command("list") == (0, f"{nord.id}\tR-2027-01-001\tAtelier Nord\t3000\t600\n")
    file = tmp_path / "releve.pdf"
    assert doors.command("write", str(nord.id), str(file))[0] == 0
    assert file.read_bytes() == nord.pdf
    assert doors.command("write", str(nord.id), str(tmp_path / "releve.doc"))[0] == 2
    assert doors.command("verify", str(nord.id))[0] == 0
    sud = books.statements(JANUARY)["sud"]
    assert doors.command("verify", str(sud.id))[0] == 3
    assert doors.command("close", "2027-02")[0] == 4


def test_a_list_takes_as_many_statements_for_three_as_for_one(doors: Doors, books: Books) -> None:
    counts: list[int] = []
    for month in (JANUARY, JANUARY.shifted(1)):
        if counts:
            for owner in (books.nord, books.sud, books.scic):
                books.charge(books.booking(owner, utc(2027, 2, 12, 8)), 3000)
            books.now = utc(2027, 3, 2)
        books.close(month)
        doors.client.get("/releves")
        with counted(books.database) as found:
            assert doors.client.get(f"/releves?mois={month}").status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]
