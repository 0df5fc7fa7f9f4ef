"""When screens last asked: gathered in memory, written by the worker, never by the request."""

import threading
from datetime import datetime
from uuid import UUID

from coopshare.bookings.services import record_seen
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor


class Seen:
    """When the screens this process answered last asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[UUID, datetime] = {}

    def note(self, screen_id: UUID, at: datetime) -> None:
        """Keep in memory that a screen asked."""
        with self._lock:
            self._found[screen_id] = at

    def write(self, database: Database) -> int:
        """Store what was gathered; what could not be stored is gathered again."""
        with self._lock:
            taken, self._found = self._found, {}
        if not taken:
            return 0
        try:
            database.write(Actor(door="worker"), record_seen, taken)
        except BaseException:
            with self._lock:
                self._found = taken | self._found
            raise
        return len(taken)


SEEN = Seen()
"""What this process gathers; its worker writes it."""
