"""A printed document: a typst template and plain data give the bytes of a PDF.

The fonts are those inside the library and nothing is read from the machine nor the network, so the
same template, data and moment give the same bytes anywhere (with one version of typst). The file is
PDF/A-3a (to be kept for years) and PDF/UA-1 (to be read aloud).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import typst

from coopshare.paths import shipped


def document_pdf(
    template: str, data: Mapping[str, object], *, at: datetime, folder: Path | None = None
) -> bytes:
    """Return the PDF of a template of templates/documents/ (its name without `.typ`).

    The template reads `data` (JSON values only) with `json(bytes(sys.inputs.data))`: texts stay
    texts, nothing in them is run. `at` is the moment the file says it was made. Templates hold no
    arithmetic: what they print arrives already counted and written out. Every document says its
    title and its language, or is refused by PDF/UA.
    """
    folder = folder or shipped("templates") / "documents"
    payload = json.dumps(data, ensure_ascii=False, sort_keys=True)
    found = typst.compile(
        str(folder / f"{template}.typ"),
        root=str(folder),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": payload},
        pdf_standards=["a-3a", "ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(found, bytes)  # noqa: S101 - one format, one file: the library says Any
    return found
