"""What the planner answers is asked of the law, which knows nothing of the planner."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

import pytest

from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import at
from coopshare.planner.problem import Problem, Result, Slot, State
from coopshare.pooled_staff.rules import SETS, Absence, Level, Stint, StintKind, Terms, check
from tests.planner.test_solve import planned, planned_again

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)


def named(*words: object) -> UUID:
    """Return an id for some words, always the same."""
    return uuid5(NAMESPACE_OID, "/".join(str(word) for word in words))


def stint(slot: Slot, kind: StintKind, member: str | None) -> Stint:
    """Return the work of a half-day, its break in the middle."""
    middle = (slot.starts + slot.ends - slot.pause) // 2
    pauses = (
        (Interval(at(slot.day, middle, PARIS), at(slot.day, middle + slot.pause, PARIS)),)
        if slot.pause
        else ()
    )
    return Stint(
        id=named(*slot.key),
        worker_id=named(slot.worker),
        kind=kind,
        span=Interval(at(slot.day, slot.starts, PARIS), at(slot.day, slot.ends, PARIS)),
        breaks=pauses,
        member_id=named(member) if member else None,
    )


def work_of(problem: Problem, result: Result) -> list[Stint]:
    """Return all that is worked: the plan, the road at noon, what is held elsewhere, history."""
    slots = {slot.key: slot for slot in problem.slots}
    ways = {(one.origin, one.target): one.minutes for one in problem.travels}
    found = [stint(slots[one.key], StintKind(one.kind.value), one.member) for one in result.lines]
    days = defaultdict(list)
    for line in result.lines:
        days[line.worker, line.day].append(line)
    for (worker, day), lines in days.items():
        if len(lines) == 2:
            first, second = sorted(lines)
            way = ways.get((first.member or "", second.member or ""), 0)
            if way and first.member != second.member:
                start = slots[first.key].ends
                road = Slot(worker, day, first.half, start, start + way)
                found.append(_again(stint(road, StintKind.TRAVEL, None), "road"))
    for number, busy in enumerate(problem.busy):
        there = Slot(busy.worker, busy.day, problem.slots[0].half, busy.starts, busy.ends)
        found.append(_again(stint(there, StintKind.COMMON, None), f"busy {number}"))
    for person in problem.workers:
        for week in person.history:
            each, rest = divmod(week.minutes, 5)
            for weekday in range(5 if week.minutes else 0):
                minutes = each + (rest if weekday == 0 else 0)
                past = Slot(
                    person.id,
                    week.monday + weekday * DAY,
                    problem.slots[0].half,
                    480,
                    480 + minutes,
                )
                found.append(_again(stint(past, StintKind.COMMON, None), "past"))
    return found


def _again(one: Stint, why: str) -> Stint:
    return Stint(
        id=named(one.id, why),
        worker_id=one.worker_id,
        kind=one.kind,
        span=one.span,
        breaks=one.breaks,
    )


def absences_of(problem: Problem) -> list[Absence]:
    """Return the whole days, and the past weeks, of absence."""
    days = defaultdict(set)
    for slot in problem.slots:
        days[slot.worker, slot.day].add(slot.state)
    whole = [key for key, states in days.items() if states == {State.ABSENT}]
    whole += [
        (person.id, week.monday + n * DAY)
        for person in problem.workers
        for week in person.history
        if not week.counts
        for n in range(7)
    ]
    return [
        Absence(worker_id=named(worker), span=Interval(at(day, 0, PARIS), at(day + DAY, 0, PARIS)))
        for worker, day in whole
    ]


@pytest.mark.parametrize("is_again", [False, True], ids=["plan", "after an illness"])
def test_a_plan_keeps_the_law(*, is_again: bool) -> None:
    problem, result = planned_again() if is_again else planned()
    terms = [
        Terms(
            worker_id=named(one.id),
            name=one.name,
            timezone="Europe/Paris",
            weekly_minutes=one.weekly_minutes,
            is_part_time=one.part_time is not None,
            other_jobs_minutes=one.other_minutes,
        )
        for one in problem.workers
    ]
    stints = work_of(problem, result)
    days = problem.starts_on, problem.ends_on
    found = check(stints, terms, absences=absences_of(problem), days=days)
    assert [one.sentence.say() for one in found if one.level is Level.BLOCKS] == []
    law = SETS[-1]
    rules = {**law.rules, "day_max": replace(law.rules["day_max"], value=120)}
    stricter = check(stints, terms, days=days, sets=[replace(law, rules=rules)])
    assert {one.day for one in stricter if one.rule_id == "day_max"} == {
        line.day for line in result.lines
    }
