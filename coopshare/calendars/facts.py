"""What happened to subscriptions."""

from dataclasses import dataclass
from typing import ClassVar

from coopshare.kernel.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCreated(Fact):
    """A subscription address was made."""

    name: ClassVar[str] = "feed_created"
    object_kind: ClassVar[str] = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRotated(Fact):
    """A subscription got another address; the former one answers no more."""

    name: ClassVar[str] = "feed_rotated"
    object_kind: ClassVar[str] = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRevoked(Fact):
    """A subscription address answers no more."""

    name: ClassVar[str] = "feed_revoked"
    object_kind: ClassVar[str] = "feed"
