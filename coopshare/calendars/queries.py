"""Reads of subscriptions and of the events they show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, case, func, or_, select

from coopshare.calendars import policies
from coopshare.calendars.feeds import Fragment, joined, window
from coopshare.calendars.ics import first_day, single
from coopshare.calendars.models import (
    CalendarEntry,
    CalendarVersion,
    Feed,
    FeedDetail,
    FeedKind,
)
from coopshare.db.base import Owned, UTCDateTime
from coopshare.db.instants import earlier
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work
from coopshare.holds.models import Closure, Hold, HoldGuard, HoldSource
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval
from coopshare.members.models import Affiliation, Cooperative, Membership, Organisation, Person
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue

AT_ONCE = 1000
"""Events named in one statement."""
UNUSED_FOR = timedelta(days=180)
"""An address nobody reads dies after so long."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A living subscription, as one read finds it: whose, of what, at which version."""

    feed: Feed
    actor: Actor
    timezone: str
    version: int
    changed_at: datetime | None
    sees_all: bool
    day: date
    """The present UTC day: the window moves with it."""

    @property
    def etag_parts(self) -> tuple[object, ...]:
        """Return all that the bytes depend on."""
        feed, actor = self.feed, self.actor
        return (
            feed.id,
            feed.version,
            feed.detail,
            self.version,
            self.day,
            self.sees_all,
            actor.language,
            actor.cooperative_name,
            self.timezone,
        )


def _same(model: type[Owned]) -> ColumnElement[bool]:
    """Join a row of the feed's cooperative."""
    return model.cooperative_id == Feed.cooperative_id


SHIFTS = (str(HoldSource.ASSIGNMENT), str(HoldSource.LEAVE))
"""What somebody's work is told by."""

BY_TOKEN = (
    select(
        Feed,
        Affiliation.role,
        CalendarVersion.version,
        CalendarVersion.changed_at,
        Cooperative.name,
        Cooperative.timezone,
        Resource.manager_id,
        Membership.until,
        Organisation.name,
        Person.language,
    )
    .join(Person, Person.id == Feed.person_id)
    .join(Cooperative, Cooperative.id == Feed.cooperative_id)
    .join(Organisation, Organisation.id == Feed.organisation_id)
    .join(
        Membership,
        and_(_same(Membership), Membership.organisation_id == Feed.organisation_id),
    )
    .join(
        Affiliation,
        and_(
            _same(Affiliation),
            Affiliation.organisation_id == Feed.organisation_id,
            Affiliation.person_id == Feed.person_id,
        ),
    )
    .outerjoin(
        CalendarVersion,
        and_(_same(CalendarVersion), CalendarVersion.scope_id == Feed.target_id),
    )
    .outerjoin(Resource, and_(_same(Resource), Resource.id == Feed.target_id))
    .where(
        Feed.token_hash == bindparam("token_hash"),
        Feed.revoked_at.is_(None),
        Person.is_suspended.is_(False),
    )
    .execution_options(**EVERYWHERE)
)
"""What a token is told of: made once, it is the statement that is sent most of all."""


def subscription(work: Work, token_hash: str) -> Subscription:
    """Return the subscription of a token; raises `NotFound` alike for all that do not answer.

    One indexed read: it also says whether the person still is there, still belongs to the
    organisation, and with which roles.
    """
    found = work.session.execute(BY_TOKEN, {"token_hash": token_hash}).all()
    if not found:
        raise NotFound
    feed, _, version, changed_at, cooperative, timezone, manager_id, until = found[0][:8]
    organisation, language = found[0][8:]
    day = first_day(work.now)
    if (until is not None and until <= day) or is_unused(feed, day):
        raise NotFound
    actor = Actor(
        door="feed",
        person_id=feed.person_id,
        cooperative_id=feed.cooperative_id,
        cooperative_name=cooperative,
        organisation_id=feed.organisation_id,
        organisation_name=organisation,
        roles=frozenset(Role(row[1]) for row in found),
        timezone=timezone,
        language=language,
    )
    if not policies.may_follow(actor, feed.kind, feed.target_id):
        raise NotFound
    all_told = policies.sees_all(actor, manager_id)
    return Subscription(feed, actor, timezone, version or 0, changed_at, all_told, day)


