"""Tier after tier over independent groups of workers, keeping the best plan at every moment."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ortools.sat.python import cp_model

from coopshare.planner.grid import Grid, Uses, What
from coopshare.planner.pattern import pattern
from coopshare.planner.problem import Problem, Result, Tier
from coopshare.planner.score import score
from coopshare.planner.solve.conflict import clashes
from coopshare.planner.solve.lines import lines_of, read
from coopshare.planner.solve.model import Key, Model
from coopshare.planner.solve.parameters import ALIGNING, APART, PARAMETERS, PART_OF_TIME, WHOLE
from coopshare.planner.solve.parts import independent
from coopshare.planner.solve.polish import Polisher, hint
from coopshare.planner.solve.price import prices
from coopshare.planner.solve.tiers import expression

FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)


@dataclass
class Control:
    """The hand of whoever waits: stop it, hear of progress, take the best plan so far."""

    on_progress: Callable[[Tier], None] = lambda _: None
    stopped: threading.Event = field(default_factory=threading.Event)
    solver: Any = None
    best: Result = field(default_factory=lambda: Result("unknown"))

    def stop(self) -> None:
        """End the search as soon as it can; the best plan so far is its answer."""
        self.stopped.set()
        if self.solver is not None:
            self.solver.stop_search()


@dataclass
class Part:
    """A group of workers, its model, and the best plan found for it."""

    model: Model
    uses: dict[Key, What] | None = None
    values: dict[str, int] = field(default_factory=dict)
    bounds: dict[str, int] = field(default_factory=dict)
    valid: set[str] = field(default_factory=set)
    """Tiers whose value of each worker no plan as good can pass: zero, or proven one by one."""

    @property
    def workers(self) -> list[str]:
        """Return its workers, always in the same order."""
        return sorted(self.model.workers)


def solve(problem: Problem, control: Control | None = None) -> Result:
    """Return the best plan found within `problem.seconds`, or why there is none."""
    return Search(problem, control or Control()).run()


class Search:
    """One run."""

    def __init__(self, problem: Problem, control: Control) -> None:
        self.problem, self.control = problem, control
        self.began = time.monotonic()
        self.grid = Grid(problem)
        self.tiers: list[Tier] = []
        self.first_plan: float | None = None
        self.parts = [Part(Model(self.grid, workers)) for workers in independent(problem)]

    @property
    def elapsed(self) -> float:
        """Return the seconds since the question was put."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Return the seconds left."""
        return self.problem.seconds - self.elapsed

    def run(self) -> Result:
        """Go through the tiers in the order asked for."""
        for number, tier in enumerate(self.problem.order):
            share = self.left * PART_OF_TIME[tier]
            if number + 1 == len(self.problem.order):
                share = self.left
            until = self.elapsed + share
            for n, part in enumerate(self.parts):
                self._improve(part, tier, (until - self.elapsed) / (len(self.parts) - n))
                if part.uses is None and not part.bounds and not self.control.stopped.is_set():
                    return self._infeasible(part)
            if any(part.uses is None for part in self.parts):
                return self._keep("unknown")
            self.tiers.append(self._tier(tier))
            self.control.on_progress(self.tiers[-1])
            self._keep("feasible")
        if self.control.stopped.is_set():
            return self._keep("stopped")
        proven = all(each.proven for each in self.tiers)
        found = self._keep("optimal" if proven else "feasible")
        return self._priced(found) if self.problem.price_seconds else found

    def _priced(self, found: Result) -> Result:
        """Add what better values would cost."""
        told = prices(
            self.grid,
            found,
            self.problem.price_seconds,
            is_over=self.control.stopped.is_set,
            lend=self._lend,
        )
        self.control.best = replace(found, prices=told)
        return self.control.best

    def _lend(self, solver: Any) -> None:
        """Give whoever waits the solver at work, to stop it."""
        self.control.solver = solver

    def _improve(self, part: Part, tier: str, seconds: float) -> None:
        """Make one tier of one part as small as time allows, then hold it there."""
        until = self.elapsed + min(seconds, self.left)
        total = expression(part.model, tier)
        if part.uses is not None:
            self._apart(part, tier, until - self.elapsed)
        if part.uses is None or self._is_worth(part, tier):
            share = WHOLE[tier] if part.uses is not None else 1
            if not self._whole(part, tier, total, (until - self.elapsed) * share):
                return
            if self._is_worth(part, tier):
                polisher = self._polisher(tier)
                better = self._teller(part, tier)
                polisher.run(part.workers, part.uses or {}, until - self.elapsed, better)
        part.bounds.setdefault(tier, 0)
        if part.uses is not None:
            value = self._values(part, part.uses)[tier]
            part.values[tier] = value
            part.model.cp.add(total <= value)
            if value == 0 and tier != "T1":
                part.valid.add(tier)
            if tier == self.problem.order[0] and len(self.problem.order) > 1:
                self._return_to_known(part, until - self.elapsed)

    def _is_worth(self, part: Part, tier: str) -> bool:
        """Tell whether there is anything left to gain, and nobody has said to stop."""
        if part.uses is None or self.control.stopped.is_set() or self.left <= 0:
            return False
        return self._values(part, part.uses)[tier] > part.bounds.get(tier, 0)

    def _apart(self, part: Part, tier: str, seconds: float) -> None:
        """Try each worker by itself first: for shares that is often all there is to do."""
        polisher, better = self._polisher(tier), self._teller(part, tier)
        if self.control.stopped.is_set():
            return
        if tier == "T5" and not self.problem.draft:
            wanted: dict[Key, What] = {}
            for worker in part.workers:
                wanted |= pattern(self.grid, worker)
            before = self._values(part, part.uses or {})[tier]
            found = polisher.align(part.workers, part.uses or {}, wanted, seconds * ALIGNING)
            if self._values(part, found)[tier] < before:
                better(found)
        elif len(part.workers) > 1 and tier in APART:
            until = self.elapsed + seconds * APART[tier]
            uses = polisher.sweep(part.workers, part.uses or {}, until - self.elapsed, better)
            part.values[tier] = value = self._values(part, uses)[tier]
            if not value:
                return
            found_ = polisher.bounds(part.workers, uses, sorted(part.valid), until - self.elapsed)
            bound = max(found_.values()) if tier == "T2a" else sum(found_.values())
            part.bounds[tier] = min(bound, value)
            if bound >= value:
                part.valid.add(tier)

    def _return_to_known(self, part: Part, seconds: float) -> None:
        """Go back to what is published and drafted wherever the first tier does not suffer."""
        known = self._known(part)
        if known and len(part.workers) > 1 and seconds > 0 and not self.control.stopped.is_set():
            polisher = self._polisher(self.problem.order[1])
            part.uses = polisher.align(part.workers, part.uses or {}, known, seconds)

    def _whole(self, part: Part, tier: str, total: Any, seconds: float) -> bool:
        """Search the whole model; False when there is no plan at all."""
        part.model.cp.minimize(total)
        self._hint(part)
        solver = self._solver(tier, max(0.05, min(seconds, self.left)))
        status = solver.solve(part.model.cp, _Listener(self, part, tier))
        self.control.solver = None
        if status == cp_model.INFEASIBLE and part.uses is None:
            return False
        bound = max(0, round(solver.best_objective_bound))
        part.bounds[tier] = max(bound, part.bounds.get(tier, 0))
        if status in FOUND:
            self._take(part, read(part.model, solver), tier)
        elif part.uses is not None:
            part.values[tier] = self._values(part, part.uses)[tier]
        return True

    def _hint(self, part: Part) -> None:
        """Hand on the best plan so far, whole; at first, what is published and drafted."""
        uses = part.uses if part.uses is not None else self._known(part)
        if uses is not None:
            hint(part.model, uses)

    def _polisher(self, tier: str) -> Polisher:
        order = self.problem.order
        return Polisher(
            self.grid,
            order[: order.index(tier)],
            tier,
            is_over=self.control.stopped.is_set,
            lend=self._lend,
        )

    def _teller(self, part: Part, tier: str) -> Callable[[dict[Key, What]], None]:
        return lambda uses: self.heard(part, tier, uses, part.bounds.get(tier, 0))

    def _solver(self, tier: str, seconds: float) -> Any:
        solver = cp_model.CpSolver()
        for name, value in PARAMETERS[tier].items():
            setattr(solver.parameters, name, value)
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.random_seed = self.problem.seed
        solver.parameters.catch_sigint_signal = False
        self.control.solver = solver
        return solver

    def _known(self, part: Part) -> Uses | None:
        held = {**self.grid.draft, **self.grid.published, **self.grid.pinned}
        found = {
            key: line.what
            for key, line in held.items()
            if key in part.model.uses and line.what in part.model.uses[key]
        }
        return found or None

    def _values(self, part: Part, uses: Uses) -> dict[str, int]:
        return score(self.grid, lines_of(uses), part.model.workers)

    def _take(self, part: Part, uses: dict[Key, What], tier: str) -> None:
        """Remember a plan of one part that is no worse."""
        part.uses = uses
        part.values[tier] = self._values(part, uses)[tier]
        if self.first_plan is None and all(each.uses is not None for each in self.parts):
            self.first_plan = round(self.elapsed, 2)
        if self.first_plan is not None:
            self._keep("feasible")

    def heard(self, part: Part, tier: str, uses: dict[Key, What], bound: float) -> None:
        """Take in a plan found during the search, and tell about it."""
        part.bounds[tier] = max(0, round(bound), part.bounds.get(tier, 0))
        self._take(part, uses, tier)
        if self.first_plan is not None:
            self.control.on_progress(self._tier(tier))

    def _tier(self, tier: str) -> Tier:
        """Return what a tier stands at over all parts."""
        join = max if tier == "T2a" else sum
        known = [
            each.values[tier] if tier in each.values else self._values(each, each.uses or {})[tier]
            for each in self.parts
        ]
        value = join(known)
        bound = min(value, join([each.bounds.get(tier, 0) for each in self.parts]))
        return Tier(tier, value, bound, value == bound, round(self.elapsed, 2))

    def _final(self, tier: Tier) -> Tier:
        """Return a tier as the best plan leaves it: a later one may have made it smaller."""
        join = max if tier.tier == "T2a" else sum
        value = join(self._values(part, part.uses or {})[tier.tier] for part in self.parts)
        return replace(tier, value=value, proven=value == tier.bound)

    def _keep(self, status: str) -> Result:
        """Leave the best plan so far where whoever waits finds it."""
        whole = all(part.uses is not None for part in self.parts)
        lines = [line for part in self.parts for line in lines_of(part.uses or {})] if whole else []
        self.control.best = Result(
            status,
            tuple(sorted(lines)),
            tuple(self._final(tier) for tier in self.tiers),
            seconds=round(self.elapsed, 2),
            first_plan=self.first_plan,
            variables=sum(len(part.model.cp.proto.variables) for part in self.parts),
        )
        return self.control.best

    def _infeasible(self, part: Part) -> Result:
        found = clashes(self.grid, part.workers, max(2.0, self.left))
        self.control.best = Result("infeasible", clashes=found, seconds=round(self.elapsed, 2))
        return self.control.best


class _Listener(cp_model.CpSolverSolutionCallback):
    """Hears of each better plan; ends the search once asked to."""

    def __init__(self, search: Search, part: Part, tier: str) -> None:
        super().__init__()
        self.search, self.part, self.tier = search, part, tier

    def on_solution_callback(self) -> None:
        """Take in each plan that is better than the one before."""
        uses = read(self.part.model, self)
        self.search.heard(self.part, self.tier, uses, self.best_objective_bound)
        if self.search.control.stopped.is_set():
            self.stop_search()
