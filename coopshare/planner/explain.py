"""Why a plan is as it is (E1 to E3), as data that pages turn into sentences; no solver needed.

Rule ids are those of the rules of work (`day_max`, `week_max`, `avg12_max`, `pt_extra`,
`pt_notice`, `notice_full`, `listed_user`...) and, of the planner itself: `absent`, `holiday`,
`held`, `closed`, `excluded`, `placement_dates`, `least_block`, `travel`, `pinned`, `taken`,
`firm_least`, `firm_most` and `share`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from coopshare.planner.grid import Grid, Uses, What, whats
from coopshare.planner.limits import newly_broken
from coopshare.planner.problem import Demand, Firm, Half, Kind, Line, Problem, Slot, State
from coopshare.planner.score import shares, unmet


@dataclass(frozen=True, slots=True)
class Block:
    """Half-days of one worker that the same rule keeps from a demand; `holder` is who has them."""

    worker: str
    rule: str
    half_days: tuple[tuple[date, Half], ...]
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Unmet:
    """E1: a demand, the minutes it lacks, and each candidate's block, the shortest group first."""

    demand: str
    member: str
    minutes: int
    missing: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """E2: what a member gets of a worker; `minutes` are owed to it when below zero, else over.

    The causes are minutes of that worker over the horizon: those the member could not have.
    """

    worker: str
    member: str | None
    quota: int
    given: int
    minutes: int
    causes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """E3: a half-day that was published or drafted, and is now something else."""

    worker: str
    day: date
    half: Half
    was_published: bool
    before: What
    after: What
    why: str
    """A rule, "pinned", or "share": moved to give each its share."""
    notice: str | None
    """The rule of notice that the day falls under: the worker's consent was needed."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that can be said about a plan without searching again."""

    unmet: tuple[Unmet, ...]
    shares: tuple[Share, ...]
    moved: tuple[Moved, ...]


