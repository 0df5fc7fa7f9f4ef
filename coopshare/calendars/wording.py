"""Our own words in a calendar, said in the language of its reader. Pure.

What is stored is in French and shared by all readers; what people wrote stays as they wrote it.
"""

import re

from coopshare.calendars.agenda import TITLE
from coopshare.calendars.ics import BUSY_TITLE
from coopshare.calendars.lines import escaped, folded, unescaped
from coopshare.kernel.text import Translate
from coopshare.resources.kinds import RESOURCE_KINDS

LINE = re.compile(rb"(?<=\r\n)(SUMMARY|CATEGORIES):((?:[^\r]|\r\n )*)\r\n")
"""The properties that may hold our own words."""
CLOSED = TITLE.partition("{")[0]
"""What the title of a closure begins with."""


def in_words_of(calendar: bytes, translate: Translate) -> bytes:
    """Return a calendar with our own words translated: taken, closed, kinds of resources."""
    kinds = {said: translate(said) for said in RESOURCE_KINDS.values()}
    closed, taken = translate(TITLE).partition("{")[0], translate(BUSY_TITLE)

    def said(line: re.Match[bytes]) -> bytes:
        name, value = line[1].decode(), line[2].replace(b"\r\n ", b"").decode()
        if name == "CATEGORIES":
            words = [kinds.get(unescaped(word)) for word in value.split(",")]
            other = value if None in words else ",".join(escaped(w) for w in words if w is not None)
        elif value == BUSY_TITLE:
            other = escaped(taken)
        elif value.startswith(CLOSED):
            other = f"{escaped(closed)}{value.removeprefix(CLOSED)}"
        else:
            return line[0]
        return folded(f"{name}:{other}")

    return LINE.sub(said, calendar)
