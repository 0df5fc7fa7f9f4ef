"""The verbs of calendars: publish what changed; make and end subscriptions."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from coopshare.calendars.ics import Variant, calendar, is_absolute, uid_of, vevent
from coopshare.calendars.models import CalendarEntry, CalendarVersion
from coopshare.db.counters import raise_each
from coopshare.db.work import Work
from coopshare.kernel.agenda import Entry
from coopshare.kernel.errors import NotFound


def publish(work: Work, entries: Iterable[Entry], resource_ids: Iterable[UUID]) -> None:
    """Store the events of entries and tell every calendar that shows them: last act of a verb.

    `resource_ids` are the resources whose calendars change: those used before and after, their
    parts and the wholes they belong to. An entry whose `url` is a path gets the address of this
    instance before it. The versions are raised last, in sorted order, so that two writers never
    wait for each other in a ring.
    """
    cooperative_id = work.actor.cooperative_id
    if cooperative_id is None:
        raise NotFound
    scopes = {cooperative_id, *resource_ids}
    told = list(entries)
    found = work.session.scalars(
        select(CalendarEntry).where(CalendarEntry.source_id.in_([e.source_id for e in told]))
    )
    rows = {row.source_id: row for row in found}
    for entry in told:
        row = rows.get(entry.source_id)
        if row is None:
            row = CalendarEntry(
                source_id=entry.source_id, uid=uid_of(entry.source_id, work.address)
            )
            work.session.add(row)
        else:
            scopes |= {row.organisation_id} | ({row.person_id} if row.person_id else set())
        _store(work, row, entry)
        scopes |= {entry.organisation_id} | ({entry.person_id} if entry.person_id else set())
    work.session.flush()
    raise_each(work, CalendarVersion, scopes)


def _store(work: Work, row: CalendarEntry, entry: Entry) -> None:
    if entry.url and not is_absolute(entry.url):
        entry = replace(entry, url=f"{work.address.rstrip('/')}/{entry.url.lstrip('/')}")
    row.source_kind = entry.source_kind
    row.organisation_id, row.person_id = entry.organisation_id, entry.person_id
    row.starts_at, row.ends_at = entry.span.start, entry.span.end
    row.timezone = entry.timezone
    if entry.status != "cancelled":
        row.cancelled_at = None
    elif row.cancelled_at is None:
        row.cancelled_at = entry.changed_at
    row.full = vevent(entry, row.uid, Variant.FULL)
    row.busy = vevent(entry, row.uid, Variant.BUSY)


def event_file(entry: Entry, *, uid: str | None = None) -> bytes:
    """Return one event as a calendar (METHOD:PUBLISH), for a mail or a download.

    Without a `uid` it is the one a first `publish` gives: the id at the host of the entry's link.
    Prefer `queries.event_file`, which reads what was stored.
    """
    return calendar(entry, uid or uid_of(entry.source_id, entry.url))
