"""Declaring posts, the people who hold them, and their contracts."""

from uuid import uuid4

from coopshare.db import guards
from coopshare.db.work import Work
from coopshare.kernel.dates import Day
from coopshare.kernel.errors import Invalid, VersionMismatch
from coopshare.kernel.text import marked, sort_key
from coopshare.pooled_staff.commands import AddWorker, SetContract, SetPosition
from coopshare.pooled_staff.errors import AlreadyAWorker, ContractsInOrder
from coopshare.pooled_staff.facts import ContractWritten, PositionSet, WorkerAdded
from coopshare.pooled_staff.kinds import ContractKind
from coopshare.pooled_staff.models import (
    Contract,
    ContractPlace,
    ContractUser,
    Employer,
    Position,
    Worker,
)
from coopshare.pooled_staff.queries import people
from coopshare.pooled_staff.queries.group import (
    members_of,
    planned_employer,
    set_up_employer,
    sites_of,
)
from coopshare.resources.commands import Create
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.services import declare

guards.refuses("uq_workers_employer_id_email", AlreadyAWorker)
guards.refuses("workers.employer_id, workers.email", AlreadyAWorker)


def set_position(work: Work, command: SetPosition) -> Position:
    """Declare a shared post; with an id, change it.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `Invalid`.
    """
    owner = set_up_employer(work, command.employer_id)
    if command.ends_on is not None and command.ends_on < command.starts_on:
        raise Invalid.field("ends_on", marked("La fin vient avant le début."))
    if command.position_id is None:
        found = Position(id=uuid4(), employer_id=owner.id, created_at=work.now)
        work.session.add(found)
    else:
        found = people.position(work, command.position_id)
        if found.employer_id != owner.id:
            raise Invalid.field("employer_id", marked("Un poste ne change pas d'employeur."))
        if found.version != command.version:
            raise VersionMismatch
    for name in ("title", "qualification", "tasks", "weekly_minutes", "starts_on", "ends_on"):
        setattr(found, name, getattr(command, name))
    found.sort_key = sort_key(command.title)
    work.session.flush()
    work.record(PositionSet(object_id=found.id))
    return found


def add_worker(work: Work, command: AddWorker) -> Worker:
    """Declare somebody who works for several members: bookable, so never in two places.

    Their account is the one of that address in the cooperative, now or once there is one. Raises
    `NotFound`, `Forbidden`, `AlreadyAWorker`.
    """
    owner = planned_employer(work, command.employer_id)
    resource = declare(
        work,
        Create(
            name=command.name,
            kind=ResourceKind.PERSON,
            owner_id=owner.organisation_id,
            values={"is_listed": False, "closed_on_holidays": False},
        ),
    )
    found = Worker(
        id=uuid4(),
        employer_id=owner.id,
        resource_id=resource.id,
        email=command.email.lower(),
        name=command.name,
        sort_key=sort_key(command.name),
        born_on=command.born_on,
        wishes=command.wishes,
        created_at=work.now,
    )
    work.session.add(found)
    work.session.flush()
    work.record(WorkerAdded(object_id=found.id))
    return found


def set_contract(work: Work, command: SetContract) -> Contract:
    """Write a contract, or the next version of it: what was written before is never edited.

    Raises `NotFound`, `Forbidden`, `ContractsInOrder`, `Invalid`.
    """
    found = people.planned_worker(work, command.worker_id)
    post = people.position(work, command.position_id)
    if post.employer_id != found.employer_id:
        raise Invalid.field("position_id", marked("Ce poste est celui d'un autre employeur."))
    before = people.contracts(work, [found.id]).get(found.id, [])
    if before and command.starts_on <= before[-1].starts_on:
        raise ContractsInOrder(day=Day(before[-1].starts_on))
    _check(work, found, command)
    row = Contract(
        id=uuid4(),
        number=len(before) + 1,
        created_at=work.now,
        slots=sorted([weekday, opens, closes] for weekday, opens, closes in command.slots),
        users=[ContractUser(organisation_id=key) for key in sorted(command.users)],
        places=[ContractPlace(site_id=key) for key in sorted(command.places)],
        **{
            name: getattr(command, name)
            for name in (
                "worker_id",
                "position_id",
                "kind",
                "starts_on",
                "ends_on",
                "weekly_minutes",
                "is_part_time",
                "arrangement",
                "gross_hourly_cents",
                "charge_bp",
                "other_jobs_minutes",
                "signed_on",
                "note",
            )
        },
    )
    work.session.add(row)
    work.session.flush()
    work.record(ContractWritten(object_id=found.id, changes=(("number", "", str(row.number)),)))
    return row


def _check(work: Work, found: Worker, command: SetContract) -> None:
    """Raise `Invalid` for what a contract cannot say."""
    if command.kind is ContractKind.FIXED_TERM and command.ends_on is None:
        raise Invalid.field("ends_on", marked("Un contrat à durée déterminée a une fin."))
    if command.ends_on is not None and command.ends_on < command.starts_on:
        raise Invalid.field("ends_on", marked("La fin vient avant le début."))
    owner = work.session.get_one(Employer, found.employer_id)
    members = {one.organisation.id for one in members_of(work, owner.id)}
    if not command.users <= members | {owner.organisation_id}:
        raise Invalid.field("users", marked("Un contrat ne nomme que des membres du groupement."))
    known = {site.id for site in sites_of(work, command.users | {owner.organisation_id})}
    if not command.places <= known:
        raise Invalid.field("places", marked("Ces lieux sont ceux des organisations nommées."))
    for weekday, opens, closes in command.slots:
        if not (0 <= weekday <= 6 and 0 <= opens < closes <= 1440):  # noqa: PLR2004
            raise Invalid.field("slots", marked("Ces heures finissent avant de commencer."))
