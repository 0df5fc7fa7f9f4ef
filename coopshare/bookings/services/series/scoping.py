"""Which occurrences of a series a verb is about, and who may act on them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from coopshare.bookings import queries
from coopshare.bookings.commands import Scope
from coopshare.bookings.errors import NotInASeries
from coopshare.bookings.models import Booking, BookingSeries
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.rules import LIVE, check_live, check_not_ended
from coopshare.bookings.series import get_series, occurrences
from coopshare.bookings.services.changing import loaded
from coopshare.db.work import Work
from coopshare.kernel.errors import VersionMismatch


def in_scope(work: Work, rows: Sequence[Booking], anchor: Booking, scope: Scope) -> list[Booking]:
    """Return the live occurrences a verb is about: to come, and the one acted on."""
    since = anchor.occurrence or date.min
    return [
        row
        for row in rows
        if row.status in LIVE
        and (row.starts_at > work.now or row.id == anchor.id)
        and (scope is not Scope.THIS or row.id == anchor.id)
        and (scope is not Scope.FOLLOWING or (row.occurrence or date.min) >= since)
    ]


def is_rest(work: Work, rows: Sequence[Booking], wanted: Sequence[Booking]) -> bool:
    """Tell whether something to come is left before the occurrences a verb is about."""
    ids = {row.id for row in wanted}
    return any(
        row.status in LIVE and row.starts_at > work.now and row.id not in ids for row in rows
    )


def allow_all(
    work: Work, rows: Sequence[Booking], permission: Permission = Permission.CHANGE
) -> None:
    """Raise `Forbidden` unless the actor may do something to every one of some bookings."""
    known = queries.resources_of(work, rows)
    seen: set[tuple[UUID | None, frozenset[UUID]]] = set()
    for row in rows:
        used = frozenset(line.resource_id for line in row.lines)
        if (row.person_id, used) in seen:
            continue
        seen.add((row.person_id, used))
        stake = queries.stake_of(row.organisation_id, row.person_id, [known[key] for key in used])
        allow(work.actor, permission, stake)


def anchored(work: Work, booking_id: UUID, version: int) -> tuple[Booking, BookingSeries]:
    """Return the occurrence acted on and its series.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `NotInASeries`, `AlreadyCancelled`,
    `AlreadyEnded`.
    """
    anchor, _ = loaded(work, booking_id, version, Permission.CHANGE)
    check_live(anchor.status)
    check_not_ended(anchor.ends_at, work.now)
    if anchor.series_id is None:
        raise NotInASeries
    return anchor, get_series(work, anchor.series_id)


def reread(work: Work, series: BookingSeries, booking_id: UUID, version: int) -> Sequence[Booking]:
    """Return the bookings of a series as they are now that all is locked, out of the session.

    Raises `VersionMismatch` when the one acted on is not as it was seen.
    """
    rows = occurrences(work, series.id, for_change=True)
    for row in rows:
        work.session.expunge(row)
    anchor = next((row for row in rows if row.id == booking_id), None)
    if anchor is None or anchor.version != version or anchor.status not in LIVE:
        raise VersionMismatch
    return rows
