"""E4: what the next better value of a tier would cost in the tier above it."""

import time
from collections.abc import Callable
from typing import Any

from ortools.sat.python import cp_model

from coopshare.planner.grid import Grid, whats
from coopshare.planner.problem import Price, Result
from coopshare.planner.score import score
from coopshare.planner.solve.model import Model
from coopshare.planner.solve.polish import hint
from coopshare.planner.solve.tiers import expression

FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)


def prices(
    grid: Grid,
    found: Result,
    seconds: float,
    *,
    is_over: Callable[[], bool],
    lend: Callable[[Any], None],
) -> tuple[Price, ...]:
    """Return a price for each tier that is not at zero, the tiers above the upper one held."""
    problem, uses = grid.problem, whats(found.lines)
    until = time.monotonic() + seconds
    values = score(grid, found.lines)
    tiers = [
        (n, tier) for n, tier in enumerate(problem.order) if n and values[tier] and tier != "T5"
    ]
    told: list[Price] = []
    for turn, (n, tier) in enumerate(tiers):
        left = (until - time.monotonic()) / (len(tiers) - turn)
        if left <= 0 or is_over():
            break
        upper = problem.order[n - 1]
        model = Model(grid, sorted(grid.workers))
        for held in problem.order[: n - 1]:
            model.cp.add(expression(model, held) <= values[held])
        model.cp.add(expression(model, tier) <= values[tier] - 1)
        model.cp.minimize(expression(model, upper))
        hint(model, uses)
        solver: Any = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = problem.seed
        solver.parameters.max_time_in_seconds = left
        solver.parameters.catch_sigint_signal = False
        lend(solver)
        status = solver.solve(model.cp)
        if status in FOUND:
            cost, is_proven = round(solver.objective_value), status == cp_model.OPTIMAL
            told.append(Price(tier, values[tier] - 1, upper, values[upper], cost, is_proven))
        elif status == cp_model.INFEASIBLE:
            told.append(Price(tier, values[tier] - 1, upper, values[upper], None, proven=True))
    return tuple(told)
