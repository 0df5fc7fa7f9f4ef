"""The first verb: reserve everything asked for, or say why not; and the same without writing."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from coopshare.bookings.agenda import entry_of
from coopshare.bookings.commands import Book
from coopshare.bookings.facts import Booked
from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.queries import stake_of
from coopshare.bookings.rules import status_after, together
from coopshare.bookings.services.alternatives import Alternative, alternatives
from coopshare.bookings.services.asking import Needs, check_told, due, rows
from coopshare.bookings.services.examining import Asked, asked, broken, check, needed
from coopshare.bookings.services.pricing import (
    Price,
    check_quotas,
    check_seen,
    freeze,
    price,
)
from coopshare.bookings.services.reminding import remind
from coopshare.calendars.services import publish
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.errors import SlotTaken
from coopshare.holds.models import HoldSource
from coopshare.holds.queries import lock
from coopshare.kernel.errors import Refused


def book(work: Work, command: Book) -> Booking:
    """Reserve everything asked for, for one organisation, or say why not.

    Raises `Invalid`, `NotFound`, `Forbidden`; `Refused` naming every rule broken; `SlotTaken`.
    """
    what = allowed(work, command)
    lock(work, what.resources)
    check(work, what)
    needs = needed(work, what) if what.until is None else {}
    booking = place(
        work,
        what,
        title=command.title,
        note=command.note,
        person_id=work.actor.person_id,
        seen_cents=command.seen_cents,
        needs=needs,
    )
    check_told(needs, what.resources, command.told)
    publish(work, [entry_of(booking, what.resources)], what.resources, is_new=True)
    work.record(Booked(object_id=booking.id, changes=(("status", "", str(booking.status)),)))
    if what.until is not None:
        remind(work, booking.id, what.until)
    return booking


def place(
    work: Work,
    what: Asked,
    *,
    title: str,
    note: str,
    person_id: UUID | None,
    seen_cents: int | None = None,
    needs: Needs | None = None,
) -> Booking:
    """Hold what was judged and write the booking of it; calendars and trace are the caller's.

    `needs` says what waits for approvers. Raises `SlotTaken`, `QuotaReached` or `PriceNotSeen`, and
    writes nothing then.
    """
    found = price(work, what, person_id=person_id, is_final=True)
    check_quotas([found])
    check_seen(work, found, seen_cents)
    booking_id = uuid4()
    holds.hold(
        work,
        list(what.resources.values()),
        what.wanted,
        what.span,
        source_kind=HoldSource.BOOKING,
        source_id=booking_id,
    )
    booking = _row(work, booking_id, what, needs or {})
    booking.title, booking.note, booking.person_id = title, note, person_id
    booking.price_cents = found.cents
    work.insert(booking, *booking.lines, *rows(work, booking_id, needs or {}))
    freeze(work, [(booking_id, found.charges)])
    return booking


def allowed(work: Work, command: Book) -> Asked:
    """Look up what a command asks for, where the actor may book it. Raises `Forbidden`."""
    what = asked(
        work,
        organisation_id=command.organisation_id,
        lines=command.lines,
        times=command.span,
        timezone=command.timezone,
        all_day=command.all_day,
        people=command.people,
        option_until=command.option_until,
    )
    stake = stake_of(command.organisation_id, work.actor.person_id, what.resources.values())
    allow(work.actor, Permission.BOOK, stake)
    return what


def _status(what: Asked, needs: Needs) -> BookingStatus:
    if what.until is not None:
        return BookingStatus.OPTION
    return status_after(needs_decision=bool(needs))


def _row(work: Work, booking_id: UUID, what: Asked, needs: Needs) -> Booking:
    return Booking(
        id=booking_id,
        organisation_id=what.organisation_id,
        starts_at=what.span.start,
        ends_at=what.span.end,
        timezone=what.timezone,
        all_day=what.all_day,
        people=what.people,
        status=_status(what, needs),
        lapses_at=due(work, needs, what.resources, what.span) if needs else what.until,
        sequence=0,
        version=1,
        created_at=work.now,
        changed_at=work.now,
        cancelled_at=None,
        cancel_reason="",
        lines=[
            BookingLine(
                id=uuid4(),
                booking_id=booking_id,
                resource_id=line.resource_id,
                quantity=line.quantity,
                position=position,
            )
            for position, line in enumerate(what.lines)
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a booking would be, without making it: the same rules, nothing written."""

    what: Asked
    status: BookingStatus
    """What it would become."""
    refusal: Refused | None
    """The rules it would break."""
    taken: SlotTaken | None
    """What is in the way."""
    price: Price
    """What it would cost, and which quotas it would pass."""
    needs: Needs = field(default_factory=dict)
    """What waits for an approver, and why."""
    alternatives: list[Alternative] = field(default_factory=list)

    @property
    def is_possible(self) -> bool:
        """Tell whether the booking would be made."""
        return self.refusal is None and self.taken is None


def quote(work: Work, command: Book) -> Quote:
    """Tell what would come of a booking. Works in a read-only unit."""
    what = allowed(work, command)
    priced = price(work, what, person_id=work.actor.person_id)
    found = [*broken(work, what), *priced.refusals]
    taken = None
    try:
        holds.check_free(work, list(what.resources.values()), what.wanted, what.span)
    except SlotTaken as error:
        taken = error
    refusal = together(found) if found else None
    needs = needed(work, what) if what.until is None else {}
    return Quote(
        what=what,
        needs=needs,
        status=_status(what, needs),
        refusal=refusal,
        taken=taken,
        price=priced,
        alternatives=alternatives(work, what, taken=taken) if taken or refusal else [],
    )
