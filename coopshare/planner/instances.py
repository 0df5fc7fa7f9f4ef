"""Invented instances by size and seed: the same on every machine, for tests and for others.

The letters are those of the measured goals: A is the Gard (2 workers, 11 members, 13 weeks), B a
middling group (6, 30, 26), C a large one (20, 50, 13), and S a tiny one for quick tests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import hypot
from random import Random

from coopshare.planner.problem import (
    PLANNING,
    RE_PLANNING,
    Closure,
    Demand,
    Firm,
    Half,
    Line,
    Member,
    PartTime,
    Permit,
    Problem,
    Quota,
    Slot,
    State,
    Travel,
    Week,
    Wish,
    Worker,
    monday,
)

FIRST = date(2027, 3, 1)
HOLIDAYS = (date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17), date(2027, 7, 14))
TIMES = {Half.AM: (525, 735), Half.PM: (810, 1020)}
"""8 h 45 to 12 h 15, 13 h 30 to 17 h: twice 3 h 30, five days a week are 35 h."""

WORKING_DAYS = 5
COMMON_PERCENT = 20
SHUT, EXCLUDING, WISHING = 0.5, 0.4, 0.3
"""How many members are closed one week; how many placements exclude, and wish, some cells."""
FROZEN_WEEKS, PUBLISHED_WEEKS = 2, 6
NAMES = ("Aigoual", "Bruyère", "Causse", "Draille", "Estelle", "Figuier", "Garrigue", "Iris")


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of everything."""

    workers: int
    members: int
    weeks: int
    each: int
    """Members of one worker."""
    demands: int
    firms: int
    part_timers: int


SIZES = {
    "S": Size(workers=2, members=4, weeks=4, each=4, demands=2, firms=1, part_timers=1),
    "A": Size(workers=2, members=11, weeks=13, each=11, demands=5, firms=2, part_timers=0),
    "B": Size(workers=6, members=30, weeks=26, each=10, demands=15, firms=5, part_timers=1),
    "C": Size(workers=20, members=50, weeks=13, each=8, demands=25, firms=10, part_timers=3),
}


def generate(name: str, seed: int = 1) -> Problem:
    """Return the instance of a size, nothing published yet; `KeyError` for no such size."""
    size = SIZES[name]
    draw = Random(f"{name}{seed}")  # noqa: S311 - invented numbers, the same each time
    last = FIRST + timedelta(weeks=size.weeks, days=-1)
    workers = [worker(n, size, draw) for n in range(size.workers)]
    members = [member(n, size, draw) for n in range(size.members)]
    slots = [each for person in workers for each in slots_of(person, size, draw)]
    ids = [each.id for each in members]
    listed = {
        person.id: sorted(draw.sample(ids, size.each)) if size.each < len(ids) else ids
        for person in workers
    }
    permits = [permit(who, where, last, draw) for who in listed for where in listed[who]]
    quotas = [each for who in listed for each in quotas_of(who, listed[who], slots, draw)]
    return Problem(
        starts_on=FIRST,
        ends_on=last,
        workers=tuple(workers),
        slots=tuple(slots),
        members=tuple(members),
        permits=tuple(permits),
        quotas=tuple(quotas),
        demands=tuple(demand(n, size, listed, draw) for n in range(size.demands)),
        firms=tuple(firm(n, quotas, slots, last, draw) for n in range(size.firms)),
        travels=tuple(travels(ids, draw)),
        wishes=tuple(each for who in listed for each in wishes_of(who, listed[who], draw)),
        order=PLANNING,
        seed=seed,
    )


