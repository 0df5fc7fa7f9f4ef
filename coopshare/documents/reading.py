"""A table that somebody sends, CSV or XLSX, read with care: it may be anything.

Nothing in it is run, nothing outside of it is read, and it is measured before it is opened: so many
bytes, so many once unpacked, so many lines and columns. Every refusal is an `Invalid` on the field
`file`, in a sentence that says what to do.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from coopshare.documents.cells import unescaped
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import is_clean, marked, normalised

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
"""Bytes of a workbook once unpacked, all its parts together."""
MOST_PARTS = 500
MOST_LINES = 10_000
MOST_COLUMNS = 60
LONGEST = 5000
"""Signs in one cell."""
DOWN = 15_000
"""How far down a sheet one looks: lines that are empty or notes do not count as lines."""

SEPARATORS = ";,\t"
NOTE = "#"
"""A line whose first cell begins with it is a note, and is not read."""
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
BINARY = re.compile("[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line as it stands in the file: its number there, and its cells as texts."""

    number: int
    cells: tuple[str, ...]


def refused(message: str, **data: object) -> Invalid:
    """Return a refusal of the whole file."""
    return Invalid.field("file", message, **data)


def read_table(content: bytes) -> list[RawLine]:
    """Return the lines of a CSV or XLSX file that say something, notes left out; raises `Invalid`.

    CSV: UTF-8 (with a mark or not), UTF-16 with its mark, or Windows-1252; « ; », « , » or tabs.
    """
    if not content.strip():
        raise refused(marked("Ce fichier est vide."))
    if len(content) > MOST_BYTES:
        raise refused(marked("Ce fichier est trop lourd : 5 Mo au plus. Coupez-le en plusieurs."))
    if content.startswith(ZIP):
        rows = _sheet(content)
    elif content.startswith(OLD_OFFICE):
        raise refused(
            marked(
                "Ce classeur est d'un ancien format, ou protégé par un mot de passe."
                " Enregistrez-le en XLSX ou en CSV, sans mot de passe."
            )
        )
    else:
        rows = _csv(_decoded(content))
    return list(_kept(rows))


def _kept(rows: Iterable[tuple[int, list[str]]]) -> Iterator[RawLine]:
    count = 0
    for number, cells in rows:
        texts = tuple(_text(number, cell) for cell in cells)
        first = next((text for text in texts if text), "")
        if not first or first.startswith(NOTE):
            continue
        count += 1
        if count > MOST_LINES + 1:  # the headings are one
            raise refused(
                marked("Ce fichier a plus de {most} lignes. Coupez-le en plusieurs."),
                most=MOST_LINES,
            )
        if len(texts) > MOST_COLUMNS and any(texts[MOST_COLUMNS:]):
            raise refused(
                marked("La ligne {line} a plus de {most} colonnes : ce n'est pas le modèle."),
                line=number,
                most=MOST_COLUMNS,
            )
        yield RawLine(number, texts[:MOST_COLUMNS])


def _text(number: int, cell: str) -> str:
    text = unescaped(normalised(cell))
    if len(text) > LONGEST:
        raise refused(
            marked("Une cellule de la ligne {line} a plus de {most} signes."),
            line=number,
            most=LONGEST,
        )
    if not is_clean(text, multiline=True):
        raise refused(
            marked("La ligne {line} contient des signes invisibles qui ne sont pas acceptés."),
            line=number,
        )
    return text


def _decoded(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(UTF_16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if BINARY.search(text):
            break
        return text
    raise refused(
        marked("Ce fichier n'est ni un CSV ni un XLSX que l'on sache lire ici. Partez du modèle.")
    )


def _csv(text: str) -> Iterator[tuple[int, list[str]]]:
    skipped = 0
    if text.lower().startswith("sep=") and "\n" in text:  # a line that Excel adds for itself
        text, skipped = text.partition("\n")[2], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise refused(
                marked("La ligne {line} ne se lit pas : un guillemet n'est pas fermé, sans doute."),
                line=before + 1 + skipped,
            ) from error
        yield before + 1 + skipped, cells
        before = reader.line_num


def _separator(text: str) -> str:
    """Return the separator: the one that parts the first line that is no note most often."""
    lines = (line for line in text.splitlines() if line.strip(' ";,\t'))
    first = next((line for line in lines if not line.lstrip(' "').startswith(NOTE)), "")
    outside = re.sub('"[^"]*"', "", first)
    return max(SEPARATORS, key=lambda sign: (outside.count(sign), -SEPARATORS.index(sign)))


def _sheet(content: bytes) -> Iterator[tuple[int, list[str]]]:
    _measure(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=DOWN, max_col=MOST_COLUMNS + 1, values_only=True)
        for number, row in enumerate(rows, 1):
            yield number, [_said(value) for value in row]
        book.close()
    except Invalid:
        raise
    except Exception as error:  # the file is hostile until proved otherwise: whatever it breaks
        raise refused(
            marked("Ce classeur ne se lit pas : il est abîmé, ou ce n'est pas un XLSX.")
        ) from error


def _measure(content: bytes) -> None:
    """Refuse a workbook by what its archive says of itself: unpacking never gives more."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OverflowError, NotImplementedError) as error:
        raise refused(
            marked("Ce classeur ne se lit pas : il est abîmé, ou ce n'est pas un XLSX.")
        ) from error
    if any(part.filename == "mimetype" for part in parts):
        raise refused(marked("L'ODS n'est pas lu ici. Enregistrez ce classeur en XLSX ou en CSV."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise refused(
            marked("Ce classeur est trop gros une fois ouvert. Gardez la feuille utile seulement.")
        )


def _said(value: object) -> str:
    """Return a cell of a workbook as somebody would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case float() if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - what a float holds
            return str(int(value))
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
