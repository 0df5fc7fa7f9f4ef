"""What one subscription answers, from the database to the bytes; read-only units only."""

from dataclasses import dataclass

from coopshare.calendars import feeds, freebusy, queries
from coopshare.calendars.models import FeedKind
from coopshare.calendars.queries import Subscription
from coopshare.calendars.services import hashed
from coopshare.calendars.wording import in_words_of
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import NotFound
from coopshare.kernel.text import Sentence, Translate, marked, same

READER = Actor(door="feed")
DESCRIPTION = marked("{cooperative}, par CoopShare")


@dataclass(frozen=True, slots=True)
class Found:
    """A subscription whose address was followed."""

    told: Subscription
    etag: str


def find(database: Database, token: str) -> Found:
    """Return the subscription of a token with its entity tag: one read; raises `NotFound`."""
    with database.read(READER) as work:
        told = queries.subscription(work, hashed(token))
    return Found(told, feeds.etag("ics", *told.etag_parts))


def calendar(database: Database, told: Subscription, translate: Translate = same) -> bytes:
    """Return the bytes of the calendar; `translate` says our own words to who reads it."""
    with database.read(told.actor) as work:
        shown = queries.fragments(work, told)
    feed = told.feed
    named = {"cooperative": told.actor.cooperative_name}
    description = Sentence(DESCRIPTION, named).say(told.actor.language, translate)
    joined = feeds.joined(feed.kind, feed.name, description, told.timezone, shown)
    return joined if told.actor.language == "fr" else in_words_of(joined, translate)


def free_busy(database: Database, told: Subscription) -> bytes:
    """Return the free/busy periods of a person or a resource; `NotFound` for any other feed."""
    feed = told.feed
    if feed.kind not in {FeedKind.MY_BOOKINGS, FeedKind.RESOURCE}:
        raise NotFound
    with database.read(told.actor) as work:
        found = freebusy.periods(work, told)
    return feeds.free_busy(
        f"{feed.id}@coopshare", told.day, found.busy, found.tentative, found.closed
    )
