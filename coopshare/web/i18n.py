"""Languages of the pages: French first, English by choice. The only importer of Flask-Babel."""

from datetime import date, datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, gettext, ngettext

from coopshare.kernel.dates import LocalMoment, LocalSpan, say_day, say_duration, say_time
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import say as say_plainly
from coopshare.kernel.units import say_money
from coopshare.web.context import actor, database, settings

LANGUAGES = ("fr", "en")

__all__ = ["gettext", "install", "language", "ngettext", "present", "say"]


def language() -> str:
    """Return the language of this request: the person's, else the site's."""
    if not has_request_context():
        return "fr"
    if "language" not in g:
        who = actor() if not request.path.startswith("/ical/") else None
        if who is not None and who.is_known:
            g.language = who.language
        else:
            asked = request.accept_languages.best_match(LANGUAGES)
            api = request.path.startswith("/api/")
            g.language = asked if api and asked else settings().lang
    return str(g.language)


def say(value: object) -> str:
    """Say a sentence, a span or any datum in the language of this request."""
    return say_plainly(value, language(), gettext)


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


def install(app: Flask) -> None:
    """Give the application its languages and the filters that say dates and amounts."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(
        Path(__file__).resolve().parent.parent / "translations"
    )
    app.config["BABEL_DEFAULT_LOCALE"] = "fr"
    Babel(app, locale_selector=language)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters |= {
        "day": _day,
        "time": _time,
        "span": _span,
        "moment": _moment,
        "duration": _duration,
        "money": _money,
        "say": say,
    }
    app.jinja_env.globals["say"] = say
