"""Who is where: judged when it is planned, published as a whole, held by the database."""

from datetime import date

import pytest
import sqlalchemy as sa

from coopshare.calendars.models import CalendarEntry
from coopshare.db.work import Database, Work
from coopshare.holds.errors import SlotTaken
from coopshare.holds.models import Hold, HoldSource
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import Forbidden, Invalid, NotFound, VersionMismatch
from coopshare.pooled_staff.commands import AskLeave, DecideLeave, Reassign
from coopshare.pooled_staff.errors import (
    BreaksTheLaw,
    IsAbsent,
    NoContract,
    NotADraft,
    NotInTheGroup,
    TwoPlaces,
)
from coopshare.pooled_staff.kinds import AssignmentState, LeaveKind, LeaveState
from coopshare.pooled_staff.models import Assignment, Leave
from coopshare.pooled_staff.queries import rota as queries
from coopshare.pooled_staff.rules import StintKind
from coopshare.pooled_staff.services import leaves, rota
from tests.make import Maker
from tests.pooled_staff.world import AFTERNOON, DAY, FIRST, MONDAY, MORNING, Group, span


@pytest.fixture
def world(database: Database, make: Maker) -> Group:
    """Return a group whose person has a contract."""
    found = Group(database, make)
    found.contract()
    return found


def live(world: Group) -> list[tuple[str, date]]:
    """Return what is held: where from, which day."""

    def find(work: Work) -> list[tuple[str, date]]:
        rows = work.session.scalars(sa.select(Hold).where(Hold.live).order_by(Hold.starts_at))
        return [(str(row.source_kind), row.starts_at.date()) for row in rows]

    found: list[tuple[str, date]] = world.read(find)
    return found


def test_a_draft_holds_nothing_and_a_published_one_does(world: Group) -> None:
    row = world.assign(MONDAY)
    assert live(world) == []
    assert world.read(queries.assignments, span(MONDAY), actor=world.manager) == []
    world.publish()
    assert live(world) == [("assignment", MONDAY)]
    assert world.again(Assignment, row.id).state is AssignmentState.PUBLISHED
    assert len(world.read(queries.assignments, span(MONDAY), actor=world.manager)) == 1


def test_nobody_is_in_two_places(world: Group) -> None:
    world.assign(MONDAY)
    with pytest.raises(TwoPlaces, match="Léa Durand"):
        world.assign(MONDAY, (700, 800), world.relais)
    world.assign(MONDAY, AFTERNOON, world.relais)
    world.publish()
    with pytest.raises(TwoPlaces):
        world.assign(MONDAY, MORNING, world.relais)


def test_who_may_be_planned_where(world: Group) -> None:
    world.join(world.garrigue, MONDAY - 300 * DAY)
    with pytest.raises(NotInTheGroup):
        world.assign(FIRST - DAY)
    with pytest.raises(NoContract):
        world.assign(FIRST - DAY, one=world.garrigue)
    with pytest.raises(Invalid):
        world.do(rota.assign, world.assigned(MONDAY, site_id=world.yard.id))
    with pytest.raises(Invalid):
        world.do(rota.assign, world.assigned(MONDAY, kind=StintKind.COMMON))
    with pytest.raises(Forbidden):
        world.do(rota.assign, world.assigned(MONDAY), actor=world.cip)
    with pytest.raises(NotFound):
        world.do(rota.assign, world.assigned(MONDAY), actor=world.manager)


def test_what_a_change_breaks_is_told_before_and_refused_when_published(world: Group) -> None:
    """Eleven hours in a day, across two members: told, refused, passed over with a ground."""
    world.assign(MONDAY, (480, 780))
    found = world.do(rota.assign, world.assigned(MONDAY, (840, 1200), world.relais))
    assert [(one.rule_id, one.excess) for one in found.breaks] == [("day_max", 60)]
    with pytest.raises(BreaksTheLaw, match="11") as caught:
        world.publish()
    assert caught.value.details["breaches"][0]["rule"] == "day_max"  # type: ignore[index]
    assert live(world) == []
    rows = world.publish(ground="Accord du 3 mai 2026")
    assert {row.ground for row in rows} == {"Accord du 3 mai 2026"}
    assert len(live(world)) == 2


