"""The reminder of an option, some time before it ends."""

from datetime import datetime
from uuid import UUID

from coopshare.bookings.rules import reminder_at
from coopshare.db.work import Work

OPTION_REMINDER = "bookings.option_reminder"
"""The job that reminds of an option before it ends; payload: `id`, and the `until` it is for."""


def remind(work: Work, booking_id: UUID, until: datetime) -> None:
    """Have the maker of an option reminded some time before it ends: once for each end."""
    at = reminder_at(work.now, until)
    if at is not None:
        payload = {"id": str(booking_id), "until": until.isoformat()}
        work.enqueue(OPTION_REMINDER, payload, at)
