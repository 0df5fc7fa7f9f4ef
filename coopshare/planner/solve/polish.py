"""Make a tier smaller worker by worker, a piece of the rota at a time, the rest as it stands.

The whole model proves what is small; what it cannot finish is improved here. A piece is two or more
days of the week, cells of it, some weeks, or whatever some members have. It grows when its best is
proven and is no better, and shrinks when it was too much for its time.
"""

import time
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from ortools.sat.python import cp_model

from coopshare.planner.grid import Grid, What
from coopshare.planner.problem import Slot, monday
from coopshare.planner.score import score
from coopshare.planner.solve.lines import lines_of, read
from coopshare.planner.solve.model import Key, Model, Uses
from coopshare.planner.solve.tiers import expression

SLICE = 1.0
"""At least so many seconds in a row on one worker: its model has to be built each time."""
PIECE = 0.4
"""Deterministic time of one piece, in the solver's own unit (about a second)."""
KINDS = ("weekdays", "cells", "weeks", "members")
FIRST_SIZE = {"weekdays": 2, "cells": 4, "weeks": 3, "members": 3}


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

    def _one(
        self,
        worker: str,
        uses: dict[Key, What],
        until: float,
        better: Callable[[dict[Key, What]], None],
    ) -> dict[Key, What]:
        """Give one worker its turn; return the plan after it."""
        others = {key: use for key, use in uses.items() if key[0] != worker}
        model = Model(self.grid, [worker], others=others)
        mine = {key: use for key, use in uses.items() if key in model.uses}
        values = score(self.grid, lines_of(uses), frozenset([worker]))
        whole = score(self.grid, lines_of(uses))
        for tier in self.held:
            most = whole[tier] if tier == "T2a" else values[tier]
            model.cp.add(expression(model, tier) <= most)
        total = expression(model, self.tier)
        model.cp.minimize(total)
        value = values[self.tier]
        hint(model, mine)
        while time.monotonic() < until and not self.is_over() and value:
            kind = self.draw.choice(KINDS)
            free = self._piece(model, worker, mine, kind)
            solver, status = self._solve(model, mine, free, until - time.monotonic())
            sizes = self.sizes[worker]
            if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
                found = read(model, solver)
                cost = score(self.grid, lines_of({**others, **found}), frozenset([worker]))
                if cost[self.tier] < value:
                    value, mine = cost[self.tier], found
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
        solver: Any = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.grid.problem.seed
        solver.parameters.max_deterministic_time = PIECE
        solver.parameters.max_time_in_seconds = max(0.05, seconds)
        solver.parameters.catch_sigint_signal = False
        self.lend(solver)
        return solver, solver.solve(copy)


def hint(model: Model, uses: Uses) -> None:
    """Hand a plan on to a model, whole."""
    model.cp.clear_hints()
    for key, held in model.uses.items():
        use = uses.get(key)
        for what, var in held.items():
            model.cp.add_hint(var, int(what == use))
    for var, reader in model.aux:
        model.cp.add_hint(var, reader(uses))
