"""Languages of the pages: French first, English by choice. The only importer of Flask-Babel."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.support import Translations
from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel, get_translations, refresh
from flask_babel import gettext as translated
from flask_babel import ngettext as translated_number

from coopshare.kernel.actor import ANONYMOUS
from coopshare.kernel.dates import (
    LocalMoment,
    LocalSpan,
    say_day,
    say_duration,
    say_hours,
    say_minute_of_day,
    say_time,
)
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import Sentence
from coopshare.kernel.text import say as say_plainly
from coopshare.kernel.text import typeset as set_in_french
from coopshare.kernel.units import say_money, say_number, say_percent
from coopshare.web.context import actor, database, settings

LANGUAGES: Mapping[str, str] = {"fr": "Français", "en": "English"}
"""Code -> how the language names itself."""
CHOICE = "langue"
"""The cookie, and the word of an address (`?langue=en`), by which a visitor chooses."""
YEAR = 365 * 24 * 3600
"""Seconds the choice of a visitor is kept."""

__all__ = ["gettext", "install", "language", "ngettext", "present", "said", "say", "speak"]


def gettext(message: str, **named: object) -> str:
    """Return a French message in the language of this request; nothing stays nothing."""
    if not message:
        return ""
    if not has_request_context():
        return str(translated(message, **named))
    said = str(_spoken().ugettext(message))
    return said % named if named else said


def ngettext(one: str, several: str, num: int, **named: object) -> str:
    """Return a French message about a number in the language of this request."""
    if not has_request_context():
        return str(translated_number(one, several, num, **named))
    return str(_spoken().ungettext(one, several, num)) % {"num": num, **named}


def _spoken() -> Translations:
    """Return the catalogue of the language of this request, found once."""
    spoken = language()
    if g.get("spoken") != spoken:
        g.spoken, g.catalogue = spoken, get_translations()
    return cast("Translations", g.catalogue)


def language() -> str:
    """Return the language of this request: the person's, else the visitor's, else the site's.

    A program is answered as its `Accept-Language` asks. The browser of a person is not: French is
    the language of the house, English a choice.
    """
    if not has_request_context():
        return "fr"
    if "language" not in g:
        g.language = _found()
    return str(g.language)


def _found() -> str:
    who = actor() if not request.path.startswith(("/ical/", "/ecran/")) else ANONYMOUS
    if request.path.startswith("/api/") and (
        not who.is_known or "Authorization" in request.headers
    ):
        asked = request.accept_languages.best_match(list(LANGUAGES))
        if asked is not None:
            return str(asked)
    if who.is_known:
        return who.language
    choice = _chosen() or request.cookies.get(CHOICE, "")
    return choice if choice in LANGUAGES else settings().lang


def _chosen() -> str | None:
    """Return the language that the address of this page asks for, where there is one."""
    asked = request.args.get(CHOICE)
    return asked if asked in LANGUAGES and request.method in {"GET", "HEAD"} else None


def _keep_choice(response: Response) -> Response:
    """Remember what a visitor chose by an address; a choice of display, which changes no data."""
    is_page = response.mimetype == "text/html" and not request.path.startswith("/ecran/")
    asked = _chosen() if is_page else None
    if asked is not None and not actor().is_known:
        response.set_cookie(
            CHOICE,
            asked,
            max_age=YEAR,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
    return response


def speak(chosen: str) -> None:
    """Say the rest of this request in another language: the one that was just chosen."""
    g.language = chosen
    refresh()


def languages() -> list[tuple[str, str, str]]:
    """Return (code, name, relative address) of this page in each other language."""
    given = {name: value for name, value in request.args.items() if name != CHOICE}
    return [
        (code, name, f"?{urlencode(given | {CHOICE: code})}")
        for code, name in LANGUAGES.items()
        if code != language()
    ]


def say(value: object) -> str:
    """Say a sentence, a span or any datum in the language of this request."""
    return say_plainly(value, language(), gettext)


_set_once = lru_cache(maxsize=4096)(set_in_french)


def typeset(said: str) -> str:
    """Set a text of ours for a page: in French, punctuation keeps to the word before it."""
    return _set_once(str(said)) if language() == "fr" else str(said)


def _say_in_page(value: object) -> str:
    return typeset(say(value))


def said(value: object) -> object:
    """Return data for a program with every sentence in it said in the language of this request."""
    if isinstance(value, Mapping):
        return {name: said(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [said(inner) for inner in value]
    return say(value) if isinstance(value, Sentence) else value


def _year(zone: ZoneInfo) -> int:
    return present().astimezone(zone).year


def present() -> datetime:
    """Return the instant of this request, by the database's clock."""
    if "now" not in g:
        g.now = database().clock()
    return cast("datetime", g.now)


def _day(value: date) -> str:
    return say_day(value, language(), year=present().year)


def _time(value: datetime, zone: str) -> str:
    return say_time(value.astimezone(ZoneInfo(zone)).time(), language())


def _span(value: Interval | LocalSpan, zone: str = "", *, all_day: bool = False) -> str:
    if isinstance(value, LocalSpan):
        return value.say(language())
    place = ZoneInfo(zone)
    return LocalSpan(value, place, all_day, _year(place)).say(language())


def _moment(value: datetime, zone: str) -> str:
    place = ZoneInfo(zone)
    return LocalMoment(value, place, _year(place)).say(language())


def _duration(minutes: int) -> str:
    return say_duration(minutes, language())


def _money(cents: int, currency: str = "EUR") -> str:
    return say_money(cents, currency, language())


def _hours(minutes: int) -> str:
    return say_hours(minutes, language())


def _clock(hour: int) -> str:
    return say_minute_of_day(hour * 60, language())


def _number(value: int) -> str:
    return say_number(value, language())


def _percent(value: int) -> str:
    return say_percent(value, language())


def install(app: Flask) -> None:
    """Give the application its languages and the filters that say dates and amounts."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(
        Path(__file__).resolve().parent.parent / "translations"
    )
    app.config["BABEL_DEFAULT_LOCALE"] = "fr"
    Babel(app, locale_selector=language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    install_words: Any = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]
    install_words(  # Jinja fills in what is named itself
        lambda message: typeset(_spoken().ugettext(message)),
        lambda one, several, num: typeset(_spoken().ungettext(one, several, num)),
        newstyle=True,
    )
    app.jinja_env.filters |= {
        "capital": lambda said: f"{said[:1].upper()}{said[1:]}",
        "day": _day,
        "time": _time,
        "span": _span,
        "moment": _moment,
        "duration": _duration,
        "money": _money,
        "clock": _clock,
        "hours": _hours,
        "number": _number,
        "percent": _percent,
        "say": _say_in_page,
        "typeset": typeset,
    }
    app.jinja_env.globals |= {"say": _say_in_page, "languages": languages}
    app.after_request(_keep_choice)
