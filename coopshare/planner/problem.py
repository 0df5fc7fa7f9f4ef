"""What the planner is asked: half-days, people, shares and limits, as plain numbers.

Ids are texts chosen by the caller. Times are minutes of a civil day of the worker's zone, lengths
are minutes, quotas are half-days. A cell is a weekday and a half: "0am" is Monday morning.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from coopshare.planner import codec


class Half(StrEnum):
    """The two halves of a day."""

    AM = "am"
    PM = "pm"


class State(StrEnum):
    """What a half-day of a contract can be used for; anything but open is not planned."""

    OPEN = "open"
    ABSENT = "absent"
    HOLIDAY = "holiday"
    HELD = "held"


class Kind(StrEnum):
    """What a line is; the planner itself places only the first two."""

    MEMBER = "member"
    COMMON = "common"
    TRAINING = "training"
    SOLIDARITY = "solidarity"


def cell(day: date, half: Half) -> str:
    """Return the place of a half-day in the week: "0am" to "6pm"."""
    return f"{day.weekday()}{half.value}"


def monday(day: date) -> date:
    """Return the first day of the civil week of a day."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Limits:
    """The hard limits, in minutes unless said; the law or an agreement is the caller's business."""

    day_max: int = 600
    week_max: int = 2880
    twelve_weeks: int = 31680
    """Over any 12 civil weeks; a week that does not count lowers it by a twelfth."""
    break_after: int = 360
    break_min: int = 20
    daily_rest: int = 660
    day_span: int = 780
    week_days: int = 6
    weekly_rest: int = 2100
    sunday_off: bool = True
    absent_weeks_count: bool = False
    """False, the strict reading: a week of absence leaves the average of 12 weeks."""


@dataclass(frozen=True, slots=True)
class Week:
    """Minutes done (else planned) in a civil week, outside the half-days of the problem."""

    monday: date
    minutes: int
    counts: bool = True


@dataclass(frozen=True, slots=True)
class PartTime:
    """What a part-time contract adds: minutes a week, and the longest break of a day."""

    extra: int
    below: int = 2100
    gap_max: int = 120


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody whose half-days are planned."""

    id: str
    name: str
    weekly_minutes: int
    part_time: PartTime | None = None
    other_minutes: int = 0
    """Minutes a week of another job: they count in the week and in the 12 weeks."""
    free_from: date | None = None
    """Before that day, what is published stays: the notice of a change has begun."""
    may_common: bool = True
    history: tuple[Week, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """One half-day of a contract, with its times that day and the break declared inside it."""

    worker: str
    day: date
    half: Half
    starts: int
    ends: int
    state: State = State.OPEN
    pause: int = 0

    @property
    def minutes(self) -> int:
        """Return the minutes of work in it."""
        return self.ends - self.starts - self.pause

    @property
    def key(self) -> tuple[str, date, Half]:
        """Return what names it."""
        return (self.worker, self.day, self.half)

    @property
    def cell(self) -> str:
        """Return its place in the week."""
        return cell(self.day, self.half)


@dataclass(frozen=True, slots=True)
class Busy:
    """Work of a worker that is settled elsewhere: a booking, a training, the days before."""

    worker: str
    day: date
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Closure:
    """A half-day when a member's site is closed."""

    day: date
    half: Half


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation that receives workers."""

    id: str
    name: str
    closed: tuple[Closure, ...] = ()


@dataclass(frozen=True, slots=True)
class Permit:
    """A placement in force between two days, both included: who may go where, on which cells."""

    id: str
    worker: str
    member: str
    first: date
    last: date
    excluded: tuple[str, ...] = ()
    wished: tuple[str, ...] = ()
    least_block: int = 1
    """Half-days in a row on one day: 1, or 2 for whole days only."""


@dataclass(frozen=True, slots=True)
class Quota:
    """Half-days a member is to get of a worker over the horizon, what is owed included.

    Without a member it is the worker's common time.
    """

    worker: str
    member: str | None
    half_days: int


@dataclass(frozen=True, slots=True)
class Demand:
    """Minutes a member asks for in a window, of any of the workers; met as far as possible."""

    id: str
    member: str
    workers: tuple[str, ...]
    first: date
    last: date
    minutes: int
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Firm:
    """Minutes a member must get in a window, at least and at most, of these workers together."""

    id: str
    member: str
    workers: tuple[str, ...]
    first: date
    last: date
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Travel:
    """The way from one member's site to another's."""

    origin: str
    target: str
    minutes: int
    metres: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """A worker would like, or like not, to be at a member (None: on common time) on a cell."""

    worker: str
    cell: str
    member: str | None
    wants: bool


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One half-day of one worker, given to something. A half-day without a line is idle."""

    worker: str
    day: date
    half: Half
    kind: Kind
    member: str | None = None

    @property
    def key(self) -> tuple[str, date, Half]:
        """Return the half-day it takes."""
        return (self.worker, self.day, self.half)

    @property
    def what(self) -> tuple[Kind, str | None]:
        """Return what the half-day is given to."""
        return (self.kind, self.member)


