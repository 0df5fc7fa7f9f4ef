"""Absences by the JSON API."""

from typing import Any
from uuid import UUID

from coopshare.db.work import Work
from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.api.rota import stamp
from coopshare.pooled_staff.commands import AskLeave, DecideLeave
from coopshare.pooled_staff.models import Leave
from coopshare.pooled_staff.policies import Permission, allow
from coopshare.pooled_staff.queries import rota as queries
from coopshare.pooled_staff.schemas.rota import (
    AskLeaveSchema,
    DecideLeaveSchema,
    LeavePageSchema,
    LeaveQuerySchema,
    LeaveSchema,
)
from coopshare.pooled_staff.services import leaves
from coopshare.web.api import Blueprint
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.idempotency import once
from coopshare.web.pagination import by_instant, page
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "leaves_api",
    __name__,
    url_prefix="/api/v1/leaves",
    description="Les absences des personnes partagées.",
)
SAME = ("id", "worker_id", "kind", "timezone", "state", "note", "answer", "version")


def _json(row: Leave) -> dict[str, Any]:
    ends = {"starts_at": stamp(row.starts_at), "ends_at": stamp(row.ends_at)}
    return {name: getattr(row, name) for name in SAME} | ends


def _one(work: Work, leave_id: UUID) -> dict[str, Any]:
    row = queries.leave(work, leave_id)
    give_version(row.version)
    return _json(row)


@blueprint.get("")
@blueprint.arguments(LeaveQuerySchema, location="query")
@blueprint.response(200, LeavePageSchema)
@requires(Permission.WORK)
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """List one's own absences, or those of the people one plans for, the latest first."""
    with reading() as work:
        allow(work.actor, Permission.WORK)
        found = page(
            queries.leaves(
                work,
                worker_id=query["worker_id"],
                limit=query["limit"],
                after=by_instant(query["after"]),
            ),
            query["limit"],
            lambda one: (one.starts_at, one.id),
        )
        return {"items": [_json(one) for one in found.items], "next": found.next}


@blueprint.post("")
@blueprint.arguments(AskLeaveSchema)
@blueprint.response(201, LeaveSchema)
@requires(Permission.WORK)
def ask(asked: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Ask for an absence; who plans may write one that is accepted at once."""
    span = Interval(asked.pop("starts_at"), asked.pop("ends_at"))
    made = once(leaves.ask, AskLeave(span=span, **asked))
    with reading() as work:
        return _one(work, made), 201, {"Location": f"/api/v1/leaves/{made}"}


@blueprint.get("/<uuid:leave_id>")
@blueprint.response(200, LeaveSchema)
@requires(Permission.WORK)
def read(leave_id: UUID) -> dict[str, Any]:
    """Read an absence; its ETag is the version an answer has to name."""
    with reading() as work:
        return _one(work, leave_id)


@blueprint.post("/<uuid:leave_id>/decide")
@blueprint.arguments(DecideLeaveSchema)
@blueprint.response(200, LeaveSchema)
@requires(Permission.PLAN)
def decide(answered: dict[str, Any], leave_id: UUID) -> dict[str, Any]:
    """Accept or refuse an absence; what it takes of what was published has to be replaced."""
    write(leaves.decide, DecideLeave(leave_id=leave_id, **answered))
    with reading() as work:
        return _one(work, leave_id)


@blueprint.delete("/<uuid:leave_id>")
@blueprint.response(204)
@requires(Permission.WORK)
def cancel(leave_id: UUID) -> None:
    """Give an absence up: its person while it waits, who plans at any time."""
    write(leaves.cancel, leave_id, seen_version())
