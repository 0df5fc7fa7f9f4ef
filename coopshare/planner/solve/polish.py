"""Make a tier smaller worker by worker, a piece of the rota at a time, the rest as it stands.

The whole model proves what is small; what it cannot finish is improved here. A piece is two or more
days of the week, cells of it, some weeks, or whatever some members have. It grows when its best is
proven and is no better, and shrinks when it was too much for its time.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from ortools.sat.python import cp_model

from coopshare.planner.grid import Grid, Uses, What
from coopshare.planner.problem import Slot, monday
from coopshare.planner.score import score
from coopshare.planner.solve.lines import lines_of, read
from coopshare.planner.solve.model import Key, Model
from coopshare.planner.solve.tiers import expression, off_pattern

SLICE = 1.0
"""At least so many seconds in a row on one worker: its model has to be built each time."""
PIECE = 0.4
"""Deterministic time of one piece, in the solver's own unit (about a second)."""
KINDS = ("weekdays", "cells", "weeks", "members")
FIRST_SIZE = {"weekdays": 2, "cells": 4, "weeks": 3, "members": 3}


@dataclass(frozen=True, slots=True)
class Turn:
    """One worker's model, what the others do, what it does, and its value of the tier."""

    model: Model
    others: dict[Key, What]
    mine: dict[Key, What]
    value: int


