"""Who employs, who shares, posts, people, contracts: what the law asks for is asked."""

from datetime import date

import pytest

from coopshare.db.work import Database
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import Forbidden, Invalid, NotFound, VersionMismatch
from coopshare.pooled_staff.commands import (
    AddGroupMember,
    AddWorker,
    SetEmployer,
    SetRule,
)
from coopshare.pooled_staff.errors import (
    AlreadyAnEmployer,
    AlreadyAWorker,
    AlreadyInTheGroup,
    ContractsInOrder,
    ExemptAtCost,
    LoanAtCost,
    StatutesFirst,
)
from coopshare.pooled_staff.kinds import ContractKind, EmployerKind
from coopshare.pooled_staff.queries import group as group_queries
from coopshare.pooled_staff.queries import people as people_queries
from coopshare.pooled_staff.rules import OutOfBounds
from coopshare.pooled_staff.services import group, people
from coopshare.resources.kinds import VatMode
from tests.make import Maker
from tests.pooled_staff.world import FIRST, Group


def test_what_the_law_asks_of_who_employs(database: Database, make: Maker) -> None:
    world = Group(database, make)
    other = make.organisation(world.place, "Autre")
    planner = make.actor(world.place, other, Role.PLANNER)

    def set_up(**fields: object) -> None:
        world.do(
            group.set_employer,
            SetEmployer(organisation_id=other.id, **fields),  # type: ignore[arg-type]
            actor=planner,
        )

    with pytest.raises(StatutesFirst, match="R1253-35"):
        set_up(kind=EmployerKind.GE_COOPERATIVE)
    with pytest.raises(LoanAtCost):
        set_up(kind=EmployerKind.LOAN, fee_bp=500)
    with pytest.raises(ExemptAtCost):
        set_up(kind=EmployerKind.GE_ASSOCIATION, vat_mode=VatMode.EXEMPT_261B, fee_bp=500)
    with pytest.raises(Invalid):
        set_up(kind=EmployerKind.GE_ASSOCIATION, morning=(540, 900))
    with pytest.raises(Forbidden):
        world.do(
            group.set_employer,
            SetEmployer(organisation_id=other.id, kind=EmployerKind.LOAN),
        )
    set_up(kind=EmployerKind.GE_COOPERATIVE, statutes_on=date(2026, 5, 1))
    with pytest.raises(AlreadyAnEmployer):
        set_up(kind=EmployerKind.LOAN)
    assert len(world.read(group_queries.employers)) == 2


def test_an_employer_is_changed_on_the_version_that_was_seen(
    database: Database, make: Maker
) -> None:
    world = Group(database, make)
    change = SetEmployer(
        organisation_id=world.ge.id,
        kind=EmployerKind.GE_ASSOCIATION,
        idcc="3016",
        employer_id=world.employer.id,
        version=world.employer.version,
    )
    world.do(group.set_employer, change)
    with pytest.raises(VersionMismatch):
        world.do(group.set_employer, change)


def test_members_join_once(database: Database, make: Maker) -> None:
    world = Group(database, make)
    with pytest.raises(AlreadyInTheGroup):
        world.join(world.avenir)
    stranger = make.organisation(make.cooperative("Ailleurs"), "Loin")
    with pytest.raises(NotFound):
        world.join(stranger)
    with pytest.raises(Forbidden):
        world.do(
            group.add_member,
            AddGroupMember(
                employer_id=world.employer.id, organisation_id=world.garrigue.id, since=FIRST
            ),
            actor=world.manager,
        )
    world.do(group.end_member, world.employer.id, world.avenir.id, date(2027, 3, 31))
    names = [
        one.organisation.name
        for one in world.read(group_queries.members_of, world.employer.id, date(2027, 4, 1))
    ]
    assert names == ["Relais"]


def test_agreements_within_the_bounds_of_the_law(database: Database, make: Maker) -> None:
    world = Group(database, make)

    def agree(rule_id: str, value: int) -> None:
        world.do(
            group.set_rule,
            SetRule(
                employer_id=world.employer.id,
                rule_id=rule_id,
                value=value,
                agreement="Accord du 3 mai 2026",
                valid_from=FIRST,
            ),
        )

    agree("day_max", 720)
    for rule_id, value in (("day_max", 721), ("week_max", 3000)):
        with pytest.raises(OutOfBounds):
            agree(rule_id, value)
    with pytest.raises(Invalid):
        agree("inconnue", 1)
    assert [row.value for row in world.read(group_queries.rules_of, world.employer.id)] == [720]


def test_a_person_is_a_resource_that_nobody_finds(database: Database, make: Maker) -> None:
    world = Group(database, make)
    known = world.read(people_queries.workers)
    assert [one.name for one in known] == ["Léa Durand"]
    assert world.read(people_queries.me, actor=world.cip).id == world.worker.id
    assert world.read(people_queries.me) is None
    with pytest.raises(AlreadyAWorker):
        world.do(
            people.add_worker,
            AddWorker(employer_id=world.employer.id, name="Léa", email="LEA@example.org"),
        )


def test_private_data_is_read_by_who_plans_and_by_oneself(database: Database, make: Maker) -> None:
    world = Group(database, make)
    for actor in (world.planner, world.cip):
        assert world.read(people_queries.worker, world.worker.id, actor=actor).email
    for actor in (world.manager, make.actor(world.place, world.ge, Role.ADMINISTRATOR)):
        with pytest.raises(NotFound):
            world.read(people_queries.worker, world.worker.id, actor=actor)
    outside = make.actor(world.place, world.garrigue)
    assert world.read(people_queries.workers, actor=outside) == []
    assert len(world.read(people_queries.workers, actor=world.manager)) == 1


def test_contracts_are_versions(database: Database, make: Maker) -> None:
    world = Group(database, make)
    world.contract()
    with pytest.raises(ContractsInOrder):
        world.contract()
    world.contract(starts_on=date(2027, 3, 1), weekly_minutes=1440, is_part_time=True)
    versions = world.read(people_queries.contracts, [world.worker.id])[world.worker.id]
    assert [one.number for one in versions] == [1, 2]
    on = people_queries.in_force
    found = [on(versions, day) for day in (FIRST, date(2027, 2, 28), date(2027, 3, 1))]
    assert [one.weekly_minutes for one in found if one] == [2100, 2100, 1440]
    assert on(versions, date(2026, 8, 31)) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": ContractKind.FIXED_TERM},
        {"ends_on": date(2026, 8, 1)},
        {"slots": ((0, 600, 540),)},
    ],
    ids=["no end", "ends first", "hours"],
)
def test_what_a_contract_cannot_say(
    database: Database, make: Maker, fields: dict[str, object]
) -> None:
    world = Group(database, make)
    with pytest.raises(Invalid):
        world.contract(None, **fields)
    with pytest.raises(Invalid):
        world.contract(users=frozenset({world.garrigue.id}))
    with pytest.raises(Forbidden):
        world.do(
            people.add_worker,
            AddWorker(employer_id=world.employer.id, name="X", email="x@example.org"),
            actor=world.manager,
        )
