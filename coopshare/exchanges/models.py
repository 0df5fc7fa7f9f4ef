"""Closed months, the statement of each organisation, and its lines: written once."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coopshare.db.base import Base, Key, Owned


class ClosedMonth(Owned, Base):
    """A month that was stated, for good."""

    __tablename__ = "closed_months"

    id: Mapped[Key]
    month: Mapped[str] = mapped_column(String(7))
    """As 2026-10: it sorts as it reads."""
    closed_at: Mapped[datetime]
    closed_by: Mapped[uuid.UUID | None]

    __table_args__ = (
        UniqueConstraint("cooperative_id", "month"),
        UniqueConstraint("cooperative_id", "id"),
    )


class Statement(Owned, Base):
    """What one organisation owes for a month, as issued: data, documents and their hashes."""

    __tablename__ = "statements"

    id: Mapped[Key]
    month_id: Mapped[uuid.UUID]
    month: Mapped[str] = mapped_column(String(7))
    organisation_id: Mapped[uuid.UUID]
    number: Mapped[str] = mapped_column(String(20))
    """R-2026-10-003: without a gap within its month."""
    issued_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    net_cents: Mapped[int]
    vat_cents: Mapped[int]
    data: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """All that its documents say."""
    csv: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    csv_sha256: Mapped[str] = mapped_column(String(64))
    pdf_sha256: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        UniqueConstraint("cooperative_id", "number"),
        UniqueConstraint("month_id", "organisation_id"),
        ForeignKeyConstraint(
            ["cooperative_id", "month_id"], ["closed_months.cooperative_id", "closed_months.id"]
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
        ),
        Index("ix_statements_organisation_id", "cooperative_id", "organisation_id", "month"),
    )

    @property
    def total_cents(self) -> int:
        """Return what is due, tax included."""
        return self.net_cents + self.vat_cents


class StatementLine(Owned, Base):
    """A charge as it was stated, or what it changed by since."""

    __tablename__ = "statement_lines"

    id: Mapped[Key]
    statement_id: Mapped[uuid.UUID]
    position: Mapped[int]
    source_id: Mapped[uuid.UUID]
    """The booking. Not a foreign key: this package does not know bookings."""
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    resource_id: Mapped[uuid.UUID]
    resource: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(30))
    unit: Mapped[str] = mapped_column(String(20))
    units: Mapped[int]
    """Signed, as `cents`: what was stated too much is taken back."""
    quantity: Mapped[int]
    cents_each: Mapped[int]
    cents: Mapped[int]
    vat_mode: Mapped[str | None] = mapped_column(String(20))
    vat_bp: Mapped[int]
    note: Mapped[str] = mapped_column(String(300))
    is_correction: Mapped[bool]

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "statement_id"], ["statements.cooperative_id", "statements.id"]
        ),
        Index("ix_statement_lines_statement_id", "statement_id", "position"),
        Index("ix_statement_lines_source_id", "source_id"),
    )
