"""One head, named in a file so that two branches collide in git; files stand alone."""

from coopshare.db import migrate
from tests.architecture.source import ROOT, imports

VERSIONS = ROOT / "migrations" / "versions"


def test_the_head_is_named() -> None:
    named = (ROOT / "migrations" / "HEAD").read_text(encoding="utf-8").strip()
    assert max(p.stem for p in VERSIONS.glob("*.py")) == named
    assert named.startswith(migrate.head())


def test_they_never_import_coopshare() -> None:
    for path in VERSIONS.glob("*.py"):
        assert not [name for name in imports(path) if name.startswith("coopshare")], path
