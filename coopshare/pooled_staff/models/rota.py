"""Who is where: half-days of work, the weeks they repeat by, absences."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from coopshare.db.base import Base, Key, Owned, Versioned
from coopshare.pooled_staff.kinds import (
    AssignmentState,
    Half,
    LeaveKind,
    LeaveState,
    Origin,
)
from coopshare.pooled_staff.models.group import of_member
from coopshare.pooled_staff.rules.facts import StintKind


def of_worker() -> ForeignKeyConstraint:
    """Return the key of the person a row is about."""
    return ForeignKeyConstraint(
        ["cooperative_id", "worker_id"], ["workers.cooperative_id", "workers.id"]
    )


class Assignment(Owned, Versioned, Base):
    """Somebody works somewhere over a span. Published, it holds their time."""

    __tablename__ = "assignments"

    id: Mapped[Key]
    worker_id: Mapped[uuid.UUID]
    kind: Mapped[StintKind]
    organisation_id: Mapped[uuid.UUID | None]
    """The member it is for; None: for the group itself."""
    site_id: Mapped[uuid.UUID | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    pause_minutes: Mapped[int] = mapped_column(default=0)
    """Not worked, in the middle of the span."""
    state: Mapped[AssignmentState]
    origin: Mapped[Origin]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    """No plan moves it."""
    note: Mapped[str] = mapped_column(String(500), default="")
    """Read by the person, the member and who plans: never the name of anybody they accompany."""
    ground: Mapped[str] = mapped_column(String(500), default="")
    """Why a rule that blocks was passed over."""
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        of_worker(),
        of_member(),
        ForeignKeyConstraint(["cooperative_id", "site_id"], ["sites.cooperative_id", "sites.id"]),
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("pause_minutes >= 0", name="pause_minutes"),
        Index("ix_assignments_worker_id", "worker_id", "starts_at"),
        Index("ix_assignments_organisation_id", "cooperative_id", "organisation_id", "starts_at"),
        Index("ix_assignments_starts_at", "cooperative_id", "starts_at"),
    )


class PatternLine(Owned, Base):
    """One half-day of somebody's usual weeks: week k of a cycle of n."""

    __tablename__ = "pattern_lines"

    id: Mapped[Key]
    worker_id: Mapped[uuid.UUID]
    week: Mapped[int]
    """0 is the first week of the cycle."""
    weeks: Mapped[int]
    """How many weeks the cycle has."""
    first_monday: Mapped[date]
    """The Monday of a first week."""
    weekday: Mapped[int]
    half: Mapped[Half]
    kind: Mapped[StintKind]
    organisation_id: Mapped[uuid.UUID | None]
    site_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        UniqueConstraint("worker_id", "week", "weekday", "half"),
        of_worker(),
        of_member(),
        ForeignKeyConstraint(["cooperative_id", "site_id"], ["sites.cooperative_id", "sites.id"]),
        CheckConstraint("week >= 0 AND week < weeks AND weeks <= 12", name="cycle"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )


class Leave(Owned, Versioned, Base):
    """Somebody is absent over a span. Accepted, it holds their time."""

    __tablename__ = "leaves"

    id: Mapped[Key]
    worker_id: Mapped[uuid.UUID]
    kind: Mapped[LeaveKind]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    state: Mapped[LeaveState]
    note: Mapped[str] = mapped_column(String(500), default="")
    """Private: the person's own words."""
    answer: Mapped[str] = mapped_column(String(500), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        of_worker(),
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_leaves_worker_id", "worker_id", "starts_at"),
    )
