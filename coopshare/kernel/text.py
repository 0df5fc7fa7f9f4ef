"""Sentences said to people, sort keys and search keys."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, runtime_checkable

Translate: TypeAlias = Callable[[str], str]

NUMBER = re.compile("[0-9]+")
DIGITS = 8
"""How wide each number of a sort key is. Changed only together with the keys that are stored."""
FRENCH_SPACES = (
    (re.compile("(?<=\\S) (?=[;?!])"), "\u202f"),
    (re.compile("(?<=\\S) (?=[:»])|(?<=«) "), "\u00a0"),
)
"""Where a line never breaks in French, and the space that is there."""
BIDIRECTIONAL_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@runtime_checkable
class Sayable(Protocol):
    """A value that knows how to be said in a language ("fr" or "en")."""

    def say(self, language: str) -> str:
        """Return the value as a person would say it."""
        ...


def same(message: str) -> str:
    """Leave a French message as it is: the translation into French."""
    return message


def marked(message: str) -> str:
    """Mark a French message for the catalogue of translations, without translating it here."""
    return message


def typeset(said: str) -> str:
    """Set a French text for the eye: no line begins by its colon, its question mark, its guillemet.

    The spaces are those of the Imprimerie nationale: narrow before ; ? !, full for : and « ».
    """
    for place, space in FRENCH_SPACES:
        said = place.sub(space, said)
    return said


@dataclass(frozen=True, slots=True)
class Sentence:
    """A French sentence with named places, translated and filled only when it is said."""

    message: str
    data: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: str = "fr", translate: Translate = same) -> str:
        """Say the sentence: the message is translated first, then each datum is said in it."""
        said = {name: say(value, language, translate) for name, value in self.data.items()}
        return translate(self.message).format(**said)


@dataclass(frozen=True, slots=True)
class Several:
    """Sentences said one after the other, inside another one."""

    sentences: tuple[Sentence, ...]
    separator: str = ", "
    last: str = ""
    """The word before the last one ("et"); none: the separator as well."""
    is_lowered: bool = False
    """Whether capitals go: the sentences are words that stood alone."""

    def say(self, language: str = "fr", translate: Translate = same) -> str:
        """Say them all, each one translated."""
        words = [sentence.say(language, translate) for sentence in self.sentences]
        if self.last:
            said = enumerated(words, translate(self.last))
        else:
            said = translate(self.separator).join(words)
        return said.lower() if self.is_lowered else said


def say(value: object, language: str = "fr", translate: Translate = same) -> str:
    """Say any datum of a sentence: sentences, spans and dates know how, the rest is `str`."""
    if isinstance(value, Sentence | Several):
        return value.say(language, translate)
    if isinstance(value, Sayable):
        return value.say(language)
    return str(value)


def enumerated(words: list[str], last: str = "et") -> str:
    """Join words as one says them: "a, b et c"."""
    if not words[1:]:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def folded(text: str) -> str:
    """Return the text without accents nor control characters, in lower case, for searching."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    kept = (c for c in decomposed if unicodedata.category(c) not in {"Mn", "Cc", "Cs"})
    return "".join(kept).casefold()


def words(text: str) -> list[str]:
    """Return the words and numbers of a text, without accents, in lower case."""
    return "".join(c if c.isalnum() else " " for c in folded(text)).split()


def sort_key(text: str) -> str:
    """Return a key that sorts names as people do, the same on any engine.

    Nearly as a French dictionary does, and by the value of numbers: « Salle 2 », then « Salle 10 ».
    """
    return NUMBER.sub(lambda found: found[0].zfill(DIGITS), " ".join(words(text)))[:200]


def is_clean(text: str, *, multiline: bool = False) -> bool:
    """Tell whether a text holds no control character, lone surrogate or direction override."""
    allowed = "\n\t" if multiline else ""
    for character in text:
        if character in allowed:
            continue
        if character in BIDIRECTIONAL_CONTROLS or unicodedata.category(character) in {
            "Cc",
            "Cs",
            "Zl",
            "Zp",
        }:
            return False
    return True


def normalised(text: str) -> str:
    """Return the text in NFC, with plain line breaks, without spaces at its ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
