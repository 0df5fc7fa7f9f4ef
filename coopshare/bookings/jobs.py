"""What the worker does for bookings, again and again."""

import logging

from coopshare.bookings import services
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import CoopShareError, VersionMismatch

log = logging.getLogger("coopshare.bookings")


def lapse(database: Database) -> int:
    """End the requests and the options whose time ran out; return how many.

    Each in a unit of its own: one that cannot be ended does not keep the others waiting.
    """
    with database.read(Actor(door="worker")) as work:
        found = services.due(work)
    ended = 0
    for cooperative_id, booking_id in found:
        actor = Actor(door="worker", cooperative_id=cooperative_id)
        try:
            ended += database.write(actor, services.lapse, booking_id) is not None
        except VersionMismatch:
            continue  # answered at this instant: it is looked at again next time
        except Exception:  # one bad row must not stop the others
            log.exception("bookings.lapse of %s", booking_id)
    return ended


def tend_queues(database: Database) -> int:
    """Look after waiting lists: end those whose start has passed, serve what else became free."""
    with database.read(Actor(door="worker")) as work:
        found = services.queues(work)
    tended = 0
    for cooperative_id in found:
        actor = Actor(door="worker", cooperative_id=cooperative_id)
        with database.read(actor) as work:
            wait_ids = services.to_tend(work)
        for wait_id in wait_ids:
            try:
                database.write(actor, services.tend, wait_id)
            except CoopShareError:
                log.exception("bookings.waiting of %s", wait_id)
                continue
            tended += 1
    return tended


def release(database: Database) -> int:
    """Give back the places nobody came to; return how many bookings that concerns.

    Costs one small statement where no resource of any cooperative asks for check-in.
    """
    with database.read(Actor(door="worker")) as work:
        cooperatives = services.asking(work)
    released = 0
    for cooperative_id in cooperatives:
        actor = Actor(door="worker", cooperative_id=cooperative_id)
        with database.read(actor) as work:
            found = services.unattended(work)
        for booking_id in found:
            try:
                released += database.write(actor, services.release, booking_id) is not None
            except VersionMismatch:
                continue  # changed at this instant: it is looked at again next time
            except Exception:  # one bad row must not stop the others
                log.exception("bookings.release of %s", booking_id)
    return released
