"""Versions by HTTP: every read gives an ETag, every change by the API says which one it saw."""

import re

from flask import Flask, Response, g, request

from coopshare.kernel.errors import VersionMismatch
from coopshare.web.errors import PreconditionRequired

VERSION = re.compile(r'^(?:W/)?"v(\d{1,9})"$')


def give_version(version: int) -> None:
    """Have the answer carry a row's version as its ETag."""
    g.version = version


def seen_version() -> int:
    """Return the version a change was made on, from If-Match.

    Raises `PreconditionRequired` (428) without the header, `VersionMismatch` (412) for one that
    was never ours.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionRequired
    found = VERSION.match(header.strip())
    if found is None:
        raise VersionMismatch
    return int(found.group(1))


def tag(response: Response) -> Response:
    """Give reads of the API their ETag, and answer 304 to whoever has it already."""
    if "version" in g:
        response.set_etag(f"v{g.version}")
    elif (
        request.path.startswith("/api/v1/")
        and request.method in {"GET", "HEAD"}
        and response.status_code == 200  # noqa: PLR2004
        and not response.direct_passthrough
    ):
        response.add_etag(weak=True)
    if request.path.startswith("/api/v1/") and request.method in {"GET", "HEAD"}:
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.make_conditional(request)
    return response


def install(app: Flask) -> None:
    """Tag the answers of the API."""
    app.after_request(tag)
