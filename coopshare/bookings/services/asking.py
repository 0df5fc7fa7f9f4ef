"""What is asked of approvers: why, of whom, until when; and what becomes of it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from coopshare.bookings.commands import Line
from coopshare.bookings.errors import ApprovalToAsk
from coopshare.bookings.models import (
    Booking,
    Decision,
    DecisionStatus,
    Proposal,
    ProposalStatus,
)
from coopshare.bookings.rules import answer_due
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.models import HoldSource
from coopshare.holds.services import Freed, Wanted
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import Sentence, Several, marked
from coopshare.resources.models import Resource
from coopshare.resources.services import Reasons, said

Needs = Mapping[UUID, Reasons]
"""Resource -> why its approvers have to say yes."""


def keys_of(needs: Needs) -> frozenset[str]:
    """Return the reasons as short words, which a form sends back once they were told."""
    return frozenset(f"{key}:{code}" for key, reasons in needs.items() for code in reasons)


def sentences(needs: Needs, resources: Mapping[UUID, Resource]) -> list[tuple[UUID, str, Sentence]]:
    """Return (resource, code, sentence) for each reason."""
    return [
        (key, code, sentence)
        for key, reasons in needs.items()
        for code, sentence in zip(reasons, said(resources[key].name, reasons), strict=True)
    ]


def check_told(
    needs: Needs, resources: Mapping[UUID, Resource], told: frozenset[str] | None
) -> None:
    """Raise `ApprovalToAsk` where the person was not told of every reason yet."""
    if told is None or keys_of(needs) <= told:
        return
    found = sentences(needs, resources)
    raise ApprovalToAsk(
        details={
            "approval": [{"resource_id": str(key), "reason": code} for key, code, _ in found],
            "told": sorted(keys_of(needs)),
        },
        reasons=Several(tuple(sentence for *_, sentence in found), marked(" ; ")),
    )


def due(
    work: Work, needs: Iterable[UUID], resources: Mapping[UUID, Resource], span: Interval
) -> datetime:
    """Return until when approvers are waited for."""
    return answer_due(work.now, [resources[key].approval_delay for key in needs], span)


def rows(work: Work, booking_id: UUID, needs: Needs) -> list[Decision]:
    """Return what a new request asks of its approvers."""
    return [
        Decision(
            id=uuid4(),
            booking_id=booking_id,
            resource_id=key,
            reasons=dict(reasons),
            status=DecisionStatus.WAITING,
            asked_at=work.now,
        )
        for key, reasons in needs.items()
    ]


def decisions_of(work: Work, booking_id: UUID) -> list[Decision]:
    """Return what is asked of approvers about a booking, as it stands in the database."""
    query = select(Decision).where(Decision.booking_id == booking_id).order_by(Decision.resource_id)
    return list(work.session.scalars(query.execution_options(populate_existing=True)))


def ask(
    work: Work, booking_id: UUID, needs: Needs, *, agreed: Mapping[UUID, UUID | None] | None = None
) -> list[Decision]:
    """Ask anew: one row per resource that needs an answer; what else waited waits no more.

    `agreed` names who has agreed already, resource by resource. Returns those that wait.
    """
    given = agreed or {}
    present = {row.resource_id: row for row in decisions_of(work, booking_id)}
    waiting: list[Decision] = []
    for key, reasons in needs.items():
        row = present.pop(key, None)
        if row is None:
            row = Decision(id=uuid4(), booking_id=booking_id, resource_id=key)
            work.session.add(row)
        is_given = key in given
        row.status = DecisionStatus.AGREED if is_given else DecisionStatus.WAITING
        row.reasons, row.asked_at = dict(reasons), work.now
        row.person_id = given.get(key)
        row.decided_at = work.now if is_given else None
        if not is_given:
            waiting.append(row)
    for row in present.values():
        if row.status is DecisionStatus.WAITING:
            row.status = DecisionStatus.VOID
    work.session.flush()
    return waiting


def has_open_matter(booking: Booking) -> bool:
    """Tell whether approvers, or who booked, may have something to answer."""
    return booking.lapses_at is not None


def settle_matter(work: Work, booking_id: UUID, status: ProposalStatus) -> None:
    """End what is proposed with a status, and what approvers had yet to answer."""
    close(work, booking_id, status)
    work.session.execute(
        update(Decision)
        .where(Decision.booking_id == booking_id, Decision.status == DecisionStatus.WAITING)
        .values(status=DecisionStatus.VOID)
    )


def close(work: Work, booking_id: UUID, status: ProposalStatus) -> None:
    """End what is proposed, if anything is; its holds are another matter."""
    work.session.execute(
        update(Proposal)
        .where(Proposal.booking_id == booking_id, Proposal.status == ProposalStatus.OPEN)
        .values(status=status, answered_at=work.now)
    )


def open_proposal(work: Work, booking_id: UUID) -> Proposal | None:
    """Return what is proposed and not answered, as it stands in the database."""
    query = select(Proposal).where(
        Proposal.booking_id == booking_id, Proposal.status == ProposalStatus.OPEN
    )
    return work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def settle_many(work: Work, booking_ids: Collection[UUID]) -> None:
    """End what is proposed for bookings, and what approvers had yet to answer about them."""
    if not booking_ids:
        return
    ids = sorted(booking_ids)
    work.session.execute(
        update(Proposal)
        .where(Proposal.booking_id.in_(ids), Proposal.status == ProposalStatus.OPEN)
        .values(status=ProposalStatus.REPLACED, answered_at=work.now)
    )
    work.session.execute(
        update(Decision)
        .where(Decision.booking_id.in_(ids), Decision.status == DecisionStatus.WAITING)
        .values(status=DecisionStatus.VOID)
    )


def ask_many(work: Work, asked: Mapping[UUID, Needs]) -> None:
    """Ask anew about many bookings, in a constant number of statements."""
    if not asked:
        return
    work.session.execute(delete(Decision).where(Decision.booking_id.in_(sorted(asked))))
    work.insert(*(row for key, needs in asked.items() for row in rows(work, key, needs)))


def answer_many(
    work: Work, booking_ids: Collection[UUID], status: DecisionStatus, mine: Callable[[UUID], bool]
) -> set[UUID]:
    """Give one answer to all that waits for the actor about bookings; `mine` tells of a resource.

    Returns the bookings of which nothing waits any more; the others wait for somebody else.
    """
    query = select(Decision).where(
        Decision.booking_id.in_(sorted(booking_ids)), Decision.status == DecisionStatus.WAITING
    )
    others: set[UUID] = set()
    for row in work.session.scalars(query):
        if mine(row.resource_id):
            row.status, row.person_id, row.decided_at = status, work.actor.person_id, work.now
        else:
            others.add(row.booking_id)
    work.session.flush()
    return set(booking_ids) - others


def lines_of_proposal(proposal: Proposal) -> tuple[Line, ...]:
    """Return the lines a proposal would have."""
    return tuple(Line(resource_id=UUID(key), quantity=n) for key, n in proposal.lines.items())


def as_json_lines(lines: Iterable[Line]) -> dict[str, Any]:
    """Return lines as a proposal keeps them."""
    return {str(line.resource_id): line.quantity for line in lines}


def hold_only(
    work: Work,
    booking_id: UUID,
    resources: Collection[Resource],
    lines: Iterable[Line],
    span: Interval,
) -> Freed:
    """Have a booking hold these lines over a span, and nothing beside; return what it gave back.

    What it gave back is for those who wait: `serving.serve` comes after, in the same unit.
    """
    by_id = {resource.id: resource for resource in resources}
    wanted = [Wanted(resource_id=x.resource_id, quantity=x.quantity) for x in lines]
    return holds.rehold(
        work,
        [by_id[one.resource_id] for one in wanted],
        wanted,
        span,
        source_kind=HoldSource.BOOKING,
        source_id=booking_id,
    )
