"""Serving waiting lists: whatever becomes free is offered, in the same unit, to the first it suits.

The order is that of the requests. A request is passed over only while what is free is not enough
for every line of it, or while a rule refuses it: a smaller one behind it is then served, since
anybody could book what is free and too little. So nothing that a waiting request could have is
ever free between two units, and a booking made by somebody else never jumps the queue.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select

from coopshare.bookings.agenda import entry_of
from coopshare.bookings.commands import Line
from coopshare.bookings.errors import OfferStands, QuotaReached
from coopshare.bookings.facts import Offered
from coopshare.bookings.models import Booking, Wait, WaitLine, WaitStatus
from coopshare.bookings.queue import offer_of
from coopshare.bookings.rules import offered_until
from coopshare.bookings.services.booking import place
from coopshare.bookings.services.examining import Asked, asked, broken
from coopshare.bookings.services.pricing import price
from coopshare.bookings.services.reminding import remind
from coopshare.calendars.services import publish
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.errors import HeldTwice, SlotTaken
from coopshare.holds.queries import lock
from coopshare.holds.services import Freed
from coopshare.kernel.actor import Actor
from coopshare.kernel.agenda import Entry
from coopshare.kernel.errors import CoopShareError, NotAuthenticated
from coopshare.kernel.intervals import Interval
from coopshare.members.queries import actor_for
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue

MOST_SPANS = 20
AROUND = timedelta(days=2)
"""Wider than any preparation before and after: what touches a span may wait for it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An option that was just made for the first in the list, and what it takes."""

    booking: Booking
    resources: Mapping[UUID, Resource]

    @property
    def entry(self) -> Entry:
        """Return what calendars show of it."""
        return entry_of(self.booking, self.resources)


def ahead(work: Work, resource_ids: Iterable[UUID], spans: Sequence[Interval]) -> set[UUID]:
    """Return what the requests that may be served want: locked with the rest, before freeing."""
    query = _competing(work, resource_ids, spans)
    if query is None:
        return set()
    wanted = select(WaitLine.resource_id).where(
        WaitLine.wait_id.in_(query.with_only_columns(Wait.id))
    )
    return set(work.session.scalars(wanted.distinct()))


def serve(work: Work, resource_ids: Iterable[UUID], spans: Sequence[Interval]) -> list[Offer]:
    """Offer what was just freed of some resources over some spans; return the options made.

    Called inside the verb that frees, once it gave back what it held: nobody can take it between.
    The caller publishes the offers with its own entries.
    """
    query = _competing(work, resource_ids, spans)
    if query is None:
        return []
    locked: set[UUID] = set()
    while True:
        found = list(
            work.session.scalars(
                query.order_by(Wait.position, Wait.id),
                execution_options={"populate_existing": True},
            )
        )
        wanted = {line.resource_id for wait in found for line in wait.lines}
        if wanted <= locked:
            break
        lock(work, wanted)
        locked |= wanted
    offers = [_offer(work, wait) for wait in found]
    return [offer for offer in offers if offer is not None]


def tell(
    work: Work,
    freed: Freed,
    entries: Iterable[Entry] = (),
    resource_ids: Iterable[UUID] = (),
    *,
    is_new: bool = False,
) -> None:
    """Serve who waits for what was freed, and publish the entries of a verb with the offers made.

    `resource_ids` are those its entries use, before and after; `is_new` says that its entries were
    never published before. Nothing is published for nothing.
    """
    offers = serve(work, freed.resource_ids, freed.spans)
    told = [*entries, *(offer.entry for offer in offers)]
    used = {*resource_ids, *(key for one in offers for key in one.resources)}
    if told:
        publish(work, told, used, is_new=is_new and not offers)


def _competing(
    work: Work, resource_ids: Iterable[UUID], spans: Sequence[Interval]
) -> Select[Wait] | None:
    """Return the requests that wait for some of this, or of what shares a part with it."""
    coming = [span for span in spans if span.end > work.now]
    if not coming:
        return None
    if len(coming) > MOST_SPANS:  # a series: all that lies between its dates is looked at
        coming = [Interval(min(s.start for s in coming), max(s.end for s in coming))]
    near: list[ColumnElement[bool]] = [
        and_(Wait.starts_at < span.end + AROUND, Wait.ends_at > span.start - AROUND)
        for span in coming
    ]
    wide = sorted(catalogue(work).sharing(resource_ids))
    return select(Wait).where(
        Wait.status == WaitStatus.WAITING,
        Wait.starts_at > work.now,
        or_(*near),
        Wait.id.in_(select(WaitLine.wait_id).where(WaitLine.resource_id.in_(wide))),
    )


def wanted_by(work: Work, wait: Wait) -> Asked:
    """Return what a request wants, looked up as a booking is.

    Raises `NotFound` or `NotAMember` where it can no longer be had at all.
    """
    return asked(
        work,
        organisation_id=wait.organisation_id,
        lines=tuple(Line(resource_id=x.resource_id, quantity=x.quantity) for x in wait.lines),
        times=Interval(wait.starts_at, wait.ends_at),
        timezone=wait.timezone,
        all_day=wait.all_day,
        people=wait.people,
    )


def would_have(work: Work, wait: Wait) -> Asked | None:
    """Return what a request wants if it could be had now by who waits, else None. Only reads."""
    try:
        what = wanted_by(work, wait)
        holds.check_free(work, list(what.resources.values()), what.wanted, what.span)
        actor = waiter(work, wait)
        # What depends on how early one books was judged when the request was made.
        kept = {line.resource_id: wait.created_at for line in wait.lines}
        is_allowed = not (
            broken(replace(work, actor=actor), what, kept=kept)
            or price(work, what, person_id=wait.person_id).refusals
        )
    except (CoopShareError, HeldTwice):
        return None
    return what if is_allowed else None


def waiter(work: Work, wait: Wait) -> Actor:
    """Return who waits, with their present roles; raises `NotAuthenticated` where they left."""
    if wait.person_id is None:
        raise NotAuthenticated
    return actor_for(work, wait.person_id, wait.cooperative_id, wait.organisation_id, "worker")


def system(work: Work) -> Work:
    """Return this unit as the application itself acts in it: who frees a slot offers nothing."""
    return replace(work, actor=Actor(door="worker", cooperative_id=work.actor.cooperative_id))


def _offer(work: Work, wait: Wait) -> Offer | None:
    what = would_have(work, wait)
    if what is None:
        return None
    delay = min(resource.waiting_delay for resource in what.resources.values())
    until = offered_until(work.now, what.span.start, delay)
    try:
        booking = place(
            work,
            replace(what, until=until),
            title=wait.title,
            note=wait.note,
            person_id=wait.person_id,
        )
    except (SlotTaken, QuotaReached):
        return None
    wait.status, wait.booking_id, wait.changed_at = WaitStatus.OFFERED, booking.id, work.now
    work.session.flush()
    ours = system(work)
    ours.record(Offered(object_id=booking.id, changes=(("status", "", str(booking.status)),)))
    remind(ours, booking.id, until)
    work.left_jobs |= ours.left_jobs
    return Offer(booking, what.resources)


def answered(work: Work, booking_id: UUID, status: WaitStatus) -> None:
    """Say what became of the offer an option was, where it was one."""
    wait = offer_of(work, booking_id)
    if wait is not None:
        wait.status, wait.changed_at = status, work.now
        work.session.flush()


def check_no_offer(work: Work, booking: Booking) -> None:
    """Refuse to move or refill an option that is the offer of a waiting list."""
    if offer_of(work, booking.id) is not None:
        raise OfferStands
