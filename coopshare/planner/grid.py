"""What follows from a problem before anything is chosen: options, neighbours, targets, caps."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from coopshare.planner.problem import (
    Half,
    Kind,
    Line,
    Permit,
    Problem,
    Slot,
    State,
    Travel,
    Wish,
    Worker,
    monday,
)
from coopshare.planner.weights import EVERY_WEEKS

What: TypeAlias = tuple[Kind, str | None] | None
"""What a half-day is given to; None is idle."""

Uses: TypeAlias = Mapping[tuple[str, date, Half], What]
"""What each half-day of a plan is given to; an idle one may be missing."""

COMMON: What = (Kind.COMMON, None)
TWELVE = 12
SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Target:
    """What a worker should have given a member by the end of some week, in half-days."""

    worker: str
    member: str
    until: date
    half_days: int


class Grid:
    """Look-ups on one problem; nothing here is chosen."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.workers: dict[str, Worker] = {each.id: each for each in problem.workers}
        self.slots = sorted(problem.slots, key=lambda slot: slot.key)
        self.slot_at = {slot.key: slot for slot in self.slots}
        self.of_worker: dict[str, list[Slot]] = defaultdict(list)
        for slot in self.slots:
            self.of_worker[slot.worker].append(slot)
        self.closed = {
            (member.id, each.day, each.half) for member in problem.members for each in member.closed
        }
        self.permits: dict[tuple[str, str], list[Permit]] = defaultdict(list)
        for permit in problem.permits:
            self.permits[permit.worker, permit.member].append(permit)
        self.members_of: dict[str, list[str]] = defaultdict(list)
        for worker, member in sorted(self.permits):
            self.members_of[worker].append(member)
        self.travel: Mapping[tuple[str, str], Travel] = {
            (each.origin, each.target): each for each in problem.travels
        }
        self.busy: dict[tuple[str, date], list[tuple[int, int]]] = defaultdict(list)
        for busy in problem.busy:
            self.busy[busy.worker, busy.day].append((busy.starts, busy.ends))
        self.wishes: dict[str, list[Wish]] = defaultdict(list)
        for wish in problem.wishes:
            self.wishes[wish.worker].append(wish)
        self.pinned = {line.key: line for line in problem.pinned}
        self.published = {line.key: line for line in problem.published}
        self.draft = {line.key: line for line in problem.draft}

    # --- one half-day --------------------------------------------------------------------------

    def permit(self, slot: Slot, member: str) -> Permit | None:
        """Return the placement that allows a worker at a member on that half-day."""
        found = self.permits.get((slot.worker, member), ())
        return next((each for each in found if each.first <= slot.day <= each.last), None)

    def refusal(self, slot: Slot, member: str) -> str | None:
        """Return the rule that forbids a member on a half-day by itself, or None."""
        if not self.permits.get((slot.worker, member)):
            return "listed_user"
        permit = self.permit(slot, member)
        if permit is None:
            return "placement_dates"
        if (member, slot.day, slot.half) in self.closed:
            return "closed"
        if slot.cell in permit.excluded:
            return "excluded"
        if permit.least_block > 1:
            other = self.slot_at.get((slot.worker, slot.day, other_half(slot.half)))
            if other is None or self.unusable(other) or self.pair_refusal(slot.worker, slot.day):
                return "least_block"
        return None

    def unusable(self, slot: Slot) -> str | None:
        """Return the rule that forbids any work on a half-day, or None."""
        if slot.state is not State.OPEN:
            return {"absent": "absent", "holiday": "holiday", "held": "held"}[slot.state.value]
        if self.problem.limits.sunday_off and slot.day.weekday() == SUNDAY:
            return "sunday"
        return self.day_refusal(slot.worker, slot.day, (slot,), 0) or self._rest_refusal(slot)

    def pair_refusal(self, worker: str, day: date, travel: int = 0) -> str | None:
        """Return the rule that forbids working both halves of a day, or None."""
        pair = [self.slot_at.get((worker, day, half)) for half in Half]
        both = tuple(slot for slot in pair if slot is not None)
        return self.day_refusal(worker, day, both, travel) if len(both) == len(Half) else None

    def day_refusal(
        self, worker: str, day: date, slots: tuple[Slot, ...], travel: int
    ) -> str | None:
        """Return the first rule a day breaks with these half-days, its busy spans and a journey."""
        limits = self.problem.limits
        spans = sorted([*self.busy.get((worker, day), ()), *((s.starts, s.ends) for s in slots)])
        gaps = [after[0] - before[1] for before, after in pairwise(spans)]
        if any(gap < 0 for gap in gaps):
            return "held"
        if travel and (not gaps or travel > max(gaps)):
            return "travel"
        work = sum(end - start for start, end in spans) - sum(s.pause for s in slots) + travel
        if work > limits.day_max:
            return "day_max"
        if work >= limits.break_after and (
            max(s.pause for s in slots) < limits.break_min
            and max((gap for gap in gaps), default=0) - travel < limits.break_min
        ):
            return "travel" if travel else "break_min"
        if spans[-1][1] - spans[0][0] > limits.day_span:
            return "day_span"
        part_time = self.workers[worker].part_time
        breaks = [gap for gap in gaps if gap > 0]
        if part_time and (len(breaks) > 1 or max(breaks, default=0) - travel > part_time.gap_max):
            return "pt_gap"
        return None

    def _rest_refusal(self, slot: Slot) -> str | None:
        """Return "daily_rest" when busy spans of the days around leave too little of it."""
        for start, end in self.busy.get((slot.worker, slot.day - timedelta(days=1)), ()):
            del start
            if slot.starts + 1440 - end < self.problem.limits.daily_rest:
                return "daily_rest"
        for start, _ in self.busy.get((slot.worker, slot.day + timedelta(days=1)), ()):
            if start + 1440 - slot.ends < self.problem.limits.daily_rest:
                return "daily_rest"
        return None

    def options(self, slot: Slot) -> list[What]:
        """Return what a half-day may be given to, idle included."""
        pin = self.pinned.get(slot.key)
        if self.unusable(slot):
            return [None]
        if pin and pin.kind not in {Kind.MEMBER, Kind.COMMON}:
            return [None, pin.what]
        if self.is_frozen(slot) and slot.key not in self.published and pin is None:
            return [None]
        found: list[What] = [None]
        held = self.published.get(slot.key)
        if held and self.is_frozen(slot) and held.kind not in {Kind.MEMBER, Kind.COMMON}:
            found.append(held.what)
        if self.workers[slot.worker].may_common:
            found.append(COMMON)
        found += [
            (Kind.MEMBER, member)
            for member in self.members_of[slot.worker]
            if self.refusal(slot, member) is None
        ]
        return found

    def is_published(self, slot: Slot) -> bool:
        """Tell whether what a half-day holds, even nothing, is known to people."""
        until = self.problem.published_until
        return until is not None and slot.day <= until

    def is_frozen(self, slot: Slot) -> bool:
        """Tell whether the notice forbids to change a published half-day (H7)."""
        free = self.workers[slot.worker].free_from
        return (
            free is not None
            and slot.day < free
            and self.is_published(slot)
            and slot.state is State.OPEN
            and slot.key not in self.consents
        )

    @cached_property
    def consents(self) -> frozenset[tuple[str, date, Half]]:
        """Return the half-days whose change was agreed to."""
        return frozenset(self.problem.consents)

    # --- weeks ---------------------------------------------------------------------------------

    @cached_property
    def mondays(self) -> list[date]:
        """Return the civil weeks of the horizon."""
        first, last = monday(self.problem.starts_on), monday(self.problem.ends_on)
        return [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]

    def week_cap(self, worker: Worker) -> tuple[int, str]:
        """Return the most minutes of a week without other jobs, and the rule that says so."""
        limits = self.problem.limits
        caps = [
            (
                limits.week_max - worker.other_minutes,
                "cumul" if worker.other_minutes else "week_max",
            )
        ]
        if worker.part_time:
            caps.append((worker.weekly_minutes + worker.part_time.extra, "pt_extra"))
            caps.append((worker.part_time.below - 1, "pt_below_full"))
        return min(caps)

    def known_week(self, worker: Worker, week: date) -> int:
        """Return the minutes of a week that are settled outside the half-days."""
        done = sum(each.minutes for each in worker.history if each.monday == week)
        return done + sum(
            end - start
            for (who, day), spans in self.busy.items()
            if who == worker.id and monday(day) == week
            for start, end in spans
        )

    def counts(self, worker: Worker, week: date) -> bool:
        """Tell whether a week enters the average of twelve: a week of absence may not."""
        if self.problem.limits.absent_weeks_count:
            return True
        if any(each.monday == week and not each.counts for each in worker.history):
            return False
        slots = [slot for slot in self.of_worker[worker.id] if monday(slot.day) == week]
        return not slots or any(slot.state is not State.ABSENT for slot in slots)

    def windows(self, worker: Worker) -> Iterator[tuple[list[date], int]]:
        """Return each run of 12 civil weeks that ends in the horizon, with its most minutes."""
        limits = self.problem.limits
        for last in self.mondays:
            weeks = [last - timedelta(weeks=n) for n in range(TWELVE)]
            counted = sum(self.counts(worker, week) for week in weeks)
            most = limits.twelve_weeks * counted // TWELVE
            yield weeks, most - worker.other_minutes * counted

    # --- shares --------------------------------------------------------------------------------

    @cached_property
    def quotas(self) -> dict[tuple[str, str | None], int]:
        """Return the half-days of each pair of worker and member; a placement alone is 0."""
        found: dict[tuple[str, str | None], int] = dict.fromkeys(sorted(self.permits), 0)
        for worker in self.problem.workers:
            if worker.may_common:
                found[worker.id, None] = 0
        for quota in self.problem.quotas:
            found[quota.worker, quota.member] = (
                found.get((quota.worker, quota.member), 0) + quota.half_days
            )
        return found

    @cached_property
    def targets(self) -> list[Target]:
        """Return what each member should have had at the end of each fourth week (T2)."""
        ends = [
            self.mondays[n - 1] + timedelta(days=6)
            for n in range(EVERY_WEEKS, len(self.mondays), EVERY_WEEKS)
        ]
        usable = {
            worker: [slot.day for slot in slots if self.unusable(slot) is None]
            for worker, slots in self.of_worker.items()
        }
        found = []
        for (worker, member), quota in self.quotas.items():
            days = usable.get(worker, [])
            if member is None or not quota or not days:
                continue
            for end in ends:
                so_far = sum(day <= end for day in days)
                due = (2 * quota * so_far + len(days)) // (2 * len(days))
                found.append(Target(worker, member, end, due))
        return found


def other_half(half: Half) -> Half:
    """Return the other half of the day."""
    return Half.PM if half is Half.AM else Half.AM


def whats(lines: tuple[Line, ...]) -> dict[tuple[str, date, Half], What]:
    """Return what each half-day is given to."""
    return {line.key: line.what for line in lines}
