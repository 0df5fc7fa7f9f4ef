"""The value of each tier of a plan, counted from its lines: the model is not asked."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from coopshare.planner import weights
from coopshare.planner.grid import COMMON, Grid, Uses, What, whats
from coopshare.planner.problem import Half, Kind, Line, Slot, State


def score(
    grid: Grid, lines: Sequence[Line], workers: frozenset[str] | None = None
) -> dict[str, int]:
    """Return the value of every tier there is, of some workers or of all."""
    uses = whats(tuple(lines))
    slots = [slot for slot in grid.slots if workers is None or slot.worker in workers]
    who = frozenset(slot.worker for slot in slots)
    return {
        "T1": sum(unmet(grid, lines, who).values()) + idle_minutes(slots, uses),
        "T2a": max((shortfall(q, n) for q, n in shares(grid, lines, who).values()), default=0),
        "T2b": sum(abs(q - n) for q, n in shares(grid, lines, who).values())
        + sum(drifts(grid, lines, who)),
        "T3": sum(change_weight(grid, slot, uses.get(slot.key)) for slot in slots),
        "T4": sum(draft_moved(grid, slot, uses.get(slot.key)) for slot in slots),
        "T5": sum(comfort(grid, slots, uses).values()),
    }


def unmet(grid: Grid, lines: Sequence[Line], who: frozenset[str]) -> dict[str, int]:
    """Return the minutes not met of each demand, times its priority."""
    found = {}
    for demand in grid.problem.demands:
        if not who.intersection(demand.workers):
            continue
        met = sum(
            grid.slot_at[line.key].minutes
            for line in lines
            if line.member == demand.member
            and line.worker in demand.workers
            and demand.first <= line.day <= demand.last
        )
        found[demand.id] = max(0, demand.minutes - met) * demand.priority
    return found


def idle_minutes(slots: Sequence[Slot], uses: Uses) -> int:
    """Return the minutes of open half-days given to nothing."""
    return sum(
        slot.minutes for slot in slots if slot.state is State.OPEN and uses.get(slot.key) is None
    )


def shares(
    grid: Grid, lines: Sequence[Line], who: frozenset[str]
) -> dict[tuple[str, str | None], tuple[int, int]]:
    """Return the quota and the half-days given, for each pair of worker and member."""
    given: dict[tuple[str, str | None], int] = defaultdict(int)
    for line in lines:
        if line.kind in {Kind.MEMBER, Kind.COMMON}:
            given[line.worker, line.member] += 1
    return {
        pair: (quota, given.get(pair, 0)) for pair, quota in grid.quotas.items() if pair[0] in who
    }


def shortfall(quota: int, given: int) -> int:
    """Return the deficit of a share in thousandths of it, rounded up."""
    return -(-1000 * max(0, quota - given) // quota) if quota > 0 else 0


def drifts(grid: Grid, lines: Sequence[Line], who: frozenset[str]) -> list[int]:
    """Return the half-days beyond the free band at the end of each fourth week."""
    days: dict[tuple[str, str | None], list[date]] = defaultdict(list)
    for line in lines:
        if line.kind is Kind.MEMBER:
            days[line.worker, line.member].append(line.day)
    found = []
    for target in grid.targets:
        if target.worker in who:
            given = sum(day <= target.until for day in days[target.worker, target.member])
            found.append(max(0, abs(given - target.half_days) - weights.FREE_BAND))
    return found


def change_weight(grid: Grid, slot: Slot, use: What) -> int:
    """Return what a changed published half-day costs; nothing outside what is absent."""
    if not grid.is_published(slot) or slot.state is not State.OPEN:
        return 0
    held = grid.published.get(slot.key)
    before: What = held.what if held else None
    if before == use:
        return 0
    kind = weights.SHORTENED if before is None or use is None else weights.MOVED
    return kind * weights.closeness((slot.day - grid.problem.starts_on).days)


def draft_moved(grid: Grid, slot: Slot, use: What) -> int:
    """Return 1 for a draft half-day that is now something else."""
    held = grid.draft.get(slot.key)
    if held is None or grid.is_published(slot) or slot.state is not State.OPEN:
        return 0
    return int(held.what != use)


def comfort(grid: Grid, slots: Sequence[Slot], uses: Uses) -> dict[str, int]:
    """Return the points of T5 by what they are for."""
    kinds = {(s.worker, s.cell, uses[s.key]) for s in slots if uses.get(s.key) is not None}
    days = [pair for slot in slots if (pair := open_day(grid, slot))]
    free = [slot for slot in slots if slot.state is State.OPEN]
    return {
        "regular": weights.REGULAR * len(kinds),
        "split": weights.SPLIT * sum(uses.get(am.key) != uses.get(pm.key) for am, pm in days),
        "travel": sum(journey_points(grid, uses.get(am.key), uses.get(pm.key)) for am, pm in days),
        "wishes": sum(wish_points(grid, slot, uses.get(slot.key)) for slot in free),
        "members": sum(member_points(grid, slot, uses.get(slot.key)) for slot in free),
    }


def open_day(grid: Grid, slot: Slot) -> tuple[Slot, Slot] | None:
    """Return the two halves of the day a morning belongs to, when both are open."""
    after = grid.slot_at.get((slot.worker, slot.day, Half.PM))
    if slot.half is Half.PM or after is None:
        return None
    return (slot, after) if slot.state is State.OPEN and after.state is State.OPEN else None


def journey_points(grid: Grid, first: What, second: What) -> int:
    """Return the points of the way between what the two halves of a day are given to."""
    if first is None or second is None or first[1] is None or second[1] is None:
        return 0
    way = grid.travel.get((first[1], second[1]))
    return weights.travel_points(way.minutes, way.metres) if way and first != second else 0


def wish_points(grid: Grid, slot: Slot, use: What) -> int:
    """Return the points of a worker's wishes that a half-day does not follow."""
    wishes = grid.wishes.get(slot.worker, [])
    weight = max(1, weights.WISHES // len(wishes)) if wishes else 0
    found = 0
    for wish in wishes:
        if wish.cell == slot.cell:
            is_it = use == ((Kind.MEMBER, wish.member) if wish.member else COMMON)
            found += weight * (is_it != wish.wants)
    return found


def member_points(grid: Grid, slot: Slot, use: What) -> int:
    """Return the point of a half-day at a member outside the cells it wished."""
    permit = grid.permit(slot, use[1]) if use and use[1] else None
    wished = permit.wished if permit else ()
    return weights.UNWISHED if wished and slot.cell not in wished else 0
