"""What the worker does for calendars: render events again after a change of what they tell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from coopshare.calendars.rebuilding import rebuild, rename_feeds
from coopshare.db.outbox import JobToDo, mark_done
from coopshare.db.work import Database, Work
from coopshare.kernel.agenda import Shown

REBUILD = "calendars.rebuild"
"""The job that follows a change of what events and subscriptions tell of a thing."""
CHUNK = 200
"""Events of one unit: others may write between two."""

Coming: TypeAlias = Callable[[Work, UUID, UUID | None, int], Sequence[Shown]]
"""Gives the events to come that use a thing: (work, its id, the last id seen, how many at most)."""


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Renders again what tells of a thing that changed; done twice, it changes nothing more."""

    sources: Sequence[Coming]

    def __call__(self, database: Database, job: JobToDo) -> None:
        """Do the job, some events at a time."""
        thing = UUID(job.payload["id"])
        for source in self.sources:
            last = database.write(job.actor, _some, source, thing, None)
            while last is not None:
                last = database.write(job.actor, _some, source, thing, last)
        database.write(job.actor, _end, job, thing)


def _some(work: Work, source: Coming, thing: UUID, after: UUID | None) -> UUID | None:
    """Rebuild some events; return the last one, or None when there is no more."""
    found = source(work, thing, after, CHUNK)
    rebuild(work, found)
    return found[-1].entry.source_id if len(found) == CHUNK else None


def _end(work: Work, job: JobToDo, thing: UUID) -> None:
    rename_feeds(work, thing)
    mark_done(work, job)
