"""How a subscription is answered by HTTP: conditions, compression, headers, one sort of 404."""

import gzip
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from flask import Response, request

SETTLED = timedelta(seconds=2)
"""A change this young gives no Last-Modified: another may follow within the same second."""
LEVEL = 6
WITHOUT_GZIP = ("microsoft", "outlook", "exchange")
"""Words of clients that lost a subscription over gzip."""


def lives_not() -> Response:
    """Return the one answer to an address that never existed, was revoked, or has died."""
    return _dressed(
        Response("Ce calendrier n'existe pas, ou plus.\n", 404, content_type="text/plain")
    )


def not_modified(etag: str, changed_at: datetime | None, now: datetime) -> Response | None:
    """Return a 304 if the client has these bytes already, else None.

    Without a `changed_at` only the tag is compared.
    """
    if request.if_none_match:
        known = request.if_none_match
        if not (known.contains_weak(etag) or known.contains_weak(f"{etag}-gzip")):
            return None
    elif changed_at is None:
        return None
    else:
        since = request.headers.get("If-Modified-Since")
        stamp = _stamp(changed_at, now)
        if since is None or stamp is None or not _is_since(since, stamp):
            return None
    return _tagged(Response(status=304), etag, changed_at, now)


def _is_since(since: str, stamp: datetime) -> bool:
    try:
        told = parsedate_to_datetime(since)
    except ValueError:
        return False
    return told.tzinfo is not None and told >= stamp


def _stamp(changed_at: datetime | None, now: datetime) -> datetime | None:
    """Return the time of the last change, which a new day is too, or None while it may move."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    latest = max(changed_at or midnight, midnight)
    return None if now - latest < SETTLED else latest.replace(microsecond=0)


def calendar(body: bytes, etag: str, changed_at: datetime | None, now: datetime) -> Response:
    """Return a calendar, compressed when asked for."""
    packed = _wants_gzip()
    if packed:
        body, etag = gzip.compress(body, LEVEL, mtime=0), f"{etag}-gzip"
    response = Response(body, content_type="text/calendar; charset=utf-8")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return _tagged(response, etag, changed_at, now)


def _wants_gzip() -> bool:
    client = request.headers.get("User-Agent", "").casefold()
    if any(word in client for word in WITHOUT_GZIP):
        return False
    return request.accept_encodings["gzip"] > 0 and "Accept-Encoding" in request.headers


def _tagged(response: Response, etag: str, changed_at: datetime | None, now: datetime) -> Response:
    response.set_etag(etag)
    stamp = _stamp(changed_at, now)
    if stamp is not None and changed_at is not None:
        response.headers["Last-Modified"] = format_datetime(stamp, usegmt=True)
    return _dressed(response)


def _dressed(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, max-age=0, must-revalidate"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
