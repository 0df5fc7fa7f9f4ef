"""The documents say what the code does: `python -m tests.interfaces` writes them again."""

import pytest

from tests.interfaces import DOCS, blocks, marked_block

BLOCKS = blocks()


@pytest.mark.parametrize(("name", "mark"), sorted(BLOCKS))
def test_the_document_equals_the_code(name: str, mark: str) -> None:
    found = marked_block(mark).search((DOCS / name).read_text(encoding="utf-8"))
    assert found is not None
    assert found[2] == BLOCKS[name, mark]
