"""Employers, posts, people and contracts by the JSON API."""

from typing import Any
from uuid import UUID

from coopshare.pooled_staff.commands import (
    AddGroupMember,
    AddSite,
    AddWorker,
    SetContract,
    SetEmployer,
    SetPosition,
)
from coopshare.pooled_staff.models import Contract, Employer, GroupMember, Position, Site, Worker
from coopshare.pooled_staff.policies import Permission, allow
from coopshare.pooled_staff.queries import group as group_queries
from coopshare.pooled_staff.queries import people as people_queries
from coopshare.pooled_staff.schemas.group import (
    ContractBodySchema,
    ContractListSchema,
    ContractQuerySchema,
    ContractSchema,
    EmployerBodySchema,
    EmployerListSchema,
    EmployerSchema,
    GroupMemberBodySchema,
    GroupMemberListSchema,
    GroupMemberSchema,
    PositionBodySchema,
    PositionListSchema,
    PositionSchema,
    SiteBodySchema,
    SiteListSchema,
    SiteSchema,
    WorkerBodySchema,
    WorkerListSchema,
    WorkerSchema,
)
from coopshare.pooled_staff.services import group, people
from coopshare.web.api import Blueprint
from coopshare.web.context import reading
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "group_api",
    __name__,
    url_prefix="/api/v1",
    description="Qui emploie, qui partage, quels postes, quelles personnes, quels contrats.",
)


@blueprint.get("/employers")
@blueprint.response(200, EmployerListSchema)
@requires(Permission.SEE)
def employers() -> dict[str, Any]:
    """List who employs for others in the cooperative, by name."""
    with reading() as work:
        allow(work.actor, Permission.SEE)
        return {"items": group_queries.employers(work)}


@blueprint.post("/employers")
@blueprint.arguments(EmployerBodySchema)
@blueprint.response(201, EmployerSchema)
@requires(Permission.SET_UP)
def add_employer(command: SetEmployer) -> Employer:
    """Say that an organisation employs for others, and under which rules."""
    made = once(group.set_employer, command)
    with reading() as work:
        return group_queries.employer(work, made)


@blueprint.get("/employers/<uuid:employer_id>/members")
@blueprint.response(200, GroupMemberListSchema)
@requires(Permission.SEE)
def members(employer_id: UUID) -> dict[str, Any]:
    """List the members of a group, past ones too, by name."""
    with reading() as work:
        owner = group_queries.employer(work, employer_id)
        found = group_queries.members_of(work, owner.id)
        return {"items": [_member(one.row, one.organisation.name) for one in found]}


def _member(row: GroupMember, name: str) -> dict[str, Any]:
    same = ("id", "organisation_id", "since", "until")
    return {key: getattr(row, key) for key in same} | {"organisation": name}


@blueprint.post("/employers/<uuid:employer_id>/members")
@blueprint.arguments(GroupMemberBodySchema)
@blueprint.response(201, GroupMemberSchema)
@requires(Permission.SET_UP)
def add_member(said: dict[str, Any], employer_id: UUID) -> dict[str, Any]:
    """Have an organisation share the people of an employer."""
    made = once(group.add_member, AddGroupMember(employer_id=employer_id, **said))
    with reading() as work:
        [found] = [one for one in group_queries.members_of(work, employer_id) if one.row.id == made]
        return _member(found.row, found.organisation.name)


@blueprint.get("/employers/<uuid:employer_id>/sites")
@blueprint.response(200, SiteListSchema)
@requires(Permission.SEE)
def sites(employer_id: UUID) -> dict[str, Any]:
    """List the places of work of an employer and of its members."""
    with reading() as work:
        owner = group_queries.employer(work, employer_id)
        known = {one.organisation.id for one in group_queries.members_of(work, owner.id)}
        return {"items": group_queries.sites_of(work, known | {owner.organisation_id})}


@blueprint.post("/employers/<uuid:employer_id>/sites")
@blueprint.arguments(SiteBodySchema)
@blueprint.response(201, SiteSchema)
@requires(Permission.SET_UP)
def add_site(said: dict[str, Any], employer_id: UUID) -> Site:
    """Name a place of work at a member."""
    made = once(group.add_site, AddSite(employer_id=employer_id, **said))
    with reading() as work:
        return group_queries.sites(work, [made])[made]


@blueprint.get("/positions")
@blueprint.response(200, PositionListSchema)
@requires(Permission.SEE)
def positions() -> dict[str, Any]:
    """List the shared posts of the cooperative, by title."""
    with reading() as work:
        allow(work.actor, Permission.SEE)
        return {"items": people_queries.positions(work)}


@blueprint.post("/positions")
@blueprint.arguments(PositionBodySchema)
@blueprint.response(201, PositionSchema)
@requires(Permission.SET_UP)
def add_position(command: SetPosition) -> Position:
    """Declare a shared post."""
    made = once(people.set_position, command)
    with reading() as work:
        return people_queries.position(work, made)


@blueprint.get("/workers")
@blueprint.response(200, WorkerListSchema)
@requires(Permission.SEE)
def workers() -> dict[str, Any]:
    """List the people one may know of, by name; nothing private."""
    with reading() as work:
        allow(work.actor, Permission.SEE)
        return {"items": people_queries.workers(work)}


@blueprint.post("/workers")
@blueprint.arguments(WorkerBodySchema)
@blueprint.response(201, WorkerSchema)
@requires(Permission.PLAN)
def add_worker(command: AddWorker) -> Worker:
    """Declare somebody who works for several members."""
    made = once(people.add_worker, command)
    with reading() as work:
        return people_queries.worker(work, made)


@blueprint.get("/contracts")
@blueprint.arguments(ContractQuerySchema, location="query")
@blueprint.response(200, ContractListSchema)
@requires(Permission.WORK)
def contracts(query: dict[str, Any]) -> dict[str, Any]:
    """List the versions of somebody's contract: one's own, or of who one plans for."""
    with reading() as work:
        found = people_queries.worker(work, query["worker_id"])
        rows = people_queries.contracts(work, [found.id]).get(found.id, [])
        return {"items": [_contract(row) for row in rows]}


def _contract(row: Contract) -> dict[str, Any]:
    same = set(ContractSchema().fields) - {"users", "places"}
    return {name: getattr(row, name) for name in same} | {
        "users": [one.organisation_id for one in row.users],
        "places": [one.site_id for one in row.places],
    }


@blueprint.post("/contracts")
@blueprint.arguments(ContractBodySchema)
@blueprint.response(201, ContractSchema)
@requires(Permission.PLAN)
def add_contract(command: SetContract) -> dict[str, Any]:
    """Write a contract, or its next version: what was written before is never edited."""
    made = once(people.set_contract, command)
    with reading() as work:
        rows = people_queries.contracts(work, [command.worker_id])[command.worker_id]
        return next(_contract(row) for row in rows if row.id == made)
