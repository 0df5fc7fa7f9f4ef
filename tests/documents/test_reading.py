"""Tables that come from anywhere: encodings, separators, headings, and hostile files."""

import contextlib
import io
import time
import zipfile
from collections.abc import Callable

import openpyxl
import pytest

from coopshare.documents import reading
from coopshare.documents.importing import Field, template, typed_lines
from coopshare.documents.reading import MOST_BYTES, MOST_LINES, read_table
from coopshare.documents.tables import Column, table_csv, table_ods, table_xlsx
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import same

FIELDS = (
    Field(name="name", title="Nom", help="Le nom", example="Été", is_required=True),
    Field(
        name="opening_hours", title="Horaires d'été", help="Quand", example="=1", also=("quand",)
    ),
)
WANTED = [{"name": "L'Élan ; café", "opening_hours": "9 h"}]
TEXT = "Nom;Horaires d'été\r\n\"L'Élan ; café\";9 h\r\n"


def values(content: bytes) -> list[dict[str, str]]:
    return [dict(line.values) for line in typed_lines(content, FIELDS)]


def sentence(content: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        values(content)
    return refusal.value.say()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    text = TEXT.replace(";", separator).replace(f"Élan {separator} ", "Élan ; ")
    assert values(text.encode(encoding)) == WANTED


@pytest.mark.parametrize(
    "heading", ["Horaires d'été", "HORAIRES D ETE", "opening_hours", "Opening hours", "Quand"]
)
def test_headings_are_read_as_people_write_them(heading: str) -> None:
    assert values(f"{heading};nom\n9 h;L'Élan ; café\n".replace("Élan ; café", '"Élan"').encode())
    (line,) = values(f"{heading};nom\n9 h;Été\n".encode())
    assert line == {"opening_hours": "9 h", "name": "Été"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_template_comes_back_empty_then_filled(language: str) -> None:
    columns, notes = template(FIELDS, language, same)
    assert sentence(table_csv(columns, notes)).startswith("Ce fichier n'a que ses titres")
    assert sentence(table_xlsx("x", columns, notes)).startswith("Ce fichier n'a que ses titres")
    for row in (["=1+1", "@home"], ["L'Élan", "9 h"]):
        wanted = [dict(zip(("name", "opening_hours"), row, strict=True))]
        assert values(table_csv(columns, [*notes, row])) == wanted
        assert values(table_xlsx("x", columns, [*notes, row])) == wanted


def test_numbers_of_lines_are_those_of_the_file() -> None:
    content = b'# note\n\nNom\n"Deux\nlignes"\n\n# encore\nTrois\n'
    lines = typed_lines(content, FIELDS)
    assert [(line.number, line.values["name"]) for line in lines] == [
        (4, "Deux\nlignes"),
        (8, "Trois"),
    ]
    assert typed_lines(b"sep=;\nNom;Quand\na;b\n", FIELDS)[0].number == 3


def test_a_workbook_gives_what_one_would_type() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nom", "Quand"])
    sheet.append([73282932000074, True])
    sheet.append([1.5, None])
    target = io.BytesIO()
    book.save(target)
    assert values(target.getvalue()) == [
        {"name": "73282932000074", "opening_hours": "oui"},
        {"name": "1.5", "opening_hours": ""},
    ]


def test_what_is_missing_unknown_or_double_is_named() -> None:
    assert sentence(b"Quand\n9 h\n") == "Il manque la colonne Nom."
    assert "« Couleur » n'est pas connue" in sentence(b"Nom;Couleur\na;b\n")
    assert "« Horaires d'été » est là deux fois" in sentence(b"Nom;quand;opening hours\na;b;c\n")


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (reading.MOST_UNPACKED + 1))
    return target.getvalue()


def many_parts() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(reading.MOST_PARTS + 1):
            archive.writestr(f"{number}", b"")
    return target.getvalue()


def laughs() -> bytes:
    """Return a workbook whose sheet has entities that multiply."""
    entities = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "ha">' for n in range(9)
    )
    source, target = io.BytesIO(table_xlsx("x", [Column("Nom")], [])), io.BytesIO()
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith("sheet1.xml"):
                content = (
                    f"<!DOCTYPE x [{entities}]><worksheet xmlns="
                    '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
                    '<row r="1"><c r="A1" t="inlineStr"><is><t>&a8;</t></is></c></row>'
                    "</sheetData></worksheet>"
                ).encode()
            changed.writestr(name, content)
    return target.getvalue()


def far_away() -> bytes:
    """Return a workbook with one cell in the last corner of its sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "Nom"
    sheet["XFD1048576"] = "loin"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b" \n", "Ce fichier est vide."),
    "heavy": (lambda: b"Nom\n" + b"a\n" * MOST_BYTES, "Ce fichier est trop lourd"),
    "many lines": (lambda: b"Nom\n" + b"a\n" * (MOST_LINES + 1), "Ce fichier a plus de 10000"),
    "many columns": (lambda: b"Nom\n" + b"a;" * 100 + b"a\n", "La ligne 2 a plus de 60 colonnes"),
    "long cell": (lambda: b"Nom\n" + b"a" * 6000, "Une cellule de la ligne 2"),
    "longer cell": (lambda: b'Nom\n"' + b"a" * 200_000 + b'"', "La ligne 2 ne se lit pas"),
    "invisible": ("Nom\na\u202eb\n".encode, "La ligne 2 contient des signes invisibles"),
    "open quote": (lambda: b'Nom\nb\n"a\n', "La ligne 3 ne se lit pas"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00", "Ce fichier n'est ni un CSV"),
    "old excel": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "Ce classeur est d'un",
    ),
    "not a zip": (lambda: b"PK\x03\x04" + b"x" * 100, "Ce classeur ne se lit pas"),
    "another zip": (many_parts, "Ce classeur est trop gros"),
    "bomb": (bomb, "Ce classeur est trop gros une fois ouvert"),
    "laughs": (laughs, "Ce classeur ne se lit pas"),
    "ods": (lambda: table_ods("x", [], []), "L'ODS n'est pas lu ici"),
    "far away": (far_away, "Ce fichier n'a que ses titres"),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_are_refused_with_a_sentence(name: str) -> None:
    make, said = HOSTILE[name]
    content = make()
    before = time.monotonic()
    assert sentence(content).startswith(said)
    assert time.monotonic() - before < 20


@pytest.mark.parametrize("cut", range(0, 4000, 97))
def test_a_broken_workbook_is_a_refusal(cut: int) -> None:
    content = bytearray(table_xlsx("x", *template(FIELDS, "fr", same)))
    place = cut % len(content)
    for broken in (bytes(content[:place]), bytes(content[:place] + b"\xff" + content[place + 1 :])):
        with contextlib.suppress(Invalid):
            read_table(broken)
