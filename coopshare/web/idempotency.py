"""The one-time key of a request: a hidden field of forms, the Idempotency-Key of programs."""

import hashlib
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from flask import request

from coopshare.db import once as kept
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked
from coopshare.web.context import actor, database

A = TypeVar("A")
P = ParamSpec("P")
T = TypeVar("T")
LONGEST_KEY = 200


def once(use_case: Callable[Concatenate[Work, P], Any], *args: P.args, **kwargs: P.kwargs) -> UUID:
    """Run a use case for the actor under the request's key; return the id of what it made.

    Sent twice, the same request acts once and gets the same id. Without a key it simply acts.
    """
    return outcome(lambda work: use_case(work, *args, **kwargs), None).id


def shown_once(
    use_case: Callable[[Work], T],
    show: Callable[[Work, T], A],
    again: Callable[[UUID], A],
) -> A:
    """Run a use case as `once` does, and show what it made in the unit that made it.

    `again` shows it when the request comes a second time.
    """
    made = outcome(use_case, show)
    return again(made.id) if made.shown is None else made.shown


def outcome(
    use_case: Callable[[Work], Any], show: Callable[[Work, Any], A] | None
) -> kept.Outcome[A]:
    """Run a use case as `once` does; tell its id, and what `show` said of it if it just ran."""
    key = request.headers.get("Idempotency-Key") or request.form.get("_key")
    if not key:
        return database().write(actor(), _unkept, use_case, show)
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid.field(
            "Idempotency-Key", marked("Cette clé a plus de 200 signes, ou d'étranges.")
        )
    digest = hashlib.sha256()
    digest.update(f"{request.method} {request.path}\n{actor().organisation_id}\n".encode())
    if request.form:
        typed = sorted(
            (name, value)
            for name, values in request.form.lists()
            for value in values
            if name != "csrf_token"
        )
        digest.update(repr(typed).encode())
    else:
        digest.update(request.get_data(cache=True))
    return kept.once(database(), actor(), kept.Request(key, digest.hexdigest()), use_case, show)


def _unkept(
    work: Work, use_case: Callable[[Work], Any], show: Callable[[Work, Any], A] | None
) -> kept.Outcome[A]:
    made = use_case(work)
    work.session.flush()
    result: UUID = made if isinstance(made, UUID) else made.id
    return kept.Outcome(result, show(work, made) if show else None)
