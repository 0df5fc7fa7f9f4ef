"""A confirmed booking that somebody wants otherwise, where approvers have to say yes again.

It stands as it is, confirmed, until they answer: whatever they say, it is never lost. What is
wished for is held beside it meanwhile, so that saying yes always succeeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from coopshare.bookings.agenda import entry_of
from coopshare.bookings.commands import Change, Line
from coopshare.bookings.facts import ChangeAsked
from coopshare.bookings.models import Booking, Proposal, ProposalKind, ProposalStatus
from coopshare.bookings.services.asking import (
    Needs,
    as_json_lines,
    ask,
    close,
    due,
    has_open_matter,
    hold_only,
)
from coopshare.bookings.services.examining import Asked
from coopshare.bookings.services.serving import tell
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.models import HoldSource
from coopshare.holds.services import Freed
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource


@dataclass(frozen=True, slots=True)
class Wished:
    """What a booking would be, and why approvers have to agree."""

    what: Asked
    needs: Needs


def wish(
    work: Work,
    booking: Booking,
    resources: Mapping[UUID, Resource],
    command: Change,
    wished: Wished,
) -> Booking:
    """Keep a change that waits for its approvers; `resources` are those of the booking as it is.

    Its words change at once. An earlier wish is replaced. Raises `SlotTaken`.
    """
    what, freed = wished.what, Freed()
    if has_open_matter(booking):
        close(work, booking.id, ProposalStatus.REPLACED)
        lines = [Line(resource_id=x.resource_id, quantity=x.quantity) for x in booking.lines]
        span = Interval(booking.starts_at, booking.ends_at)
        freed = hold_only(work, booking.id, resources.values(), lines, span)
    holds.hold_beside(
        work,
        list(what.resources.values()),
        what.wanted,
        what.span,
        source_kind=HoldSource.BOOKING,
        source_id=booking.id,
    )
    until = due(work, wished.needs, what.resources, what.span)
    work.session.add(proposal_of(work, booking, what, kind=ProposalKind.CHANGE, lapses_at=until))
    ask(work, booking.id, wished.needs)
    booking.lapses_at, booking.changed_at = until, work.now
    for name, text in (("title", command.title), ("note", command.note)):
        if text is not None:
            setattr(booking, name, text)
    work.session.flush()
    tell(work, freed, [entry_of(booking, resources)], resources)
    work.record(ChangeAsked(object_id=booking.id, changes=span_changes(booking, what)))
    return booking


def proposal_of(
    work: Work, booking: Booking, what: Asked, *, kind: ProposalKind, **more: object
) -> Proposal:
    """Return the row of a proposal, open from now on."""
    return Proposal(
        id=uuid4(),
        booking_id=booking.id,
        kind=kind,
        status=ProposalStatus.OPEN,
        person_id=work.actor.person_id,
        starts_at=what.span.start,
        ends_at=what.span.end,
        timezone=what.timezone,
        all_day=what.all_day,
        people=what.people,
        lines=as_json_lines(what.lines),
        created_at=work.now,
        **more,
    )


def span_changes(booking: Booking, what: Asked) -> tuple[tuple[str, str, str], ...]:
    """Return what would change, as the trace keeps it: instants and quantities only."""
    found = [
        ("starts_at", booking.starts_at.isoformat(), what.span.start.isoformat()),
        ("ends_at", booking.ends_at.isoformat(), what.span.end.isoformat()),
    ]
    if what.span == Interval(booking.starts_at, booking.ends_at):
        found = []
    had = {line.resource_id: line.quantity for line in booking.lines}
    wanted = {line.resource_id: line.quantity for line in what.lines}
    for key in dict.fromkeys((*had, *wanted)):
        before, after = had.get(key, 0), wanted.get(key, 0)
        if before != after:
            found.append((f"line:{key}", str(before), str(after)))
    return tuple(found)
