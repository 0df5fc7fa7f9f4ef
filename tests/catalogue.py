"""The English catalogue and the French messages of the code: what is missing, and bringing it up.

`./dev messages` writes coopshare/translations/en/LC_MESSAGES/messages.po again: new messages come
without their English, which is then to be written; those that are no longer said go.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "coopshare" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
SOURCES = (
    ("coopshare", [("**.py", "python")]),
    ("templates", [("**.html", "jinja2"), ("**.txt", "jinja2")]),
)
KEYWORDS: Mapping[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "marked": None,
    "ngettext": (1, 2),
}
OPTIONS = {"**.html": {"trimmed": "true"}}
BEGUN = datetime(2026, 11, 24, tzinfo=UTC)
"""The date in the header: always the same, so that only messages make a difference."""


def extracted() -> Catalog:
    """Return every French message that the code and the templates say, without its English."""
    found = empty()
    for folder, methods in SOURCES:
        messages = extract_from_dir(
            ROOT / folder, methods, OPTIONS, keywords=KEYWORDS, strip_comment_tags=True
        )
        for file, _line, message, _comments, context in messages:
            where = (f"{folder}/{Path(file).as_posix()}", 0)
            found.add(message, locations=[where], context=context)
    return found


def empty() -> Catalog:
    """Return a catalogue that says nothing yet."""
    return Catalog(
        locale="en",
        project="CoopShare",
        version="1",
        header_comment="# English of CoopShare: see tests/catalogue.py.",
        copyright_holder="CoopShare",
        msgid_bugs_address="",
        creation_date=BEGUN,
        revision_date=BEGUN,
        last_translator="CoopShare",
        language_team="English",
        fuzzy=False,
    )


def written() -> Catalog:
    """Return the catalogue as it stands in the repository."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Return the messages of a catalogue, its header aside."""
    return (message for message in catalogue if message.id)


def singular(message: Message) -> str:
    """Return the French of a message, of one thing where it counts things."""
    return message.id if isinstance(message.id, str) else message.id[0]


def strings(message: Message) -> tuple[str, ...]:
    """Return the English of a message: one text, or two where it counts things."""
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def brought_up(found: Catalog, known: Catalog) -> Catalog:
    """Return what the code says now, with the English there was: never a guess (no fuzzy)."""
    english = {message.id: message.string for message in messages(known)}
    for message in messages(found):
        if message.id in english:
            message.string = english[message.id]
    return found


def write(catalogue: Catalog) -> None:
    """Write the catalogue in the repository."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=100, include_lineno=False, ignore_obsolete=True)


def main() -> int:
    """Bring the catalogue up to date; say what is to be translated. 1 if something is."""
    catalogue = brought_up(extracted(), written() if CATALOGUE.exists() else empty())
    write(catalogue)
    waiting = [singular(message) for message in messages(catalogue) if not all(strings(message))]
    lines = [*waiting, f"{CATALOGUE.relative_to(ROOT)} : {len(waiting)} messages à traduire."]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(bool(waiting))


if __name__ == "__main__":
    sys.exit(main())
