"""Half-days by the JSON API."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from coopshare.db.work import Work
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import zone
from coopshare.members.queries import organisations
from coopshare.pooled_staff.commands import Assign, Publish, Reassign
from coopshare.pooled_staff.errors import told
from coopshare.pooled_staff.models import Assignment
from coopshare.pooled_staff.policies import Permission, allow
from coopshare.pooled_staff.queries import rota as queries
from coopshare.pooled_staff.schemas.rota import (
    AssignmentPageSchema,
    AssignmentSchema,
    AssignSchema,
    JudgedSchema,
    PublishedSchema,
    PublishSchema,
    ReassignSchema,
    SpanQuerySchema,
)
from coopshare.pooled_staff.services import rota
from coopshare.pooled_staff.services.rota import Judged
from coopshare.web.api import Blueprint
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.i18n import said
from coopshare.web.idempotency import shown_once
from coopshare.web.pagination import by_instant, page
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "assignments_api",
    __name__,
    url_prefix="/api/v1/assignments",
    description="Les demi-journées des personnes partagées : prévues, jugées, publiées.",
)
SAME = (
    "id",
    "worker_id",
    "kind",
    "organisation_id",
    "site_id",
    "timezone",
    "pause_minutes",
    "state",
    "origin",
    "is_pinned",
    "note",
    "ground",
    "version",
)


def stamp(instant: datetime) -> str:
    """Return an instant in UTC, as programs read it."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def as_json(work: Work, rows: Sequence[Assignment]) -> list[dict[str, Any]]:
    """Return half-days as programs read them, in a constant number of statements."""
    workers = queries.workers_by_id(work, {row.worker_id for row in rows})
    names = organisations(work, {row.organisation_id for row in rows if row.organisation_id})
    return [
        {name: getattr(row, name) for name in SAME}
        | {
            "worker": workers[row.worker_id].name,
            "organisation": names[row.organisation_id].name if row.organisation_id else None,
            "starts_at": stamp(row.starts_at),
            "ends_at": stamp(row.ends_at),
            "local_starts_at": row.starts_at.astimezone(zone(row.timezone)).isoformat(),
            "local_ends_at": row.ends_at.astimezone(zone(row.timezone)).isoformat(),
        }
        for row in rows
    ]


def _judged(work: Work, found: Judged) -> dict[str, Any]:
    [row] = as_json(work, [found.row])
    give_version(found.row.version)
    return row | {
        "breaks": [said(told(one)) for one in found.breaks],
        "mends": [said(told(one)) for one in found.mends],
    }


def _one(work: Work, assignment_id: UUID) -> dict[str, Any]:
    row = queries.assignment(work, assignment_id)
    give_version(row.version)
    return as_json(work, [row])[0]


@blueprint.get("")
@blueprint.arguments(SpanQuerySchema, location="query")
@blueprint.response(200, AssignmentPageSchema)
@requires(Permission.SEE)
def listing(query: dict[str, Any]) -> dict[str, Any]:
    """List the half-days one may read in a span, by start."""
    with reading() as work:
        allow(work.actor, Permission.SEE)
        found = page(
            queries.assignments(
                work,
                Interval(query["starts_at"], query["ends_at"]),
                worker_ids=[query["worker_id"]] if query["worker_id"] else None,
                limit=query["limit"],
                after=by_instant(query["after"]),
            ),
            query["limit"],
            lambda one: (one.starts_at, one.id),
        )
        return {"items": as_json(work, found.items), "next": found.next}


@blueprint.post("")
@blueprint.arguments(AssignSchema)
@blueprint.response(201, JudgedSchema)
@requires(Permission.PLAN)
def assign(command: Assign) -> dict[str, Any]:
    """Plan somebody somewhere, as a draft; the answer lists what that newly breaks and mends."""

    def again(assignment_id: UUID) -> dict[str, Any]:
        with reading() as work:
            return _one(work, assignment_id) | {"breaks": [], "mends": []}

    return shown_once(lambda work: rota.assign(work, command), _judged, again)


@blueprint.post("/look")
@blueprint.arguments(AssignSchema)
@blueprint.response(200, JudgedSchema)
@requires(Permission.PLAN)
def look(command: Assign) -> dict[str, Any]:
    """Tell what planning this would break and mend; writes nothing."""
    with reading() as work:
        found = rota.look(work, command)
        found.row.version = 0
        return _judged(work, found)


@blueprint.post("/publish")
@blueprint.arguments(PublishSchema)
@blueprint.response(200, PublishedSchema)
@requires(Permission.PLAN)
def publish(command: Publish) -> dict[str, Any]:
    """Publish the drafts between two days, all or none; 422 lists what blocks."""
    rows = write(rota.publish, command)
    with reading() as work:
        return {"items": as_json(work, rows)}


@blueprint.get("/<uuid:assignment_id>")
@blueprint.response(200, AssignmentSchema)
@requires(Permission.SEE)
def read(assignment_id: UUID) -> dict[str, Any]:
    """Read a half-day; its ETag is the version a change has to name."""
    with reading() as work:
        return _one(work, assignment_id)


@blueprint.patch("/<uuid:assignment_id>")
@blueprint.arguments(ReassignSchema)
@blueprint.response(200, JudgedSchema)
@requires(Permission.PLAN)
def reassign(said_so: dict[str, Any], assignment_id: UUID) -> dict[str, Any]:
    """Change when, where or for whom somebody works; what was published stays so."""
    found = write(
        rota.reassign,
        Reassign(
            assignment_id=assignment_id,
            version=seen_version(),
            to=said_so["to"],
            ground=said_so["ground"],
        ),
    )
    with reading() as work:
        return _judged(work, found)


@blueprint.delete("/<uuid:assignment_id>")
@blueprint.response(204)
@requires(Permission.PLAN)
def call_off(assignment_id: UUID) -> None:
    """Call a half-day off: its time is given back."""
    write(rota.call_off, assignment_id, seen_version())
