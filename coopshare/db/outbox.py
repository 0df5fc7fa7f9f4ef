"""What the worker and the packages share of a job: what is to be done, and that it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from coopshare.db.models import Job
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class JobToDo:
    """One job as its handler sees it: it may be given again, so its effect carries its id."""

    id: UUID
    cooperative_id: UUID | None
    kind: str
    payload: dict[str, Any]
    attempt: int = 1
    """1 the first time."""

    @property
    def actor(self) -> Actor:
        """Return who acts in the units of this job: the worker, in its cooperative."""
        return Actor(door="worker", cooperative_id=self.cooperative_id)


Handler: TypeAlias = Callable[[Database, JobToDo], None]
"""Does a job. Raises whatever went wrong: the job is tried again later; `GiveUp`: it is not."""


class GiveUp(Exception):
    """The job can never succeed; its text says why, for the person who looks after the site."""


class AlreadyDone(Exception):
    """Another worker did the job meanwhile: the unit that finds out is given up."""


def mark_done(work: Work, job: JobToDo) -> None:
    """Mark a job done in the unit of its own effect: the effect is then kept exactly once.

    Raises `AlreadyDone`, which undoes the unit, when it was done before.
    """
    row = work.session.get(Job, job.id, with_for_update=True, populate_existing=True)
    if row is None or row.done_at is not None:
        raise AlreadyDone
    row.done_at, row.leased_until, row.error = work.now, None, None
