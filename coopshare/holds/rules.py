"""Pure decisions about holds: what a use takes, and where there is not enough."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coopshare.kernel.intervals import Interval, merged


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is really held: a resource without parts. Preparation in minutes."""

    id: UUID
    name: str
    timezone: str
    quantity: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Demand:
    """So many of a leaf, over a span with its preparation time."""

    leaf: Leaf
    quantity: int
    span: Interval
    resource_id: UUID
    """What was asked for: the leaf, or a whole it belongs to."""
    name: str


def overfull(uses: Iterable[tuple[Interval, int]], limit: int) -> list[tuple[Interval, int]]:
    """Return where more than `limit` is in use, with the peak of use there, in order."""
    changes: list[tuple[datetime, int]] = []
    for span, quantity in uses:
        changes += [(span.start, quantity), (span.end, -quantity)]
    found: list[tuple[Interval, int]] = []
    used = highest = 0
    since: datetime | None = None
    for instant, change in sorted(changes):  # at one instant, an end comes before a start
        used += change
        if used > limit:
            since, highest = since or instant, max(highest, used)
        elif since is not None:
            if since < instant:
                found.append((Interval(since, instant), highest))
            since, highest = None, 0
    return _joined(found)


def _joined(spans: list[tuple[Interval, int]]) -> list[tuple[Interval, int]]:
    joined = merged(span for span, _ in spans)
    return [(whole, max(used for span, used in spans if whole.contains(span))) for whole in joined]
