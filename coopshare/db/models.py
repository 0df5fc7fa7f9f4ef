"""The database's own tables: jobs (outbox), audit trail, idempotency keys, throttles."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from coopshare.db.base import Base, Key, Owned


class Job(Base):
    """Something to be done once the change is kept: at least once, by a worker (decision 10)."""

    __tablename__ = "jobs"

    id: Mapped[Key]
    cooperative_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("cooperatives.id"))
    kind: Mapped[str]
    """Name of the handler, registered by app.py."""
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        Index(
            "ix_jobs_waiting",
            "run_at",
            sqlite_where=text("done_at IS NULL AND failed_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND failed_at IS NULL"),
        ),
    )


class AuditEntry(Owned, Base):
    """Who did what, when, through which door. Append-only: triggers refuse any change."""

    __tablename__ = "audit_entries"

    id: Mapped[Key]
    at: Mapped[datetime]
    person_id: Mapped[uuid.UUID | None]
    """Not a foreign key: the trace outlives an erased account."""
    organisation_id: Mapped[uuid.UUID | None]
    door: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[uuid.UUID]
    changes: Mapped[dict[str, Any]]
    """{field: [before, after]}: codes and instants, no free text."""

    __table_args__ = (
        Index("ix_audit_entries_object_id_at", "object_id", "at"),
        Index("ix_audit_entries_cooperative_id_at", "cooperative_id", "at"),
    )


class KeptAnswer(Base):
    """The outcome of a request under its Idempotency-Key, kept seven days."""

    __tablename__ = "kept_answers"

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of method, path and body."""
    result_id: Mapped[uuid.UUID]
    """What the request made or changed."""
    created_at: Mapped[datetime] = mapped_column(index=True)


class KeptFile(Owned, Base):
    """A file somebody sent, kept a week: looked at first, then acted on, or never."""

    __tablename__ = "kept_files"

    id: Mapped[Key]
    person_id: Mapped[uuid.UUID]
    """Who sent it, and alone may open it."""
    purpose: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Empty once it was acted on."""
    created_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    """When it was acted on: once only."""


class Throttle(Base):
    """How many attempts a key made in the current window."""

    __tablename__ = "throttles"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window_starts_at: Mapped[datetime]
    count: Mapped[int]


class SnapshotMark(Base):
    """The present state of what snapshots hold of a cooperative; none: it never changed."""

    __tablename__ = "snapshot_marks"

    cooperative_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """Not a foreign key: a mark may be made before its cooperative, and outlive it."""
    mark: Mapped[uuid.UUID]
    """Random, so that a restored database never shows a mark of its future."""
