"""What the checker is given: plain values, minutes, UTC spans, civil days."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.kinds import Arrangement


class StintKind(StrEnum):
    """What a span of work is for."""

    MEMBER = "member"
    """At a member of the group."""
    COMMON = "common"
    """For the group itself, or for all of its members."""
    TRAVEL = "travel"
    """From one site to another inside the day: effective working time."""
    TRAINING = "training"
    SOLIDARITY = "solidarity"
    """The day of solidarity (L3133-8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stint:
    """A span of work of one person, planned or done. Home to work is none."""

    id: UUID
    worker_id: UUID
    kind: StintKind
    span: Interval
    breaks: tuple[Interval, ...] = ()
    """Inside the span: not worked."""
    member_id: UUID | None = None
    place_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A span in which a person does not work: leave, illness."""

    worker_id: UUID
    span: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a person's contract says, and what is known of them."""

    worker_id: UUID
    name: str
    timezone: str
    weekly_minutes: int
    is_part_time: bool
    members: frozenset[UUID] | None = None
    """The potential users the contract lists (L1253-9); None: nobody looks."""
    places: frozenset[UUID] | None = None
    other_jobs_minutes: int = 0
    """Per week, in other employment, as the person declared it."""
    born_on: date | None = None
    arrangement: Arrangement = Arrangement.NONE
    """How the hours are spread over weeks: sets the notice of a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a collective agreement changes of a rule, from a day on."""

    rule_id: str
    value: int
    agreement: str
    valid_from: date
    valid_to: date | None = None
    """The last day, included; None: until further notice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the employer adds to the law."""

    overrides: tuple[Override, ...] = ()
    holidays_off: frozenset[date] = frozenset()
    """The public holidays nobody works on, 1 May apart, which the law gives."""
    absent_weeks_count: bool = False
    """Whether a week of absence counts as a week of no work in the average over twelve."""
