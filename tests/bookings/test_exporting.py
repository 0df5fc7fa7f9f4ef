"""Bookings as files: by page, by API and by command, what one may see and no more."""

import csv
import io
from pathlib import Path
from typing import Any

import icalendar
import pytest
from python_calamine import load_workbook

from coopshare.bookings import exporting
from coopshare.bookings.exporting import ExportFormat, export
from coopshare.bookings.queries import BookingFilter
from coopshare.kernel.actor import Actor
from coopshare.kernel.text import same
from tests.bookings.conftest import Doors, House, hours
from tests.bookings.test_prices import priced_room
from tests.statements import counted


def lines(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def titles(house: House, who: Actor, **wanted: object) -> list[str]:
    with house.database.read(who) as work:
        found = export(work, BookingFilter(**wanted), ExportFormat.CSV, same)  # type: ignore[arg-type]
    return [line[0] for line in lines(found.content)[1:]]


def test_a_list_leaves_as_it_is_seen(doors: Doors, house: House) -> None:
    house.book(title="=1+1", people=8, note="Clé au bureau")
    cancelled = house.book(title="Le jeudi", span=hours(9, 11, 11))
    house.cancel(cancelled, reason="Reporté")
    house.book(title="À eux", actor=house.stranger, span=hours(9, 11, 12))
    page = doors.get("/reservations")
    assert "/reservations/fichier?format=xlsx&amp;vue=moi&amp;quand=a-venir" in page.text
    answer = doors.get("/reservations/fichier?format=csv&vue=organisation&quand=a-venir")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="reservations-')
    heads, *found = lines(answer.data)
    assert heads[:8] == [
        "Pour quoi",
        "État",
        "Début",
        "Fin",
        "Toute la journée",
        "Durée en heures",
        "Ressources",
        "Organisation",
    ]
    assert [line[:10] for line in found] == [
        [
            "'=1+1",
            "Confirmée",
            "2027-03-10 10:00",
            "2027-03-10 12:00",
            "",
            "2,00",
            "Verrière",
            "Atelier Nord",
            "Samira Haddad",
            "8",
        ],
        [
            "Le jeudi",
            "Annulée",
            "2027-03-11 10:00",
            "2027-03-11 12:00",
            "",
            "2,00",
            "Verrière",
            "Atelier Nord",
            "Samira Haddad",
            "",
        ],
    ]
    assert found[1][16] == "Reporté"


def test_everybody_takes_what_they_may_see(doors: Doors, house: House) -> None:
    house.book(title="À nous")
    house.book(title="À eux", actor=house.stranger, span=hours(12, 13))
    everything = {"member": ["À nous"], "stranger": ["À eux"], "coordinator": ["À nous", "À eux"]}
    assert {name: titles(house, getattr(house, name)) for name in everything} == everything
    assert titles(house, house.keeper) == ["À nous", "À eux"]  # manages the room
    assert titles(house, house.coordinator, organisation_id=house.cantine.id) == ["À eux"]
    assert titles(house, house.coordinator, resource_id=house.chairs.id) == []
    asked = f"?vue=tout&organisation={house.cantine.id}"
    mine = doors.get(f"/reservations/fichier{asked}")
    assert len(lines(mine.data)) == 1


@pytest.mark.parametrize("form", ["csv", "xlsx", "ods", "ics"])
def test_three_doors_give_the_same_file(
    doors: Doors, house: House, tmp_path: Path, form: str
) -> None:
    house.book((house.room, 1), (house.chairs, 6), title="Réunion")
    by_page = doors.get(f"/reservations/exporter?vue=tout&format={form}")
    by_api = doors.api("GET", f"/export?format={form}")
    file = tmp_path / f"liste.{form}"
    assert doors.command("export", str(file)) == (0, "", "")
    assert by_page.status_code == by_api.status_code == 200
    assert by_page.content_type == by_api.content_type
    assert by_page.data == by_api.data == file.read_bytes()
    if form == "ics":
        events = icalendar.Calendar.from_ical(by_api.data).walk("VEVENT")
        assert [str(event["SUMMARY"]) for event in events] == ["Réunion"]
    elif form != "csv":
        book = load_workbook(io.BytesIO(by_api.data))
        assert book.sheet_names == ["Réservations"]
        assert book.get_sheet_by_index(0).to_python()[1][6] == "Verrière, Chaises (× 6)"


def test_a_period_counts_the_days_of_the_cooperative(doors: Doors, house: House) -> None:
    for day in (10, 11, 12):
        house.book(title=f"Le {day}", span=hours(9, 11, day))
    path = "/reservations/fichier?vue=tout&du=2027-03-11&au=2027-03-11"
    assert [line[0] for line in lines(doors.get(path).data)[1:]] == ["Le 11"]
    command = ("export", "-", "--format", "csv", "--from", "2027-03-12")
    assert "Le 12" in doors.command(*command)[1]
    assert "Le 11" not in doors.command(*command)[1]
    wrong = doors.get("/reservations/exporter?format=csv&du=2027-03-12&au=2027-03-11")
    assert wrong.status_code == 422
    assert 'value="2027-03-12"' in wrong.text
    assert "La fin doit venir après le début." in wrong.text


def test_too_many_is_said(doors: Doors, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in (10, 11):
        house.book(span=hours(9, 11, day))
    monkeypatch.setattr(exporting, "MOST", {**exporting.MOST, ExportFormat.XLSX: 1})
    refused = doors.api("GET", "/export?format=xlsx")
    assert (refused.status_code, refused.json["code"]) == (422, "too_many_to_export")  # type: ignore[index]
    assert refused.json["detail"].startswith("Il y a 2 réservations : ")  # type: ignore[index]
    assert refused.json["detail"].endswith("Le format CSV, lui, les prend toutes.")  # type: ignore[index]
    page = doors.get("/reservations/exporter?vue=tout&format=xlsx")
    assert page.status_code == 422
    assert "Choisissez une période plus courte" in page.text
    code, _, said = doors.command("export", "x.xlsx")
    assert (code, said[:8]) == (6, "Il y a 2")
    assert doors.command("export", "x.txt")[0] == 2


def test_what_each_costs(house: House, make: Any) -> None:
    """As it was frozen: before tax, tax, both; nothing where nothing has a price."""
    room = priced_room(house, make)
    house.book((room, 1))
    house.book(span=hours(9, 11, 12))
    with house.database.read(house.member) as work:
        found = export(work, BookingFilter(), ExportFormat.CSV, same)
    heads, *rows = lines(found.content)
    start = heads.index("Prix hors taxes")
    assert heads[start : start + 3] == ["Prix hors taxes", "TVA", "Prix TTC"]
    assert [row[start : start + 3] for row in rows] == [["50,00", "10,00", "60,00"], ["", "", ""]]


def test_many_are_read_step_by_step(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps join without a gap nor a double, same instants included."""
    wanted = []
    for day in range(1, 8):
        wanted.append(house.book((house.chairs, 1), title=f"a{day}", span=hours(9, 11, day)).title)
        wanted.append(house.book((house.chairs, 1), title=f"b{day}", span=hours(9, 11, day)).title)
    monkeypatch.setattr(exporting, "STEP", 3)
    with counted(house.database) as statements:
        assert sorted(titles(house, house.member)) == sorted(wanted)
    assert len([s for s in statements if "booking_lines" in s]) == 5
