"""What happens to many bookings at once: they end, are confirmed, are written again.

Each in a constant number of statements. The bookings are locked and outside of the session.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from coopshare.bookings.agenda import entry_of
from coopshare.bookings.facts import OccurrenceFact
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.queries import resources_of
from coopshare.bookings.rules import LIVE
from coopshare.bookings.services.asking import settle_many
from coopshare.bookings.services.lateness import settle
from coopshare.bookings.services.serving import ahead, tell
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.services import Freed
from coopshare.kernel.intervals import Interval

WRITTEN = (
    "id",
    "series_id",
    "occurrence",
    "own_changes",
    "title",
    "note",
    "starts_at",
    "ends_at",
    "timezone",
    "all_day",
    "people",
    "status",
    "lapses_at",
    "price_cents",
    "sequence",
    "version",
    "changed_at",
    "cancelled_at",
    "cancel_reason",
)
"""What a verb on a series may write of a booking."""


def store_rows(work: Work, rows: Sequence[Booking]) -> None:
    """Write rows that were changed outside of the session, in one statement."""
    work.change_rows(Booking, [{name: getattr(row, name) for name in WRITTEN} for row in rows])


def touched(work: Work, rows: Sequence[Booking], more: Iterable[UUID] = ()) -> set[UUID]:
    """Return what bookings take, and what those want to whom it may be offered once it is free."""
    used = {line.resource_id for row in rows for line in row.lines}
    spans = [Interval(row.starts_at, row.ends_at) for row in rows if row.status in LIVE]
    return used | set(more) | ahead(work, used, spans)


def end_many(
    work: Work,
    rows: Sequence[Booking],
    status: BookingStatus,
    reason: str,
    kind: type[OccurrenceFact],
) -> None:
    """End live bookings that are locked and out of the session: what they held is free at once."""
    settle(work, rows, resources_of(work, rows), status)
    holds.release_many(work, [row.id for row in rows])
    settle_many(work, [row.id for row in rows if row.lapses_at is not None])
    _answer(work, rows, status, kind, reason=reason, at=work.now, frees=True)


def confirm_many(work: Work, rows: Sequence[Booking], kind: type[OccurrenceFact]) -> None:
    """Confirm bookings that wait, locked and out of the session."""
    _answer(work, rows, BookingStatus.CONFIRMED, kind)


def _answer(
    work: Work,
    rows: Sequence[Booking],
    status: BookingStatus,
    kind: type[OccurrenceFact],
    *,
    reason: str = "",
    at: datetime | None = None,
    frees: bool = False,
) -> None:
    facts = []
    for row in rows:
        changes = (("status", str(row.status), str(status)),)
        facts.append(kind(object_id=row.id, changes=changes))
        row.status, row.cancelled_at, row.cancel_reason = status, at, reason
        row.changed_at, row.lapses_at = work.now, None
        row.sequence += 1
        row.version += 1
    store_rows(work, rows)
    resources = resources_of(work, rows)
    spans = tuple(Interval(row.starts_at, row.ends_at) for row in rows)
    freed = Freed(frozenset(resources), spans) if frees else Freed()
    tell(work, freed, [entry_of(row, resources) for row in rows], resources)
    work.record(*facts)
