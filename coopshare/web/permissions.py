"""Every route says who it is for: a permission, or explicitly everybody."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request

from coopshare.kernel.errors import Forbidden, NotAuthenticated
from coopshare.web.context import actor

F = TypeVar("F", bound=Callable[..., Any])

PUBLIC = "public"


def public(view: F) -> F:
    """Say that a route is for everybody, known or not."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


def requires(permission: StrEnum) -> Callable[[F], F]:
    """Say which permission a route asks for; its service checks it on the very object."""

    def mark(view: F) -> F:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def permission_of(app: Flask, endpoint: str) -> str | None:
    """Return what a route declares: "public", a permission, or None when it says nothing."""
    if endpoint == "static" or endpoint.startswith("api-docs."):
        return PUBLIC
    found = getattr(app.view_functions[endpoint], "permission", None)
    return str(found) if found is not None else None


def check() -> None:
    """Refuse a request to a route that is not public from somebody who is not known."""
    if request.endpoint is None:
        return
    declared = permission_of(current_app, request.endpoint)
    if declared is None:
        raise Forbidden
    if declared != PUBLIC and not actor().is_known:
        raise NotAuthenticated
