"""When feeds were last read: gathered in memory, written by the worker, never by the request."""

import threading
from datetime import date
from uuid import UUID

from coopshare.calendars.services import record_uses
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor


class Uses:
    """The last day of use and the client of the feeds this process answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[UUID, tuple[date, str]] = {}

    def note(self, feed_id: UUID, day: date, client: str) -> None:
        """Keep in memory that a feed was read."""
        with self._lock:
            self._found[feed_id] = (day, client)

    def write(self, database: Database) -> int:
        """Store what was gathered and forget it; return how many feeds that was.

        What could not be stored is gathered again.
        """
        with self._lock:
            taken, self._found = self._found, {}
        if not taken:
            return 0
        try:
            database.write(Actor(door="worker"), record_uses, taken)
        except BaseException:
            with self._lock:
                self._found = taken | self._found
            raise
        return len(taken)


USES = Uses()
"""What this process gathers; its worker writes it."""