def explain(problem: Problem, lines: Sequence[Line]) -> Explanation:
    """Return why each demand is not met, each share not exact, and each half-day moved."""
    grid, uses = Grid(problem), whats(tuple(lines))
    who = frozenset(grid.workers)
    missing = unmet(grid, lines, who)
    return Explanation(
        tuple(
            _unmet(grid, uses, demand, missing[demand.id] // demand.priority)
            for demand in problem.demands
            if missing.get(demand.id) and demand.priority
        ),
        tuple(
            _share(grid, uses, pair, quota, given)
            for pair, (quota, given) in shares(grid, lines, who).items()
            if quota != given
        ),
        tuple(
            moved
            for slot in grid.slots
            if (moved := _moved(grid, slot, uses.get(slot.key))) is not None
        ),
    )


# --- E1 ------------------------------------------------------------------------------------------


def _unmet(grid: Grid, uses: Uses, demand: Demand, missing: int) -> Unmet:
    found: dict[tuple[str, str, str], list[tuple[date, Half]]] = defaultdict(list)
    what: What = (Kind.MEMBER, demand.member)
    for worker in demand.workers:
        for slot in grid.of_worker.get(worker, ()):
            if demand.first <= slot.day <= demand.last and uses.get(slot.key) != what:
                rule, holder = _block(grid, uses, slot, what)
                found[worker, rule, holder].append((slot.day, slot.half))
    blocks = [
        Block(worker, rule, tuple(half_days), holder or None)
        for (worker, rule, holder), half_days in found.items()
    ]
    blocks.sort(key=lambda block: (len(block.half_days), block.worker, block.rule))
    return Unmet(demand.id, demand.member, demand.minutes, missing, tuple(blocks))


def _block(grid: Grid, uses: Uses, slot: Slot, what: What) -> tuple[str, str]:
    """Return the first rule that keeps a half-day from something, and who has it now."""
    member = what[1] if what else None
    rule = grid.unusable(slot) or (grid.refusal(slot, member) if member else None)
    if rule:
        return rule, ""
    use = uses.get(slot.key)
    holder = (use[1] or use[0].value) if use else ""
    if slot.key in grid.pinned:
        return "pinned", holder
    if grid.is_frozen(slot):
        return notice(grid, slot), holder
    limits = newly_broken(grid, uses, slot, what)
    if limits:
        return min(limits), holder
    promise = _promise(grid, uses, slot, use, what)
    return promise or "taken", holder


def _promise(grid: Grid, uses: Uses, slot: Slot, use: What, what: What) -> str | None:
    """Return the firm promise that a change of one half-day would break."""
    for firm in grid.problem.firms:
        if slot.worker not in firm.workers or not firm.first <= slot.day <= firm.last:
            continue
        had = _received(grid, uses, firm)
        if use == (Kind.MEMBER, firm.member) and had - slot.minutes < firm.least:
            return "firm_least"
        if (
            what == (Kind.MEMBER, firm.member)
            and firm.most is not None
            and had + slot.minutes > firm.most
        ):
            return "firm_most"
    return None


def _received(grid: Grid, uses: Uses, firm: Firm) -> int:
    return sum(
        slot.minutes
        for worker in firm.workers
        for slot in grid.of_worker.get(worker, ())
        if firm.first <= slot.day <= firm.last and uses.get(slot.key) == (Kind.MEMBER, firm.member)
    )


def notice(grid: Grid, slot: Slot) -> str:
    """Return the rule of notice of a worker."""
    return "pt_notice" if grid.workers[slot.worker].part_time else "notice_full"


# --- E2 ------------------------------------------------------------------------------------------


def _share(grid: Grid, uses: Uses, pair: tuple[str, str | None], quota: int, given: int) -> Share:
    worker, member = pair
    slots = grid.of_worker.get(worker, [])
    open_ = [slot.minutes for slot in slots if slot.state is State.OPEN]
    each = round(sum(open_) / len(open_)) if open_ else 0
    causes: dict[str, int] = defaultdict(int)
    for slot in slots:
        rule = grid.unusable(slot)
        if rule is None and member:
            rule = grid.refusal(slot, member)
        if rule:
            causes[rule] += slot.minutes
    for firm in grid.problem.firms:
        if worker in firm.workers and firm.member != member and firm.least:
            causes["firm_least"] += firm.least
    for demand in grid.problem.demands:
        if worker in demand.workers and demand.member != member:
            causes["demand"] += sum(
                slot.minutes
                for slot in slots
                if demand.first <= slot.day <= demand.last
                and uses.get(slot.key) == (Kind.MEMBER, demand.member)
            )
    told = tuple((rule, amount) for rule, amount in sorted(causes.items()) if amount)
    return Share(worker, member, quota, given, (given - quota) * each, told)


# --- E3 ------------------------------------------------------------------------------------------


def _moved(grid: Grid, slot: Slot, after: What) -> Moved | None:
    is_published = grid.is_published(slot)
    held = (grid.published if is_published else grid.draft).get(slot.key)
    before = held.what if held else None
    if before == after or (before is None and not is_published):
        return None
    why = grid.unusable(slot)
    if why is None and before and before[1]:
        why = grid.refusal(slot, before[1])
    if why is None:
        why = "pinned" if slot.key in grid.pinned else "share"
    free = grid.workers[slot.worker].free_from
    is_near = is_published and free is not None and slot.day < free
    asks = notice(grid, slot) if is_near and slot.state is State.OPEN else None
    return Moved(slot.worker, slot.day, slot.half, is_published, before, after, why, asks)


def by_worker(moved: Sequence[Moved]) -> dict[str, tuple[Moved, ...]]:
    """Return what moved, worker by worker: one notice each."""
    ordered = sorted(moved, key=lambda each: (each.worker, each.day, each.half))
    return {who: tuple(mine) for who, mine in groupby(ordered, key=lambda each: each.worker)}
