"""The question: read back as written, the same on every machine, refused when it is none."""

from dataclasses import replace

import pytest

from coopshare.planner.grid import Grid
from coopshare.planner.instances import SIZES, generate, illness
from coopshare.planner.problem import Kind, Line, Problem, State
from coopshare.planner.score import score
from tests.planner.judge import findings


@pytest.mark.parametrize("name", sorted(SIZES))
def test_it_is_read_back_as_written(name: str) -> None:
    asked = generate(name)
    assert Problem.from_json(asked.to_json()) == asked
    assert generate(name, seed=1) == asked
    assert generate(name, seed=2) != asked


def test_sizes_are_those_that_are_published() -> None:
    sizes = {name: generate(name) for name in "ABC"}
    assert [(len(p.workers), len(p.members)) for p in sizes.values()] == [
        (2, 11),
        (6, 30),
        (20, 50),
    ]
    assert [len(p.slots) for p in sizes.values()] == [260, 6 * 260 - 52, 20 * 130 - 3 * 26]


@pytest.mark.parametrize("text", ["[]", "{}", '{"starts_on": 3}', "nothing", '{"unknown": 1}'])
def test_what_is_no_problem_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Problem.from_json(text)


def test_shares_of_an_instance_fill_its_open_half_days() -> None:
    asked = generate("A")
    open_ = sum(slot.state is State.OPEN for slot in asked.slots)
    assert sum(quota.half_days for quota in asked.quotas) == open_


def test_an_idle_plan_breaks_only_what_is_promised_and_costs_all_minutes() -> None:
    asked = generate("A")
    assert {each.split()[0] for each in findings(asked, ())} == {"H8"}
    idle = sum(slot.minutes for slot in asked.slots if slot.state is State.OPEN)
    unmet = sum(demand.minutes * demand.priority for demand in asked.demands)
    values = score(Grid(asked), ())
    assert values["T1"] == idle + unmet
    assert values["T2a"] == 1000
    wished = {(wish.worker, wish.cell) for wish in asked.wishes if wish.wants}
    missed = [s for s in asked.slots if s.state is State.OPEN and (s.worker, s.cell) in wished]
    assert values["T5"] == 3 * len(missed)


def test_an_illness_takes_two_weeks_and_changes_nothing_by_itself() -> None:
    asked = generate("A")
    lines = [
        Line(slot.worker, slot.day, slot.half, Kind.COMMON)
        for slot in asked.slots
        if slot.state is State.OPEN
    ]
    again = illness(asked, lines)
    ill = {slot.day for slot in again.slots if slot.state is State.ABSENT} - {
        slot.day for slot in asked.slots if slot.state is State.ABSENT
    }
    assert 0 < (max(ill) - min(ill)).days < 14
    kept = [line for line in lines if Grid(again).slot_at[line.key].state is State.OPEN]
    values = score(Grid(again), kept)
    assert (values["T3"], values["T4"]) == (0, 0)
    assert score(Grid(again), ())["T3"] > 0
    assert not [each for each in findings(again, kept) if each.startswith("H7")]
    assert [each for each in findings(again, ()) if each.startswith("H7")]


def test_the_judge_sees_each_rule_broken() -> None:
    asked = generate("S")
    slot = next(slot for slot in asked.slots if slot.state is State.OPEN)
    line = Line(slot.worker, slot.day, slot.half, Kind.COMMON)
    stranger = replace(line, kind=Kind.MEMBER, member="m99")
    tight = replace(asked, firms=(), limits=replace(asked.limits, day_max=slot.minutes - 1))
    assert findings(replace(asked, firms=()), (line,)) == []
    assert findings(tight, (line,)) == [f"H3 day_max {slot.minutes} {slot.worker} {slot.day}"]
    assert findings(replace(asked, firms=()), (stranger,)) == [f"H2 not allowed: {stranger}"]
    assert findings(replace(asked, firms=(), pinned=(line,)), ()) == [f"H9 pin moved: {line}"]
