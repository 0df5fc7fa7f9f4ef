"""A regular rota drawn by hand, as a planner would: whole days, the same weekday, evenly spread.

It may break rules and miss shares: it is where the search for a comfortable plan starts from.
"""

from collections import defaultdict
from datetime import date

from coopshare.planner.grid import COMMON, Grid, What
from coopshare.planner.problem import Half, Kind, Slot

HALVES = len(Half)


def pattern(grid: Grid, worker: str) -> dict[tuple[str, date, Half], What]:
    """Return what each half-day of a worker would be given to."""
    options = {slot.key: grid.options(slot) for slot in grid.of_worker[worker]}
    slots = [slot for slot in grid.of_worker[worker] if options[slot.key] != [None]]
    days: dict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        days[slot.day].append(slot)
    whole = {day: both for day, both in days.items() if len(both) == HALVES}
    wanted = _wanted(grid, worker)
    columns = _columns(grid, worker, whole, wanted)
    found: dict[tuple[str, date, Half], What] = {}
    for weekday, parts in columns.items():
        mine = sorted(day for day in whole if day.weekday() == weekday)
        for day, what in _spread(mine, parts, whole, options).items():
            for slot in whole[day]:
                found[slot.key] = what
                wanted[what] -= 1
    for slot in slots:
        if slot.key not in found:
            fits = [w for w in wanted if wanted[w] > 0 and w in options[slot.key]]
            if fits:
                best = max(fits, key=lambda what: (wanted[what], str(what)))
                found[slot.key] = best
                wanted[best] -= 1
    return found


def _wanted(grid: Grid, worker: str) -> dict[What, int]:
    """Return the half-days to give, by what they are given to."""
    return {
        ((Kind.MEMBER, member) if member else COMMON): quota
        for (who, member), quota in sorted(grid.quotas.items(), key=str)
        if who == worker and quota > 0
    }


def _columns(
    grid: Grid, worker: str, whole: dict[date, list[Slot]], wanted: dict[What, int]
) -> dict[int, list[tuple[What, int]]]:
    """Give each weekday its members and their days, the largest first, where they fit best."""
    room: dict[int, int] = defaultdict(int)
    for day in whole:
        room[day.weekday()] += 1
    columns: dict[int, list[tuple[What, int]]] = defaultdict(list)
    for what, halves in sorted(wanted.items(), key=lambda each: (-each[1], str(each[0]))):
        need, tried = halves // HALVES, set()
        while need:
            fits = [
                weekday
                for weekday in sorted(room)
                if room[weekday] and weekday not in tried and _may(grid, worker, what, weekday)
            ]
            if not fits:
                break
            best = min(
                fits,
                key=lambda weekday: (
                    room[weekday] < need,
                    _dislike(grid, worker, what, weekday),
                    abs(room[weekday] - need),
                ),
            )
            taken = min(need, room[best])
            columns[best].append((what, taken))
            room[best] -= taken
            need -= taken
            tried.add(best)
    return columns


def _may(grid: Grid, worker: str, what: What, weekday: int) -> bool:
    """Tell whether no placement excludes that weekday."""
    if what is None or what[1] is None:
        return True
    return not any(
        f"{weekday}{half.value}" in permit.excluded
        for permit in grid.permits[worker, what[1]]
        for half in Half
    )


def _dislike(grid: Grid, worker: str, what: What, weekday: int) -> int:
    """Return how little a weekday is wished."""
    cells = {f"{weekday}{half.value}" for half in Half}
    member = what[1] if what else None
    found = sum(
        1 - 2 * wish.wants if wish.member == member else int(wish.wants)
        for wish in grid.wishes.get(worker, ())
        if wish.cell in cells
    )
    if member:
        for permit in grid.permits[worker, member]:
            found += len(cells - set(permit.wished)) if permit.wished else 0
    return found


def _spread(
    days: list[date],
    parts: list[tuple[What, int]],
    whole: dict[date, list[Slot]],
    options: dict[tuple[str, date, Half], list[What]],
) -> dict[date, What]:
    """Place the members of one weekday evenly over the weeks, round the days they are closed."""
    waiting = sorted(
        ((n + 0.5) * len(days) / count, str(what), what)
        for what, count in parts
        for n in range(count)
    )
    found: dict[date, What] = {}
    for day in days:
        for turn in waiting:
            if all(turn[2] in options[slot.key] for slot in whole[day]):
                found[day] = turn[2]
                waiting.remove(turn)
                break
    return found
