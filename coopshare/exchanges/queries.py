"""Reads of statements and closed months."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import undefer

from coopshare.db.work import Work
from coopshare.exchanges.commands import Charged
from coopshare.exchanges.models import ClosedMonth, Statement, StatementLine
from coopshare.exchanges.policies import visible
from coopshare.kernel.errors import NotFound

LINE = (
    "source_id",
    "title",
    "starts_at",
    "ends_at",
    "timezone",
    "resource_id",
    "resource",
    "kind",
    "unit",
    "units",
    "quantity",
    "cents_each",
    "cents",
    "vat_mode",
    "vat_bp",
    "note",
)
"""What a line of a statement keeps of a charge."""


@dataclass(frozen=True, slots=True)
class MonthSums:
    """A closed month, and what its statements come to."""

    closed: ClosedMonth
    statements: int
    net_cents: int
    vat_cents: int


def closed_months(work: Work) -> list[MonthSums]:
    """Return the closed months, the latest first, in one statement."""
    query = (
        select(
            ClosedMonth,
            func.count(Statement.id),
            func.coalesce(func.sum(Statement.net_cents), 0),
            func.coalesce(func.sum(Statement.vat_cents), 0),
        )
        .outerjoin(Statement, Statement.month_id == ClosedMonth.id)
        .group_by(ClosedMonth.id)
        .order_by(ClosedMonth.month.desc())
    )
    return [
        MonthSums(row[0], row[1], int(row[2]), int(row[3])) for row in work.session.execute(query)
    ]


def last_closed(work: Work) -> str | None:
    """Return the latest closed month."""
    return work.session.scalar(select(func.max(ClosedMonth.month)))


def stated_lines(work: Work) -> list[Charged]:
    """Return every line stated so far in the cooperative, as charges, in the order of issue."""
    query = (
        select(Statement.organisation_id, *(getattr(StatementLine, name) for name in LINE))
        .join(Statement, Statement.id == StatementLine.statement_id)
        .order_by(Statement.month, StatementLine.statement_id, StatementLine.position)
    )
    return [
        Charged(organisation_id=row[0], **dict(zip(LINE, row[1:], strict=True)))
        for row in work.session.execute(query)
    ]


def listing(
    work: Work,
    *,
    month: str | None = None,
    organisation_id: UUID | None = None,
    limit: int = 100,
    after: tuple[str, UUID] | None = None,
) -> list[Statement]:
    """Return statements the actor may read, the latest month first; one more than `limit`."""
    query = select(Statement).where(visible(work.actor))
    if month is not None:
        query = query.where(Statement.month == month)
    if organisation_id is not None:
        query = query.where(Statement.organisation_id == organisation_id)
    if after is not None:
        query = query.where(tuple_(Statement.number, Statement.id) < tuple_(*after))
    query = query.order_by(Statement.number.desc(), Statement.id.desc()).limit(limit + 1)
    return list(work.session.scalars(query))


def get(work: Work, statement_id: UUID) -> Statement:
    """Return a statement the actor may read, with its data and documents; raises `NotFound`."""
    query = (
        select(Statement)
        .where(Statement.id == statement_id, visible(work.actor))
        .options(undefer(Statement.data), undefer(Statement.csv), undefer(Statement.pdf))
    )
    found = work.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def lines(work: Work, statement: Statement) -> Sequence[StatementLine]:
    """Return the lines of a statement, in their order."""
    query = select(StatementLine).where(StatementLine.statement_id == statement.id)
    return work.session.scalars(query.order_by(StatementLine.position)).all()
