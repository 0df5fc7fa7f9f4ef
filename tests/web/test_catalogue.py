"""The English catalogue says everything that the code says, with the same named places."""

import ast
import re
from collections.abc import Iterator

from babel.messages.catalog import Message

from tests import catalogue
from tests.architecture.source import modules, tree, where

FIELDS = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)\}")
MEND = "Lancez « ./dev messages », puis traduisez ce qui manque dans messages.po."


def translated() -> Iterator[Message]:
    """Return the messages that have their English."""
    for message in catalogue.messages(catalogue.written()):
        if all(catalogue.strings(message)):
            yield message


def fields(text: str) -> list[str]:
    """Return the named places of a text."""
    return sorted(match.group(0) for match in FIELDS.finditer(text))


def test_the_catalogue_is_that_of_the_code() -> None:
    """Nothing said by the code is missing, nothing else is kept, nothing is left to be checked."""
    known = catalogue.written()
    said = {message.id for message in catalogue.messages(catalogue.extracted())}
    kept = {message.id for message in catalogue.messages(known)}
    assert (said - kept, kept - said) == (set(), set()), MEND
    assert [m.id for m in catalogue.messages(known) if m.fuzzy or known.obsolete] == [], MEND


def test_everything_is_translated() -> None:
    untold = [
        catalogue.singular(message)
        for message in catalogue.messages(catalogue.written())
        if not all(text.strip() or message.id == text for text in catalogue.strings(message))
    ]
    assert untold == [], MEND


def test_every_message_can_be_found() -> None:
    """A message is written as it is, outside of f-strings: there, not every Python finds it."""
    wrong = [
        f"{where(path, call.lineno)} {ast.unparse(call)}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in catalogue.KEYWORDS
    ]
    assert wrong == []


def test_no_named_place_is_lost_or_added() -> None:
    wrong = []
    for message in translated():
        french = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        for one, other in zip(french, catalogue.strings(message), strict=True):
            if fields(one) != fields(other):
                wrong.append((one, other))
    assert wrong == []


def test_the_ends_of_messages_are_alike() -> None:
    """A sentence stays a sentence, a label stays a label; spaces at the ends are kept."""
    wrong = []
    for message in translated():
        french, english = catalogue.singular(message), catalogue.strings(message)[0]
        spaces = [(text[0].isspace(), text[-1].isspace()) for text in (french, english)]
        stops = [text.rstrip()[-1:] in {".", "?", ":", "…", "!"} for text in (french, english)]
        is_mark = not any(c.isalpha() for c in french)  # « ; » has its space before in French only
        if not is_mark and (spaces[0] != spaces[1] or stops[0] != stops[1]):
            wrong.append((french, english))
    assert wrong == []
