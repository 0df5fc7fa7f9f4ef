"""What the verbs of notifications are given."""

from dataclasses import dataclass

from coopshare.notifications.models import News


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """What one wants to be told from now on."""

    news: News
    reminder: int
    """Hours before a booking; 0: no reminder."""
    deadlines: bool
    digest: bool
    version: int | None = None
    """The version that was seen; None: whatever it is now."""
