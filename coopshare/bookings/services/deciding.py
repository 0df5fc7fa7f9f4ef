"""Approvers answer a request: yes or no, each one for what they look after.

All who may answer lock the same rows first and look again: at one instant there is one answer, and
whoever comes second reads what the first one said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from coopshare.bookings import queries
from coopshare.bookings.agenda import entry_of
from coopshare.bookings.commands import Change, Decide, Line
from coopshare.bookings.errors import NoLongerPossible, NotPending, NotYourDecision
from coopshare.bookings.facts import (
    Approved,
    ChangeRefused,
    PartlyApproved,
    RefusedByManager,
)
from coopshare.bookings.models import (
    Booking,
    BookingStatus,
    Decision,
    DecisionStatus,
    Proposal,
    ProposalKind,
    ProposalStatus,
)
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.rules import check_live, check_not_ended, together
from coopshare.bookings.services.asking import (
    close,
    decisions_of,
    has_open_matter,
    hold_only,
    lines_of_proposal,
    open_proposal,
    settle_matter,
)
from coopshare.bookings.services.changing import end, lines_of, priced_again, rewrite
from coopshare.bookings.services.examining import Asked, asked, no_longer
from coopshare.bookings.services.pricing import check_quotas, check_seen
from coopshare.bookings.services.serving import ahead, tell
from coopshare.db.work import Work
from coopshare.holds.queries import lock
from coopshare.holds.services import Freed
from coopshare.kernel.errors import Invalid, Refused, VersionMismatch
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import marked
from coopshare.members.queries import people
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue
from coopshare.resources.services import is_approved_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A request as it stands once nobody else can touch it."""

    booking: Booking
    resources: Mapping[UUID, Resource]
    """Of the booking, and of what is proposed."""
    decisions: list[Decision]
    proposal: Proposal | None

    @property
    def waiting(self) -> list[Decision]:
        """Return what approvers have yet to answer."""
        return [one for one in self.decisions if one.status is DecisionStatus.WAITING]

    @property
    def wished(self) -> Proposal | None:
        """Return the change of a confirmed booking that is asked for."""
        is_wish = self.proposal is not None and self.proposal.kind is ProposalKind.CHANGE
        return self.proposal if is_wish else None

    @property
    def own_resources(self) -> dict[UUID, Resource]:
        """Return the resources of the booking as it is."""
        return {x.resource_id: self.resources[x.resource_id] for x in self.booking.lines}


def steady(work: Work, booking: Booking) -> Matter:
    """Have everybody else wait, and return the request as it is then."""
    found = open_proposal(work, booking.id) if has_open_matter(booking) else None
    ids = {line.resource_id for line in booking.lines}
    waiting: set[UUID] = set()
    if found is not None:  # one of two slots that are held will be given back
        ids |= {line.resource_id for line in lines_of_proposal(found)}
        spans = [Interval(row.starts_at, row.ends_at) for row in (booking, found)]
        waiting = ahead(work, ids, spans)
    lock(work, ids | waiting)
    work.session.refresh(booking)
    proposal = open_proposal(work, booking.id) if has_open_matter(booking) else None
    known = catalogue(work).resources
    ids |= {line.resource_id for line in booking.lines}
    return Matter(
        booking=booking,
        resources={key: known[key] for key in ids},
        decisions=decisions_of(work, booking.id),
        proposal=proposal,
    )


def opened(work: Work, booking_id: UUID, permission: Permission) -> Matter:
    """Return a request to answer; raises `NotFound` and `Forbidden`."""
    booking = queries.get(work, booking_id)
    resources = queries.resources_of(work, [booking])
    stake = queries.stake_of(booking.organisation_id, booking.person_id, resources.values())
    if permission is not Permission.DECIDE:
        allow(work.actor, permission, stake)
    matter = steady(work, booking)
    if permission is Permission.DECIDE:  # a change may ask for what the booking does not have
        used = matter.resources.values()
        allow(
            work.actor,
            permission,
            queries.stake_of(booking.organisation_id, booking.person_id, used),
        )
    return matter


