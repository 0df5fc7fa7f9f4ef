"""Telling calendars what changed of people's time: the last act of each verb."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from coopshare.calendars.services import publish
from coopshare.db.work import Work
from coopshare.kernel.agenda import Entry
from coopshare.members.queries import organisations
from coopshare.pooled_staff.agenda import absence_of, entry_of
from coopshare.pooled_staff.models import Assignment, Employer, Leave, Worker
from coopshare.pooled_staff.queries.group import sites
from coopshare.pooled_staff.queries.people import accounts


def tell(
    work: Work,
    employer: Employer,
    workers: Mapping[UUID, Worker],
    rows: Iterable[Assignment] = (),
    leaves: Iterable[Leave] = (),
) -> None:
    """Store the calendar entries of what changed, and tell the calendars that show it."""
    shown, away = list(rows), list(leaves)
    ids = {row.worker_id for row in shown} | {row.worker_id for row in away}
    touched = [workers[key] for key in sorted(ids)]
    known = {key: person.id for key, person in accounts(work, touched).items()}
    names = organisations(work, {row.organisation_id for row in shown if row.organisation_id})
    places = sites(work, {row.site_id for row in shown if row.site_id})
    entries: list[Entry] = [
        entry_of(
            row,
            workers[row.worker_id],
            owner_id=employer.organisation_id,
            person_id=known.get(row.worker_id),
            organisation=names.get(row.organisation_id) if row.organisation_id else None,
            site=places.get(row.site_id) if row.site_id else None,
        )
        for row in shown
    ]
    entries += [
        absence_of(
            row,
            workers[row.worker_id],
            owner_id=employer.organisation_id,
            person_id=known.get(row.worker_id),
        )
        for row in away
    ]
    if entries:
        publish(work, entries, {one.resource_id for one in touched})