def worker(n: int, size: Size, draw: Random) -> Worker:
    """Return a worker with 11 weeks behind; the last ones of a size are part-timers (28 h)."""
    is_part_time = n >= size.workers - size.part_timers
    weekly = 1680 if is_part_time else 2100
    away = draw.randrange(1, 12)
    history = tuple(
        Week(FIRST - timedelta(weeks=back), 0 if back == away else weekly, counts=back != away)
        for back in range(11, 0, -1)
    )
    part_time = PartTime(extra=weekly // 10) if is_part_time else None
    return Worker(f"w{n + 1:02}", f"Personne {n + 1}", weekly, part_time, history=history)


def member(n: int, size: Size, draw: Random) -> Member:
    """Return a member whose site is closed one week, and a half-day now and then."""
    shut = FIRST + timedelta(weeks=draw.randrange(size.weeks))
    days = [shut + timedelta(days=d) for d in range(WORKING_DAYS)] if draw.random() < SHUT else []
    closed = [Closure(day, half) for day in days for half in Half]
    name = NAMES[n % len(NAMES)] + (f" {n // len(NAMES) + 1}" if n >= len(NAMES) else "")
    return Member(f"m{n + 1:02}", name, tuple(closed))


def slots_of(person: Worker, size: Size, draw: Random) -> list[Slot]:
    """Return the half-days of a contract: holidays, and a week of leave in the longer ones."""
    days = WORKING_DAYS - (1 if person.part_time else 0)
    leave = draw.randrange(size.weeks) if size.weeks > FROZEN_WEEKS * 3 else None
    found = []
    for week in range(size.weeks):
        for weekday in range(days):
            day = FIRST + timedelta(weeks=week, days=weekday)
            state = State.HOLIDAY if day in HOLIDAYS else State.OPEN
            if week == leave:
                state = State.ABSENT
            found += [Slot(person.id, day, half, *TIMES[half], state) for half in Half]
    return found


def permit(who: str, where: str, last: date, draw: Random) -> Permit:
    """Return a placement over the horizon, some with days excluded and wished."""
    cells = [f"{day}{half.value}" for day in range(WORKING_DAYS) for half in Half]
    excluded = draw.sample(cells, draw.randrange(1, 4)) if draw.random() < EXCLUDING else []
    rest = [each for each in cells if each not in excluded]
    wished = draw.sample(rest, 3) if draw.random() < WISHING else []
    return Permit(
        f"p-{who}-{where}", who, where, FIRST, last, tuple(sorted(excluded)), tuple(sorted(wished))
    )


def quotas_of(who: str, where: Sequence[str], slots: Sequence[Slot], draw: Random) -> list[Quota]:
    """Share the open half-days of a worker, the common time first, exactly."""
    total = sum(slot.worker == who and slot.state is State.OPEN for slot in slots)
    common = total * COMMON_PERCENT // 100
    weights = {each: draw.randrange(1, 5) for each in where}
    parts = shared(total - common, weights)
    owed, owing = draw.sample(list(where), 2)
    shift = min(2, parts[owing])
    parts[owed] += shift
    parts[owing] -= shift
    return [Quota(who, None, common), *(Quota(who, each, parts[each]) for each in where)]


def shared(total: int, weights: dict[str, int]) -> dict[str, int]:
    """Return parts whose sum is the total, by the largest remainders, ties by id."""
    whole = sum(weights.values())
    parts = {each: total * weight // whole for each, weight in weights.items()}
    order = sorted(weights, key=lambda each: (-(total * weights[each] % whole), each))
    for each in order[: total - sum(parts.values())]:
        parts[each] += 1
    return parts


def demand(n: int, size: Size, listed: dict[str, list[str]], draw: Random) -> Demand:
    """Return a request of a member, of whoever is placed with it, for one week."""
    where = draw.choice(sorted({each for members in listed.values() for each in members}))
    who = tuple(each for each in listed if where in listed[each])
    first = FIRST + timedelta(weeks=draw.randrange(size.weeks))
    minutes = 210 * draw.randrange(1, 4)
    last = first + timedelta(days=6)
    return Demand(f"d{n + 1:02}", where, who, first, last, minutes, draw.randrange(1, 4))


def firm(n: int, quotas: Sequence[Quota], slots: Sequence[Slot], last: date, draw: Random) -> Firm:
    """Return a placement held to at least half of its share, and at most 4 half-days over it."""
    quota = draw.choice([each for each in quotas if each.member and each.half_days])
    length = next(slot.minutes for slot in slots if slot.worker == quota.worker)
    return Firm(
        f"f{n + 1:02}",
        str(quota.member),
        (quota.worker,),
        FIRST,
        last,
        least=quota.half_days // 2 * length,
        most=(quota.half_days + 4) * length,
    )


def travels(ids: Sequence[str], draw: Random) -> list[Travel]:
    """Return the ways between sites thrown on a square of 60 km, at 1.2 min a km and 5 more."""
    at = {each: (draw.uniform(0, 60), draw.uniform(0, 60)) for each in ids}
    found = []
    for one in ids:
        for other in ids:
            if one != other:
                far = hypot(at[one][0] - at[other][0], at[one][1] - at[other][1])
                found.append(Travel(one, other, 5 + round(far * 1.2), round(far * 1000)))
    return found


def wishes_of(who: str, where: Sequence[str], draw: Random) -> list[Wish]:
    """Return two wishes of a worker: common time on a cell, and not that member on another."""
    days = range(4)  # days that a part-timer works too
    first, second = draw.sample([f"{day}{half.value}" for day in days for half in Half], 2)
    return [
        Wish(who, first, None, wants=True),
        Wish(who, second, draw.choice(list(where)), wants=False),
    ]


def illness(problem: Problem, lines: Sequence[Line], seed: int = 1) -> Problem:
    """Return the question after a plan was published and somebody fell ill for two weeks.

    Six weeks are published, the first two of them inside the notice; the rest is a draft. The
    shares are what they were: what is lost has to be made up for.
    """
    draw = Random(f"illness{seed}")  # noqa: S311 - invented numbers, the same each time
    last_week = (problem.ends_on - problem.starts_on).days // 7
    published = min(PUBLISHED_WEEKS, last_week)
    until = problem.starts_on + timedelta(weeks=published, days=-1)
    free = problem.starts_on + timedelta(weeks=min(FROZEN_WEEKS, published))
    ill = draw.choice(problem.workers).id
    begins = monday(problem.starts_on) + timedelta(weeks=draw.randrange(published - 1), days=2)
    ends = begins + timedelta(days=13)
    slots = tuple(
        replace(slot, state=State.ABSENT)
        if slot.worker == ill and begins <= slot.day <= ends and slot.state is State.OPEN
        else slot
        for slot in problem.slots
    )
    return replace(
        problem,
        slots=slots,
        workers=tuple(replace(each, free_from=free) for each in problem.workers),
        published=tuple(line for line in sorted(lines) if line.day <= until),
        published_until=until,
        draft=tuple(line for line in sorted(lines) if line.day > until),
        order=RE_PLANNING,
    )