def _mine(work: Work, matter: Matter, command: Decide) -> list[Decision]:
    """Return what the actor decides of what waits.

    Raises `NotPending` with who answered before, `VersionMismatch`, `NotYourDecision`.
    """
    if not matter.waiting:
        if matter.booking.status in {BookingStatus.LAPSED, BookingStatus.NO_SHOW}:
            check_live(matter.booking.status)
        raise answered(work, matter)
    if matter.booking.version != command.version:
        raise VersionMismatch
    found = mine(work, matter, matter.waiting)
    if command.resource_ids is not None:
        found = [one for one in found if one.resource_id in command.resource_ids]
    if not found:
        gone = [one for one in matter.decisions if one.status is DecisionStatus.AGREED]
        if mine(work, matter, gone):
            raise answered(work, matter)
        raise NotYourDecision
    return found


def mine(work: Work, matter: Matter, decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that are the actor's to take."""
    return [x for x in decisions if is_approved_by(work.actor, matter.resources[x.resource_id])]


def answered(work: Work, matter: Matter) -> NotPending:
    """Return the refusal of whoever answers too late: it says who answered, and what."""
    given = [x for x in matter.decisions if x.person_id is not None and x.decided_at is not None]
    if not given:
        return NotPending()
    latest = max(given, key=lambda one: (one.status is DecisionStatus.REFUSED, one.decided_at))
    assert latest.person_id is not None  # noqa: S101 - see above
    person = people(work, {latest.person_id}).get(latest.person_id)
    if person is None:
        return NotPending()
    message = (
        marked("{who} a déjà refusé cette demande.")
        if latest.status is DecisionStatus.REFUSED
        else marked("{who} a déjà donné son accord à cette demande.")
    )
    return NotPending(message=message, who=person.name)


def approve(work: Work, command: Decide) -> Booking:
    """Agree to what the actor looks after; the booking is confirmed once all have agreed.

    It held its slot all along. For a change of a confirmed booking, it changes then. Raises
    `NotFound`, `Forbidden`, `VersionMismatch`, `NotPending`, `NoLongerPossible`, `AlreadyEnded`.
    """
    matter = opened(work, command.booking_id, Permission.DECIDE)
    decisions = _mine(work, matter, command)
    check_not_ended(matter.booking.ends_at, work.now)
    what = asked_for(work, matter.booking, matter.wished)
    check_possible(work, matter, what)
    _say(work, decisions, DecisionStatus.AGREED)
    if any(one.status is DecisionStatus.WAITING for one in matter.decisions):
        changes = tuple((f"agreed:{one.resource_id}", "", "yes") for one in decisions)
        work.record(PartlyApproved(object_id=matter.booking.id, changes=changes))
        return matter.booking
    return _confirm(work, matter, what)


def check_answer(work: Work, booking_id: UUID) -> None:
    """Raise what `approve` would raise today because of the rules. Works in a read-only unit.

    Nothing is locked.
    """
    booking = queries.get(work, booking_id)
    proposal = open_proposal(work, booking.id) if has_open_matter(booking) else None
    decisions = decisions_of(work, booking.id)
    resources = catalogue(work).resources
    matter = Matter(booking=booking, resources=resources, decisions=decisions, proposal=proposal)
    if matter.waiting:
        check_possible(work, matter, asked_for(work, booking, matter.wished))


def asked_for(work: Work, booking: Booking, proposal: Proposal | None) -> Asked:
    """Return what a booking, or what is proposed instead of it, is today.

    Raises `NoLongerPossible` where its organisation left the cooperative.
    """
    row = proposal or booking
    try:
        return asked(
            work,
            organisation_id=booking.organisation_id,
            lines=lines_of_proposal(proposal) if proposal else lines_of(booking),
            times=Interval(row.starts_at, row.ends_at),
            timezone=row.timezone,
            all_day=row.all_day,
            people=row.people,
        )
    except Refused as error:
        raise NoLongerPossible(why=error.sentence, details=error.details) from error


def check_possible(work: Work, matter: Matter, what: Asked) -> None:
    """Raise `NoLongerPossible` where rules or closed days stand in the way today."""
    asking = {one.resource_id for one in matter.waiting}
    since = min(one.asked_at for one in matter.waiting)
    found = no_longer(work, what, asking, since)
    if found:
        error = together(found)
        raise NoLongerPossible(why=error.sentence, details=error.details)


def _say(work: Work, decisions: Iterable[Decision], status: DecisionStatus) -> None:
    for one in decisions:
        one.status, one.person_id, one.decided_at = status, work.actor.person_id, work.now
    work.session.flush()


def _confirm(work: Work, matter: Matter, what: Asked) -> Booking:
    booking, before = matter.booking, str(matter.booking.status)
    wished = matter.wished
    freed = Freed()
    if matter.proposal is not None:
        over = ProposalStatus.REPLACED if wished is None else ProposalStatus.ACCEPTED
        close(work, booking.id, over)
        freed = hold_only(work, booking.id, what.resources.values(), what.lines, what.span)
    booking.lapses_at = None
    changes = take(work, booking, what, BookingStatus.CONFIRMED)
    if wished is None:
        changes = (("status", before, "confirmed"),)
    used = {*matter.resources, *what.resources}
    tell(work, freed, [entry_of(booking, what.resources)], used)
    work.record(Approved(object_id=booking.id, changes=changes))
    return booking


def take(
    work: Work,
    booking: Booking,
    what: Asked,
    status: BookingStatus,
    *,
    seen_cents: int | None = None,
) -> tuple[tuple[str, str, str], ...]:
    """Make a booking what was agreed on; return what changed.

    It is priced again where its price depends on what changes. Raises `QuotaReached`, and
    `PriceNotSeen` where another price was shown.
    """
    nothing_said = Change(booking_id=booking.id, version=booking.version)
    before = queries.resources_of(work, [booking])
    price = priced_again(work, booking, what, before, is_final=True)
    if price is not None:
        check_quotas([price])
        check_seen(work, price, seen_cents)
    booking.changed_at = work.now
    return rewrite(work, booking, nothing_said, what, status, price)


def refuse(work: Work, command: Decide) -> Booking:
    """Say no: what a request held is free at once; a confirmed booking stays as it was.

    One no is enough, whoever else would agree. Raises `NotFound`, `Forbidden`, `VersionMismatch`,
    `NotPending`, and `Invalid` without a reason.
    """
    matter = opened(work, command.booking_id, Permission.DECIDE)
    decisions = _mine(work, matter, command)
    check_reason(command.reason)
    _say(work, decisions, DecisionStatus.REFUSED)
    booking = matter.booking
    if booking.status is BookingStatus.PENDING:
        end(
            work,
            booking,
            matter.resources,
            BookingStatus.REFUSED,
            command.reason,
            RefusedByManager,
        )
        return booking
    if matter.proposal is not None:
        matter.proposal.answer = command.reason
    keep_as_it_is(work, matter, ProposalStatus.DECLINED)
    work.record(ChangeRefused(object_id=booking.id))
    return booking


def check_reason(reason: str) -> None:
    """Raise `Invalid` for a no that does not say why."""
    if not reason.strip():
        raise Invalid.field(
            "reason", marked("Dites pourquoi en quelques mots : qui a demandé les lira.")
        )


def keep_as_it_is(work: Work, matter: Matter, status: ProposalStatus) -> None:
    """Give up what is proposed instead of a confirmed booking: it holds what it held."""
    booking = matter.booking
    settle_matter(work, booking.id, status)
    freed = back(work, matter)
    booking.lapses_at, booking.changed_at = None, work.now
    work.session.flush()
    tell(work, freed)


def back(work: Work, matter: Matter) -> Freed:
    """Have a booking hold what it is, and nothing of what is proposed; return what that frees."""
    booking = matter.booking
    span = Interval(booking.starts_at, booking.ends_at)
    lines: tuple[Line, ...] = lines_of(booking)
    return hold_only(work, booking.id, matter.own_resources.values(), lines, span)
