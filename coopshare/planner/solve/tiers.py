"""What each soft tier counts, as a sum over a model; `score.py` counts the same from the lines."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeAlias

from coopshare.planner import score, weights
from coopshare.planner.grid import Uses, What
from coopshare.planner.problem import Demand, Firm, Kind, Slot, State
from coopshare.planner.solve.model import Key, Model, Reader

Pair: TypeAlias = tuple[str, str | None]
"""A worker and a member, or no member for the common time."""
Under: TypeAlias = dict[Pair, tuple[Any, int]]
"""The half-days missing of each quota, and the quota."""


def expression(model: Model, tier: str) -> Any:
    """Return the sum that a tier makes least; the variables it needs are added."""
    return TIERS[tier](model)


def demand(model: Model) -> Any:
    """T1: minutes of demand not met, times their priority, and idle minutes."""
    total: Any = 0
    for slot in model.slots:
        if slot.state is State.OPEN:
            total += slot.minutes * model.idle(slot)
    for each in model.grid.problem.demands:
        if model.workers.intersection(each.workers):
            window = Firm(each.id, each.member, each.workers, each.first, each.last)
            unmet = model.new(
                0, each.minutes, f"unmet {each.id}", _unmet(model, each, model.elsewhere(window))
            )
            model.cp.add(unmet + sum(model.received(window)) >= each.minutes)
            total += each.priority * unmet
    return total


def _unmet(model: Model, each: Demand, given: int) -> Reader:
    slots = [
        slot
        for slot in model.slots
        if slot.worker in each.workers and each.first <= slot.day <= each.last
    ]
    what: What = (Kind.MEMBER, each.member)
    return lambda uses: max(
        0, each.minutes - given - sum(slot.minutes for slot in slots if uses.get(slot.key) == what)
    )


def largest_deficit(model: Model) -> Any:
    """T2a: the largest share of a quota not given, in thousandths, rounded up."""
    under, _ = deviations(model)
    worst: list[tuple[int, list[Key], What]] = []
    for pair, (_, quota) in under.items():
        if quota > 0:
            worst.append((quota, *_given(model, pair)))

    def read(uses: Uses) -> int:
        return max(
            (score.shortfall(quota, _count(uses, keys, what)) for quota, keys, what in worst),
            default=0,
        )

    found = model.new(0, 1000, "worst", read)
    for variable, quota in under.values():
        if quota > 0:
            model.cp.add(found * quota >= 1000 * variable)
    return found


def shares(model: Model) -> Any:
    """T2b: half-days under and over each share, and drift beyond the band each fourth week."""
    under, over = deviations(model)
    total: Any = sum(variable for variable, _ in under.values()) + sum(over.values())
    for target in model.grid.targets:
        if target.worker not in model.workers:
            continue
        what: What = (Kind.MEMBER, target.member)
        mine = [
            (slot, var)
            for slot, var in model.of.get((target.worker, what), ())
            if slot.day <= target.until
        ]
        keys, given = [slot.key for slot, _ in mine], sum(var for _, var in mine)
        due, band = target.half_days, weights.FREE_BAND
        most = max(len(mine), due)
        if most <= band:
            continue
        off = model.new(0, most, f"drift {target}", _beyond(keys, what, due))
        if due > band:
            model.cp.add(off >= due - given - band)
        if len(mine) > due + band:
            model.cp.add(off >= given - due - band)
        total += off
    return total


def _beyond(keys: list[Key], what: What, due: int) -> Reader:
    return lambda uses: max(0, abs(_count(uses, keys, what) - due) - weights.FREE_BAND)


def deviations(model: Model) -> tuple[Under, dict[Pair, Any]]:
    """Return the half-days under each quota, with it, and over; made once for a model."""
    if model.kept_deviations is not None:
        kept: tuple[Under, dict[Pair, Any]] = model.kept_deviations
        return kept
    under: Under = {}
    over: dict[Pair, Any] = {}
    for pair, quota in model.grid.quotas.items():
        if pair[0] not in model.workers:
            continue
        keys, what = _given(model, pair)
        given = sum(var for _, var in model.of.get((pair[0], what), ()))
        low = model.new(0, max(quota, 0), f"under {pair}", _short(keys, what, quota))
        high = model.new(0, len(keys), f"over {pair}", _long(keys, what, quota))
        model.cp.add(given + low - high == quota)
        under[pair], over[pair] = (low, quota), high
    model.kept_deviations = under, over
    return under, over


def _given(model: Model, pair: Pair) -> tuple[list[Key], What]:
    what: What = (Kind.MEMBER, pair[1]) if pair[1] else (Kind.COMMON, None)
    return [slot.key for slot, _ in model.of.get((pair[0], what), ())], what


def _count(uses: Uses, keys: list[Key], what: What) -> int:
    return sum(uses.get(key) == what for key in keys)


def _short(keys: list[Key], what: What, quota: int) -> Reader:
    return lambda uses: max(0, quota - _count(uses, keys, what))


def _long(keys: list[Key], what: What, quota: int) -> Reader:
    return lambda uses: max(0, _count(uses, keys, what) - quota)


def published(model: Model) -> Any:
    """T3: published half-days that change, nearer ones weighing more."""
    return _by_option(model, lambda slot, use: score.change_weight(model.grid, slot, use))


def drafts(model: Model) -> Any:
    """T4: draft half-days that change."""
    return _by_option(model, lambda slot, use: score.draft_moved(model.grid, slot, use))


def comfort(model: Model) -> Any:
    """T5: regular weeks, whole days, short roads, wishes."""
    grid = model.grid
    total: Any = _by_option(
        model,
        lambda slot, use: (
            score.wish_points(grid, slot, use) + score.member_points(grid, slot, use)
            if slot.state is State.OPEN
            else 0
        ),
    )
    cells: dict[tuple[str, str, What], list[tuple[Key, Any]]] = defaultdict(list)
    for (worker, what), held in model.of.items():
        for slot, var in held:
            cells[worker, slot.cell, what].append((slot.key, var))
    for (worker, where, what), mine in cells.items():
        used = model.literal(f"used {worker} {where} {what}", _any([k for k, _ in mine], what))
        for _, var in mine:
            model.cp.add_implication(var, used)
        total += weights.REGULAR * used
    for worker in sorted(model.workers):
        for slot in grid.of_worker[worker]:
            pair = score.open_day(grid, slot)
            if pair:
                total += _split(model, *pair)
        for am, pm in model.days(worker):
            roads, _ = model.between(
                am, pm, lambda one, two: score.journey_points(grid, one, two), "points"
            )
            total += roads
    return total


def _any(keys: list[Key], what: What) -> Reader:
    return lambda uses: int(any(uses.get(key) == what for key in keys))


def _split(model: Model, am: Slot, pm: Slot) -> Any:
    """Return the cost of a day whose two halves differ."""
    before = model.uses.get(am.key, {None: model.cp.new_constant(1)})
    after = model.uses.get(pm.key, {None: model.cp.new_constant(1)})
    if len(before) == len(after) == 1:
        return 0
    differs = model.literal(
        f"split {am.worker} {am.day}", lambda uses: int(uses.get(am.key) != uses.get(pm.key))
    )
    for one, other in ((before, after), (after, before)):
        for what, var in one.items():
            same = [other[what]] if what in other else []
            model.cp.add_bool_or([~var, differs, *same])
    return weights.SPLIT * differs


def off_pattern(model: Model, wanted: Uses) -> Any:
    """Return the half-days that differ from a rota drawn beforehand."""
    return _by_option(model, lambda slot, use: int(wanted.get(slot.key) != use))


def _by_option(model: Model, cost: Callable[[Slot, What], int]) -> Any:
    """Return the sum of what each half-day's use costs by itself."""
    total: Any = 0
    for slot in model.slots:
        for what, var in model.uses.get(slot.key, {None: 1}).items():
            weight = cost(slot, what)
            if weight:
                total += weight * var
    return total


TIERS: dict[str, Callable[[Model], Any]] = {
    "T1": demand,
    "T2a": largest_deficit,
    "T2b": shares,
    "T3": published,
    "T4": drafts,
    "T5": comfort,
}
