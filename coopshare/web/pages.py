"""What every template may use: who acts, the menu, addresses of files, the present request."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, current_app, g, has_request_context, request, url_for

from coopshare.web.context import actor, site
from coopshare.web.i18n import gettext, language

NIL = UUID(int=0)
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the menu as the frame draws it."""

    endpoint: str
    url: str
    label: str
    icon: str
    group: str
    is_current: bool
    counts: bool


@lru_cache(maxsize=512)
def _fingerprint(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """Return the address of a static file, which changes when the file does."""
    known: dict[str, str] = g.setdefault("assets", {})
    if name not in known:
        path = Path(current_app.static_folder or "") / name
        if path.is_file():
            mark = _fingerprint(path, path.stat().st_mtime)
            known[name] = url_for("static", filename=name, v=mark)
        else:
            known[name] = url_for("static", filename=name)
    return known[name]


def address_maker(endpoint: str, argument: str) -> Callable[[UUID], str]:
    """Return a function that gives the address of a page about each of many things."""
    values: dict[str, Any] = {argument: NIL}
    pattern = url_for(endpoint, **values)
    before, after = pattern.split(str(NIL))
    return lambda key: f"{before}{key}{after}"


def has_endpoint(name: str) -> bool:
    """Tell whether a page exists."""
    return name in current_app.view_functions


def may_open(name: str) -> bool:
    """Tell whether a page exists and is for whoever asks: what is not for them is not offered."""
    is_for = site().only_for.get(name)
    return has_endpoint(name) and (is_for is None or is_for(actor()))


def _links() -> list[Link]:
    who = actor()
    current = request.endpoint or ""
    return [
        Link(
            entry.endpoint,
            url_for(entry.endpoint),
            gettext(entry.label),
            entry.icon,
            entry.group,
            current == entry.endpoint,
            entry.counts,
        )
        for entry in site().navigation
        if has_endpoint(entry.endpoint) and entry.is_for(who)
    ]


def _theme() -> str:
    """Return the colours: those of the person on every device, those of the browser before."""
    who = actor()
    asked = who.theme if who.is_known else request.cookies.get("theme", "auto")
    return asked if asked in THEMES else "auto"


def variables() -> dict[str, Any]:
    """Return what every template knows."""
    if not has_request_context():
        return {}
    who = actor()
    known = who if who.is_known else None
    return {
        "actor": known,
        "choices": site().places(who) if known else (),
        "nav": _links() if known else (),
        "lang": language(),
        "theme": _theme(),
        "request_id": g.get("request_id", ""),
    }


def install(app: Flask) -> None:
    """Give templates their variables and functions."""
    app.context_processor(variables)
    app.jinja_env.globals |= {"asset": asset, "has_endpoint": has_endpoint, "may_open": may_open}
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
