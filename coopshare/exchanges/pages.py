"""The statements of one's organisation, and the closing of a month."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.db.work import Work
from coopshare.exchanges import queries, services
from coopshare.exchanges.commands import CloseMonth
from coopshare.exchanges.models import Statement
from coopshare.exchanges.months import Month
from coopshare.exchanges.policies import Permission, allow, allows
from coopshare.exchanges.schemas import CloseSchema
from coopshare.kernel.errors import CoopShareError, Invalid
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import cooperative, organisations
from coopshare.web.context import actor, database, reading
from coopshare.web.files import download
from coopshare.web.forms import Form
from coopshare.web.i18n import say
from coopshare.web.pagination import decode, page
from coopshare.web.permissions import requires

blueprint = Blueprint("exchanges", __name__)
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of a statement, as it was issued."""

    name: str
    media_type: str
    content: bytes


def paper_of(statement: Statement, form: str) -> Paper:
    """Return a document of a statement: "csv" or "pdf"."""
    if form == "csv":
        return Paper(f"{statement.number}.csv", "text/csv; charset=utf-8", statement.csv)
    return Paper(f"{statement.number}.pdf", "application/pdf", statement.pdf)


def after_number(cursor: str | None) -> tuple[str, UUID] | None:
    """Return the place a list of statements goes on from."""
    if not cursor:
        return None
    number, key = decode(cursor, 2)
    try:
        return number, UUID(key)
    except ValueError as error:
        raise Invalid.field("after", marked("Cette suite de liste n'existe pas.")) from error


@blueprint.get("/releves")
@requires(Permission.READ)
def index() -> ResponseReturnValue:
    """List the statements one may read; those of one month where the address says so."""
    asked = request.args.get("mois", "")
    month = str(Month.parse(asked)) if asked else None
    with reading() as work:
        allow(work.actor, Permission.READ)
        after = request.args.get("after")
        found = page(
            queries.listing(work, month=month, limit=PER_PAGE, after=after_number(after)),
            PER_PAGE,
            lambda one: (one.number, one.id),
        )
        names = organisations(work, {one.organisation_id for one in found.items})
        filters: dict[str, Any] = {"mois": month}
        return render_template(
            "exchanges/index.html",
            found=found.items,
            names={key: one.name for key, one in names.items()},
            said={one.month: say(Month.parse(one.month)) for one in found.items},
            is_all=allows(work.actor, Permission.CLOSE),
            month=say(Month.parse(month)) if month else None,
            next_url=url_for("exchanges.index", **filters, after=found.next)
            if found.next
            else None,
            first_url=url_for("exchanges.index", **filters) if after else None,
        )


@blueprint.get("/releves/<uuid:statement_id>")
@requires(Permission.READ)
def show(statement_id: UUID) -> ResponseReturnValue:
    """Show a statement as it was issued."""
    with reading() as work:
        found = queries.get(work, statement_id)
        return render_template(
            "exchanges/show.html",
            statement=found,
            data=found.data,
            month=say(Month.parse(found.month)),
        )


@blueprint.get("/releves/<uuid:statement_id>/releve.pdf")
@requires(Permission.READ)
def pdf(statement_id: UUID) -> Response:
    """Give the printed statement."""
    with reading() as work:
        return download(paper_of(queries.get(work, statement_id), "pdf"))


@blueprint.get("/releves/<uuid:statement_id>/releve.csv")
@requires(Permission.READ)
def table(statement_id: UUID) -> Response:
    """Give the statement as a table."""
    with reading() as work:
        return download(paper_of(queries.get(work, statement_id), "csv"))


@blueprint.get("/administration/releves")
@requires(Permission.CLOSE)
def closing() -> ResponseReturnValue:
    """Show the closed months, and what closing the next one would issue."""
    with reading() as work:
        return _closing(work, Form(CloseSchema()))


def _closing(work: Work, form: Form) -> ResponseReturnValue:
    allow(work.actor, Permission.CLOSE)
    month = services.next_month(work)
    why, drafts = None, []
    try:
        drafts = services.drafts(work, month)
    except CoopShareError as error:
        why = error.sentence
    closed = queries.closed_months(work)
    return render_template(
        "exchanges/closing.html",
        form=form,
        month=month,
        said=say(month),
        why=why,
        drafts=drafts,
        currency=cooperative(work).currency,
        closed=closed,
        said_months={one.closed.month: say(Month.parse(one.closed.month)) for one in closed},
        zone=work.actor.timezone,
    ), form.status


@blueprint.post("/administration/releves/clore")
@requires(Permission.CLOSE)
def close() -> ResponseReturnValue:
    """Close a month."""
    form = Form(CloseSchema())
    with form.refusals():
        command: CloseMonth = form.load()
        services.close(database(), actor(), command)
        sentence = Sentence(
            marked("{month} est clos : les relevés sont établis."),
            {"month": say(command.month).capitalize()},
        )
        flash(say(sentence), "success")
        return redirect(url_for("exchanges.index", mois=str(command.month)), 303)
    with reading() as work:
        return _closing(work, form)
