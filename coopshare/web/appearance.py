"""Light, dark, or as the device says: a choice of the person, followed by every device.

A cookie keeps it for this browser too, for the pages that are seen before logging in.
"""

from flask import Blueprint, current_app, redirect, request
from flask.typing import ResponseReturnValue

from coopshare.web.context import actor, site
from coopshare.web.pages import THEMES
from coopshare.web.permissions import public

blueprint = Blueprint("appearance", __name__)

YEAR = 365 * 24 * 3600
"""Seconds the choice is kept."""


def page_of_ours(path: str) -> str:
    """Return the path if it leads to a page of this site, else the first page."""
    inside = path.startswith("/") and not path.startswith("//") and path.isprintable()
    return path if inside and "\\" not in path else "/"


@blueprint.post("/apparence")
@public
def choose() -> ResponseReturnValue:
    """Keep the choice and go back to the page it was made on; an unknown choice changes nothing."""
    answer = redirect(page_of_ours(request.form.get("suite", "/")), 303)
    theme = request.form.get("theme", "")
    if theme in THEMES:
        if actor().is_known:
            site().keep_theme(theme)
        answer.set_cookie(
            "theme",
            theme,
            max_age=YEAR,
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
            httponly=True,
            samesite="Lax",
        )
    return answer
