"""Absences: asked for, answered, and what they take from each member's plan."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID, uuid4

from coopshare.db.work import Work
from coopshare.holds import queries as holds_queries
from coopshare.holds import services as holds
from coopshare.holds.models import HoldSource
from coopshare.holds.services import Wanted
from coopshare.kernel.errors import VersionMismatch
from coopshare.kernel.intervals import Interval
from coopshare.members.queries import cooperative
from coopshare.pooled_staff.commands import AskLeave, DecideLeave
from coopshare.pooled_staff.errors import NotADraft
from coopshare.pooled_staff.facts import LeaveAsked, LeaveDecided, RotaPublished
from coopshare.pooled_staff.kinds import AssignmentState, LeaveState
from coopshare.pooled_staff.models import Assignment, Leave, Worker
from coopshare.pooled_staff.queries import people, rota
from coopshare.pooled_staff.queries.group import employer
from coopshare.pooled_staff.services.telling import tell
from coopshare.resources.queries import catalogue


def ask(work: Work, command: AskLeave) -> Leave:
    """Ask to be absent; who plans writes an absence that is accepted at once.

    Raises `NotFound`, `Forbidden`, `SlotTaken` where a booking takes the person's time.
    """
    worker = people.worker(work, command.worker_id)
    if command.is_decided:
        people.planned_by_employer(work, worker)
    found = Leave(
        id=uuid4(),
        worker_id=worker.id,
        kind=command.kind,
        starts_at=command.span.start,
        ends_at=command.span.end,
        timezone=cooperative(work).timezone,
        state=LeaveState.ASKED,
        note=command.note,
        created_at=work.now,
        changed_at=work.now,
        decided_by=None,
        decided_at=None,
    )
    work.session.add(found)
    work.session.flush()
    if command.is_decided:
        _accept(work, found, worker)
    else:
        work.record(LeaveAsked(object_id=found.id))
    return found


def decide(work: Work, command: DecideLeave) -> Leave:
    """Answer a leave. Accepted, what was planned in it is called off or has to be replaced.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `NotADraft` for one that was answered.
    """
    found, worker = _planned(work, command.leave_id, command.version)
    if found.state is not LeaveState.ASKED:
        raise NotADraft
    found.answer = command.answer
    if command.is_accepted:
        _accept(work, found, worker)
        return found
    found.state, found.changed_at = LeaveState.REFUSED, work.now
    found.decided_by, found.decided_at = work.actor.person_id, work.now
    work.record(LeaveDecided(object_id=found.id))
    return found


def _planned(work: Work, leave_id: UUID, version: int) -> tuple[Leave, Worker]:
    found = rota.leave(work, leave_id)
    worker = rota.workers_by_id(work, [found.worker_id])[found.worker_id]
    people.planned_by_employer(work, worker)
    if found.version != version:
        raise VersionMismatch
    return found, worker


def touched(work: Work, worker_id: UUID, span: Interval) -> list[Assignment]:
    """Return what is planned of somebody in a span, drafts included: what an absence takes."""
    return [
        row
        for row in rota.standing(work, [worker_id], span)
        if row.state in {AssignmentState.DRAFT, AssignmentState.PUBLISHED}
    ]


def effect(work: Work, worker_id: UUID, span: Interval) -> Mapping[UUID | None, int]:
    """Return the minutes of each member that an absence takes; None: of nobody in particular."""
    lost: dict[UUID | None, int] = defaultdict(int)
    for row in touched(work, worker_id, span):
        lost[row.organisation_id] += (
            Interval(row.starts_at, row.ends_at).minutes - row.pause_minutes
        )
    return dict(lost)


def _accept(work: Work, found: Leave, worker: Worker) -> None:
    """Have an absence hold somebody's time: what was there is given back first, in that order."""
    holds_queries.lock(work, [worker.resource_id])
    span = Interval(found.starts_at, found.ends_at)
    told: list[Assignment] = []
    for row in touched(work, worker.id, span):
        if row.state is AssignmentState.PUBLISHED:
            row.state, row.sequence = AssignmentState.TO_REPLACE, row.sequence + 1
            told.append(row)
        else:
            row.state = AssignmentState.CANCELLED
        row.changed_at = work.now
    holds.release_many(work, [row.id for row in told])
    found.state, found.changed_at = LeaveState.ACCEPTED, work.now
    found.decided_by, found.decided_at = work.actor.person_id, work.now
    work.session.flush()
    resource = catalogue(work).resources[worker.resource_id]
    holds.hold(
        work,
        [resource],
        [Wanted(resource.id)],
        span,
        source_kind=HoldSource.LEAVE,
        source_id=found.id,
    )
    tell(work, employer(work, worker.employer_id), {worker.id: worker}, told, [found])
    work.record(LeaveDecided(object_id=found.id))
    if told:
        work.record(RotaPublished(object_id=worker.id))


def cancel(work: Work, leave_id: UUID, version: int) -> Leave:
    """Give an absence up: by the person while it waits, by who plans at any time.

    What it called off stays called off: it may be planned again. Raises `NotFound`, `Forbidden`,
    `VersionMismatch`, `NotADraft`.
    """
    found = rota.leave(work, leave_id)
    worker = rota.workers_by_id(work, [found.worker_id])[found.worker_id]
    if found.version != version:
        raise VersionMismatch
    if found.state not in {LeaveState.ASKED, LeaveState.ACCEPTED}:
        raise NotADraft
    if found.state is LeaveState.ACCEPTED:
        people.planned_by_employer(work, worker)
        holds.release(work, found.id)
    was = found.state
    found.state, found.changed_at, found.sequence = (
        LeaveState.CANCELLED,
        work.now,
        found.sequence + 1,
    )
    work.session.flush()
    if was is LeaveState.ACCEPTED:
        tell(work, employer(work, worker.employer_id), {worker.id: worker}, leaves=[found])
    work.record(LeaveDecided(object_id=found.id))
    return found
