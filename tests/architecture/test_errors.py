"""Every refusal has its own code, a sentence that can be said, a status and an explanation."""

import importlib
from string import Formatter

from coopshare.kernel.errors import CoopShareError
from coopshare.web.errors import status_of
from tests.architecture.source import PACKAGE, ROOT, modules


def refusals() -> list[type[CoopShareError]]:
    """Return every class of refusal there is."""
    for path in modules():
        if path.stem != "__main__":
            name = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
            importlib.import_module(name.removesuffix(".__init__"))
    found: set[type[CoopShareError]] = set()
    waiting: list[type[CoopShareError]] = [CoopShareError]
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if kind.__module__.startswith("coopshare.") and not kind.__name__.startswith("_"):
            found.add(kind)
    return sorted(found - {CoopShareError}, key=lambda kind: kind.code)


def test_codes_are_unique() -> None:
    codes = [kind.code for kind in refusals()]
    assert sorted(set(codes)) == codes


def test_messages_can_be_read() -> None:
    """Each message is a French sentence whose places are named."""
    for kind in refusals():
        places = [name for _, name, _, _ in Formatter().parse(kind.message) if name is not None]
        assert all(name.isidentifier() for name in places), kind
        assert kind.message.rstrip().endswith((".", "}", "?")), kind


def test_each_has_a_status() -> None:
    for kind in refusals():
        status = status_of(kind.__new__(kind))
        assert 400 <= status < 600, kind
        assert status != 500 or kind.code == "unexpected", kind


def test_each_is_explained() -> None:
    """docs/erreurs.md has exactly one section per code."""
    text = (ROOT / "docs" / "erreurs.md").read_text(encoding="utf-8")
    sections = [line[3:].strip("` ") for line in text.splitlines() if line.startswith("## ")]
    assert sorted(sections) == [kind.code for kind in refusals()]
