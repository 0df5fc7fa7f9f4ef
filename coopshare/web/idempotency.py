"""The one-time key of a request: a hidden field of forms, the Idempotency-Key of programs."""

import hashlib
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID, uuid4

from flask import request

from coopshare.db import once as kept
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked
from coopshare.web.context import actor, database

P = ParamSpec("P")
LONGEST_KEY = 200


def once(use_case: Callable[Concatenate[Work, P], Any], *args: P.args, **kwargs: P.kwargs) -> UUID:
    """Run a use case for the actor under the request's key; return the id of what it made.

    Sent twice, the same request acts once and gets the same id. Without a key it simply acts.
    """
    key = request.headers.get("Idempotency-Key") or request.form.get("_key") or uuid4().hex
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
    return kept.once(
        database(), actor(), kept.Request(key, digest.hexdigest()), use_case, *args, **kwargs
    )
