"""Content lines of iCalendar (RFC 5545, 3.1 and 3.3.11): text made safe, escaped, folded.

What people typed never reaches a calendar but through `clean` and `escaped`: no line break, no
control character, hence no property of their own making.
"""

import unicodedata

from coopshare.kernel.text import BIDIRECTIONAL_CONTROLS

LONGEST = 75
"""Octets in a line, its break not counted."""
_DROPPED = {"Cc", "Cs", "Zl", "Zp"}
"""Controls, lone surrogates, line and paragraph separators."""


def clean(text: str) -> str:
    """Return the text in NFC with plain line breaks and without any other control but the tab."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\u0085", "\n")
    kept = (
        c
        for c in text
        if c in "\n\t"
        or (unicodedata.category(c) not in _DROPPED and c not in BIDIRECTIONAL_CONTROLS)
    )
    return unicodedata.normalize("NFC", "".join(kept))


def one_line(text: str) -> str:
    """Return the text cleaned, on one line: titles, places, names."""
    return " ".join(clean(text).split())


def escaped(text: str) -> str:
    """Escape a cleaned text: the backslash first, then what separates, then line breaks."""
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def unescaped(value: str) -> str:
    """Return the text behind an escaped value, read from left to right."""
    parts: list[str] = []
    characters = iter(value)
    for character in characters:
        if character != "\\":
            parts.append(character)
            continue
        following = next(characters, "")
        parts.append("\n" if following in {"n", "N"} else following)
    return "".join(parts)


def folded(line: str) -> bytes:
    """Return a content line in UTF-8, folded at 75 octets, with its CRLF.

    Never folds inside a character nor between a backslash and what it escapes: some readers drop a
    whole file for that.
    """
    data = line.encode()
    if len(data) <= LONGEST:
        return data + b"\r\n"
    pieces: list[bytes] = []
    start, room = 0, LONGEST
    while len(data) - start > room:
        end = start + room
        while data[end] & 0xC0 == 0x80:  # noqa: PLR2004 - a continuation byte of UTF-8
            end -= 1
        escapes = end
        while escapes > start and data[escapes - 1] == ord("\\"):
            escapes -= 1
        if (end - escapes) % 2:
            end -= 1
        pieces.append(data[start:end])
        start, room = end, LONGEST - 1  # a continued line begins with a space
    pieces.append(data[start:])
    return b"\r\n ".join(pieces) + b"\r\n"


def unfolded(data: bytes) -> list[str]:
    """Return the content lines of a stream."""
    whole = data.replace(b"\r\n ", b"").replace(b"\r\n\t", b"")
    return [line.decode() for line in whole.split(b"\r\n") if line]
