"""Tables: what a spreadsheet reads, types kept, nothing run, the same bytes each time."""

import csv
import io
import time
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some
from python_calamine import load_workbook

from coopshare.documents.cells import escaped, is_formula_like, unescaped
from coopshare.documents.tables import Column, Kind, Row, table_csv, table_ods, table_xlsx

COLUMNS = [
    Column("Titre"),
    Column("Jour", Kind.DAY),
    Column("Début", Kind.MOMENT),
    Column("Personnes", Kind.WHOLE),
    Column("Heures", Kind.NUMBER),
    Column("Prix", Kind.MONEY),
]
ROWS: list[Row] = [
    (
        "Réunion « été » ; suite",
        date(2027, 3, 10),
        datetime(2027, 3, 10, 9, 30, tzinfo=UTC),
        12,
        Decimal("1.5"),
        -123456,
    ),
    ("", None, None, None, None, None),
]
DANGEROUS = [
    "=1+1",
    "+33 6 12",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1",
    "=cmd|' /C calc'!A0",
]


def test_csv_opens_in_a_french_spreadsheet() -> None:
    assert (
        table_csv(COLUMNS, ROWS)
        == (
            "\ufeffTitre;Jour;Début;Personnes;Heures;Prix\r\n"
            '"Réunion « été » ; suite";2027-03-10;2027-03-10 09:30;12;1,5;-1234,56\r\n'
            ";;;;;\r\n"
        ).encode()
    )


@pytest.mark.parametrize("make", [table_xlsx, table_ods], ids=["xlsx", "ods"])
def test_dates_and_amounts_are_real_ones(make: object) -> None:
    content = (table_xlsx if make is table_xlsx else table_ods)("Réservations", COLUMNS, ROWS)
    book = load_workbook(io.BytesIO(content))
    assert book.sheet_names == ["Réservations"]
    heads, first, *_ = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert heads == ["Titre", "Jour", "Début", "Personnes", "Heures", "Prix"]
    assert first[0] == "Réunion « été » ; suite"
    assert str(first[1])[:10] == "2027-03-10"
    assert first[2] == datetime(2027, 3, 10, 9, 30)  # noqa: DTZ001 - local time
    assert first[3:] == [12.0, 1.5, -1234.56]


def test_the_first_line_stays_and_filters() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(table_xlsx("A/B [c]", COLUMNS, ROWS))).active
    assert sheet is not None
    assert sheet.title == "A B  c"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:F3"
    assert sheet["F2"].number_format == '#,##0.00\\ "€"'


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_run(text: str) -> None:
    (row,) = list(
        csv.reader(
            io.StringIO(table_csv([Column("x")], [[text]]).decode("utf-8-sig"), newline=""),
            delimiter=";",
        )
    )[1:]
    assert row == [f"'{text}"]
    assert unescaped(row[0]) == text
    cell = openpyxl.load_workbook(io.BytesIO(table_xlsx("x", [Column("x")], [[text]]))).active
    assert cell is not None
    found = cell["A2"]
    assert found.data_type == "s"
    assert found.quotePrefix
    ods = load_workbook(io.BytesIO(table_ods("x", [Column("x")], [[text]])))
    assert len(ods.get_sheet_by_index(0).to_python()) == 2


def test_a_title_is_a_text_too() -> None:
    assert table_csv([Column("=1")], []).decode("utf-8-sig") == "'=1\r\n"


def test_a_negative_amount_is_a_number() -> None:
    assert table_csv([Column("x", Kind.MONEY)], [[-5]]).decode("utf-8-sig") == "x\r\n-0,05\r\n"


@given(some.text())
def test_what_is_escaped_comes_back(text: str) -> None:
    assert not is_formula_like(escaped(text))
    assert unescaped(escaped(text)) == text or text.startswith("'")


@given(some.lists(some.text(min_size=1, max_size=40), min_size=1, max_size=5))
def test_any_text_fits(texts: list[str]) -> None:
    columns, rows = [Column("x")], [[text] for text in texts]
    for content in (table_xlsx("x", columns, rows), table_ods("x", columns, rows)):
        load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    table_csv(columns, rows).decode()


def test_the_same_table_gives_the_same_bytes() -> None:
    before = [f(COLUMNS, ROWS) for f in (table_csv,)]
    before += [f("Titre", COLUMNS, ROWS) for f in (table_xlsx, table_ods)]
    time.sleep(2.1)  # a zip archive counts in steps of two seconds
    after = [f(COLUMNS, ROWS) for f in (table_csv,)]
    after += [f("Titre", COLUMNS, ROWS) for f in (table_xlsx, table_ods)]
    assert after == before
