"""What the verbs of shared posts are given: minutes, cents, basis points, local days."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.kinds import (
    Arrangement,
    CommitmentUnit,
    ContractKind,
    EmployerKind,
    Half,
    LeaveKind,
    PriceMode,
)
from coopshare.pooled_staff.rules import StintKind
from coopshare.resources.kinds import VatMode


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEmployer:
    """Say who employs, and under which rules; with an id, change it on the version seen."""

    organisation_id: UUID
    kind: EmployerKind
    agreement: str = ""
    idcc: str = ""
    idcc_declared_on: date | None = None
    statutes_on: date | None = None
    vat_mode: VatMode | None = None
    vat_bp: int = 0
    fee_bp: int = 0
    morning: tuple[int, int] = (540, 750)
    afternoon: tuple[int, int] = (810, 1020)
    holidays_worked: tuple[str, ...] = ()
    absent_weeks_count: bool = False
    employer_id: UUID | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddGroupMember:
    """Have an organisation share the people of an employer from a day on."""

    employer_id: UUID
    organisation_id: UUID
    since: date
    deposit_cents: int = 0
    liability_weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSite:
    """Name a place of work at a member of an employer's group."""

    employer_id: UUID
    organisation_id: UUID
    name: str
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetJourney:
    """Say how long, and how far, it is between two sites: the same both ways."""

    employer_id: UUID
    from_id: UUID
    to_id: UUID
    minutes: int
    metres: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRule:
    """Say what a collective agreement changes of a legal rule, from a day on."""

    employer_id: UUID
    rule_id: str
    value: int
    agreement: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPosition:
    """Declare a shared post; with an id, change it on the version seen."""

    employer_id: UUID
    title: str
    weekly_minutes: int
    starts_on: date
    ends_on: date | None = None
    qualification: str = ""
    tasks: str = ""
    position_id: UUID | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddWorker:
    """Declare somebody who works for several members, before their contract."""

    employer_id: UUID
    name: str
    email: str
    born_on: date | None = None
    wishes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetContract:
    """Write a contract, or its next version, that holds from a day on."""

    worker_id: UUID
    position_id: UUID
    kind: ContractKind
    starts_on: date
    weekly_minutes: int
    is_part_time: bool
    gross_hourly_cents: int
    ends_on: date | None = None
    arrangement: Arrangement = Arrangement.NONE
    slots: tuple[tuple[int, int, int], ...] = ()
    charge_bp: int = 0
    other_jobs_minutes: int = 0
    users: frozenset[UUID] = frozenset()
    places: frozenset[UUID] = frozenset()
    signed_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """What a version of a convention says."""

    starts_on: date
    unit: CommitmentUnit
    amount: int
    price_mode: PriceMode
    ends_on: date | None = None
    tolerance_minutes: int = 0
    is_firm: bool = True
    wished: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    sites: frozenset[UUID] = frozenset()
    price: int = 0
    notice_months: int = 3
    terms: str = ""
    consent_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Draw up a convention with a member: a draft, for nobody else's eyes yet."""

    employer_id: UUID
    organisation_id: UUID
    position_id: UUID
    clauses: Clauses
    worker_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """Change the draft of a convention, or begin its next version."""

    placement_id: UUID
    version: int
    clauses: Clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Accept a version of a convention: the very document that was read."""

    version_id: UUID
    sha256: str
    quality: str = ""
    address: str = ""
    """The network address it comes from."""
    scan: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """Plan somebody somewhere: a draft until it is published."""

    worker_id: UUID
    span: Interval
    kind: StintKind = StintKind.MEMBER
    organisation_id: UUID | None = None
    site_id: UUID | None = None
    pause_minutes: int = 0
    note: str = ""
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassign:
    """Change an assignment, on the version seen: when, where, for whom."""

    assignment_id: UUID
    version: int
    to: Assign
    ground: str = ""
    """Why a rule that blocks is passed over, where it is: kept and shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """Publish the drafts of an employer between two days, all or none."""

    employer_id: UUID
    first: date
    last: date
    worker_ids: frozenset[UUID] = frozenset()
    """Only theirs; none: everybody's."""
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternDay:
    """One half-day of somebody's usual weeks."""

    week: int
    weekday: int
    half: Half
    kind: StintKind = StintKind.MEMBER
    organisation_id: UUID | None = None
    site_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPattern:
    """Say somebody's usual weeks: a cycle of so many, the first beginning on a Monday."""

    worker_id: UUID
    weeks: int
    first_monday: date
    days: tuple[PatternDay, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unroll:
    """Write the drafts of somebody's usual weeks between two days."""

    worker_id: UUID
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLeave:
    """Ask for an absence; `is_decided`: by who plans, and accepted at once."""

    worker_id: UUID
    kind: LeaveKind
    span: Interval
    note: str = ""
    is_decided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideLeave:
    """Answer a leave that was asked for."""

    leave_id: UUID
    version: int
    is_accepted: bool
    answer: str = ""
