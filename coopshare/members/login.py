"""Who is asking: the cookie of a login, or the key of a program. The only user of Flask-Login.

The cookie holds an opaque id, signed; everything else is read anew at each request, so that the
end of a login, a suspension or another role acts at once.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Flask, current_app, request, session
from flask_login import LoginManager, current_user, login_user

from coopshare.kernel.actor import ANONYMOUS, Actor, Door
from coopshare.kernel.errors import Busy, NotAuthenticated, TooMany
from coopshare.members import queries, services, tokens
from coopshare.members.commands import ChangePreferences, OpenSession
from coopshare.web import limits
from coopshare.web.context import database, write
from coopshare.web.limits import Pace

log = logging.getLogger("coopshare")

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Visitor:
    """A login as Flask-Login sees it."""

    token: str
    actor: Actor
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the cookie holds: an opaque id."""
        return self.token


def install(app: Flask) -> None:
    """Have the toolbox learn from here who acts, and where else they may act."""
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False  # an absolute lifetime
    manager = LoginManager()
    manager.session_protection = None  # the row of the login is the protection
    manager.user_loader(_visitor)
    manager.init_app(app, add_context_processor=False)
    # We have no "remember" cookie, and this hook reads the session on every answer: subscriptions
    # and static files would no longer be the same for everybody.
    app.after_request_funcs[None].remove(manager._update_remember_cookie)  # noqa: SLF001
    plugged = app.extensions["coopshare"]
    plugged.current_actor = current_actor
    plugged.places = places
    plugged.refused = note_refusal
    plugged.keep_theme = keep_theme


def current_actor() -> Actor:
    """Return who acts: nobody known, unless a key or a login says so.

    A request with a key is never read by its cookie: it skipped the check against forgery.
    """
    header = request.headers.get("Authorization", "")
    if header.lower().startswith(BEARER):
        return _bearer(header[len(BEARER) :].strip()) if _is_api() else ANONYMOUS
    name = str(current_app.config["SESSION_COOKIE_NAME"])
    if name not in request.cookies or not current_user.is_authenticated:
        return ANONYMOUS  # without the cookie no session is opened
    actor: Actor = current_user.actor
    return actor


def places(actor: Actor) -> Sequence[queries.Place]:
    """Return where the person may act."""
    if actor.person_id is None:
        return ()
    with database().read(actor) as work:
        return queries.places(work, actor.person_id)


def keep_theme(theme: str) -> None:
    """Keep the colours a person chose with their account."""
    write(services.change_preferences, ChangePreferences(theme=theme))


def note_refusal(who: Actor, route: str, method: str) -> None:
    """Keep in the audit trail that somebody went beyond their role; so many an hour at most.

    The refusal stands, whether or not it could be kept.
    """
    if not who.is_known or who.cooperative_id is None:
        return
    try:
        limits.count(Pace.REFUSALS, who.person_id)
        database().write(who, services.note_refusal, route, method)
    except TooMany:
        return
    except Busy:
        log.warning("a refusal could not be kept: %s %s", method, route)


def log_in(person_id: UUID, where: tuple[UUID, UUID] | None = None) -> None:
    """Begin a new login on this device, under a new id; an earlier one on it ends."""
    log_out()
    token = tokens.new()
    database().write(
        ANONYMOUS,
        services.open_session,
        OpenSession(
            person_id=person_id,
            token_hash=tokens.hashed(token),
            device=device(),
            cooperative_id=where[0] if where else None,
            organisation_id=where[1] if where else None,
        ),
    )
    session.permanent = True
    login_user(Visitor(token, ANONYMOUS))


def log_out() -> None:
    """End the login of this device, and forget everything its cookie held."""
    mine = session_hash()
    if mine is not None:
        database().write(ANONYMOUS, services.close_session, mine)
    session.clear()


def session_hash() -> str | None:
    """Return what is kept of this device's login id."""
    token = session.get("_user_id")
    return tokens.hashed(str(token)) if token else None


def device() -> str:
    """Return the family of browser and system, as the browser tells them."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for sign, name in BROWSERS if sign in agent), None)
    browser = browser or ("Safari" if "Safari/" in agent else "Navigateur")
    system = next((name for sign, name in SYSTEMS if sign in agent), None)
    return f"{browser}, {system}" if system else browser


def is_secure() -> bool:
    """Tell whether cookies travel by https only."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def address() -> str:
    """Return the address the request comes from; forged headers have no say in it."""
    return request.remote_addr or "?"


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _bearer(token: str) -> Actor:
    with database().read(ANONYMOUS) as work:
        try:
            return queries.token_actor(work, token)
        except NotAuthenticated:
            return ANONYMOUS


def _visitor(token: str) -> Visitor | None:
    door: Door = "api" if _is_api() else "web"
    with database().read(ANONYMOUS) as work:
        try:
            return Visitor(token, queries.session_actor(work, token, door))
        except NotAuthenticated:
            return None
