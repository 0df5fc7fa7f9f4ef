"""What happened to subscriptions."""

from dataclasses import dataclass
from typing import ClassVar

from coopshare.kernel.facts import Fact
from coopshare.kernel.text import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCreated(Fact):
    """A subscription address was made."""

    name: ClassVar[str] = "feed_created"
    said: ClassVar[str] = marked("{who} a créé un abonnement d'agenda.")
    object_kind: ClassVar[str] = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRotated(Fact):
    """A subscription got another address; the former one answers no more."""

    name: ClassVar[str] = "feed_rotated"
    said: ClassVar[str] = marked("{who} a changé l'adresse d'un abonnement.")
    object_kind: ClassVar[str] = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRevoked(Fact):
    """A subscription address answers no more."""

    name: ClassVar[str] = "feed_revoked"
    said: ClassVar[str] = marked("{who} a supprimé un abonnement.")
    object_kind: ClassVar[str] = "feed"
