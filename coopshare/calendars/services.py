"""The verbs of calendars: publish what changed; make and end subscriptions."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update

from coopshare.calendars import policies
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.facts import FeedCreated, FeedRevoked, FeedRotated
from coopshare.calendars.ics import Variant, calendar, is_absolute, uid_of, vevents
from coopshare.calendars.lines import one_line
from coopshare.calendars.models import (
    CalendarEntry,
    CalendarVersion,
    Feed,
    FeedKind,
)
from coopshare.calendars.naming import feed_name
from coopshare.calendars.queries import get_feed
from coopshare.db.counters import raise_each
from coopshare.db.work import Work
from coopshare.kernel.agenda import Entry
from coopshare.kernel.errors import Forbidden, Invalid, NotFound, VersionMismatch
from coopshare.kernel.text import folded, marked
from coopshare.members.queries import roll
from coopshare.resources.queries import catalogue


def publish(
    work: Work, entries: Iterable[Entry], resource_ids: Iterable[UUID], *, is_new: bool = False
) -> None:
    """Store the events of entries and tell every calendar that shows them: last act of a verb.

    `resource_ids` are the resources used before and after; those that share a part with them are
    told too. An entry whose `url` is a path gets the address of this
    instance before it. The versions are raised last, in sorted order, so that two writers never
    wait for each other in a ring. `is_new` says that no entry was ever published before.
    """
    cooperative_id = work.actor.cooperative_id
    if cooperative_id is None:
        raise NotFound
    scopes: set[UUID | None] = {cooperative_id, *catalogue(work).sharing(resource_ids)}
    told = list(entries)
    query = select(CalendarEntry).where(CalendarEntry.source_id.in_([e.source_id for e in told]))
    rows = {} if is_new else {row.source_id: row for row in work.session.scalars(query)}
    made: list[CalendarEntry] = []
    for entry in told:
        row = rows.get(entry.source_id)
        if row is None:
            row = CalendarEntry(
                source_id=entry.source_id, uid=uid_of(entry.source_id, work.address), rebuilds=0
            )
            made.append(row)
        else:
            scopes |= {row.organisation_id, row.person_id} - {None}
        _store(work, row, entry)
        scopes |= {entry.organisation_id, entry.person_id} - {None}
    work.session.flush()
    work.insert(*made)
    raise_each(work, CalendarVersion, [scope for scope in scopes if scope is not None])


def touch(work: Work, resource_ids: Iterable[UUID]) -> None:
    """Tell whoever shows these resources that something changed which no calendar tells."""
    cooperative_id = work.actor.cooperative_id
    if cooperative_id is None:
        raise NotFound
    raise_each(work, CalendarVersion, {cooperative_id, *catalogue(work).sharing(resource_ids)})


def as_stored(work: Work, row: CalendarEntry, entry: Entry) -> Entry:
    """Return an entry as its row tells it: its page at this instance, its rebuilds counted."""
    url = entry.url
    if url and not is_absolute(url):
        url = f"{work.address.rstrip('/')}/{url.lstrip('/')}"
    return replace(
        entry,
        url=url,
        sequence=entry.sequence + row.rebuilds,
        changed_at=max(entry.changed_at, row.rebuilt_at or entry.changed_at),
    )


def _store(work: Work, row: CalendarEntry, entry: Entry) -> None:
    entry = as_stored(work, row, entry)
    row.source_kind = entry.source_kind
    row.organisation_id, row.person_id = entry.organisation_id, entry.person_id
    row.starts_at, row.ends_at = entry.span.start, entry.span.end
    row.timezone = entry.timezone
    row.status, row.title, row.url = entry.status, one_line(entry.title)[:200], entry.url[:300]
    if entry.status != "cancelled":
        row.cancelled_at = None
    elif row.cancelled_at is None:
        row.cancelled_at = entry.changed_at
    told = vevents(entry, row.uid)
    row.full = told[Variant.FULL]
    row.busy = told[Variant.FULL if entry.organisation_id is None else Variant.BUSY]


def event_file(entry: Entry, *, uid: str | None = None) -> bytes:
    """Return one event as a calendar (METHOD:PUBLISH), for a mail or a download.

    Without a `uid` it is the one a first `publish` gives: the id at the host of the entry's link.
    Prefer `queries.event_file`, which reads what was stored.
    """
    return calendar(entry, uid or uid_of(entry.source_id, entry.url))


def create_feed(work: Work, command: CreateFeed) -> tuple[Feed, str]:
    """Make a subscription of the actor; return it with its token, which is told only now.

    Raises `NotFound` for a resource or an organisation that may not be seen, `Forbidden` for the
    calendar of another organisation.
    """
    actor = work.actor
    policies.allow(actor)
    target_id, named = _target(work, command)
    if not policies.may_follow(actor, command.kind, target_id):
        raise Forbidden
    name = feed_name(command.kind, command.detail, named, actor.language)
    token = new_token()
    feed = Feed(
        id=uuid4(),
        token_hash=hashed(token),
        cooperative_id=actor.cooperative_id,
        person_id=actor.person_id,
        organisation_id=actor.organisation_id,
        kind=command.kind,
        target_id=target_id,
        detail=command.detail,
        name=name,
        slug=slug(name),
        created_at=work.now,
    )
    work.session.add(feed)
    work.session.flush()
    work.record(FeedCreated(object_id=feed.id))
    return feed, token


def _target(work: Work, command: CreateFeed) -> tuple[UUID | None, str]:
    """Return what the feed shows: the scope of its version, and what that is called."""
    actor = work.actor
    match command.kind:
        case FeedKind.MY_BOOKINGS | FeedKind.MY_SHIFTS:
            return actor.person_id, actor.organisation_name
        case FeedKind.COOPERATIVE:
            return actor.cooperative_id, actor.cooperative_name
        case FeedKind.RESOURCE:
            if command.target_id is None:
                raise Invalid.field("target_id", marked("Choisissez ce que vous voulez suivre."))
            resource = catalogue(work).resources.get(command.target_id)
            if resource is None:
                raise NotFound
            return resource.id, resource.name
        case FeedKind.ORGANISATION:
            target_id = command.target_id or actor.organisation_id
            member = roll(work).memberships.get(target_id) if target_id else None
            if member is None:
                raise NotFound
            return target_id, member.organisation.name


def rotate(work: Work, feed_id: UUID) -> tuple[Feed, str]:
    """Give a subscription another address; the former one answers no more from now on."""
    feed = get_feed(work, feed_id)
    token = new_token()
    feed.token_hash = hashed(token)
    feed.last_used_on, feed.last_client, feed.created_at = None, None, work.now
    work.session.flush()
    work.record(FeedRotated(object_id=feed.id))
    return feed, token


def revoke_feed(work: Work, feed_id: UUID, *, version: int | None = None) -> Feed:
    """End a subscription: its address answers no more from now on.

    Raises `VersionMismatch` when it is not the version that was seen.
    """
    feed = get_feed(work, feed_id)
    if version is not None and version != feed.version:
        raise VersionMismatch
    feed.revoked_at = work.now
    work.record(FeedRevoked(object_id=feed.id))
    return feed


def record_uses(work: Work, uses: Mapping[UUID, tuple[date, str]]) -> None:
    """Keep the day and the client of the last use of feeds, gathered by the web processes."""
    for feed_id in sorted(uses):
        day, client = uses[feed_id]
        work.session.execute(
            update(Feed)
            .where(Feed.id == feed_id, or_(Feed.last_used_on.is_(None), Feed.last_used_on < day))
            .values(last_used_on=day, last_client=client)
            .execution_options(synchronize_session=False)
        )


def new_token() -> str:
    """Return 256 random bits, in letters that pass in an address."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def slug(name: str) -> str:
    """Return the readable end of an address: ASCII, short."""
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in folded(name)).split()
    return "-".join(words)[:40].strip("-") or "calendrier"