def test_what_a_change_breaks_of_the_day_before_is_told(world: Group) -> None:
    """An early start takes the rest of the evening before: that day is told, not the new one."""
    world.assign(MONDAY, (780, 1320), pause_minutes=30)
    found = world.do(rota.assign, world.assigned(MONDAY + DAY, (360, 600)))
    assert [(one.rule_id, one.day) for one in found.breaks] == [("daily_rest", MONDAY)]
    world.publish(MONDAY, MONDAY)
    with pytest.raises(BreaksTheLaw, match="repos"):
        world.publish(MONDAY + DAY, MONDAY + DAY)


def test_what_a_change_breaks_of_the_weeks_after_is_told(world: Group) -> None:
    """Heavy weeks are planned ahead: one more before them makes their average too high."""
    for week in range(1, 12):
        for n in range(5):
            day = MONDAY + (7 * week + n) * DAY
            world.assign(day, (480, 780))
            world.assign(day, (810, 1050))
    for n in range(4):
        world.assign(MONDAY + n * DAY, (480, 780))
        world.assign(MONDAY + n * DAY, (810, 1050))
    found = world.do(rota.look, world.assigned(MONDAY + 4 * DAY, (480, 780)))
    assert "avg12_max" in {one.rule_id for one in found.breaks}


def test_a_user_that_the_contract_does_not_name(world: Group) -> None:
    world.join(world.garrigue)
    found = world.do(rota.assign, world.assigned(MONDAY, one=world.garrigue))
    assert [(one.rule_id, one.article) for one in found.breaks] == [("listed_user", "L1253-9")]
    with pytest.raises(BreaksTheLaw, match="avenant"):
        world.publish()


def test_the_journey_between_two_sites_is_work(world: Group) -> None:
    """Five days of seven hours, and a journey at noon: more than the legal week."""
    world.journey(20)
    for n in range(5):
        world.assign(MONDAY + n * DAY, site_id=world.office.id)
        if n < 4:
            world.assign(MONDAY + n * DAY, AFTERNOON, world.relais)
    command = world.assigned(MONDAY + 4 * DAY, AFTERNOON, world.relais, site_id=world.yard.id)
    found = world.do(rota.look, command)
    assert [(one.rule_id, one.done) for one in found.breaks] == [("legal_week", 2120)]


def test_moving_what_is_published(world: Group) -> None:
    row = world.assign(MONDAY)
    world.publish()
    now = world.again(Assignment, row.id)
    moved = world.do(
        rota.reassign,
        Reassign(
            assignment_id=row.id, version=now.version, to=world.assigned(MONDAY + DAY, AFTERNOON)
        ),
    )
    assert moved.row.state is AssignmentState.PUBLISHED
    assert live(world) == [("assignment", MONDAY + DAY)]
    with pytest.raises(VersionMismatch):
        world.do(
            rota.reassign,
            Reassign(assignment_id=row.id, version=now.version, to=world.assigned(MONDAY)),
        )
    with pytest.raises(BreaksTheLaw):
        world.do(
            rota.reassign,
            Reassign(
                assignment_id=row.id,
                version=moved.row.version,
                to=world.assigned(MONDAY, (420, 1140)),
            ),
        )
    world.do(rota.call_off, row.id, world.again(Assignment, row.id).version)
    assert live(world) == []
    with pytest.raises(NotADraft):
        world.do(rota.call_off, row.id, world.again(Assignment, row.id).version)


def test_publishing_is_all_or_nothing(world: Group) -> None:
    """A booking that takes the person for one of ten half-days keeps all ten drafts."""
    for n in range(5):
        for hours in (MORNING, AFTERNOON):
            world.assign(MONDAY + n * DAY, hours)

    def take(work: Work) -> None:
        taken = span(MONDAY + 2 * DAY)
        work.add_rows(
            Hold,
            [
                {
                    "id": world.worker.id,
                    "resource_id": world.worker.resource_id,
                    "quantity": 1,
                    "starts_at": taken.start,
                    "ends_at": taken.end,
                    "live": True,
                    "source_kind": HoldSource.CLOSURE,
                    "source_id": world.worker.id,
                }
            ],
        )

    world.do(take)
    with pytest.raises(SlotTaken):
        world.publish()
    states = {row.state for row in world.read(queries.assignments, _week())}
    assert states == {AssignmentState.DRAFT}
    assert len(live(world)) == 1


def _week() -> object:
    return type(span(MONDAY))(span(MONDAY).start, span(MONDAY + 5 * DAY).start)