def is_unused(feed: Feed, today: date) -> bool:
    """Tell whether nobody has read a feed for too long."""
    return today - (feed.last_used_on or feed.created_at.date()) >= UNUSED_FOR


def fragments(work: Work, told: Subscription) -> list[Fragment]:
    """Return the stored events a subscription shows, in order; one statement.

    What the person may not read on a page is told as busy only.
    """
    feed, span = told.feed, window(told.day)
    is_resource = feed.kind is FeedKind.RESOURCE and feed.target_id is not None
    values: dict[str, Any] = {
        "first": span.start,
        "last": span.end,
        "person_id": feed.person_id,
        "organisation_id": feed.organisation_id,
        "target_id": feed.target_id,
        "leaves": leaves_of(work, feed.target_id) if is_resource and feed.target_id else [],
    }
    has_parts = len(values["leaves"]) > 1
    statement = _fragments(feed.kind, feed.detail, sees_all=told.sees_all, has_parts=has_parts)
    rows = work.session.execute(statement, values).all()
    if has_parts:  # an event that holds several parts is found by each
        rows = list({row[2]: row for row in rows}.values())
    return [(row[0], row[1]) for row in rows]


@cache
def _fragments(
    kind: FeedKind, detail: FeedDetail, *, sees_all: bool, has_parts: bool
) -> Select[*tuple[Any, ...]]:
    """Return the statement that reads the events of such a feed: made once for each kind."""
    content: ColumnElement[bytes] = CalendarEntry.full.expression
    if detail is FeedDetail.BUSY:
        content = CalendarEntry.busy.expression
    elif not sees_all and kind is not FeedKind.MY_SHIFTS:  # all of it is the reader's own
        own = CalendarEntry.organisation_id == bindparam("organisation_id", type_=Uuid())
        content = case((own, CalendarEntry.full), else_=CalendarEntry.busy)
    first = bindparam("first", type_=UTCDateTime())
    told = [content, CalendarEntry.timezone, *([CalendarEntry.source_id] if has_parts else ())]
    query = (
        select(*told)
        .where(
            CalendarEntry.ends_at > first,
            CalendarEntry.starts_at < bindparam("last", type_=UTCDateTime()),
            or_(CalendarEntry.cancelled_at.is_(None), CalendarEntry.cancelled_at >= first),
        )
        .order_by(CalendarEntry.starts_at, CalendarEntry.source_id)
    )
    match kind:
        case FeedKind.MY_BOOKINGS:
            return query.where(
                CalendarEntry.person_id == bindparam("person_id", type_=Uuid()),
                CalendarEntry.organisation_id == bindparam("organisation_id", type_=Uuid()),
            )
        case FeedKind.MY_SHIFTS:
            return query.where(
                CalendarEntry.person_id == bindparam("person_id", type_=Uuid()),
                CalendarEntry.source_kind.in_(SHIFTS),
            )
        case FeedKind.ORGANISATION:
            return query.where(
                CalendarEntry.organisation_id == bindparam("target_id", type_=Uuid())
            )
        case FeedKind.COOPERATIVE:
            return query
        case FeedKind.RESOURCE:
            # The few holds of the resource's leaf parts lead the search, not all the events of the
            # cooperative. A hold that ended with its booking still shows it as cancelled.
            return (
                query.join(Hold, Hold.source_id == CalendarEntry.source_id)
                .join(HoldGuard, HoldGuard.resource_id == Hold.resource_id)
                .where(
                    HoldGuard.resource_id.in_(bindparam("leaves", type_=Uuid(), expanding=True)),
                    Hold.starts_at > earlier(first, HoldGuard.longest_seconds),
                    Hold.ends_at > first,
                    or_(Hold.live, CalendarEntry.cancelled_at.is_not(None)),
                )
            )


@dataclass(frozen=True, slots=True)
class Held:
    """One use of a leaf resource, with what a planning may tell of it."""

    resource_id: UUID
    quantity: int
    held: Interval
    """Preparation included."""
    source_kind: str
    source_id: UUID
    shown: Interval
    """Preparation left out."""
    status: str
    title: str
    url: str
    organisation_id: UUID | None
    closure_reason: str | None