PLANNING = ("T1", "T2a", "T2b", "T4", "T5")
RE_PLANNING = ("T1", "T3", "T2a", "T2b", "T4", "T5")


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole question; `from_json(p.to_json()) == p`."""

    starts_on: date
    ends_on: date
    workers: tuple[Worker, ...]
    slots: tuple[Slot, ...]
    members: tuple[Member, ...]
    permits: tuple[Permit, ...]
    quotas: tuple[Quota, ...] = ()
    demands: tuple[Demand, ...] = ()
    firms: tuple[Firm, ...] = ()
    travels: tuple[Travel, ...] = ()
    busy: tuple[Busy, ...] = ()
    wishes: tuple[Wish, ...] = ()
    pinned: tuple[Line, ...] = ()
    """Lines that stay, whatever it costs."""
    published: tuple[Line, ...] = ()
    published_until: date | None = None
    """Up to that day the whole rota is published: a half-day without a line is known as idle."""
    draft: tuple[Line, ...] = ()
    consents: tuple[tuple[str, date, Half], ...] = ()
    """Published half-days inside the notice that their worker has agreed to change."""
    limits: Limits = field(default_factory=Limits)
    order: tuple[str, ...] = PLANNING
    seconds: float = 60
    seed: int = 1
    price_seconds: float = 0
    """Seconds more, after the search, to say what better values would cost; none by default."""

    def to_json(self) -> str:
        """Return it as text that `from_json` reads back."""
        return codec.dumps(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Problem":
        """Read it back; raises `ValueError` on what is not a problem."""
        return codec.loads(cls, text)


@dataclass(frozen=True, slots=True)
class Tier:
    """What one tier reached, the least it could have been, and whether that is proven."""

    tier: str
    value: int
    bound: int
    proven: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Clash:
    """One thing of a set that cannot stand together: a pin, a published line or a placement."""

    kind: str
    """"pinned", "published", "firm_least" or "firm_most"."""
    line: Line | None = None
    firm: str | None = None
    reason: str | None = None
    """The rule that alone makes it impossible, when one does."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a better value of a tier would cost in the tier above it.

    `upper` goes from `now` to `then`; None when no plan at all has that better value.
    """

    tier: str
    better: int
    upper: str
    now: int
    then: int | None
    proven: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The answer. `status` is "optimal", "feasible", "stopped", "infeasible" or "unknown".

    The two last come without lines. "feasible" means that the seconds were over before the last
    proof, "stopped" that somebody asked for the best plan so far.
    """

    status: str
    lines: tuple[Line, ...] = ()
    tiers: tuple[Tier, ...] = ()
    clashes: tuple[Clash, ...] = ()
    prices: tuple[Price, ...] = ()
    seconds: float = 0
    first_plan: float | None = None
    """Seconds until the first plan that keeps every hard rule."""
    variables: int = 0

    def to_json(self) -> str:
        """Return it as text that `from_json` reads back."""
        return codec.dumps(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Result":
        """Read it back; raises `ValueError` on what is not a result."""
        return codec.loads(cls, text)
