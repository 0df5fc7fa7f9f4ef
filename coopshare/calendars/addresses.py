"""The addresses of a subscription, for each sort of application."""

from dataclasses import dataclass
from urllib.parse import quote

from coopshare.calendars.models import Feed


@dataclass(frozen=True, slots=True)
class Addresses:
    """One subscription, as the applications want it."""

    https: str
    webcal: str
    google: str
    outlook: str
    free_busy: str | None


def addresses(base_url: str, feed: Feed, token: str) -> Addresses:
    """Return the addresses of a feed whose token is known only now."""
    url = f"{base_url.rstrip('/')}/ical/{token}/{feed.slug}.ics"
    webcal = f"webcal://{url.partition('://')[2]}"
    has_free_busy = feed.kind in {feed.kind.MY_BOOKINGS, feed.kind.RESOURCE}
    return Addresses(
        https=url,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook="https://outlook.live.com/calendar/0/addfromweb"
        f"?url={quote(url, safe='')}&name={quote(feed.name, safe='')}",
        free_busy=f"{url.removesuffix('.ics')}.ifb" if has_free_busy else None,
    )