def held(work: Work, leaves: Sequence[UUID], span: Interval) -> list[Held]:
    """Return the live uses of leaf resources that overlap a span, in order; two statements."""
    guards = HoldGuard.resource_id.in_(leaves)
    longest = work.session.scalar(select(func.max(HoldGuard.longest_seconds)).where(guards))
    rows = work.session.execute(
        select(
            Hold.resource_id,
            Hold.quantity,
            Hold.starts_at,
            Hold.ends_at,
            Hold.source_kind,
            Hold.source_id,
            CalendarEntry.starts_at,
            CalendarEntry.ends_at,
            CalendarEntry.status,
            CalendarEntry.title,
            CalendarEntry.url,
            CalendarEntry.organisation_id,
            Closure.reason,
        )
        .select_from(Hold)
        .outerjoin(CalendarEntry, CalendarEntry.source_id == Hold.source_id)
        .outerjoin(Closure, Closure.id == Hold.source_id)
        .where(
            Hold.live,
            Hold.resource_id.in_(leaves),
            Hold.starts_at > span.start - timedelta(seconds=longest or 0),
            Hold.starts_at < span.end,
            Hold.ends_at > span.start,
        )
        .order_by(Hold.starts_at, Hold.id)
    )
    return [
        Held(
            resource_id=row[0],
            quantity=row[1],
            held=Interval(row[2], row[3]),
            source_kind=row[4],
            source_id=row[5],
            shown=_span(row[6], row[7]) or Interval(row[2], row[3]),
            status=row[8] or "confirmed",
            title=row[9] or "",
            url=row[10] or "",
            organisation_id=row[11],
            closure_reason=row[12],
        )
        for row in rows
    ]


def _span(start: datetime | None, end: datetime | None) -> Interval | None:
    return Interval(start, end) if start is not None and end is not None else None


def leaves_of(work: Work, resource_id: UUID) -> list[UUID]:
    """Return the leaf parts of a resource, or itself, sorted."""
    return sorted(catalogue(work).leaves(resource_id))


def event_file(work: Work, source_id: UUID) -> bytes:
    """Return one stored event as a calendar; raises `NotFound` when nothing was published.

    Told in full: whoever asks has made sure that its reader may see all of it.
    """
    row = work.session.get(CalendarEntry, source_id)
    if row is None:
        raise NotFound
    return single(row.full, row.timezone)


def events_file(work: Work, source_ids: Sequence[UUID], name: str) -> bytes:
    """Return stored events as one calendar, in their order; what was never published is left out.

    The caller answers for the actor being allowed to read all of them.
    """
    told: list[Fragment] = []
    for first in range(0, len(source_ids), AT_ONCE):
        ids = source_ids[first : first + AT_ONCE]
        query = select(CalendarEntry.source_id, CalendarEntry.full, CalendarEntry.timezone)
        rows = work.session.execute(query.where(CalendarEntry.source_id.in_(ids)))
        found = {row[0]: (row[1], row[2]) for row in rows}
        told += [found[key] for key in ids if key in found]
    place = work.actor.timezone or "Europe/Paris"
    return joined(FeedKind.MY_BOOKINGS, name, "", place, told)


def feeds(work: Work) -> Sequence[Feed]:
    """Return the person's living subscriptions in this cooperative, newest first."""
    day = first_day(work.now)
    rows = work.session.scalars(
        select(Feed)
        .where(
            Feed.person_id == work.actor.person_id,
            Feed.cooperative_id == work.actor.cooperative_id,
            Feed.revoked_at.is_(None),
        )
        .order_by(Feed.created_at.desc(), Feed.id)
    )
    return [feed for feed in rows if not is_unused(feed, day)]


def get_feed(work: Work, feed_id: UUID) -> Feed:
    """Return one of the person's living subscriptions; raises `NotFound`."""
    feed = work.session.get(Feed, feed_id)
    if (
        feed is None
        or feed.person_id != work.actor.person_id
        or feed.cooperative_id != work.actor.cooperative_id
        or feed.revoked_at is not None
    ):
        raise NotFound
    return feed
