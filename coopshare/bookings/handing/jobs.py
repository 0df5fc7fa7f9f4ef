"""What the worker does for things handed over, again and again."""

import logging

from coopshare.bookings.handing.following import follow, late
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor

log = logging.getLogger("coopshare.bookings")


def follow_late(database: Database) -> int:
    """Follow up what is late; return how many messages are on their way.

    Each in a unit of its own: one that fails does not keep the others waiting.
    """
    with database.read(Actor(door="worker")) as work:
        found = late(work)
    told = 0
    for cooperative_id, booking_id in found:
        actor = Actor(door="worker", cooperative_id=cooperative_id)
        try:
            told += database.write(actor, follow, booking_id)
        except Exception:  # one bad row must not stop the others
            log.exception("bookings.follow_late of %s", booking_id)
    return told
