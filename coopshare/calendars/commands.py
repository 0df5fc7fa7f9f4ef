"""What the verbs of calendars are given."""

from dataclasses import dataclass
from uuid import UUID

from coopshare.calendars.models import FeedDetail, FeedKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateFeed:
    """Make a subscription address; `target_id` names the resource or the other organisation."""

    kind: FeedKind
    detail: FeedDetail = FeedDetail.FULL
    target_id: UUID | None = None
