"""A small shared team inside another demonstration, so that its pages are walked too."""

import uuid
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import at, zone
from coopshare.members.models import Membership, Person
from coopshare.members.queries import cooperative
from coopshare.pooled_staff.commands import (
    AddGroupMember,
    AddWorker,
    Assign,
    Clauses,
    Draw,
    Publish,
    SetContract,
    SetEmployer,
    SetPosition,
)
from coopshare.pooled_staff.kinds import CommitmentUnit, ContractKind, EmployerKind, PriceMode
from coopshare.pooled_staff.rules.diary import monday
from coopshare.pooled_staff.services import group, people, placements, rota


def add_team(work: Work, organisation_id: uuid.UUID, person: Person) -> dict[str, str]:
    """Have an organisation employ a person whom another member shares, next week; name it all."""
    actor = replace(
        work.actor,
        person_id=person.id,
        organisation_id=organisation_id,
        roles=frozenset({Role.PLANNER}),
    )
    planning = replace(work, actor=actor, handlers={})
    place = zone(cooperative(work).timezone)
    today = work.now.astimezone(place).date()
    since, day = today - timedelta(days=200), monday(today) + timedelta(days=8)
    member_id = work.session.scalars(
        select(Membership.organisation_id).where(Membership.organisation_id != organisation_id)
    ).first()
    assert member_id is not None
    employer = group.set_employer(
        planning,
        SetEmployer(organisation_id=organisation_id, kind=EmployerKind.GE_ASSOCIATION),
    )
    group.add_member(
        planning,
        AddGroupMember(employer_id=employer.id, organisation_id=member_id, since=since),
    )
    post = people.set_position(
        planning,
        SetPosition(employer_id=employer.id, title="CIP", weekly_minutes=2100, starts_on=since),
    )
    worker = people.add_worker(
        planning,
        AddWorker(employer_id=employer.id, name=person.name, email=f"partage-{person.email}"),
    )
    people.set_contract(
        planning,
        SetContract(
            worker_id=worker.id,
            position_id=post.id,
            kind=ContractKind.PERMANENT,
            starts_on=since,
            weekly_minutes=2100,
            is_part_time=False,
            gross_hourly_cents=1650,
            users=frozenset({member_id}),
        ),
    )
    row = rota.assign(
        planning,
        Assign(
            worker_id=worker.id,
            organisation_id=member_id,
            span=Interval(at(day, 540, place), at(day, 750, place)),
        ),
    ).row
    rota.publish(planning, Publish(employer_id=employer.id, first=day, last=day))
    found = placements.draw(
        planning,
        Draw(
            employer_id=employer.id,
            organisation_id=member_id,
            position_id=post.id,
            clauses=Clauses(
                starts_on=since,
                unit=CommitmentUnit.WEEK,
                amount=240,
                price_mode=PriceMode.COST_EXACT,
            ),
        ),
    )
    placements.send(planning, found.id, found.version)
    return {
        "assignment_id": str(row.id),
        "worker_id": str(worker.id),
        "placement_id": str(found.id),
        "number": "1",
    }
