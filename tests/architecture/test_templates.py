"""Every template compiles, is used, and holds no inline script or style."""

import re

import pytest
from jinja2 import Environment, FileSystemLoader

from tests.architecture.source import ROOT, modules

TEMPLATES = ROOT / "templates"
NAMES = sorted(
    str(p.relative_to(TEMPLATES))
    for p in TEMPLATES.rglob("*.*")
    if p.is_file() and p.suffix != ".typ"  # those are looked after by tests/documents
)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"", re.IGNORECASE)


@pytest.mark.parametrize("name", NAMES)
def test_it_compiles(name: str) -> None:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], autoescape=True
    )
    environment.filters |= dict.fromkeys(
        ("day", "time", "span", "moment", "duration", "money", "say", "place", "capital"), str
    )
    environment.parse((TEMPLATES / name).read_text(encoding="utf-8"))


def test_all_are_used() -> None:
    """A template nobody names is dead."""
    texts = [path.read_text(encoding="utf-8") for path in modules()]
    texts += [(TEMPLATES / name).read_text(encoding="utf-8") for name in NAMES]
    everything = "\n".join(texts)
    unused = [
        name
        for name in NAMES
        if f'"{name}"' not in everything and f'"{name.rsplit(".", 1)[0]}' not in everything
    ]
    assert unused == []


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("mail/")])
def test_nothing_is_inline(name: str) -> None:
    """The Content-Security-Policy would refuse it."""
    assert INLINE.findall((TEMPLATES / name).read_text(encoding="utf-8")) == []
