"""The hard rules H1 to H9 of some workers, as a CP-SAT model.

Each half-day has one literal for each thing it may be given to, idle included. Every other variable
comes with the way to read its value from a plan, so that any plan is a whole hint.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any, TypeAlias

from ortools.sat.python import cp_model

from coopshare.planner.grid import Grid, Uses, What
from coopshare.planner.limits import DAY, WEEK, way
from coopshare.planner.problem import Clash, Firm, Half, Kind, Line, Slot, Worker, monday

Key: TypeAlias = tuple[str, date, Half]
Reader: TypeAlias = Callable[[Uses], int]


@dataclass(frozen=True, slots=True)
class Sum:
    """A linear sum: terms of the model, a constant, and the most it can come to."""

    terms: list[Any]
    constant: int
    most: int


class Model:
    """The hard rules of a set of workers that no other worker has to do with.

    With `guarded`, each pin, published line and placement holds only when its literal of `guards`
    does: the search for what cannot stand together turns them on and off. `others` is what workers
    outside this model do, taken as given where a demand or promise is shared. With `relaxed`, what
    is shared with workers outside is left out: what is least then is a bound for any plan.
    """

    def __init__(
        self,
        grid: Grid,
        workers: Sequence[str],
        *,
        guarded: bool = False,
        relaxed: bool = False,
        others: Uses | None = None,
    ) -> None:
        self.grid, self.workers = grid, frozenset(workers)
        self.cp: Any = cp_model.CpModel()
        self.aux: list[tuple[Any, Reader]] = []
        self.guards: dict[Clash, Any] = {}
        self.is_guarded, self.is_relaxed = guarded, relaxed
        self.others: Uses = others or {}
        self.slots = [slot for slot in grid.slots if slot.worker in self.workers]
        self.uses: dict[Key, dict[What, Any]] = {}
        self.of: dict[tuple[str, What], list[tuple[Slot, Any]]] = defaultdict(list)
        for slot in self.slots:
            self._choose(slot)
        self.journeys: dict[tuple[str, date], tuple[Any, int]] = {}
        self.kept_deviations: Any = None
        for worker in (each for each in grid.problem.workers if each.id in self.workers):
            self._days(worker)
            self._rests(worker)
            self._weeks(worker)
        self._firm()
        self._kept()

    # --- half-days -----------------------------------------------------------------------------

    def _choose(self, slot: Slot) -> None:
        options = self.grid.options(slot)
        if options == [None]:
            return
        held: dict[What, Any] = {}
        for what in options:
            name = f"{slot.worker} {slot.day} {slot.half} {what[1] or what[0] if what else ''}"
            held[what] = self.cp.new_bool_var(name)
            if what is not None:
                self.of[slot.worker, what].append((slot, held[what]))
        self.cp.add_exactly_one(held.values())
        self.uses[slot.key] = held

    def idle(self, slot: Slot) -> Any:
        """Return the literal of a half-day given to nothing, or 1."""
        held = self.uses.get(slot.key)
        return 1 if held is None else held[None]

    def new(self, least: int, most: int, name: str, reader: Reader) -> Any:
        """Return a variable whose value follows from the plan."""
        found = self.cp.new_int_var(least, most, name)
        self.aux.append((found, reader))
        return found

    def literal(self, name: str, reader: Reader) -> Any:
        """Return a literal whose value follows from the plan."""
        found = self.cp.new_bool_var(name)
        self.aux.append((found, reader))
        return found

    # --- days (H3, H6, H9) ---------------------------------------------------------------------

    def days(self, worker: str) -> Iterator[tuple[Slot, Slot]]:
        """Return both halves of each day on which both may be worked."""
        for slot in self.grid.of_worker[worker]:
            after = self.grid.slot_at.get((worker, slot.day, Half.PM))
            if slot.half is Half.AM and after and slot.key in self.uses and after.key in self.uses:
                yield slot, after

    def _days(self, worker: Worker) -> None:
        grid = self.grid
        for am, pm in self.days(worker.id):
            if grid.pair_refusal(worker.id, am.day):
                self.cp.add_bool_or([self.idle(am), self.idle(pm)])
                continue
            before, after = self.uses[am.key], self.uses[pm.key]
            for what, held in before.items():
                lost = [
                    var
                    for then, var in after.items()
                    if (way := self.way(what, then)) and grid.pair_refusal(worker.id, am.day, way)
                ]
                if lost:
                    self.cp.add_at_most_one([held, *lost])
        for slot in grid.of_worker[worker.id]:
            self._block(slot)

    def _block(self, slot: Slot) -> None:
        """Keep whole days where a placement asks for them."""
        held = self.uses.get(slot.key, {})
        twin = Half.PM if slot.half is Half.AM else Half.AM
        others = self.uses.get((slot.worker, slot.day, twin), {})
        for what, var in held.items():
            permit = self.grid.permit(slot, what[1]) if what and what[1] else None
            if permit and permit.least_block > 1:
                if what in others:
                    self.cp.add_implication(var, others[what])
                else:
                    self.cp.add(var == 0)

    def way(self, first: What, second: What) -> int:
        """Return the minutes between what the two halves of a day are given to."""
        return way(self.grid, first, second)

    def between(
        self, am: Slot, pm: Slot, cost: Callable[[What, What], int], name: str
    ) -> tuple[Any, int]:
        """Return a variable at least the cost of the two halves of a day, and the most it is."""
        before, after = self.uses[am.key], self.uses[pm.key]
        most = max(cost(one, two) for one, two in product(before, after))
        if not most:
            return 0, 0
        found = self.new(
            0, most, f"{name} {am.worker} {am.day}", lambda u: cost(u.get(am.key), u.get(pm.key))
        )
        for what, held in before.items():
            terms = [cost(what, then) * var for then, var in after.items() if cost(what, then)]
            if terms:
                self.cp.add(found >= sum(terms)).only_enforce_if(held)
        return found, most

    # --- rests (H4) ----------------------------------------------------------------------------

    def _rests(self, worker: Worker) -> None:
        limits = self.grid.problem.limits
        slots = [s for s in self.grid.of_worker[worker.id] if s.key in self.uses]
        by_day: dict[date, list[Slot]] = defaultdict(list)
        for slot in slots:
            by_day[slot.day].append(slot)
        for slot in slots:
            for after in by_day.get(slot.day + timedelta(days=1), ()):
                if after.starts + DAY - slot.ends < limits.daily_rest:
                    self.cp.add_bool_or([self.idle(slot), self.idle(after)])
        for week in self.grid.mondays:
            self._weekly_rest(worker, week, slots)
            self._week_days(worker, week, [s for s in slots if monday(s.day) == week])

    def _weekly_rest(self, worker: Worker, week: date, slots: list[Slot]) -> None:
        """One of the stretches long enough that begin in the week is free of work.

        It may run into the next week; of the week after the horizon nothing is known.
        """
        ends = WEEK if week == self.grid.mondays[-1] else WEEK + 2 * DAY
        spans: list[tuple[int, int, Slot | None]] = []
        for offset in range(ends // DAY):
            day = week + timedelta(days=offset)
            held = self.grid.busy.get((worker.id, day), ())
            spans += [(offset * DAY + start, offset * DAY + end, None) for start, end in held]
        spans += [
            ((s.day - week).days * DAY + s.starts, (s.day - week).days * DAY + s.ends, s)
            for s in slots
            if 0 <= (s.day - week).days < ends // DAY
        ]
        spans.sort(key=lambda span: span[:2])
        edges = [(0, 0, None), *spans, (ends, ends, None)]
        stretches: list[list[Slot]] = []
        for n, (_, begins, _) in enumerate(edges):
            if begins >= WEEK:
                break
            inside: list[Slot] = []
            for starts, _, slot in edges[n + 1 :]:
                if starts - begins >= self.grid.problem.limits.weekly_rest:
                    stretches.append(inside)
                    break
                if slot is None:
                    break
                inside.append(slot)
        if [] in stretches:
            return
        free = []
        for n, inside in enumerate(stretches):
            keys = [slot.key for slot in inside]
            free.append(self.literal(f"rest {worker.id} {week} {n}", _all_idle(keys)))
            for slot in inside:
                self.cp.add_implication(free[-1], self.idle(slot))
        self.cp.add_bool_or(free)

    def _week_days(self, worker: Worker, week: date, slots: list[Slot]) -> None:
        limit = self.grid.problem.limits.week_days
        busy = {d for (who, d) in self.grid.busy if who == worker.id and monday(d) == week}
        days = {slot.day for slot in slots} - busy
        if len(days) + len(busy) <= limit:
            return
        worked = []
        for day in sorted(days):
            mine = [slot for slot in slots if slot.day == day]
            keys = [slot.key for slot in mine]
            worked.append(self.literal(f"day {worker.id} {day}", _some_work(keys)))
            for slot in mine:
                self.cp.add_bool_or([worked[-1], self.idle(slot)])
        self.cp.add(sum(worked) <= limit - len(busy))

    # --- weeks (H5) ----------------------------------------------------------------------------

    def _minutes(self, worker: Worker, week: date) -> Sum:
        """Return the minutes of a week: half-days, noon journeys and what is settled."""
        slots = [s for s in self.grid.of_worker[worker.id] if monday(s.day) == week]
        mine = [slot for slot in slots if slot.key in self.uses]
        known = self.grid.known_week(worker, week)
        terms: list[Any] = [slot.minutes * (1 - self.idle(slot)) for slot in mine]
        most = known + sum(slot.minutes for slot in mine)
        for am, pm in self.days(worker.id):
            if monday(am.day) == week:
                key = (worker.id, am.day)
                if key not in self.journeys:
                    self.journeys[key] = self.between(am, pm, self.way, "road")
                terms.append(self.journeys[key][0])
                most += self.journeys[key][1]
        return Sum(terms, known, most)

    def _longest(self, worker: Worker, week: date) -> int:
        """Return the most minutes a week could have, journeys included, without any variable."""
        slots = [s for s in self.grid.of_worker[worker.id] if monday(s.day) == week]
        roads = sum(
            max(self.way(a, b) for a, b in product(self.uses[am.key], self.uses[pm.key]))
            for am, pm in self.days(worker.id)
            if monday(am.day) == week
        )
        known = self.grid.known_week(worker, week)
        return known + roads + sum(slot.minutes for slot in slots if slot.key in self.uses)

    def _weeks(self, worker: Worker) -> None:
        cap, _ = self.grid.week_cap(worker)
        longest = {week: self._longest(worker, week) for week in self.grid.mondays}
        sums: dict[date, Sum] = {}
        for week, most in longest.items():
            if most > cap:
                sums[week] = self._minutes(worker, week)
                self.cp.add(sum(sums[week].terms) <= cap - sums[week].constant)
        for run, most in self.grid.windows(worker):
            settled = {w: self.grid.known_week(worker, w) for w in run if w not in longest}
            if (
                sum(settled.values()) + sum(min(longest[w], cap) for w in run if w in longest)
                > most
            ):
                inside = [w for w in run if w in longest]
                for week in inside:
                    sums.setdefault(week, self._minutes(worker, week))
                terms = [term for week in inside for term in sums[week].terms]
                known = sum(settled.values()) + sum(sums[week].constant for week in inside)
                self.cp.add(sum(terms) <= most - known)

    # --- promises, pins, notice (H7 to H9) -----------------------------------------------------

    def received(self, firm: Firm) -> list[Any]:
        """Return the minutes a member gets in a window of some workers, as terms."""
        terms = [
            slot.minutes * var
            for worker in firm.workers
            for slot, var in self.of.get((worker, (Kind.MEMBER, firm.member)), ())
            if firm.first <= slot.day <= firm.last
        ]
        return [*terms, self.elsewhere(firm)]

    def elsewhere(self, firm: Firm) -> int:
        """Return the minutes given by workers outside this model."""
        what: What = (Kind.MEMBER, firm.member)
        return sum(
            slot.minutes
            for worker in firm.workers
            if worker not in self.workers
            for slot in self.grid.of_worker.get(worker, ())
            if firm.first <= slot.day <= firm.last and self.others.get(slot.key) == what
        )

    def _firm(self) -> None:
        for firm in self.grid.problem.firms:
            if not self.workers.intersection(firm.workers):
                continue
            if self.is_relaxed and not self.workers.issuperset(firm.workers):
                continue
            total = sum(self.received(firm))
            if firm.least:
                self._hold(Clash("firm_least", firm=firm.id), total >= firm.least)
            if firm.most is not None:
                self._hold(Clash("firm_most", firm=firm.id), total <= firm.most)

    def _kept(self) -> None:
        lines = [("pinned", line) for line in self.grid.problem.pinned]
        lines += [
            ("published", line)
            for line in self.grid.problem.published
            if line.key in self.grid.slot_at
            and line.key not in self.grid.pinned
            and self.grid.is_frozen(self.grid.slot_at[line.key])
        ]
        for kind, line in lines:
            if line.worker not in self.workers:
                continue
            var = self.uses.get(line.key, {}).get(line.what)
            clash = Clash(kind, line=line, reason=None if var is not None else self._reason(line))
            self._hold(clash, False if var is None else var == 1)

    def _reason(self, line: Line) -> str:
        slot = self.grid.slot_at.get(line.key)
        if slot is None:
            return "no_half_day"
        refused = self.grid.refusal(slot, line.member) if line.member else "common"
        return self.grid.unusable(slot) or refused or "idle"

    def _hold(self, clash: Clash, constraint: Any) -> None:
        """Add what must hold: always, or when its guard does. False can never hold."""
        if constraint is True:
            return  # nothing of the model is in it
        kept = self.cp.add_bool_or([]) if constraint is False else self.cp.add(constraint)
        if self.is_guarded:
            self.guards[clash] = self.cp.new_bool_var(f"guard {len(self.guards)}")
            kept.only_enforce_if(self.guards[clash])


def _all_idle(keys: list[Key]) -> Reader:
    return lambda uses: int(all(uses.get(key) is None for key in keys))


def _some_work(keys: list[Key]) -> Reader:
    return lambda uses: int(any(uses.get(key) is not None for key in keys))
