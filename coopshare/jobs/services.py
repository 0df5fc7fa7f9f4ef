"""The verbs of the worker: take a job, mark it, put it off, purge what is old."""

from datetime import timedelta

from sqlalchemy import delete, or_, select

from coopshare.db.models import Job, KeptAnswer, KeptFile, Throttle
from coopshare.db.outbox import JobToDo
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work

LEASE = timedelta(minutes=5)
"""How long a worker may be silent before another one takes its job."""
MOST_ATTEMPTS = 10
"""Then the job is failed: the waits between add up to nearly three hours."""
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=1)
KEEP_ANSWERS = timedelta(days=7)
KEEP_THROTTLES = timedelta(days=1)
KEEP_JOBS = timedelta(days=30)
KEEP_FILES = timedelta(days=7)


def claim(work: Work, lease: timedelta = LEASE) -> JobToDo | None:
    """Take the oldest job that is due and that nobody works on, for the time of a lease.

    A job that was taken too often without an outcome is marked failed, and the next one is taken.
    """
    while True:
        row = work.session.scalars(
            select(Job)
            .where(
                Job.done_at.is_(None),
                Job.failed_at.is_(None),
                Job.run_at <= work.now,
                or_(Job.leased_until.is_(None), Job.leased_until <= work.now),
            )
            .order_by(Job.run_at, Job.created_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if row is None:
            return None
        if row.attempts >= MOST_ATTEMPTS:
            row.failed_at, row.leased_until = work.now, None
            row.error = row.error or "The worker stopped each time before the end of this job."
            work.session.flush()
            continue
        row.attempts += 1
        row.leased_until = work.now + lease
        return JobToDo(
            id=row.id,
            cooperative_id=row.cooperative_id,
            kind=row.kind,
            payload=row.payload,
            attempt=row.attempts,
        )


def finish(work: Work, job: JobToDo) -> None:
    """Mark a job done, unless its own unit did so."""
    row = work.session.get(Job, job.id, with_for_update=True, populate_existing=True)
    if row is not None and row.done_at is None:
        row.done_at, row.leased_until, row.error = work.now, None, None


def put_off(work: Work, job: JobToDo, why: str, *, for_good: bool = False) -> None:
    """Have a job that went wrong tried again later; after the last attempt it is failed."""
    row = work.session.get(Job, job.id, with_for_update=True, populate_existing=True)
    if row is None or row.done_at is not None:
        return
    row.error, row.leased_until = why[:500], None
    if for_good or row.attempts >= MOST_ATTEMPTS:
        row.failed_at = work.now
    else:
        row.run_at = work.now + min(LONGEST_WAIT, FIRST_WAIT * 2 ** (row.attempts - 1))


def give_back(work: Work, job: JobToDo) -> None:
    """Let go of a job that was not begun, as if it had not been taken."""
    row = work.session.get(Job, job.id, with_for_update=True, populate_existing=True)
    if row is not None and row.done_at is None:
        row.leased_until = None
        row.attempts = max(0, row.attempts - 1)


def purge(work: Work) -> None:
    """Forget answers and files (7 days), counts of attempts (1 day), jobs done (30 days)."""
    session = work.session
    session.execute(delete(KeptAnswer).where(KeptAnswer.created_at < work.now - KEEP_ANSWERS))
    session.execute(delete(Throttle).where(Throttle.window_starts_at < work.now - KEEP_THROTTLES))
    session.execute(delete(Job).where(Job.done_at < work.now - KEEP_JOBS))
    session.execute(
        delete(KeptFile).where(KeptFile.created_at < work.now - KEEP_FILES),
        execution_options=EVERYWHERE,
    )