class Polisher:
    """Improves one tier of a plan; the tiers of `held` never get worse."""

    def __init__(
        self,
        grid: Grid,
        held: Sequence[str],
        tier: str,
        *,
        is_over: Callable[[], bool],
        lend: Callable[[Any], None],
    ) -> None:
        self.grid, self.held, self.tier = grid, held, tier
        self.is_over, self.lend = is_over, lend
        self.draw = Random(grid.problem.seed)  # noqa: S311 - the same pieces for a seed
        self.sizes = {each.id: dict(FIRST_SIZE) for each in grid.problem.workers}

    def run(
        self,
        workers: Sequence[str],
        uses: dict[Key, What],
        seconds: float,
        better: Callable[[dict[Key, What]], None],
    ) -> None:
        """Go round the workers until time is over; `better` is told of each better plan."""
        until = time.monotonic() + seconds
        while not self.is_over():
            left = until - time.monotonic()
            for worker in workers:
                turn = min(until, time.monotonic() + max(SLICE, left / len(workers) / 3))
                uses = self._one(worker, uses, turn, better)
                if self.is_over() or time.monotonic() >= until:
                    return

    def sweep(
        self,
        workers: Sequence[str],
        uses: dict[Key, What],
        seconds: float,
        better: Callable[[dict[Key, What]], None],
    ) -> dict[Key, What]:
        """Search each worker's whole rota once, the others' as they stand; return the plan."""
        until = time.monotonic() + seconds
        for n, worker in enumerate(workers):
            left = (until - time.monotonic()) / (len(workers) - n)
            if left <= 0 or self.is_over():
                break
            turn = self._turn(worker, uses)
            if not turn.value:
                continue
            found = self._plan(turn, left)
            if found is not None and self._value(found, worker) < turn.value:
                uses = found
                better(uses)
        return uses

    def align(
        self, workers: Sequence[str], uses: dict[Key, What], toward: Uses, seconds: float
    ) -> dict[Key, What]:
        """Come as near as possible to a rota, worker by worker, no held tier the worse for it."""
        until = time.monotonic() + seconds
        for n, worker in enumerate(workers):
            left = (until - time.monotonic()) / (len(workers) - n)
            if left <= 0 or self.is_over():
                break
            turn = self._turn(worker, uses)
            turn.model.cp.minimize(off_pattern(turn.model, toward))
            uses = self._plan(turn, left) or uses
        return uses

    def bounds(
        self, workers: Sequence[str], uses: Uses, valid: Sequence[str], seconds: float
    ) -> dict[str, int]:
        """Return what the tier comes to at least for each worker, whatever the others do.

        `valid` are the earlier tiers that no worker can pass in any plan as good as this one.
        """
        until = time.monotonic() + seconds
        found: dict[str, int] = {}
        whole = score(self.grid, lines_of(uses))
        for n, worker in enumerate(workers):
            values = score(self.grid, lines_of(uses), frozenset([worker]))
            left = (until - time.monotonic()) / (len(workers) - n)
            found[worker] = 0
            if not values[self.tier] or left <= 0 or self.is_over():
                continue
            model = Model(self.grid, [worker], relaxed=True)
            for tier in valid:
                most = whole[tier] if tier == "T2a" else values[tier]
                model.cp.add(expression(model, tier) <= most)
            model.cp.minimize(expression(model, self.tier))
            hint(model, uses)
            solver = self._solver(left)
            solver.solve(model.cp)
            found[worker] = max(0, round(solver.best_objective_bound))
        return found

    def _plan(self, turn: "Turn", seconds: float) -> dict[Key, What] | None:
        solver = self._solver(seconds)
        if solver.solve(turn.model.cp) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        return {**turn.others, **read(turn.model, solver)}

    def _value(self, uses: Uses, worker: str) -> int:
        return score(self.grid, lines_of(uses), frozenset([worker]))[self.tier]

    def _turn(self, worker: str, uses: dict[Key, What]) -> "Turn":
        """Return the model of one worker, the earlier tiers held where they are."""
        others = {key: use for key, use in uses.items() if key[0] != worker}
        model = Model(self.grid, [worker], others=others)
        mine = {key: use for key, use in uses.items() if key in model.uses}
        values = score(self.grid, lines_of(uses), frozenset([worker]))
        whole = score(self.grid, lines_of(uses))
        for tier in self.held:
            most = whole[tier] if tier == "T2a" else values[tier]
            model.cp.add(expression(model, tier) <= most)
        model.cp.minimize(expression(model, self.tier))
        hint(model, mine)
        return Turn(model, others, mine, values[self.tier])

    def _one(
        self,
        worker: str,
        uses: dict[Key, What],
        until: float,
        better: Callable[[dict[Key, What]], None],
    ) -> dict[Key, What]:
        """Give one worker its turn; return the plan after it."""
        turn = self._turn(worker, uses)
        model, others, mine, value = turn.model, turn.others, turn.mine, turn.value
        while time.monotonic() < until and not self.is_over() and value:
            kind = self.draw.choice(KINDS)
            free = self._piece(model, worker, mine, kind)
            solver, status = self._solve(model, mine, free, until - time.monotonic())
            sizes = self.sizes[worker]
            if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
                found = read(model, solver)
                cost = self._value({**others, **found}, worker)
                if cost < value:
                    value, mine = cost, found
                    hint(model, mine)
                    better({**others, **mine})
                elif status == cp_model.OPTIMAL:
                    sizes[kind] = min(sizes[kind] + 1, 12)
            if status != cp_model.OPTIMAL:
                sizes[kind] = max(FIRST_SIZE[kind] - 1, sizes[kind] - 1)
        return {**others, **mine}

    def _piece(self, model: Model, worker: str, uses: Uses, kind: str) -> set[Key]:
        """Return the half-days to free."""
        slots = [slot for slot in self.grid.of_worker[worker] if slot.key in model.uses]
        names: dict[str, Callable[[Slot], Any]] = {
            "weekdays": lambda slot: slot.day.weekday(),
            "cells": lambda slot: slot.cell,
            "weeks": lambda slot: monday(slot.day),
            "members": lambda slot: str(uses.get(slot.key)),
        }
        name = names[kind]
        all_ = sorted({name(slot) for slot in slots})
        size = min(self.sizes[worker][kind], len(all_))
        chosen = set(self.draw.sample(all_, size))
        return {slot.key for slot in slots if name(slot) in chosen}

    def _solve(self, model: Model, uses: Uses, free: set[Key], seconds: float) -> tuple[Any, Any]:
        """Search a copy of the model in which only a piece is free."""
        copy = model.cp.clone()
        for key, held in model.uses.items():
            if key not in free:
                for what, var in held.items():
                    domain = copy.proto.variables[var.index].domain
                    domain.clear()
                    domain.extend([int(what == uses.get(key))] * 2)
        solver = self._solver(seconds)
        solver.parameters.max_deterministic_time = PIECE
        return solver, solver.solve(copy)

    def _solver(self, seconds: float) -> Any:
        solver: Any = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.grid.problem.seed
        solver.parameters.max_time_in_seconds = max(0.05, seconds)
        solver.parameters.catch_sigint_signal = False
        self.lend(solver)
        return solver


def hint(model: Model, uses: Uses) -> None:
    """Hand a plan on to a model, whole."""
    model.cp.clear_hints()
    for key, held in model.uses.items():
        use = uses.get(key)
        for what, var in held.items():
            model.cp.add_hint(var, int(what == use))
    for var, reader in model.aux:
        model.cp.add_hint(var, reader(uses))
