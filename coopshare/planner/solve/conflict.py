"""When nothing stands: a set of pins, published lines and promises that cannot stand together.

Made minimal by taking its members away one at a time: without any one of them, a plan exists.
"""

import time
from collections.abc import Sequence
from typing import Any

from ortools.sat.python import cp_model

from coopshare.planner.grid import Grid
from coopshare.planner.problem import Clash
from coopshare.planner.solve.model import Model


def clashes(grid: Grid, workers: Sequence[str], seconds: float) -> tuple[Clash, ...]:
    """Return such a set, as small as the seconds allow; empty when even nothing pinned fails."""
    until = time.monotonic() + seconds
    model = Model(grid, workers, guarded=True)
    alone = [clash for clash in model.guards if clash.reason]
    if alone:
        return (alone[0],)
    kept = _core(model, list(model.guards), until) or []
    for clash in list(kept):
        without = [each for each in kept if each is not clash]
        smaller = _core(model, without, until)
        if smaller is not None:
            kept = [each for each in kept if each in smaller]
    return tuple(kept)


def _core(model: Model, kept: list[Clash], until: float) -> list[Clash] | None:
    """Return the part of a set that fails, or None when it stands or time is over."""
    model.cp.clear_assumptions()
    model.cp.add_assumptions([model.guards[clash] for clash in kept])
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = max(0.05, until - time.monotonic())
    if solver.solve(model.cp) != cp_model.INFEASIBLE:
        return None
    blamed = set(solver.sufficient_assumptions_for_infeasibility())
    return [clash for clash in kept if model.guards[clash].index in blamed]