def test_calendars_tell_each_its_part(world: Group) -> None:
    row = world.assign(MONDAY, site_id=world.office.id)
    world.publish()

    def entry(work: Work) -> CalendarEntry:
        return work.session.get_one(CalendarEntry, row.id)

    shown = world.read(entry)
    assert shown.organisation_id == world.avenir.id
    assert shown.person_id == world.person.id
    assert b"Avenir" in shown.full
    assert b"Avenir" not in shown.busy
    assert b"Durand" not in shown.busy


def test_a_leave_takes_what_was_planned(world: Group) -> None:
    world.assign(MONDAY)
    world.publish()
    world.assign(MONDAY, AFTERNOON, world.relais)
    asked = world.do(
        leaves.ask,
        AskLeave(
            worker_id=world.worker.id,
            kind=LeaveKind.SICK,
            span=span(MONDAY, (0, 1440)),
            note="Une opération",
        ),
        actor=world.cip,
    )
    lost = world.read(leaves.effect, world.worker.id, span(MONDAY, (0, 1440)))
    assert lost == {world.avenir.id: 210, world.relais.id: 210}
    with pytest.raises(Forbidden):
        world.do(
            leaves.decide,
            DecideLeave(leave_id=asked.id, version=asked.version, is_accepted=True),
            actor=world.cip,
        )
    with pytest.raises(NotFound):
        world.read(queries.leave, asked.id, actor=world.manager)
    world.do(leaves.decide, DecideLeave(leave_id=asked.id, version=asked.version, is_accepted=True))
    assert live(world) == [("leave", (MONDAY - DAY))]  # local midnight is the evening before in UTC
    states = sorted(
        str(row.state)
        for row in world.read(
            queries.assignments, span(MONDAY, (0, 1440)), states=list(AssignmentState)
        )
    )
    assert states == ["cancelled", "to_replace"]
    with pytest.raises(IsAbsent):
        world.assign(MONDAY)
    now = world.again(Leave, asked.id)
    with pytest.raises(Forbidden):
        world.do(leaves.cancel, asked.id, now.version, actor=world.cip)
    world.do(leaves.cancel, asked.id, now.version)
    assert live(world) == []
    world.assign(MONDAY)


def test_members_read_only_when_somebody_is_absent(world: Group) -> None:
    found = world.do(
        leaves.ask,
        AskLeave(
            worker_id=world.worker.id,
            kind=LeaveKind.SICK,
            span=span(MONDAY, (0, 1440)),
            note="Une opération",
            is_decided=True,
        ),
    )
    assert found.state is LeaveState.ACCEPTED

    def entry(work: Work) -> CalendarEntry:
        return work.session.get_one(CalendarEntry, found.id)

    shown = world.read(entry)
    for said in (shown.full, shown.busy):
        assert b"maladie" not in said
        assert "opération".encode() not in said
    assert b"Durand" not in shown.busy


def test_who_reads_what(make: Maker, world: Group) -> None:
    world.assign(MONDAY)
    world.assign(MONDAY, AFTERNOON, world.relais)
    world.publish()
    whole = span(MONDAY, (0, 1440))
    admin = make.actor(world.place, world.ge, Role.ADMINISTRATOR)
    outside = make.actor(world.place, world.garrigue)
    seen = {
        name: len(world.read(queries.assignments, whole, actor=actor))
        for name, actor in {
            "planner": world.planner,
            "worker": world.cip,
            "admin": admin,
            "member": world.manager,
            "neighbour": world.neighbour,
            "outside": outside,
        }.items()
    }
    assert seen == {
        "planner": 2,
        "worker": 2,
        "admin": 2,
        "member": 1,
        "neighbour": 1,
        "outside": 0,
    }


def test_a_contract_that_changes_is_judged_day_by_day(world: Group) -> None:
    """From Wednesday on, a part time of ten hours: the week before it does not count against it."""
    world.contract(starts_on=MONDAY + 7 * DAY, weekly_minutes=600, is_part_time=True)
    for n in range(3):
        world.assign(MONDAY + n * DAY)
        world.assign(MONDAY + (7 + n) * DAY)
    found = world.do(rota.look, world.assigned(MONDAY + 10 * DAY))
    assert [one.rule_id for one in found.breaks] == ["pt_extra"]
    assert world.do(rota.look, world.assigned(MONDAY + 4 * DAY)).breaks == ()
