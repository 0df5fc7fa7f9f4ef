"""From a closure to what calendars show: an event that everybody may read."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from coopshare.calendars.queries import leaves_of
from coopshare.db.work import Work
from coopshare.holds.models import Closure, Hold, HoldSource
from coopshare.holds.queries import described_closures
from coopshare.kernel.agenda import Entry, Shown
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, local_days, zone
from coopshare.kernel.text import Sentence, marked

TITLE = marked("Fermé : {reason}")
"""Said in French: what is stored is shared by all its readers."""


def entry_of(closure: Closure, names: Collection[str]) -> Entry:
    """Return the calendar entry of a closure that closes what is named."""
    span = Interval(closure.starts_at, closure.ends_at)
    place = zone(closure.timezone)
    days = local_days(span, place)
    return Entry(
        source_kind=HoldSource.CLOSURE,
        source_id=closure.id,
        organisation_id=None,
        person_id=None,
        span=span,
        timezone=closure.timezone,
        all_day=span == day_span(days[0], place, len(days)),
        status="confirmed",
        title=Sentence(TITLE, {"reason": closure.reason}).say(),
        place=", ".join(names),
        note="",
        categories=(),
        url="",
        sequence=0,
        created_at=closure.created_at,
        changed_at=closure.created_at,
    )


def coming(work: Work, resource_id: UUID, after: UUID | None, limit: int) -> list[Shown]:
    """Return the closures to come of a resource, in the order of their ids, past `after`."""
    held = select(Hold.source_id).where(
        Hold.resource_id.in_(leaves_of(work, resource_id)),
        Hold.live,
        Hold.ends_at > work.now,
        Hold.source_kind == HoldSource.CLOSURE,
    )
    query = select(Closure).where(Closure.id.in_(held)).order_by(Closure.id).limit(limit)
    if after is not None:
        query = query.where(Closure.id > after)
    lines = described_closures(work, work.session.scalars(query).all())
    return [
        Shown(
            entry=entry_of(line.closure, [name for _, name in line.resources]),
            resource_ids=frozenset(leaf_id for leaf_id, _ in line.resources),
        )
        for line in lines
    ]
