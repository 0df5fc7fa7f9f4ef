"""Reads of who is where."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_

from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.kinds import AssignmentState, LeaveState
from coopshare.pooled_staff.models import Assignment, Leave, PatternLine, Worker
from coopshare.pooled_staff.policies import visible_assignments, visible_leaves

STANDING = (AssignmentState.DRAFT, AssignmentState.PUBLISHED, AssignmentState.DONE)
"""States in which work is planned or done."""
TOLD = (AssignmentState.PUBLISHED, AssignmentState.DONE)


def assignments(
    work: Work,
    within: Interval,
    *,
    worker_ids: Collection[UUID] | None = None,
    states: Collection[AssignmentState] = (*STANDING, AssignmentState.TO_REPLACE),
    limit: int | None = None,
    after: tuple[datetime, UUID] | None = None,
) -> list[Assignment]:
    """Return what the actor may read of who is where, by start; one more than a `limit`."""
    query = select(Assignment).where(
        visible_assignments(work.actor),
        Assignment.state.in_(states),
        Assignment.starts_at < within.end,
        Assignment.ends_at > within.start,
    )
    if worker_ids is not None:
        query = query.where(Assignment.worker_id.in_(worker_ids))
    if after is not None:
        query = query.where(tuple_(Assignment.starts_at, Assignment.id) > tuple_(*after))
    if limit is not None:
        query = query.limit(limit + 1)
    return list(work.session.scalars(query.order_by(Assignment.starts_at, Assignment.id)))


def standing(work: Work, worker_ids: Collection[UUID], within: Interval) -> Sequence[Assignment]:
    """Return what is planned or done of people, drafts included: for rules, whoever asks."""
    query = select(Assignment).where(
        Assignment.worker_id.in_(worker_ids),
        Assignment.state.in_(STANDING),
        Assignment.starts_at < within.end,
        Assignment.ends_at > within.start,
    )
    return work.session.scalars(query.order_by(Assignment.starts_at, Assignment.id)).all()


def assignment(work: Work, assignment_id: UUID) -> Assignment:
    """Return an assignment the actor may read; raises `NotFound`."""
    query = select(Assignment).where(
        Assignment.id == assignment_id, visible_assignments(work.actor)
    )
    found = work.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def absences(work: Work, worker_ids: Collection[UUID], within: Interval) -> Sequence[Leave]:
    """Return the accepted absences of people: when, for rules and "absent"; never told why."""
    query = select(Leave).where(
        Leave.worker_id.in_(worker_ids),
        Leave.state == LeaveState.ACCEPTED,
        Leave.starts_at < within.end,
        Leave.ends_at > within.start,
    )
    return work.session.scalars(query.order_by(Leave.starts_at, Leave.id)).all()


def leaves(
    work: Work,
    *,
    worker_id: UUID | None = None,
    limit: int | None = None,
    after: tuple[datetime, UUID] | None = None,
) -> list[Leave]:
    """Return the leaves whose reason the actor may read, the latest first.

    One more than a `limit`.
    """
    query = select(Leave).where(visible_leaves(work.actor))
    if worker_id is not None:
        query = query.where(Leave.worker_id == worker_id)
    if after is not None:
        query = query.where(tuple_(Leave.starts_at, Leave.id) < tuple_(*after))
    if limit is not None:
        query = query.limit(limit + 1)
    return list(work.session.scalars(query.order_by(Leave.starts_at.desc(), Leave.id.desc())))


def leave(work: Work, leave_id: UUID) -> Leave:
    """Return a leave whose reason the actor may read; raises `NotFound`."""
    query = select(Leave).where(Leave.id == leave_id, visible_leaves(work.actor))
    found = work.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def pattern(work: Work, worker_id: UUID) -> Sequence[PatternLine]:
    """Return somebody's usual weeks, in their order."""
    query = select(PatternLine).where(PatternLine.worker_id == worker_id)
    order = (PatternLine.week, PatternLine.weekday, PatternLine.half.desc())
    return work.session.scalars(query.order_by(*order)).all()


def workers_by_id(work: Work, ids: Collection[UUID]) -> dict[UUID, Worker]:
    """Return people by their ids, for the rows that name them: their names only are told."""
    if not ids:
        return {}
    return {one.id: one for one in work.session.scalars(select(Worker).where(Worker.id.in_(ids)))}
