"""Case A at its doors: two screens, a room that asks for check-in, who came and who did not."""

from datetime import timedelta

from sqlalchemy import select, update

from coopshare.bookings.agenda import entry_of
from coopshare.bookings.facts import CheckedIn, NoShow
from coopshare.bookings.models import Booking, BookingLine, BookingStatus, DoorScreen
from coopshare.calendars.services import hashed, publish
from coopshare.db.models import AuditEntry
from coopshare.db.work import Work
from coopshare.demo.build import Made, identity, keep
from coopshare.holds.models import Hold
from coopshare.members.kinds import DoorNames

ROOM = "canal"
"""The room that is given back when nobody comes."""
SCREENS = {"canal": "Porte du couloir", "verriere": "Porte vitrée"}
WITHIN = 15
SINCE = timedelta(days=80)
ONE_IN = 12
"""How rarely nobody comes."""


def token_of(key: str) -> str:
    """Return the token of a screen: known to all, as the passwords of the demonstration are."""
    return f"demonstration-{key}"


def paths() -> tuple[str, ...]:
    """Return the addresses of the screens."""
    return tuple(f"/ecran/{token_of(key)}" for key in SCREENS)


def open_doors(work: Work, made: Made) -> None:
    """Hang up the screens, ask for check-in at one door, and tell who came."""
    made.cooperative.door_names = DoorNames.ORGANISATION
    room = made.resources[ROOM]
    room.check_in_within, room.check_in_since = WITHIN, work.now - SINCE
    keep(
        work,
        *(
            DoorScreen(
                id=identity(made.plan.slug, "screen", key),
                resource_id=made.resources[key].id,
                name=name,
                language="fr",
                token_hash=hashed(token_of(key)),
                created_by=made.people["phares"][1].id,
                created_at=work.now - SINCE,
                last_seen_at=work.now,
            )
            for key, name in SCREENS.items()
        ),
    )
    lines = select(BookingLine.booking_id).where(BookingLine.resource_id == room.id)
    began = list(
        work.session.scalars(
            select(Booking)
            .where(
                Booking.id.in_(lines),
                Booking.status == BookingStatus.CONFIRMED,
                Booking.starts_at > work.now - SINCE,
                Booking.starts_at <= work.now,
            )
            .order_by(Booking.starts_at, Booking.id)
        )
    )
    absent = [
        booking
        for number, booking in enumerate(began)
        if number % ONE_IN == 1 and len(booking.lines) == 1 and booking.ends_at <= work.now
    ]
    for booking in began:
        if booking not in absent:
            minutes = booking.id.int % (WITHIN - 1)
            booking.checked_in_at = min(booking.starts_at + timedelta(minutes=minutes), work.now)
            _trace(work, booking, CheckedIn.name)
    for booking in absent:
        booking.status = BookingStatus.NO_SHOW
        booking.released_at = booking.starts_at + timedelta(minutes=WITHIN)
        booking.cancelled_at = booking.changed_at = booking.released_at
        booking.sequence += 1
        _trace(work, booking, NoShow.name)
    if absent:
        work.session.execute(
            update(Hold).where(Hold.source_id.in_([b.id for b in absent])).values(live=False),
            execution_options={"synchronize_session": False},
        )
    work.session.flush()
    known = {one.id: one for one in made.resources.values()}
    publish(work, [entry_of(booking, known) for booking in absent], [room.id])


def _trace(work: Work, booking: Booking, action: str) -> None:
    came = action == CheckedIn.name
    row = {
        "at": booking.checked_in_at if came else booking.released_at,
        "person_id": booking.person_id if came else None,
        "organisation_id": booking.organisation_id if came else None,
        "door": "web" if came else "worker",
        "action": action,
        "object_kind": "booking",
        "object_id": booking.id,
        "changes": {} if came else {"status": ["confirmed", "no_show"]},
    }
    work.add_rows(AuditEntry, [row])
