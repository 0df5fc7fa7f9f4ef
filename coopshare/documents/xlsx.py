"""A table as XLSX: real dates and amounts, a first line that stays, bytes that never vary."""

import io
import re
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from coopshare.documents.archive import UndatedZip
from coopshare.documents.cells import (
    Column,
    Kind,
    Rows,
    Value,
    as_amount,
    as_local,
    is_formula_like,
    written,
)

UNDATED = datetime(2000, 1, 1)  # noqa: DTZ001 - openpyxl wants it naive; it dates nothing
FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
FORMATS = {
    Kind.WHOLE: "0",
    Kind.NUMBER: "#,##0.00",
    Kind.DAY: "dd/mm/yyyy",
    Kind.MOMENT: "dd/mm/yyyy hh:mm",
}
SYMBOLS = {"EUR": "€"}


def sheet_name(title: str) -> str:
    """Return a title as the name of a sheet can be: 31 signs, without brackets nor slashes."""
    return FORBIDDEN_IN_NAMES.sub(" ", written(title))[:31].strip() or "1"


def table_xlsx(title: str, columns: Sequence[Column], rows: Rows) -> bytes:
    """Return a table as XLSX, in one sheet called `title`."""
    book = Workbook(write_only=True)
    book.properties.creator = "CoopShare"
    book.properties.created = book.properties.modified = UNDATED
    sheet = book.create_sheet(sheet_name(title))
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    heads = []
    for column in columns:
        head = WriteOnlyCell(sheet, written(column.title))
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        _as_text(head)
        heads.append(head)
    sheet.append(heads)
    kept = [_cell(sheet, column) for column in columns]
    count = 1
    for count, row in enumerate(rows, 2):  # noqa: B007 - the last number is read below
        sheet.append([_filled(*each) for each in zip(kept, columns, row, strict=True)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"
    target = io.BytesIO()
    ExcelWriter(book, UndatedZip(target, "w")).save()
    return target.getvalue()


def _cell(sheet: object, column: Column) -> Cell:
    """Make the cell every value of a column is written with, one after the other."""
    cell = WriteOnlyCell(sheet)  # type: ignore[arg-type]
    if column.kind is Kind.MONEY:
        symbol = SYMBOLS.get(column.currency, column.currency)
        cell.number_format = f'#,##0.00\\ "{symbol}"'
    elif column.kind in FORMATS:
        cell.number_format = FORMATS[column.kind]
    return cell


def _filled(cell: Cell, column: Column, value: Value) -> object:
    if value is None:
        return None
    if isinstance(value, str) or column.kind is Kind.TEXT:
        text = written(value)
        if not is_formula_like(text):
            return text
        apart = WriteOnlyCell(cell.parent, text)
        _as_text(apart)
        return apart
    if column.kind is Kind.MONEY and isinstance(value, int):
        cell.value = as_amount(value)
    elif isinstance(value, datetime):
        cell.value = as_local(value)
    else:
        cell.value = value
    return cell


def _as_text(cell: Cell) -> None:
    """Have a text stay one, whatever it begins with, even once edited."""
    cell.data_type = "s"
    cell.quotePrefix = is_formula_like(str(cell.value))
