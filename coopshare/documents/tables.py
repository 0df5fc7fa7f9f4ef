"""A table as CSV, XLSX or ODS: the way in for those who have one to give.

CSV is written for the spreadsheets of France, which open it with a double click: UTF-8 with a byte
order mark, « ; » between cells, a decimal comma; dates as 2027-03-10 and 2027-03-10 09:00, which
they all read whatever their language. A text that looks like a formula gets an apostrophe in CSV;
XLSX and ODS hold it as a text, which no spreadsheet runs.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from coopshare.documents.cells import (
    Column,
    Kind,
    Row,
    Rows,
    Value,
    as_amount,
    as_local,
    escaped,
    written,
)
from coopshare.documents.ods import table_ods
from coopshare.documents.xlsx import table_xlsx

__all__ = [
    "CSV_TYPE",
    "ODS_TYPE",
    "XLSX_TYPE",
    "Column",
    "Kind",
    "Row",
    "Rows",
    "Value",
    "csv_parts",
    "table_csv",
    "table_ods",
    "table_xlsx",
]

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

BYTE_ORDER_MARK = "\ufeff"
PART = 500
"""Lines written at once."""


def table_csv(columns: Sequence[Column], rows: Rows) -> bytes:
    """Return a table as CSV."""
    return b"".join(csv_parts(columns, rows))


def csv_parts(columns: Sequence[Column], rows: Rows) -> Iterator[bytes]:
    """Give a table as CSV piece by piece, as its rows come."""
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow([escaped(written(column.title)) for column in columns])
    kinds = [column.kind for column in columns]
    for number, row in enumerate(rows, 1):
        writer.writerow([_said(kind, value) for kind, value in zip(kinds, row, strict=True)])
        if number % PART == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _said(kind: Kind, value: Value) -> str:
    match kind, value:
        case _, None:
            return ""
        case Kind.MOMENT, datetime():
            return as_local(value).isoformat(" ", "minutes")
        case Kind.DAY, date():
            return value.isoformat()[:10]
        case Kind.MONEY, int():
            return f"{as_amount(value):.2f}".replace(".", ",")
        case Kind.NUMBER | Kind.WHOLE, int() | Decimal():
            return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value)
        case _:
            return escaped(written(value))
