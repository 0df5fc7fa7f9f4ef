"""A printed document: from plain data, the same bytes, nothing in a text is run."""

import io
from datetime import UTC, datetime
from pathlib import Path

from pypdf import PdfReader

from coopshare.documents.pdf import document_pdf
from coopshare.paths import shipped
from tests.architecture.source import modules

AT = datetime(2027, 2, 1, 8, tzinfo=UTC)
TEMPLATE = """
#import "house.typ": *
#let data = json(bytes(sys.inputs.data))
#show: house.with(title: data.title, lang: "fr", foot: "Pied de page")
= #data.title
#data.text
"""


def test_every_template_is_used() -> None:
    texts = [path.read_text(encoding="utf-8") for path in modules()]
    folder = shipped("templates") / "documents"
    texts += [path.read_text(encoding="utf-8") for path in folder.glob("*.typ")]
    everything = "\n".join(texts)
    names = [path.stem for path in sorted(folder.glob("*.typ"))]
    unused = [n for n in names if f'"{n}"' not in everything and f'"{n}.typ"' not in everything]
    assert unused == []


def made(folder: Path, text: str) -> bytes:
    (folder / "try.typ").write_text(TEMPLATE, encoding="utf-8")
    house = shipped("templates") / "documents" / "house.typ"
    (folder / "house.typ").write_bytes(house.read_bytes())
    return document_pdf("try", {"title": "Relevé d'été", "text": text}, at=AT, folder=folder)


def test_a_document_is_made_of_its_data(tmp_path: Path) -> None:
    content = made(tmp_path, "#panic() *gras* $x$ 1 234,50 €")
    reader = PdfReader(io.BytesIO(content))
    said = reader.pages[0].extract_text().replace("\n", " ")
    assert "Relevé d'été" in said
    assert "#panic() *gras* $x$ 1 234,50 €" in said
    assert "1 / 1" in said
    assert reader.metadata is not None
    assert reader.metadata.title == "Relevé d'été"
    metadata = content.decode("latin-1")
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_the_same_data_gives_the_same_bytes(tmp_path: Path) -> None:
    assert made(tmp_path, "a") == made(tmp_path, "a")
    assert made(tmp_path, "a") != made(tmp_path, "b")
