"""Closing a month: what every organisation owes is stated, once and for good."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coopshare.db import guards
from coopshare.db.work import Database, Work
from coopshare.exchanges import queries
from coopshare.exchanges.commands import Charged, CloseMonth
from coopshare.exchanges.errors import MonthAlreadyClosed, MonthNotOver, MonthsInOrder
from coopshare.exchanges.facts import MonthClosed
from coopshare.exchanges.models import ClosedMonth, Statement, StatementLine
from coopshare.exchanges.months import Month
from coopshare.exchanges.paper import csv_of, data_of, digest, pdf_of, sha256
from coopshare.exchanges.policies import Permission, allow
from coopshare.exchanges.rules import Line, Tax, lines_of, taxes_of
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import LocalMoment
from coopshare.members.models import Cooperative, Organisation
from coopshare.members.queries import cooperative, organisations, today
from coopshare.members.siret import spaced

guards.refuses("uq_closed_months", MonthAlreadyClosed)
guards.refuses("closed_months.cooperative_id, closed_months.month", MonthAlreadyClosed)

Source = Callable[[Work, datetime], Iterable[Charged]]
SOURCES: list[Source] = []
"""What is charged, of uses that begin before an instant: plugged in by app.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A statement as it would be issued now."""

    organisation: Organisation
    number: str
    lines: Sequence[Line]
    taxes: Sequence[Tax]
    data: Mapping[str, Any]

    @property
    def net_cents(self) -> int:
        """Return the total before tax."""
        return sum(line.charged.cents for line in self.lines)

    @property
    def vat_cents(self) -> int:
        """Return the tax."""
        return sum(tax.cents for tax in self.taxes)

    @property
    def corrections(self) -> int:
        """Return how many lines correct earlier statements."""
        return sum(line.is_correction for line in self.lines)


def next_month(work: Work) -> Month:
    """Return the month that is to be closed next: after the last one, else the month before."""
    last = queries.last_closed(work)
    if last is not None:
        return Month.parse(last).shifted(1)
    return Month.of(work.now, _place(work)).shifted(-1)


def drafts(work: Work, month: Month) -> list[Draft]:
    """Return the statements that closing a month now would issue, by name of organisation.

    Raises `Forbidden`, `MonthAlreadyClosed`, `MonthNotOver`, `MonthsInOrder`.
    """
    allow(work.actor, Permission.CLOSE)
    check_month(work, month)
    before = month.span(_place(work)).end
    present: dict[UUID, list[Charged]] = defaultdict(list)
    stated: dict[UUID, list[Charged]] = defaultdict(list)
    for source in SOURCES:
        for one in source(work, before):
            present[one.organisation_id].append(one)
    for one in queries.stated_lines(work):
        stated[one.organisation_id].append(one)
    found = {key: lines_of(present[key], stated[key]) for key in {*present, *stated}}
    owners = organisations(work, {key for key, lines in found.items() if lines})
    place = cooperative(work)
    issued_on = today(work, place)
    ordered = sorted(owners.values(), key=lambda one: (one.sort_key, one.id))
    return [
        _draft(place, one, f"R-{month}-{position:03}", month, issued_on, found[one.id])
        for position, one in enumerate(ordered, 1)
    ]


def _draft(
    place: Cooperative,
    organisation: Organisation,
    number: str,
    month: Month,
    issued_on: date,
    lines: Sequence[Line],
) -> Draft:
    taxes = taxes_of(lines)
    data = data_of(
        number=number,
        month=month,
        issued_on=issued_on,
        currency=place.currency,
        cooperative=place.name,
        organisation={
            "name": organisation.name,
            "address": organisation.address or "",
            "siret": spaced(organisation.siret),
        },
        lines=lines,
        taxes=taxes,
    )
    return Draft(organisation=organisation, number=number, lines=lines, taxes=taxes, data=data)


def check_month(work: Work, month: Month) -> None:
    """Raise why a month cannot be closed now; nothing when it can."""
    last = queries.last_closed(work)
    if last is not None and month <= Month.parse(last):
        raise MonthAlreadyClosed
    place = _place(work)
    end = month.span(place).end
    if work.now < end:
        raise MonthNotOver(month=month, start=LocalMoment(end, place))
    if last is not None and month != Month.parse(last).shifted(1):
        raise MonthsInOrder(following=Month.parse(last).shifted(1))


def close(database: Database, actor: Actor, command: CloseMonth) -> ClosedMonth:
    """Close a month. Documents are printed before anything is locked; what changed in the
    meantime is printed again.
    """
    with database.read(actor) as work:
        ready = {digest(draft.data): pdf_of(draft.data) for draft in drafts(work, command.month)}
    return database.write(actor, close_month, command, ready)


def close_month(
    work: Work, command: CloseMonth, ready: Mapping[str, bytes] | None = None
) -> ClosedMonth:
    """State a month to every organisation. `ready`: documents printed before, by their digest.

    Raises what `drafts` raises. Two at once: the second finds the month closed.
    """
    allow(work.actor, Permission.CLOSE)
    # Those who close wait for each other here; those who only refer to the row do not.
    work.session.execute(
        select(Cooperative.id)
        .where(Cooperative.id == work.session.cooperative_id)
        .with_for_update(key_share=True)
    )
    issued = drafts(work, command.month)
    closed = ClosedMonth(
        id=uuid4(),
        month=str(command.month),
        closed_at=work.now,
        closed_by=work.actor.person_id,
    )
    work.session.add(closed)
    work.session.flush()
    for draft in issued:
        _issue(work, closed, draft, (ready or {}).get(digest(draft.data)))
    work.record(MonthClosed(object_id=closed.id, changes=(("month", "", closed.month),)))
    return closed


def _issue(work: Work, closed: ClosedMonth, draft: Draft, printed: bytes | None) -> None:
    csv, pdf = csv_of(draft.data), printed or pdf_of(draft.data)
    statement = Statement(
        id=uuid4(),
        month_id=closed.id,
        month=closed.month,
        organisation_id=draft.organisation.id,
        number=draft.number,
        issued_on=date.fromisoformat(draft.data["issued_on"]),
        currency=draft.data["currency"],
        net_cents=draft.net_cents,
        vat_cents=draft.vat_cents,
        data=dict(draft.data),
        csv=csv,
        pdf=pdf,
        csv_sha256=sha256(csv),
        pdf_sha256=sha256(pdf),
    )
    work.session.add(statement)
    work.session.flush()
    work.add_rows(
        StatementLine,
        [
            {name: getattr(line.charged, name) for name in queries.LINE}
            | {
                "statement_id": statement.id,
                "position": position,
                "is_correction": line.is_correction,
            }
            for position, line in enumerate(draft.lines)
        ],
    )


def unlike(statement: Statement) -> list[str]:
    """Return which documents are not what they were issued as: "csv", "pdf"; none: all is well.

    The stored bytes are weighed against their hash, then made again from the frozen data.
    """
    return [
        name
        for name, kept, known, make in (
            ("csv", statement.csv, statement.csv_sha256, csv_of),
            ("pdf", statement.pdf, statement.pdf_sha256, pdf_of),
        )
        if sha256(kept) != known or make(statement.data) != kept
    ]


def _place(work: Work) -> ZoneInfo:
    return ZoneInfo(cooperative(work).timezone)
