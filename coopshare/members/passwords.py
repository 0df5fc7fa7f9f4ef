"""Passwords: at least 14 characters of any kind, none that everybody tries, kept by Argon2id.

Rules of security.md, section 3 (CNIL 2022 and ASVS 6.2: length and throttling, no composition).
"""

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from coopshare.kernel.errors import Busy, Invalid
from coopshare.kernel.text import folded, marked
from coopshare.members.common import PASSWORDS, WORDS

LEAST = 14
MOST = 256
FEWEST_DIFFERENT = 6
FEWEST_OWN_LETTERS = 4
SHORTEST_WORD = 3
LONG_RUN = 8
PATIENCE = 2.0
"""Seconds."""

_hasher = PasswordHasher()
_two_at_once = BoundedSemaphore(2)
"""Each hash takes 64 MB and a fifth of a second: more at once would stall the service (A20)."""


@dataclass(frozen=True, slots=True)
class HashedPassword:
    """A password that was accepted: only its hash goes into commands and services."""

    hash: str = field(repr=False)


@contextmanager
def _one_of_two() -> Iterator[None]:
    """Wait for one's turn to hash; raises `Busy` rather than keep a thread of the server."""
    if not _two_at_once.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        _two_at_once.release()


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def hashed(text: str) -> HashedPassword:
    """Hash a password as it is, without judging it."""
    with _one_of_two():
        return HashedPassword(_hasher.hash(_normalised(text)))


def chosen(text: str, context: Iterable[str] = (), field_name: str = "password") -> HashedPassword:
    """Hash a password somebody chooses; raises `Invalid` on the field when it is too weak.

    `context` holds what anybody would try first: the person's name, address, organisation.
    """
    text = _normalised(text)
    if len(text) > MOST:
        raise Invalid.field(field_name, marked("256 caractères au plus."))
    if len(text) < LEAST:
        raise Invalid.field(
            field_name,
            marked("Il faut au moins 14 caractères : une phrase de quatre ou cinq mots va bien."),
        )
    if is_guessable(text, context):
        raise Invalid.field(
            field_name,
            marked(
                "Ce mot de passe se devine trop facilement."
                " Prenez quelques mots sans rapport avec vous ni avec votre organisation."
            ),
        )
    return hashed(text)


def matches(text: str, kept: str | None) -> bool:
    """Tell whether a password is the one kept; takes the same time when there is none."""
    if len(text) > MOST:
        return False
    decoy = _decoy()  # made before, once, so that its making tells nothing either
    with _one_of_two():
        try:
            _hasher.verify(kept or decoy, _normalised(text))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


@cache
def _decoy() -> str:
    return _hasher.hash("no account has this password")


def is_guessable(text: str, context: Iterable[str] = ()) -> bool:
    """Tell whether a password is common, a pattern, or made of known words only."""
    plain = folded(text)
    bare = "".join(c for c in plain if c.isalnum())
    if bare in PASSWORDS or len(set(plain)) < FEWEST_DIFFERENT or _repeats(plain) or _runs(bare):
        return True
    letters = "".join(c for c in plain if c.isalpha())
    digits = sum(c.isdigit() for c in plain)
    own = len(_without(letters, WORDS | _words(context)))
    # Only digits is a date or a telephone number; only known words is what is tried first.
    return own < FEWEST_OWN_LETTERS and digits < LEAST


def _words(context: Iterable[str]) -> frozenset[str]:
    """Return the words of the context, and the same run together."""
    found: set[str] = set()
    for text in context:
        words = "".join(c if c.isalnum() else " " for c in folded(text)).split()
        found |= {word for word in words if len(word) >= SHORTEST_WORD}
        found.add("".join(words))
    return frozenset(found - {""})


def _without(letters: str, words: frozenset[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        letters = letters.replace(word, "\n")
    return letters.replace("\n", "")


def _repeats(text: str) -> bool:
    """Tell whether the text is one piece said again and again."""
    return text in (text + text)[1:-1]


def _runs(text: str) -> bool:
    """Tell whether most of the text is a run: "12345678", "abcdefgh", "hgfedcba"."""
    longest = current = 1
    step = 0
    for before, after in pairwise(text):
        here = ord(after) - ord(before)
        current = current + 1 if here == step and abs(here) <= 1 else 2 if abs(here) <= 1 else 1
        step = here
        longest = max(longest, current)
    return longest >= LONG_RUN and longest * 2 >= len(text)
