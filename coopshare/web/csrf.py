"""Requests that change something come from our own pages: Sec-Fetch-Site, Origin, and a token."""

from flask import Flask, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from coopshare.kernel.errors import CoopShareError
from coopshare.kernel.text import marked

protection = CSRFProtect()
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "REPORT"})


class ForeignRequest(CoopShareError):
    """The request does not come from a page of this site, or its page is too old."""

    code = "foreign_request"
    message = marked(
        "Cette page a été ouverte il y a trop longtemps, ou depuis un autre site."
        " Rechargez-la, puis recommencez : rien n'a été changé."
    )


def check() -> None:
    """Refuse an unsafe request that may have been forged; bearers of a token are not concerned."""
    if request.method in SAFE or request.endpoint is None:
        return
    if request.headers.get("Authorization", "").lower().startswith("bearer "):
        return
    fetch_site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin", "null")
    if fetch_site is not None:
        if fetch_site not in {"same-origin", "none"}:
            raise ForeignRequest
    elif origin != "null" and origin.partition("://")[2] != request.host:
        raise ForeignRequest
    try:
        protection.protect()
    except CSRFError as error:
        raise ForeignRequest from error


def install(app: Flask) -> None:
    """Plug the check in, before any view."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_SSL_STRICT"] = False  # by Referer, which our pages never send
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session
    protection.init_app(app)
    app.before_request(check)
