"""Translations outside of requests: for commands and mails. French is the language of the code."""

from functools import cache
from pathlib import Path

from babel.support import Translations

from coopshare.kernel.text import Translate, same

FOLDER = Path(__file__).parent / "translations"


@cache
def translation(language: str) -> Translate:
    """Return how French messages are said in a language; as they are, where nothing says how."""
    if language == "fr":
        return same
    return Translations.load(str(FOLDER), [language]).gettext
