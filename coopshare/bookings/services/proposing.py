"""Another time, or other things: an approver proposes, who asked accepts in one go or declines.

Both slots are held until the answer: nothing was refused, so whoever declines has still asked for
what they asked for, and whoever accepts is sure to have it. What that costs others, a slot held
twice, ends with the deadline; the slot that was asked for is let go at its own start.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from coopshare.bookings import queries
from coopshare.bookings.agenda import entry_of
from coopshare.bookings.commands import Answer, Propose
from coopshare.bookings.errors import NoLongerPossible, NoProposal, NotYourDecision
from coopshare.bookings.facts import (
    Cancelled,
    ProposalAccepted,
    ProposalDeclined,
    Proposed,
)
from coopshare.bookings.models import (
    Booking,
    BookingStatus,
    Proposal,
    ProposalKind,
    ProposalStatus,
)
from coopshare.bookings.policies import Permission
from coopshare.bookings.rules import check_live, together
from coopshare.bookings.services.asking import (
    ask,
    close,
    due,
    hold_only,
    lines_of_proposal,
)
from coopshare.bookings.services.changing import end, lines_of, priced_again
from coopshare.bookings.services.deciding import (
    Matter,
    answered,
    asked_for,
    back,
    keep_as_it_is,
    mine,
    opened,
    take,
)
from coopshare.bookings.services.examining import Asked, asked, broken, check, needed
from coopshare.bookings.services.pricing import Price
from coopshare.bookings.services.serving import tell
from coopshare.bookings.services.wishing import proposal_of, span_changes
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.models import HoldSource
from coopshare.holds.queries import lock
from coopshare.holds.services import Freed
from coopshare.kernel.errors import Invalid, VersionMismatch
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import marked
from coopshare.resources.services import is_approved_by


def propose(work: Work, command: Propose) -> Booking:
    """Offer something else instead of what is asked for; an earlier offer is replaced.

    Raises `NotFound`, `Forbidden`, `NotPending`, `VersionMismatch`, `Invalid`, what `book` raises.
    """
    matter = opened(work, command.booking_id, Permission.DECIDE)
    booking = matter.booking
    if not matter.waiting:
        check_live(booking.status)
        raise answered(work, matter)
    if booking.version != command.version:
        raise VersionMismatch
    if not mine(work, matter, matter.waiting):
        raise NotYourDecision
    what = _offered(work, matter, command)
    agreed = [key for key, one in what.resources.items() if is_approved_by(work.actor, one)]
    lock(work, {*matter.resources, *what.resources})
    check(work, what, by_managers=agreed)
    freed = Freed()
    if matter.proposal is not None:
        close(work, booking.id, ProposalStatus.REPLACED)
        freed = back(work, matter)
    holds.hold_beside(
        work,
        list(what.resources.values()),
        what.wanted,
        what.span,
        source_kind=HoldSource.BOOKING,
        source_id=booking.id,
    )
    until = due(work, [x.resource_id for x in matter.waiting], matter.resources, what.span)
    work.session.add(
        proposal_of(
            work,
            booking,
            what,
            kind=ProposalKind.COUNTER,
            lapses_at=until,
            agreed=[str(key) for key in agreed],
            note=command.note,
        )
    )
    booking.lapses_at, booking.changed_at = _first_end(work, booking, until), work.now
    flag_modified(booking, "changed_at")  # whoever saw it without this sees another version
    work.session.flush()
    tell(work, freed)
    work.record(Proposed(object_id=booking.id, changes=span_changes(booking, what)))
    return booking


def _first_end(work: Work, booking: Booking, until: datetime) -> datetime:
    """Return when something ends next: the slot that was asked for is not held past its start."""
    if booking.status is BookingStatus.PENDING and booking.starts_at > work.now:
        return min(until, booking.starts_at)
    return until


def _offered(work: Work, matter: Matter, command: Propose) -> Asked:
    booking, wished = matter.booking, matter.wished
    row = wished or booking
    lines = lines_of_proposal(wished) if wished else lines_of(booking)
    present = Interval(row.starts_at, row.ends_at)
    what = asked(
        work,
        organisation_id=booking.organisation_id,
        lines=command.lines if command.lines is not None else lines,
        times=command.span if command.span is not None else present,
        timezone="" if command.lines is not None else row.timezone,
        all_day=row.all_day and command.span is None,
        people=row.people,
    )
    if what.span == present and set(what.lines) == set(lines):
        raise Invalid.field(
            "starts_at",
            marked("C'est ce qui est demandé : proposez un autre moment ou autre chose."),
        )
    return what


def offered_price(work: Work, booking: Booking, proposal: Proposal) -> Price | None:
    """Return what a booking would cost, were it what is proposed; None where that is no other.

    Works in a read-only unit.
    """
    try:
        what = asked_for(work, booking, proposal)
    except NoLongerPossible:
        return None
    before = queries.resources_of(work, [booking])
    return priced_again(work, booking, what, before, is_final=False)


def _answerable(work: Work, command: Answer) -> tuple[Matter, Proposal]:
    """Return what is proposed; raises `NotFound`, `Forbidden`, `NoProposal`, `VersionMismatch`."""
    matter = opened(work, command.booking_id, Permission.ANSWER)
    check_live(matter.booking.status)
    proposal = matter.proposal
    if proposal is None or proposal.kind is not ProposalKind.COUNTER:
        raise NoProposal
    if matter.booking.version != command.version:
        raise VersionMismatch
    return matter, proposal


def accept(work: Work, command: Answer) -> Booking:
    """Take what is proposed: confirmed at once, unless others than who proposed have to agree.

    It was held meanwhile. Raises `NotFound`, `Forbidden`, `NoProposal`, `VersionMismatch`,
    `AlreadyLapsed`, `NoLongerPossible`, `QuotaReached`, `PriceNotSeen`.
    """
    matter, proposal = _answerable(work, command)
    booking, before = matter.booking, str(matter.booking.status)
    what = asked_for(work, booking, proposal)
    agreed = {UUID(key) for key in proposal.agreed}
    found = broken(
        work, what, kept=dict.fromkeys(what.resources, proposal.created_at), by_managers=agreed
    )
    if found:
        error = together(found)
        raise NoLongerPossible(why=error.sentence, details=error.details)
    changes = span_changes(booking, what)
    close(work, booking.id, ProposalStatus.ACCEPTED)
    freed = hold_only(work, booking.id, what.resources.values(), what.lines, what.span)
    needs = needed(work, what)
    given: Mapping[UUID, UUID | None] = {key: proposal.person_id for key in needs if key in agreed}
    waiting = ask(work, booking.id, needs, agreed=given)
    ids = [one.resource_id for one in waiting]
    booking.lapses_at = due(work, ids, what.resources, what.span) if ids else None
    status = BookingStatus.PENDING if ids else BookingStatus.CONFIRMED
    take(work, booking, what, status, seen_cents=command.seen_cents)
    used = {*matter.resources, *what.resources}
    tell(work, freed, [entry_of(booking, what.resources)], used)
    work.record(
        ProposalAccepted(object_id=booking.id, changes=(*changes, ("status", before, str(status))))
    )
    return booking


def decline(work: Work, command: Answer) -> Booking:
    """Do without what is proposed: the request waits for its approvers again, as it was.

    Where its own time is past, it is given up. A confirmed booking stays as it was. Raises
    `NotFound`, `Forbidden`, `NoProposal`, `VersionMismatch`, `AlreadyLapsed`.
    """
    matter, _ = _answerable(work, command)
    booking = matter.booking
    if booking.status is BookingStatus.CONFIRMED:
        keep_as_it_is(work, matter, ProposalStatus.DECLINED)
    elif booking.starts_at <= work.now:
        close(work, booking.id, ProposalStatus.DECLINED)
        end(work, booking, matter.resources, BookingStatus.CANCELLED, "", Cancelled)
        return booking
    else:
        close(work, booking.id, ProposalStatus.DECLINED)
        freed = back(work, matter)
        ids = [one.resource_id for one in matter.waiting]
        span = Interval(booking.starts_at, booking.ends_at)
        booking.lapses_at = due(work, ids, matter.resources, span)
        booking.changed_at = work.now
        work.session.flush()
        tell(work, freed)
    work.record(ProposalDeclined(object_id=booking.id))
    return booking
