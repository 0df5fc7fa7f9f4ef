"""Our own cursors: opaque, stable while rows come and go."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import is_clean, marked

T = TypeVar("T")
MOST = 100
EARLIEST, LATEST = 1900, 2200
"""Years between which anything of ours happens."""
UNKNOWN = marked("Cette suite de liste n'existe pas.")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, and where the next ones begin (None: there are no more)."""

    items: Sequence[T]
    next: str | None


def encode(*values: object) -> str:
    """Return a cursor that holds the sort values of the last item shown."""
    plain = [v.isoformat() if isinstance(v, datetime) else str(v) for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode(cursor: str, count: int) -> list[str]:
    """Return the values of a cursor; raises `Invalid` on the field `after` when it is not ours."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = json.loads(raw)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Invalid.field("after", UNKNOWN) from error
    if not isinstance(values, list) or len(values) != count:
        raise Invalid.field("after", UNKNOWN)
    if not all(isinstance(value, str) and is_clean(value) for value in values):
        raise Invalid.field("after", UNKNOWN)
    return [str(value) for value in values]


def by_instant(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the place in a list sorted by an instant; None: its beginning; raises `Invalid`."""
    if not cursor:
        return None
    written, one = decode(cursor, 2)
    try:
        at, item_id = datetime.fromisoformat(written), UUID(one)
    except ValueError as error:
        raise Invalid.field("after", UNKNOWN) from error
    if at.tzinfo is None or not EARLIEST <= at.year < LATEST:
        raise Invalid.field("after", UNKNOWN)
    return at, item_id


def page(found: Sequence[T], limit: int, sort_values: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """Make a page of `limit` items out of a query that asked for one more."""
    if len(found) <= limit:
        return Page(found, None)
    kept = found[:limit]
    return Page(kept, encode(*sort_values(kept[-1])))
