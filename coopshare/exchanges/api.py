"""Statements by the JSON API."""

from typing import Any
from uuid import UUID

from flask import Response

from coopshare.exchanges import queries, services
from coopshare.exchanges.commands import CloseMonth
from coopshare.exchanges.models import ClosedMonth, Statement, StatementLine
from coopshare.exchanges.months import Month
from coopshare.exchanges.pages import after_number, paper_of
from coopshare.exchanges.policies import Permission, allow
from coopshare.exchanges.schemas import (
    ClosedMonthSchema,
    CloseSchema,
    DraftQuerySchema,
    DraftsSchema,
    StatementPageSchema,
    StatementQuerySchema,
    WholeStatementSchema,
)
from coopshare.web.api import Blueprint
from coopshare.web.context import actor, database, reading
from coopshare.web.files import download
from coopshare.web.pagination import page
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "exchanges_api",
    __name__,
    url_prefix="/api/v1/statements",
    description="Les relevés du mois.",
)


def _statement(one: Statement) -> dict[str, Any]:
    names = (
        "id",
        "number",
        "month",
        "organisation_id",
        "issued_on",
        "currency",
        "net_cents",
        "vat_cents",
        "total_cents",
        "csv_sha256",
        "pdf_sha256",
    )
    return {name: getattr(one, name) for name in names}


def _line(one: StatementLine) -> dict[str, Any]:
    names = set(queries.LINE) - {"source_id", "note", "starts_at", "ends_at"}
    found = {name: getattr(one, name) for name in names}
    moments = {name: getattr(one, name).isoformat().replace("+00:00", "Z") for name in ENDS}
    return found | moments | {"booking_id": one.source_id, "is_correction": one.is_correction}


ENDS = ("starts_at", "ends_at")


@blueprint.get("")
@blueprint.arguments(StatementQuerySchema, location="query")
@blueprint.response(200, StatementPageSchema)
@requires(Permission.READ)
def statements(query: dict[str, Any]) -> dict[str, Any]:
    """List the statements one may read, the latest first."""
    month = str(Month.parse(query["month"])) if query["month"] else None
    with reading() as work:
        allow(work.actor, Permission.READ)
        found = page(
            queries.listing(
                work,
                month=month,
                organisation_id=query["organisation_id"],
                limit=query["limit"],
                after=after_number(query["after"]),
            ),
            query["limit"],
            lambda one: (one.number, one.id),
        )
        return {"items": [_statement(one) for one in found.items], "next": found.next}


@blueprint.get("/draft")
@blueprint.arguments(DraftQuerySchema, location="query")
@blueprint.response(200, DraftsSchema)
@requires(Permission.CLOSE)
def draft(query: dict[str, Any]) -> dict[str, Any]:
    """Tell what closing a month now would issue; writes nothing."""
    with reading() as work:
        allow(work.actor, Permission.CLOSE)
        month = Month.parse(query["month"]) if query["month"] else services.next_month(work)
        return {
            "month": str(month),
            "items": [
                {
                    "number": one.number,
                    "organisation_id": one.organisation.id,
                    "organisation": one.organisation.name,
                    "net_cents": one.net_cents,
                    "vat_cents": one.vat_cents,
                    "lines": len(one.lines),
                    "corrections": one.corrections,
                }
                for one in services.drafts(work, month)
            ],
        }


@blueprint.post("/close")
@blueprint.arguments(CloseSchema)
@blueprint.response(201, ClosedMonthSchema)
@requires(Permission.CLOSE)
def close(command: CloseMonth) -> ClosedMonth:
    """Close a month: the statement of each organisation is issued, for good."""
    return services.close(database(), actor(), command)


@blueprint.get("/<uuid:statement_id>")
@blueprint.response(200, WholeStatementSchema)
@requires(Permission.READ)
def statement(statement_id: UUID) -> dict[str, Any]:
    """Show a statement and its lines."""
    with reading() as work:
        found = queries.get(work, statement_id)
        return _statement(found) | {"lines": [_line(one) for one in queries.lines(work, found)]}


@blueprint.get("/<uuid:statement_id>/pdf")
@blueprint.response(200, content_type="application/pdf")
@requires(Permission.READ)
def pdf(statement_id: UUID) -> Response:
    """Give the printed statement, as it was issued."""
    with reading() as work:
        return download(paper_of(queries.get(work, statement_id), "pdf"))


@blueprint.get("/<uuid:statement_id>/csv")
@blueprint.response(200, content_type="text/csv")
@requires(Permission.READ)
def table(statement_id: UUID) -> Response:
    """Give the statement as a table, as it was issued."""
    with reading() as work:
        return download(paper_of(queries.get(work, statement_id), "csv"))
