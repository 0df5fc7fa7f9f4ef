"""A second reading of a plan against its problem, written from the numbers and nothing else.

It shares no code with the planner: minutes are added up day by day and week by week.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeAlias

from coopshare.planner.problem import Half, Line, PartTime, Problem, Slot

DAY = 1440
SUNDAY = 6
Slots: TypeAlias = dict[tuple[str, date, Half], Slot]
Part: TypeAlias = tuple[int, int, str | None, int]
"""Start, end, member, break declared inside."""


def findings(problem: Problem, lines: Iterable[Line]) -> list[str]:
    """Return every hard rule that the plan breaks, as words; nothing when it stands."""
    plan = sorted(lines)
    slots = {(s.worker, s.day, s.half): s for s in problem.slots}
    found = []
    if len({(x.worker, x.day, x.half) for x in plan}) != len(plan):
        found.append("two lines on one half-day")
    for line in plan:
        slot = slots.get((line.worker, line.day, line.half))
        if slot is None or slot.state.value != "open":
            found.append(f"no open half-day for {line}")
        elif line.member:
            found += [f"{rule}: {line}" for rule in visit(problem, line, slot, plan)]
    found += kept(problem, plan, slots)
    found += promised(problem, plan, slots)
    for worker in problem.workers:
        found += person(problem, worker.id, [x for x in plan if x.worker == worker.id], slots)
    return found


def visit(problem: Problem, line: Line, slot: Slot, plan: list[Line]) -> list[str]:
    """H2 and H9: placed there, open, not excluded, not a lone half-day where days are promised."""
    rules = []
    permits = [
        p
        for p in problem.permits
        if (p.worker, p.member) == (line.worker, line.member) and p.first <= line.day <= p.last
    ]
    code = f"{line.day.weekday()}{line.half.value}"
    if not permits or code in permits[0].excluded:
        rules.append("H2 not allowed")
    for member in problem.members:
        if member.id == line.member:
            shut = [(c.day, c.half) for c in member.closed]
            if (slot.day, slot.half) in shut:
                rules.append("H2 closed")
    if permits and permits[0].least_block > 1:
        same = [
            x for x in plan if (x.worker, x.day, x.member) == (line.worker, line.day, line.member)
        ]
        if len(same) < permits[0].least_block:
            rules.append("H9 lone half-day")
    return rules


def kept(problem: Problem, plan: list[Line], slots: Slots) -> list[str]:
    """H7 and H9: pins stand, and what is published stands inside the notice."""
    given = {(x.worker, x.day, x.half): (x.kind, x.member) for x in plan}
    found = [
        f"H9 pin moved: {pin}"
        for pin in problem.pinned
        if given.get((pin.worker, pin.day, pin.half)) != (pin.kind, pin.member)
    ]
    held = {(x.worker, x.day, x.half): (x.kind, x.member) for x in problem.published}
    pins = {(x.worker, x.day, x.half) for x in problem.pinned}
    free = {w.id: w.free_from for w in problem.workers}
    for key, slot in slots.items():
        limit = free[slot.worker]
        if (
            slot.state.value == "open"
            and problem.published_until
            and limit
            and slot.day <= problem.published_until
            and slot.day < limit
            and key not in problem.consents
            and key not in pins
            and given.get(key) != held.get(key)
        ):
            found.append(f"H7 changed inside the notice: {slot.worker} {slot.day} {slot.half}")
    return found


def promised(problem: Problem, plan: list[Line], slots: Slots) -> list[str]:
    """H8: what is firm is neither missed nor passed."""
    found = []
    for firm in problem.firms:
        got = sum(
            slots[x.worker, x.day, x.half].minutes
            for x in plan
            if x.member == firm.member
            and x.worker in firm.workers
            and firm.first <= x.day <= firm.last
        )
        if got < firm.least or (firm.most is not None and got > firm.most):
            found.append(f"H8 {firm.id}: {got}")
    return found


def person(problem: Problem, who: str, plan: list[Line], slots: Slots) -> list[str]:
    """H3 to H6 for one worker: days, rests, weeks, twelve weeks."""
    limits = problem.limits
    worker = next(w for w in problem.workers if w.id == who)
    ways = {(t.origin, t.target): t.minutes for t in problem.travels}
    days: dict[date, list[Part]] = defaultdict(list)
    for x in plan:
        slot = slots[x.worker, x.day, x.half]
        days[x.day].append((slot.starts, slot.ends, x.member, slot.pause))
    for b in problem.busy:
        if b.worker == who:
            days[b.day].append((b.starts, b.ends, None, 0))
    found = []
    minutes: dict[date, int] = {}
    for day, parts in days.items():
        minutes[day], broken = one_day(problem, sorted(parts), ways, worker.part_time)
        found += [f"{rule} {who} {day}" for rule in broken]
        ends = max(end for _, end, *_ in parts)
        tomorrow = days.get(day + timedelta(days=1))
        if tomorrow and min(tomorrow)[0] + DAY - ends < limits.daily_rest:
            found.append(f"H4 daily_rest {who} {day}")
        if limits.sunday_off and day.weekday() == SUNDAY:
            found.append(f"H4 sunday {who} {day}")
    return found + weeks(problem, who, days, minutes)


def one_day(
    problem: Problem,
    parts: list[Part],
    ways: dict[tuple[str, str], int],
    part_time: PartTime | None,
) -> tuple[int, list[str]]:
    """Return the minutes of a day, the road at noon being work, and what is broken in it."""
    limits = problem.limits
    done, gaps, broken = sum(e - s - p for s, e, _, p in parts), [0], []
    for before, after in pairwise(parts):
        gap = after[0] - before[1]
        way = 0
        if before[2] and after[2] and before[2] != after[2]:
            way = ways.get((before[2], after[2]), 0)
        if gap < way:
            broken.append(f"H6 {way} minutes of road in {gap}")
        done += way
        gaps += [gap - way] if gap - way else []
    longest = max([*gaps, *(p for *_, p in parts)])
    if done > limits.day_max:
        broken.append(f"H3 day_max {done}")
    if done >= limits.break_after and longest < limits.break_min:
        broken.append(f"H3 break_min {longest}")
    if parts[-1][1] - parts[0][0] > limits.day_span:
        broken.append("H3 day_span")
    if part_time and (len(gaps) > 2 or max(gaps) > part_time.gap_max):
        broken.append(f"H5 pt_gap {gaps}")
    return done, broken


def weeks(
    problem: Problem,
    who: str,
    days: dict[date, list[Part]],
    minutes: dict[date, int],
) -> list[str]:
    """H4 and H5 by civil week: days, rest of 35 h, minutes, and each run of 12 weeks."""
    limits = problem.limits
    worker = next(w for w in problem.workers if w.id == who)
    found = []
    done: dict[date, int] = defaultdict(int)
    off: set[date] = set()
    for past in worker.history:
        done[past.monday] += past.minutes
        off |= set() if past.counts else {past.monday}
    for day, amount in minutes.items():
        done[day - timedelta(days=day.weekday())] += amount
    states: dict[date, set[str]] = defaultdict(set)
    for s in problem.slots:
        if s.worker == who:
            states[s.day - timedelta(days=s.day.weekday())].add(s.state.value)
    off |= {each for each, seen in states.items() if seen == {"absent"}}
    first = problem.starts_on - timedelta(days=problem.starts_on.weekday())
    week = first
    while week <= problem.ends_on:
        worked = sorted(d for d in days if week <= d < week + timedelta(days=7))
        if len(worked) > limits.week_days:
            found.append(f"H4 week_days {who} {week}")
        spans = [
            ((d - week).days * DAY + s, (d - week).days * DAY + e)
            for d in days
            if week <= d < week + timedelta(days=14)
            for s, e, *_ in days[d]
        ]
        last = 7 if week + timedelta(days=7) > problem.ends_on else 14
        edges = [(0, 0), *sorted(spans), (last * DAY, last * DAY)]
        rest = max(b[0] - a[1] for a, b in pairwise(edges) if a[1] < 7 * DAY)
        if rest < limits.weekly_rest:
            found.append(f"H4 weekly_rest {who} {week}: {rest}")
        most = limits.week_max - worker.other_minutes
        if worker.part_time:
            most = min(
                most, worker.weekly_minutes + worker.part_time.extra, worker.part_time.below - 1
            )
        if done[week] > most:
            found.append(f"H5 week {who} {week}: {done[week]} over {most}")
        run = [week - timedelta(weeks=n) for n in range(12)]
        counted = len(run) if limits.absent_weeks_count else sum(w not in off for w in run)
        total = sum(done[w] for w in run if w in done) + worker.other_minutes * counted
        if total > limits.twelve_weeks * counted // 12:
            found.append(f"H5 twelve weeks {who} {week}: {total}")
        week += timedelta(weeks=1)
    return found
