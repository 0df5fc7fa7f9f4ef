"""When a resource or a person is taken, asked for, or closed: the same periods as `holds` tells."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from coopshare.calendars.feeds import window
from coopshare.calendars.models import CalendarEntry, FeedKind
from coopshare.calendars.queries import Subscription
from coopshare.db.work import Work
from coopshare.holds.models import Hold, HoldSource
from coopshare.holds.queries import HoldUse, Occupation, closed, occupation
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval
from coopshare.resources.queries import catalogue


@dataclass(frozen=True, slots=True)
class Periods:
    """When something is taken, asked for, or closed; where they meet, the first one counts."""

    busy: list[Interval]
    tentative: list[Interval]
    closed: list[Interval]


def periods(work: Work, told: Subscription) -> Periods:
    """Return the free/busy periods that a subscription of a person or a resource shows."""
    feed, span = told.feed, window(told.day)
    if feed.kind is FeedKind.RESOURCE and feed.target_id is not None:
        return of_resource(work, feed.target_id, span)
    rows = work.session.execute(
        select(CalendarEntry.starts_at, CalendarEntry.ends_at, CalendarEntry.status).where(
            CalendarEntry.ends_at > span.start,
            CalendarEntry.starts_at < span.end,
            CalendarEntry.cancelled_at.is_(None),
            CalendarEntry.person_id == feed.person_id,
            CalendarEntry.organisation_id == feed.organisation_id,
        )
    ).all()
    asked = [Interval(row[0], row[1]) for row in rows if row[2] == "tentative"]
    sure = [Interval(row[0], row[1]) for row in rows if row[2] != "tentative"]
    return Periods(sure, asked, [])


def of_resource(work: Work, resource_id: UUID, span: Interval) -> Periods:
    """Return when not one of a resource can be had, preparation included, and why.

    All periods together are those of `holds.queries.busy` and `closed`. Raises `NotFound`.
    """
    resource = catalogue(work).resources.get(resource_id)
    if resource is None:
        raise NotFound
    taken = occupation(work, resource_id, span)
    asked = _asked(work, taken)
    return Periods(
        busy=taken.busy(lambda use: not _is_closure(use) and use.source_id not in asked),
        tentative=taken.busy(lambda use: not _is_closure(use)),
        closed=taken.busy() + closed(work, resource, span),
    )


def _is_closure(use: HoldUse) -> bool:
    return use.source_kind is HoldSource.CLOSURE


def _asked(work: Work, taken: Occupation) -> frozenset[UUID]:
    """Return the sources that wait for an answer, among those that hold the resource."""
    return frozenset(
        work.session.scalars(
            select(CalendarEntry.source_id)
            .join(Hold, Hold.source_id == CalendarEntry.source_id)
            .where(
                Hold.resource_id.in_(sorted(taken.held)),
                Hold.live,
                Hold.ends_at > taken.window.start,
                Hold.starts_at < taken.window.end,
                CalendarEntry.status == "tentative",
            )
            .distinct()
        )
    )
