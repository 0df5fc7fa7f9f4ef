"""Which limits a worker's weeks break, counted plainly from a plan: for explanations, no solver."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise

from coopshare.planner.grid import TWELVE, Grid, Uses, What
from coopshare.planner.problem import Slot, monday

DAY = 1440
WEEK = 7 * DAY


def broken(grid: Grid, uses: Uses, worker: str, week: date) -> frozenset[str]:
    """Return the limits that one worker's week breaks, by the ids of the rules."""
    found: set[str] = set()
    limits, person = grid.problem.limits, grid.workers[worker]
    worked = _worked(grid, uses, worker, week)
    spans: list[tuple[int, int]] = []
    for offset in range(9):
        day = week + timedelta(days=offset)
        slots = worked.get(day, [])
        parts = [(s.starts, s.ends) for s in slots] + list(grid.busy.get((worker, day), ()))
        spans += [(offset * DAY + start, offset * DAY + end) for start, end in parts]
        if slots and offset * DAY < WEEK:
            rule = grid.day_refusal(worker, day, tuple(slots), _road(grid, uses, slots))
            found |= {rule} if rule else set()
    spans.sort()
    days = {start // DAY for start, _ in spans}
    for (_, ends), (starts, _) in pairwise(spans):
        if ends // DAY != starts // DAY and starts - ends < limits.daily_rest and ends < WEEK:
            found.add("daily_rest")
    if len([day for day in days if day * DAY < WEEK]) > limits.week_days:
        found.add("week_days")
    last = WEEK if week == grid.mondays[-1] else 9 * DAY
    edges = [(0, 0), *(span for span in spans if span[0] < last), (last, last)]
    if max(b[0] - a[1] for a, b in pairwise(edges) if a[1] < WEEK) < limits.weekly_rest:
        found.add("weekly_rest")
    cap, rule = grid.week_cap(person)
    if minutes(grid, uses, worker, week) > cap:
        found.add(rule)
    for run, most in grid.windows(person):
        if week in run and sum(minutes(grid, uses, worker, each) for each in run) > most:
            found.add("avg12_max")
    return frozenset(found)


def minutes(grid: Grid, uses: Uses, worker: str, week: date) -> int:
    """Return the minutes of work of a week, noon journeys and what is settled included."""
    total = grid.known_week(grid.workers[worker], week)
    for day, slots in _worked(grid, uses, worker, week).items():
        if day < week + timedelta(days=7):
            total += sum(slot.minutes for slot in slots) + _road(grid, uses, slots)
    return total


def _worked(grid: Grid, uses: Uses, worker: str, week: date) -> dict[date, list[Slot]]:
    found: dict[date, list[Slot]] = defaultdict(list)
    for slot in grid.of_worker[worker]:
        if 0 <= (slot.day - week).days < TWELVE and uses.get(slot.key) is not None:
            found[slot.day].append(slot)
    return found


def _road(grid: Grid, uses: Uses, slots: list[Slot]) -> int:
    return sum(way(grid, uses.get(am.key), uses.get(pm.key)) for am, pm in pairwise(slots))


def way(grid: Grid, first: What, second: What) -> int:
    """Return the minutes between what the two halves of a day are given to."""
    if first is None or second is None or first == second:
        return 0
    found = grid.travel.get((first[1] or "", second[1] or ""))
    return found.minutes if found else 0


def newly_broken(grid: Grid, uses: Uses, slot: Slot, what: What) -> frozenset[str]:
    """Return the limits that giving one half-day to something else would break anew."""
    week = monday(slot.day)
    changed = {**uses, slot.key: what}
    return broken(grid, changed, slot.worker, week) - broken(grid, uses, slot.worker, week)
