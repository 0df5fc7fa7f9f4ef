"""Give up dates of a series together, take one out of it, answer together those that wait."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from coopshare.bookings.commands import (
    Cancel,
    CancelSeries,
    Decide,
    DecideSeries,
    LeaveSeries,
    Scope,
)
from coopshare.bookings.errors import NotInASeries, NotPending
from coopshare.bookings.facts import (
    LeftSeries,
    OccurrenceApproved,
    OccurrenceCancelled,
    OccurrenceLapsed,
    OccurrenceRefused,
    SeriesApproved,
    SeriesCancelled,
    SeriesFact,
    SeriesLapsed,
    SeriesRefusedByManager,
)
from coopshare.bookings.models import Booking, BookingSeries, BookingStatus, DecisionStatus
from coopshare.bookings.policies import Permission, allows
from coopshare.bookings.queries import resources_of, stake_of
from coopshare.bookings.rules import LAPSING, LIVE
from coopshare.bookings.series import get_series, occurrences
from coopshare.bookings.services.asking import answer_many
from coopshare.bookings.services.changing import cancel, loaded
from coopshare.bookings.services.deciding import approve, check_reason, refuse
from coopshare.bookings.services.series.bulk import confirm_many, end_many, touched
from coopshare.bookings.services.series.keeping import shorten
from coopshare.bookings.services.series.scoping import (
    allow_all,
    anchored,
    in_scope,
    is_rest,
    reread,
)
from coopshare.db.work import Work
from coopshare.holds.queries import lock
from coopshare.resources.queries import catalogue
from coopshare.resources.services import is_approved_by


def cancel_series(work: Work, command: CancelSeries) -> Booking:
    """Give up one occurrence, it and all that follow, or all to come; return the one acted on.

    What is past stays as it was. With `following` the rule ends before the first date given up.
    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `NotInASeries`, `AlreadyCancelled`,
    `AlreadyEnded`.
    """
    if command.scope is Scope.THIS:
        return cancel(
            work,
            Cancel(booking_id=command.booking_id, version=command.version, reason=command.reason),
        )
    anchor, series = anchored(work, command.booking_id, command.version)
    _lock(work, occurrences(work, series.id))
    rows = reread(work, series, command.booking_id, command.version)
    anchor = next(row for row in rows if row.id == command.booking_id)
    wanted = in_scope(work, rows, anchor, command.scope)
    allow_all(work, wanted)
    if is_rest(work, rows, wanted) and anchor.occurrence is not None:
        shorten(series, anchor.occurrence)
        series.changed_at = work.now
    end_many(work, wanted, BookingStatus.CANCELLED, command.reason, OccurrenceCancelled)
    _told(work, SeriesCancelled, series, len(wanted))
    return anchor


def _lock(work: Work, rows: Sequence[Booking]) -> None:
    """Lock what the bookings of a series take, and what may be offered once it is given back."""
    lock(work, touched(work, rows))


def _told(
    work: Work,
    kind: type[SeriesFact],
    series: BookingSeries,
    count: int,
) -> None:
    work.session.flush()
    work.record(kind(object_id=series.id, changes=(("dates", "", str(count)),)))


def leave_series(work: Work, command: LeaveSeries) -> Booking:
    """Make an occurrence a single booking again, as it is; its date does not come back by itself.

    With `cancel_others`, the other dates to come are given up in the same unit. Raises
    `NotInASeries` and what `cancel_series` raises.
    """
    anchor, series = anchored(work, command.booking_id, command.version)
    if anchor.occurrence is not None:
        series.skipped = sorted({*series.skipped, anchor.occurrence.isoformat()})
    series.changed_at = work.now
    others = [
        row
        for row in occurrences(work, series.id)
        if row.id != anchor.id and row.status in LIVE and row.starts_at > work.now
    ]
    anchor.series_id, anchor.occurrence, anchor.own_changes = None, None, ""
    work.session.flush()
    work.record(LeftSeries(object_id=anchor.id, changes=(("series_id", str(series.id), ""),)))
    if command.cancel_others and others:
        last = others[0]
        cancel_series(
            work,
            CancelSeries(booking_id=last.id, version=last.version, scope=Scope.ALL),
        )
    return anchor


def approve_series(work: Work, command: DecideSeries) -> Booking:
    """Confirm every occurrence that waits, of those the actor decides on; they held their slots.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `NotInASeries`, `NotPending`.
    """
    if command.scope is Scope.THIS:
        return approve(work, _single(command))
    series, rows = _waiting(work, command)
    agreed = answer_many(
        work, [row.id for row in rows], DecisionStatus.AGREED, _mine(work, command)
    )
    done = [row for row in rows if row.id in agreed]
    confirm_many(work, done, OccurrenceApproved)
    if done:
        _told(work, SeriesApproved, series, len(done))
    return next(row for row in rows if row.id == command.booking_id)


def refuse_series(work: Work, command: DecideSeries) -> Booking:
    """Say no to every occurrence that waits, of those the actor decides on; all is free at once.

    Raises as `approve_series`.
    """
    if command.scope is Scope.THIS:
        return refuse(work, _single(command))
    series, rows = _waiting(work, command)
    check_reason(command.reason)
    answer_many(work, [row.id for row in rows], DecisionStatus.REFUSED, _mine(work, command))
    end_many(work, rows, BookingStatus.REFUSED, command.reason, OccurrenceRefused)
    _told(work, SeriesRefusedByManager, series, len(rows))
    return next(row for row in rows if row.id == command.booking_id)


def _single(command: DecideSeries) -> Decide:
    return Decide(
        booking_id=command.booking_id,
        version=command.version,
        reason=command.reason,
        resource_ids=command.resource_ids,
    )


def _mine(work: Work, command: DecideSeries) -> Callable[[UUID], bool]:
    """Return what tells whether the actor answers for a resource, now."""
    known = catalogue(work).resources
    wanted = command.resource_ids

    def mine(resource_id: UUID) -> bool:
        is_wanted = wanted is None or resource_id in wanted
        return is_wanted and is_approved_by(work.actor, known[resource_id])

    return mine


def _waiting(work: Work, command: DecideSeries) -> tuple[BookingSeries, list[Booking]]:
    anchor, _ = loaded(work, command.booking_id, command.version, Permission.DECIDE)
    if anchor.status is not BookingStatus.PENDING:
        raise NotPending
    if anchor.series_id is None:
        raise NotInASeries
    series = get_series(work, anchor.series_id)
    _lock(work, occurrences(work, series.id))
    rows = reread(work, series, command.booking_id, command.version)
    anchor = next(row for row in rows if row.id == command.booking_id)
    since = anchor.occurrence or date.min
    known = resources_of(work, rows)
    found = []
    for row in rows:
        used = [known[line.resource_id] for line in row.lines]
        stake = stake_of(row.organisation_id, row.person_id, used)
        if (
            row.status is BookingStatus.PENDING
            and row.ends_at > work.now
            and (command.scope is Scope.ALL or (row.occurrence or date.min) >= since)
            and allows(work.actor, Permission.DECIDE, stake)
        ):
            found.append(row)
    if anchor not in found:
        raise NotPending
    return series, found


def lapse_together(work: Work, booking: Booking) -> Booking | None:
    """End a request of a series whose time ran out, and all those of it that are due with it.

    None when nothing of it is due any more: it was answered meanwhile.
    """
    assert booking.series_id is not None  # noqa: S101 - asked by the caller
    series = work.session.get(BookingSeries, booking.series_id)
    if series is None:
        return None
    _lock(work, occurrences(work, series.id))
    rows = occurrences(work, series.id, for_change=True)
    for row in rows:
        work.session.expunge(row)
    due = [
        row
        for row in rows
        if row.status in LAPSING and row.lapses_at is not None and row.lapses_at <= work.now
    ]
    if not due:
        return None
    end_many(work, due, BookingStatus.LAPSED, "", OccurrenceLapsed)
    _told(work, SeriesLapsed, series, len(due))
    return due[0]
