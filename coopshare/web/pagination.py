"""Our own cursors: opaque, stable while rows come and go."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked

T = TypeVar("T")
MOST = 100


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
    except (binascii.Error, ValueError) as error:
        raise Invalid.field("after", marked("Cette suite de liste n'existe pas.")) from error
    if not isinstance(values, list) or len(values) != count:
        raise Invalid.field("after", marked("Cette suite de liste n'existe pas."))
    return [str(value) for value in values]


def page(found: Sequence[T], limit: int, sort_values: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """Make a page of `limit` items out of a query that asked for one more."""
    if len(found) <= limit:
        return Page(found, None)
    kept = found[:limit]
    return Page(kept, encode(*sort_values(kept[-1])))
