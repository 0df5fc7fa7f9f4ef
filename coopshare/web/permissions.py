"""Every route says who it is for: a permission, or explicitly everybody."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request

from coopshare.kernel.errors import Forbidden, NotAuthenticated
from coopshare.kernel.text import marked
from coopshare.web.context import actor

F = TypeVar("F", bound=Callable[..., Any])

PUBLIC = "public"


def public(view: F) -> F:
    """Say that a route is for everybody, known or not."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


class NoCooperative(Forbidden):
    """The person belongs to no cooperative (any more): there is nothing to show."""

    code = "no_cooperative"
    message = marked(
        "Votre compte n'est rattaché à aucune coopérative. Demandez une invitation à la vôtre."
    )


def requires(permission: StrEnum, *, anywhere: bool = False) -> Callable[[F], F]:
    """Say which permission a route asks for; its service checks it on the very object.

    `anywhere`: also for a person who belongs to no cooperative.
    """

    def mark(view: F) -> F:
        view.permission = permission  # type: ignore[attr-defined]
        view.anywhere = anywhere  # type: ignore[attr-defined]
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
    if declared == PUBLIC:
        return
    if not actor().is_known:
        raise NotAuthenticated
    view = current_app.view_functions[request.endpoint]
    if actor().cooperative_id is None and not getattr(view, "anywhere", False):
        raise NoCooperative
