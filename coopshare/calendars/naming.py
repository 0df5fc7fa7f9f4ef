"""What a subscription is called in the application that shows it. Pure."""

from collections.abc import Mapping

from coopshare.calendars.models import FeedDetail, FeedKind

LONGEST = 120

MY_BOOKINGS = {"fr": "Mes réservations", "en": "My bookings"}
MY_SHIFTS = {"fr": "Mes demi-journées", "en": "My shifts"}
SCHEDULE = {"fr": "Planning", "en": "Schedule"}
BUSY_OR_FREE = {"fr": "pris ou libre", "en": "busy or free"}
"""Words of the name a subscription keeps, by the language of whose it is."""

BEFORE: Mapping[FeedKind, Mapping[str, str]] = {
    FeedKind.MY_BOOKINGS: MY_BOOKINGS,
    FeedKind.MY_SHIFTS: MY_SHIFTS,
    FeedKind.COOPERATIVE: SCHEDULE,
}
"""What goes before the name of what is followed."""


def feed_name(kind: FeedKind, detail: FeedDetail, name: str, language: str) -> str:
    """Return the name of a subscription to what is called `name`."""
    said = f"{BEFORE[kind][language]} – {name}" if kind in BEFORE else name
    if detail is FeedDetail.BUSY:
        said = f"{said} ({BUSY_OR_FREE[language]})"
    return said[:LONGEST]
