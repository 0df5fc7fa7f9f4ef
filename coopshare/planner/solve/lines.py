"""From literals to lines."""

from collections.abc import Sequence
from typing import Any

from coopshare.planner.grid import Uses, What
from coopshare.planner.problem import Line
from coopshare.planner.solve.model import Key, Model


def read(model: Model, solver: Any) -> dict[Key, What]:
    """Return what a solution gives each half-day to."""
    return {
        key: what
        for key, held in model.uses.items()
        for what, var in held.items()
        if solver.boolean_value(var)
    }


def lines_of(uses: Uses) -> Sequence[Line]:
    """Return the lines of a plan, sorted; what is idle has none."""
    return sorted(Line(*key, *what) for key, what in uses.items() if what is not None)
