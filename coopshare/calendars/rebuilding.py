"""Events that change without a verb of their own: a room got another name, a closure was lifted."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import delete, or_, select

from coopshare.calendars.agenda import entry_of
from coopshare.calendars.ics import vevent
from coopshare.calendars.models import CalendarEntry, Feed, FeedKind
from coopshare.calendars.naming import feed_name
from coopshare.calendars.services import as_stored, publish
from coopshare.db.work import Work
from coopshare.holds.models import Closure
from coopshare.holds.queries import described_closures
from coopshare.kernel.agenda import Shown
from coopshare.members.models import Organisation, Person
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue


def rebuild(work: Work, shown: Sequence[Shown]) -> int:
    """Render events again and store those that differ, as changed now; return how many.

    SEQUENCE rises, for calendars keep back what does not; the calendars of all that the events
    use are told. What is rendered as before stays byte for byte, so this may be done twice.
    """
    rows = {
        row.source_id: row
        for row in work.session.scalars(
            select(CalendarEntry).where(
                CalendarEntry.source_id.in_([one.entry.source_id for one in shown])
            )
        )
    }
    changed: list[Shown] = []
    for one in shown:
        row = rows.get(one.entry.source_id)
        if row is not None:
            if vevent(as_stored(work, row, one.entry), row.uid) == row.full:
                continue
            row.rebuilds, row.rebuilt_at = row.rebuilds + 1, work.now
        changed.append(one)
    if changed:
        used = frozenset[UUID]().union(*(one.resource_ids for one in changed))
        publish(work, [one.entry for one in changed], used)
    return len(changed)


def follow_closure(work: Work, closure: Closure, leaf_ids: Collection[UUID]) -> None:
    """Show a closure in the calendars of what it closes, or show it no more once it is lifted."""
    if closure.lifted_at is not None:
        work.session.execute(delete(CalendarEntry).where(CalendarEntry.source_id == closure.id))
        publish(work, [], leaf_ids)
        return
    (line,) = described_closures(work, [closure])
    names = [name for _, name in line.resources]
    rebuild(work, [Shown(entry=entry_of(closure, names), resource_ids=frozenset(leaf_ids))])


@contextmanager
def calendars_follow(work: Work, whole: Resource, parts: Collection[UUID]) -> Iterator[None]:
    """Tell the calendars of all that shared a part with a whole before or shares one after."""
    before = catalogue(work).sharing([whole.id, *parts])
    yield
    publish(work, [], before | {whole.id, *parts})


def rename_feeds(work: Work, target_id: UUID) -> None:
    """Give the subscriptions of a resource or of an organisation the name it has now.

    A subscription is a person's: it keeps its address, in every cooperative.
    """
    resource = work.session.scalar(select(Resource).where(Resource.id == target_id))
    organisation = work.session.get(Organisation, target_id)
    feeds = work.session.execute(
        select(Feed, Person.language)
        .join(Person, Person.id == Feed.person_id)
        .where(
            Feed.revoked_at.is_(None),
            or_(
                Feed.target_id == target_id,
                (Feed.organisation_id == target_id) & (Feed.kind == FeedKind.MY_BOOKINGS),
            ),
        )
    )
    for feed, language in feeds:
        named = resource if feed.kind is FeedKind.RESOURCE else organisation
        if named is not None:
            feed.name = feed_name(feed.kind, feed.detail, named.name, language)
