"""What is noticed of those who try: refusals, failed logins; and logins ended from above."""

from uuid import UUID

from coopshare.db.outbox import JobToDo, mark_done
from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.members.errors import RoleAboveOwn
from coopshare.members.facts import ActionRefused, LoginFailed, LoginsEnded
from coopshare.members.models import Person
from coopshare.members.policies import RANKS, Permission, allow, rank
from coopshare.members.queries import affiliations, sessions

FAILED_LOGIN = "members.login_failed"


def note_refusal(work: Work, route: str, method: str) -> None:
    """Trace that the actor tried what their role does not allow: pattern and verb, no value."""
    if work.actor.person_id is None:
        return
    tried = (("method", "", method[:10]), ("route", "", route[:200]))
    work.record(ActionRefused(object_id=work.actor.person_id, changes=tried))


def leave_failed_login(work: Work, person_id: UUID | None) -> None:
    """Have a failed login traced by the worker.

    An address without an account leaves the same job: the time of an answer tells nothing.
    """
    work.enqueue(FAILED_LOGIN, {"person_id": str(person_id) if person_id else None})


def trace_failed_login(work: Work, person_id: UUID, job: JobToDo, *, is_last: bool) -> None:
    """Trace a failed login in one cooperative of the person."""
    work.record(LoginFailed(object_id=person_id))
    if is_last:
        mark_done(work, job)


def end_logins(work: Work, person_id: UUID) -> Person:
    """End every login of a person of the cooperative, on all devices.

    A lost telephone acts wherever its owner may: the logins end in their other cooperatives too.
    Raises `NotFound` for a stranger, `RoleAboveOwn`.
    """
    allow(work.actor, Permission.ADMINISTER)
    rows = affiliations(work, person_id=person_id)
    if not rows:
        raise NotFound
    if max(RANKS[row.role] for row in rows) > rank(work.actor):
        raise RoleAboveOwn
    for one in sessions(work, person_id):
        one.ended_at = work.now
    work.record(LoginsEnded(object_id=person_id))
    return rows[0].person
