"""What somebody has to agree to, and what is proposed instead."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from coopshare.db.base import Base, Key, Owned


class DecisionStatus(StrEnum):
    """What was answered about one line of a request."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"
    VOID = "void"
    """Nobody has to answer any more: the request ended, or changed."""


class Decision(Owned, Base):
    """What an approver says about one thing a booking asks for: each decides on their own.

    The rows of a booking tell of its latest request: that of the booking, or of a change of it.
    Some wait exactly while it does.
    """

    __tablename__ = "booking_decisions"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID]
    resource_id: Mapped[uuid.UUID]
    reasons: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Why it waits: codes of `resources.approval.Reason`, with the limit that is passed."""
    status: Mapped[DecisionStatus]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who answered."""
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "booking_id"], ["bookings.cooperative_id", "bookings.id"]
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        UniqueConstraint("booking_id", "resource_id"),
    )


Index(
    "ix_booking_decisions_waiting",
    Decision.resource_id,
    Decision.booking_id,
    sqlite_where=Decision.status == DecisionStatus.WAITING,
    postgresql_where=Decision.status == DecisionStatus.WAITING,
)


class ProposalKind(StrEnum):
    """Whose idea it is."""

    COUNTER = "counter"
    """An approver offers something else than what was asked for: who booked answers."""
    CHANGE = "change"
    """Who booked wants a confirmed booking otherwise: the approvers answer."""


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"
    """Something else was decided, asked or proposed meanwhile."""
    LAPSED = "lapsed"


class Proposal(Owned, Base):
    """A booking as it would be: another time, other things. It holds its slot while it is open.

    Held by the booking itself, beside what it holds already: whatever ends the booking frees both,
    and none of the two slots stands in the way of the other.
    """

    __tablename__ = "booking_proposals"

    id: Mapped[Key]
    booking_id: Mapped[uuid.UUID]
    kind: Mapped[ProposalKind]
    status: Mapped[ProposalStatus]
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    """Who proposes."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    all_day: Mapped[bool] = mapped_column(default=False)
    people: Mapped[int | None]
    lines: Mapped[dict[str, Any]]
    """Resource id -> how many, in order."""
    agreed: Mapped[list[str]] = mapped_column(default=list)
    """The resources on which who proposes decides: they are agreed to by the proposal itself."""
    note: Mapped[str] = mapped_column(String(300), default="")
    answer: Mapped[str] = mapped_column(String(300), default="")
    """Why it was refused, where it was."""
    created_at: Mapped[datetime]
    lapses_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "booking_id"], ["bookings.cooperative_id", "bookings.id"]
        ),
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_booking_proposals_booking_id", "booking_id"),
    )


Index(
    "ix_booking_proposals_open",
    Proposal.booking_id,
    unique=True,
    sqlite_where=Proposal.status == ProposalStatus.OPEN,
    postgresql_where=Proposal.status == ProposalStatus.OPEN,
)
