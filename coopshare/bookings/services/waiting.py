"""The verbs of waiting lists: take a place, leave it, accept an offer, let it pass."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from sqlalchemy import func, select

from coopshare.bookings.commands import Book, Confirm
from coopshare.bookings.errors import (
    AlreadyWaiting,
    NotOffered,
    NoWaitingList,
    SlotIsFree,
    WaitIsOver,
)
from coopshare.bookings.facts import Cancelled, WaitEnded, WaitJoined, WaitLeft
from coopshare.bookings.models import Booking, BookingStatus, Wait, WaitLine, WaitStatus
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.queries import resources_of, stake_of
from coopshare.bookings.queue import get_wait
from coopshare.bookings.services.changing import end
from coopshare.bookings.services.examining import Asked, asked, check
from coopshare.bookings.services.optioning import confirm
from coopshare.bookings.services.serving import system, tell, would_have
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.errors import SlotTaken
from coopshare.holds.models import Closure
from coopshare.holds.queries import lock
from coopshare.holds.services import Freed
from coopshare.kernel.intervals import Interval

OPEN = (WaitStatus.WAITING, WaitStatus.OFFERED)


def join(work: Work, command: Book) -> Wait:
    """Keep a request whose slot is taken, behind those that came before it.

    Raises what `book` raises but `SlotTaken`; `SlotIsFree` where it can be booked at once,
    `AlreadyWaiting`, `NoWaitingList`.
    """
    what = asked(
        work,
        organisation_id=command.organisation_id,
        lines=command.lines,
        times=command.span,
        timezone=command.timezone,
        all_day=command.all_day,
        people=command.people,
    )
    stake = stake_of(command.organisation_id, work.actor.person_id, what.resources.values())
    allow(work.actor, Permission.BOOK, stake)
    for resource in what.resources.values():
        if not resource.waiting_delay:
            raise NoWaitingList(name=resource.name)
    lock(work, what.resources)
    check(work, what)
    _check_taken(work, what)
    _check_once(work, what)
    wait = Wait(
        id=uuid4(),
        organisation_id=what.organisation_id,
        person_id=work.actor.person_id,
        title=command.title,
        note=command.note,
        starts_at=what.span.start,
        ends_at=what.span.end,
        timezone=what.timezone,
        all_day=what.all_day,
        people=what.people,
        status=WaitStatus.WAITING,
        position=(work.session.scalar(select(func.max(Wait.position))) or 0) + 1,
        created_at=work.now,
        changed_at=work.now,
        lines=[
            WaitLine(resource_id=line.resource_id, quantity=line.quantity, position=number)
            for number, line in enumerate(what.lines)
        ],
    )
    work.session.add(wait)
    work.session.flush()
    work.record(WaitJoined(object_id=wait.id))
    return wait


def _check_taken(work: Work, what: Asked) -> None:
    try:
        holds.check_free(work, list(what.resources.values()), what.wanted, what.span)
    except SlotTaken:
        return
    raise SlotIsFree


def _check_once(work: Work, what: Asked) -> None:
    same = work.session.scalars(
        select(Wait).where(
            Wait.organisation_id == what.organisation_id,
            Wait.starts_at == what.span.start,
            Wait.ends_at == what.span.end,
            Wait.status.in_(OPEN),
        )
    )
    lines = {(line.resource_id, line.quantity) for line in what.lines}
    if any({(x.resource_id, x.quantity) for x in wait.lines} == lines for wait in same):
        raise AlreadyWaiting


def _loaded(work: Work, wait_id: UUID) -> Wait:
    """Return a place in a list to act on, with what it wants locked, as it is now."""
    wait = get_wait(work, wait_id)
    resources = resources_of(work, [wait])
    stake = stake_of(wait.organisation_id, wait.person_id, resources.values())
    allow(work.actor, Permission.CHANGE, stake)
    lock(work, resources)
    work.session.refresh(wait)
    if wait.status not in OPEN:
        raise WaitIsOver
    return wait


def leave(work: Work, wait_id: UUID) -> Wait:
    """Give up a place in a list, or let an offer pass: the next one gets it at once.

    Raises `NotFound`, `Forbidden`, `WaitIsOver`.
    """
    wait = _loaded(work, wait_id)
    if wait.status is WaitStatus.OFFERED:
        booking = _offer_of(work, wait)
        end(work, booking, resources_of(work, [booking]), BookingStatus.CANCELLED, "", Cancelled)
        return wait
    wait.status, wait.changed_at = WaitStatus.LEFT, work.now
    work.session.flush()
    work.record(WaitLeft(object_id=wait.id))
    return wait


def accept(work: Work, wait_id: UUID) -> Booking:
    """Make a booking of what is offered; rules and approval are judged again.

    Raises what `confirm` raises, `NotOffered` while nothing is free, `WaitIsOver`.
    """
    wait = _loaded(work, wait_id)
    if wait.status is not WaitStatus.OFFERED:
        raise NotOffered
    booking = _offer_of(work, wait)
    return confirm(work, Confirm(booking_id=booking.id, version=booking.version))


def _offer_of(work: Work, wait: Wait) -> Booking:
    return work.session.scalars(select(Booking).where(Booking.id == wait.booking_id)).one()


def serve_closure(work: Work, closure: Closure, leaf_ids: Iterable[UUID]) -> None:
    """Offer what a lifted closure gives back."""
    if closure.lifted_at is None:
        return
    tell(work, Freed(frozenset(leaf_ids), (Interval(closure.starts_at, closure.ends_at),)))


def queues(work: Work) -> list[UUID]:
    """Return the cooperatives where somebody waits."""
    query = (
        select(Wait.cooperative_id)
        .where(Wait.status == WaitStatus.WAITING)
        .distinct()
        .execution_options(**EVERYWHERE)
    )
    return sorted(work.session.scalars(query))


def to_tend(work: Work) -> list[UUID]:
    """Return the requests to look at: those whose start has passed, those that could be served.

    The second ones are few: what a verb frees is offered by that verb. There remain a rule that
    was loosened, more of a thing, opening hours made longer.
    """
    waiting = work.session.scalars(
        select(Wait).where(Wait.status == WaitStatus.WAITING).order_by(Wait.position, Wait.id)
    )
    return [
        wait.id
        for wait in waiting
        if wait.starts_at <= work.now or would_have(work, wait) is not None
    ]


def tend(work: Work, wait_id: UUID) -> None:
    """End a request whose start has passed; offer what it waits for where that is free."""
    wait = work.session.scalars(select(Wait).where(Wait.id == wait_id)).one_or_none()
    if wait is None:
        return
    ids = [line.resource_id for line in wait.lines]
    lock(work, ids)
    work.session.refresh(wait)
    if wait.status is not WaitStatus.WAITING:
        return
    if wait.starts_at <= work.now:
        wait.status, wait.changed_at = WaitStatus.ENDED, work.now
        work.session.flush()
        ours = system(work)
        ours.record(WaitEnded(object_id=wait.id))
        work.left_jobs |= ours.left_jobs
        return
    tell(work, Freed(frozenset(ids), (Interval(wait.starts_at, wait.ends_at),)))
