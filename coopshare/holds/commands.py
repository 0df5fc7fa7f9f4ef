"""What the verbs of closures are given."""

from dataclasses import dataclass
from uuid import UUID

from coopshare.kernel.intervals import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close resources over a span, for a reason that everybody may read."""

    resource_ids: tuple[UUID, ...]
    span: Interval
    timezone: str
    """Where the span is said: the zone of the resources."""
    reason: str
