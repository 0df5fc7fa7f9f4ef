"""Somebody checks in at the very instant at which the worker gives the room back: one wins."""

import multiprocessing
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID

from coopshare.bookings import services
from coopshare.bookings.commands import Book, CheckIn, Line
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.db.work import Database
from coopshare.holds.models import Hold
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import CoopShareError
from coopshare.kernel.intervals import Interval
from tests.conftest import Clock
from tests.make import Maker

ROUNDS = 25
START = utc(2027, 3, 10, 9)
LATE = START + timedelta(minutes=15)


def _act(url: str, actor: Actor, ids: list[UUID], verb: str, gate: Barrier, found: Any) -> None:
    database = Database(url, clock=Clock(LATE))
    for booking_id in ids:
        gate.wait(60)
        try:
            if verb == "release":
                done = database.write(actor, services.release, booking_id) is not None
            else:
                database.write(actor, services.check_in, CheckIn(booking_id=booking_id))
                done = True
            found.put((booking_id, verb, "won" if done else "lost"))
        except CoopShareError as refusal:
            found.put((booking_id, verb, refusal.code))
    database.close()


def test_one_of_them_wins(database: Database, make: Maker, clock: Clock) -> None:
    """Whoever loses is told so, and what is kept is what the winner did."""
    phares = make.cooperative()
    owner = make.organisation(phares)
    member = make.actor(phares, owner)
    ids = []
    for number in range(ROUNDS):
        room = make.resource(phares, owner, f"Salle {number}", check_in_within=15)
        command = Book(
            organisation_id=owner.id,
            title="Réunion",
            lines=(Line(resource_id=room.id),),
            span=Interval(START, START + timedelta(hours=2)),
        )
        ids.append(database.write(member, services.book, command).id)
    clock.now = LATE
    context = multiprocessing.get_context("spawn")
    gate, found = context.Barrier(2), context.Queue()
    worker = Actor(door="worker", cooperative_id=phares.id)
    crew = [
        context.Process(target=_act, args=(database.url, actor, ids, verb, gate, found))
        for actor, verb in ((worker, "release"), (member, "check_in"))
    ]
    for one in crew:
        one.start()
    told = [found.get(timeout=120) for _ in range(2 * ROUNDS)]
    for one in crew:
        one.join(60)
    outcomes = {key: {verb: how for k, verb, how in told if k == key} for key in ids}
    released = {"release": "won", "check_in": "already_released"}
    came = {"release": "lost", "check_in": "won"}
    assert [outcomes[key] in (released, came) for key in ids] == [True] * ROUNDS
    with database.read(member) as work:
        for key in ids:
            booking = work.session.get_one(Booking, key)
            hold = work.session.query(Hold).where(Hold.source_id == key).one()
            is_out = outcomes[key] == released
            assert (booking.status is BookingStatus.NO_SHOW, hold.live) == (is_out, not is_out)
            assert (booking.checked_in_at is None) is is_out
