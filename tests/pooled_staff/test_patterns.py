"""Usual weeks, unrolled into drafts."""

from datetime import date

import pytest

from coopshare.db.work import Database
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.commands import AskLeave, PatternDay, SetPattern, Unroll
from coopshare.pooled_staff.kinds import Half, LeaveKind, Origin
from coopshare.pooled_staff.queries import rota as queries
from coopshare.pooled_staff.rules import StintKind
from coopshare.pooled_staff.services import leaves, patterns
from tests.make import Maker
from tests.pooled_staff.world import DAY, MONDAY, WEEK, Group, span
from tests.statements import counted


def fortnight(world: Group) -> SetPattern:
    """Return two weeks: Mondays at Avenir, and every other Tuesday afternoon at Relais."""
    return SetPattern(
        worker_id=world.worker.id,
        weeks=2,
        first_monday=MONDAY,
        days=(
            PatternDay(week=0, weekday=0, half=Half.MORNING, organisation_id=world.avenir.id),
            PatternDay(week=1, weekday=0, half=Half.MORNING, organisation_id=world.avenir.id),
            PatternDay(week=1, weekday=1, half=Half.AFTERNOON, organisation_id=world.relais.id),
            PatternDay(week=1, weekday=2, half=Half.MORNING, kind=StintKind.COMMON),
        ),
    )


def test_two_weeks_in_turn(database: Database, make: Maker) -> None:
    world = Group(database, make)
    world.contract()
    world.do(patterns.set_pattern, fortnight(world))
    made = world.do(
        patterns.unroll,
        Unroll(worker_id=world.worker.id, first=MONDAY, last=MONDAY + 4 * WEEK - DAY),
    )
    # Easter Monday is 29 March: public holiday, in the fourth week.
    days = [(row.starts_at.date() - MONDAY).days for row in made.rows]
    assert days == [0, 7, 8, 9, 14, 22, 23]
    assert [(day, half) for day, half, _ in made.left_out] == [(date(2027, 3, 29), Half.MORNING)]
    assert {row.origin for row in made.rows} == {Origin.PATTERN}
    assert made.breaks == ()
    again = world.do(
        patterns.unroll, Unroll(worker_id=world.worker.id, first=MONDAY, last=MONDAY + 20 * DAY)
    )
    assert again.rows == ()
    assert len(again.left_out) == 5


def test_absences_are_left_out(database: Database, make: Maker) -> None:
    world = Group(database, make)
    world.contract()
    world.do(patterns.set_pattern, fortnight(world))
    world.do(
        leaves.ask,
        AskLeave(
            worker_id=world.worker.id,
            kind=LeaveKind.PAID,
            span=Interval(span(MONDAY, (0, 1440)).start, span(MONDAY + 8 * DAY, (0, 1440)).start),
            is_decided=True,
        ),
    )
    made = world.do(
        patterns.unroll, Unroll(worker_id=world.worker.id, first=MONDAY, last=MONDAY + 13 * DAY)
    )
    assert [(row.starts_at.date() - MONDAY).days for row in made.rows] == [8, 9]


def test_what_usual_weeks_cannot_say(database: Database, make: Maker) -> None:
    world = Group(database, make)
    good = fortnight(world)
    for wrong in (
        SetPattern(worker_id=world.worker.id, weeks=2, first_monday=MONDAY + DAY, days=good.days),
        SetPattern(worker_id=world.worker.id, weeks=1, first_monday=MONDAY, days=good.days),
        SetPattern(
            worker_id=world.worker.id,
            weeks=1,
            first_monday=MONDAY,
            days=(
                PatternDay(week=0, weekday=0, half=Half.MORNING, organisation_id=world.garrigue.id),
            ),
        ),
    ):
        with pytest.raises(Invalid):
            world.do(patterns.set_pattern, wrong)


def test_a_quarter_is_unrolled_in_as_many_statements_as_a_week(
    database: Database, make: Maker
) -> None:
    world = Group(database, make)
    world.contract()
    world.do(patterns.set_pattern, fortnight(world))
    counts = []
    for weeks, first in ((1, MONDAY), (12, MONDAY + WEEK)):
        command = Unroll(worker_id=world.worker.id, first=first, last=first + weeks * WEEK - DAY)
        with counted(database) as sent:
            world.do(patterns.unroll, command)
        counts.append(len(sent))
    assert counts[1] <= counts[0] + 1
    assert len(world.read(queries.assignments, _long())) == 23


def _long() -> Interval:
    return Interval(span(MONDAY).start, span(MONDAY + 13 * WEEK).start)
