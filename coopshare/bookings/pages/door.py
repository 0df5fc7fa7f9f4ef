"""The screen at a door: no session, no cookie, only its token in the path; GET and HEAD.

The page is drawn whole by the server and asks again each minute; with a script it asks for the
day instead, which answers 304 after one small statement while nothing has changed.
"""

import json
from datetime import timedelta

import segno
from flask import Blueprint, Response, g, render_template, request, url_for

from coopshare.bookings.door import Day, Span, clock, told
from coopshare.bookings.screens import DAYS, Found, find
from coopshare.bookings.seen import SEEN
from coopshare.calendars.services import hashed
from coopshare.kernel.actor import ANONYMOUS
from coopshare.kernel.dates import say_time
from coopshare.kernel.errors import NotFound
from coopshare.kernel.text import typeset
from coopshare.web import limits
from coopshare.web.context import database, settings
from coopshare.web.i18n import gettext, language, speak
from coopshare.web.limits import Pace
from coopshare.web.permissions import public

blueprint = Blueprint("door", __name__)
LONGEST_TOKEN = 100
EVERY = 60
"""Seconds between two questions of a screen."""


def _find(token: str) -> Found:
    g.actor = ANONYMOUS  # whoever is logged in on that tablet: it is a screen here
    if len(token) > LONGEST_TOKEN:
        raise NotFound
    found = find(database(), hashed(token))
    SEEN.note(found.screen.id, database().clock())
    speak(found.screen.language)
    return found


def _dressed(response: Response, caching: str) -> Response:
    response.headers["Cache-Control"] = caching
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _lives_not() -> Response:
    said = "Cet écran n'existe pas, ou plus.\n"
    return _dressed(Response(said, 404, content_type="text/plain; charset=utf-8"), "no-store")


def _now() -> int:
    return int(database().clock().timestamp())


@blueprint.get("/ecran/<token>")
@public
def screen(token: str) -> Response:
    """Draw the screen as of now."""
    try:
        found = _find(token)
        limits.count(Pace.READING, found.screen.id)
        name, day = DAYS.of(database(), found)
    except NotFound:
        return _lives_not()
    now = _now()
    path = url_for("bookings.arrive", resource_id=found.screen.resource_id)
    arrive = f"{settings().base_url}{path}"
    page = render_template(
        "bookings/door.html",
        name=name,
        cooperative=found.cooperative,
        told=told(day, now),
        day=json.dumps(day.as_data(), ensure_ascii=False, separators=(",", ":")),
        tag=found.tag,
        now=now,
        every=EVERY,
        source=url_for("door.day", token=token),
        words=_words(),
        words_data=json.dumps(_words(), ensure_ascii=False),
        said=_Said(day),
        picture=segno.make(arrive, error="m").svg_data_uri(scale=4, border=2),
    )
    return _dressed(Response(page), "no-store")


@blueprint.get("/ecran/<token>/jour")
@public
def day(token: str) -> Response:
    """Give the day that the screen shows; 304 while it has it already."""
    try:
        found = _find(token)
        if request.if_none_match.contains_weak(found.tag):
            return _tagged(Response(status=304), found)
        limits.count(Pace.READING, found.screen.id)
        _, made = DAYS.of(database(), found)
    except NotFound:
        return _lives_not()
    body = json.dumps(made.as_data(), ensure_ascii=False, separators=(",", ":"))
    return _tagged(Response(body, content_type="application/json"), found)


def _tagged(response: Response, found: Found) -> Response:
    response.set_etag(found.tag)
    response.headers["X-Now"] = str(_now())
    return _dressed(response, "private, no-cache")


class _Said:
    """Says instants as the clock at the door does."""

    def __init__(self, day: Day) -> None:
        self.day = day

    def time(self, moment: int) -> str:
        """Say an hour."""
        return say_time(clock(self.day, moment).time(), language())

    def until(self, moment: int, now: int) -> str:
        """Say an hour, and that it is tomorrow's where it is."""
        here, there = clock(self.day, now).date(), clock(self.day, moment).date()
        said = self.time(moment)
        if there == here or clock(self.day, moment) == _midnight(self.day, now):
            return said
        return gettext("demain à {time}").format(time=said)

    def span(self, span: Span) -> str:
        """Say from when to when."""
        return f"{self.time(span.start)}\u00a0–\u00a0{self.time(span.end)}"


def _midnight(day: Day, now: int) -> object:
    local = clock(day, now)
    return local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _words() -> dict[str, str]:
    """Return the words of the screen, in its language: the template and the script say the same."""
    found = {
        "free": gettext("Libre"),
        "taken": gettext("Occupé"),
        "closed": gettext("Fermé"),
        "unknown": gettext("Sans nouvelles"),
        "until": gettext("jusqu'à {time}"),
        "opens": gettext("ouvre à {time}"),
        "all_day": gettext("pour le reste de la journée"),
        "no_news": gettext("Ce que cet écran sait date de trop longtemps."),
        "tomorrow": gettext("demain à {time}"),
        "come": gettext("Arrivée attendue avant {time}"),
        "here": gettext("Arrivée signalée"),
        "between": gettext("Préparation de la salle"),
        "next": gettext("Ensuite"),
        "nothing": gettext("Rien d'autre aujourd'hui."),
        "booked": gettext("Réservé"),
        "no_other": gettext("Aucune autre salle n'est libre."),
        "updated": gettext("Mis à jour à {time}"),
        "offline": gettext("Pas de réseau : dernière mise à jour à {time}"),
    }
    return {name: typeset(text) if language() == "fr" else text for name, text in found.items()}
