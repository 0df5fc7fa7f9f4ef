"""Write a draft that was judged: all of it, in as many statements for three dates as for fifty."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete

from coopshare.bookings.agenda import entry_of
from coopshare.bookings.charges import Charge
from coopshare.bookings.facts import (
    OccurrenceBooked,
    OccurrenceCancelled,
    OccurrenceChanged,
    OccurrenceFact,
    OccurrenceMoved,
)
from coopshare.bookings.models import (
    Booking,
    BookingLine,
    BookingSeries,
    BookingStatus,
)
from coopshare.bookings.queries import resources_of
from coopshare.bookings.rules import status_after
from coopshare.bookings.series import written
from coopshare.bookings.services.asking import Needs, ask_many, due, settle_many
from coopshare.bookings.services.examining import needed
from coopshare.bookings.services.lateness import settle
from coopshare.bookings.services.pricing import Price, freeze, replace_charges
from coopshare.bookings.services.series.bulk import store_rows
from coopshare.bookings.services.series.dates import PlannedDate, SeriesPlan
from coopshare.bookings.services.series.drafting import Draft
from coopshare.bookings.services.series.keeping import kept_series
from coopshare.bookings.services.serving import tell
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.models import HoldSource
from coopshare.holds.services import Freed
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource

Changes = tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class _Outcome:
    """What is to be written, gathered date by date."""

    made: list[Booking] = field(default_factory=list)
    changed: list[Booking] = field(default_factory=list)
    """Rows that are written again; not all of them are shown otherwise."""
    shown: list[Booking] = field(default_factory=list)
    """Rows that calendars have to show as they are now."""
    gone: list[UUID] = field(default_factory=list)
    freed: list[Interval] = field(default_factory=list)
    """What was given back, and may be offered to who waits."""
    held: list[PlannedDate] = field(default_factory=list)
    reheld: list[PlannedDate] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    lines_made: list[BookingLine] = field(default_factory=list)
    lines_gone: list[UUID] = field(default_factory=list)
    facts: list[OccurrenceFact] = field(default_factory=list)
    priced: list[tuple[UUID, Sequence[Charge]]] = field(default_factory=list)
    """The charges of each booking that is new or priced again."""
    had_price: bool = False
    """Whether some of these had charges before."""
    asked: dict[UUID, Needs] = field(default_factory=dict)
    """Bookings -> what approvers have to say yes to."""
    settled: list[UUID] = field(default_factory=list)
    """Bookings about which nobody has to answer any more."""


def write(work: Work, draft: Draft, plan: SeriesPlan, *, reason: str = "") -> BookingSeries:
    """Write every date of a draft and the series itself; return the series they belong to.

    What it touches is locked, and `plan` says that nothing stands in its way. The bookings of the
    draft are outside of the session.
    """
    used = draft.touched()  # before and after: asked before anything is written
    series = kept_series(work, draft)
    found = _Outcome()
    statuses = _statuses(work, plan)
    ended = [one.booking for one in plan.dates if one.booking is not None and not one.is_kept]
    settle(work, ended, resources_of(work, ended), BookingStatus.CANCELLED)
    for one in plan.dates:
        if one.booking is None:
            if one.is_kept:
                _make(work, found, one, series, plan.status)
        elif one.is_kept:
            _rewrite(work, found, one, series.id, statuses[one.id])
        else:
            _end(work, found, one, series.id, reason)
    for row in draft.ended:
        row.series_id = series.id
        if row.occurrence is not None:
            row.occurrence += draft.shift
        found.changed.append(row)
    _store(work, found)
    _publish(work, used, found)
    work.record(*found.facts)
    return series


def _statuses(work: Work, plan: SeriesPlan) -> dict[UUID, BookingStatus]:
    """Return what each booking there is becomes: where one has to be decided on, all wait."""
    found: dict[UUID, BookingStatus] = {}
    for one in plan.kept:
        booking = one.booking
        if booking is None:
            continue
        found[one.id] = booking.status
        if one.is_moved:
            had = {line.resource_id: line.quantity for line in booking.lines}
            found[one.id] = status_after(
                needs_decision=one.what.needs_decision(work),
                before=booking.status,
                old=Interval(booking.starts_at, booking.ends_at),
                new=one.span,
                is_more=any(x.quantity > had.get(x.resource_id, 0) for x in one.what.lines),
            )
    moved = [one.id for one in plan.kept if one.booking is not None and one.is_moved]
    if any(found[key] is BookingStatus.PENDING for key in moved):
        found |= dict.fromkeys(moved, BookingStatus.PENDING)
    return found


def _make(
    work: Work, found: _Outcome, one: PlannedDate, series: BookingSeries, status: BookingStatus
) -> None:
    what = one.what
    needs = needed(work, what) if status is BookingStatus.PENDING else {}
    if needs:
        found.asked[one.id] = needs
    status = BookingStatus.PENDING if needs else BookingStatus.CONFIRMED
    row = Booking(
        id=one.id,
        organisation_id=what.organisation_id,
        person_id=series.person_id,
        title=one.title,
        note=one.note,
        starts_at=what.span.start,
        ends_at=what.span.end,
        timezone=what.timezone,
        all_day=what.all_day,
        people=what.people,
        status=status,
        lapses_at=due(work, needs, what.resources, what.span) if needs else None,
        price_cents=one.price.cents if one.price is not None else None,
        sequence=0,
        version=1,
        created_at=work.now,
        changed_at=work.now,
        cancelled_at=None,
        cancel_reason="",
        series_id=series.id,
        occurrence=one.day,
        own_changes=written(one.own),
        lines=[
            BookingLine(
                id=uuid4(),
                booking_id=one.id,
                resource_id=line.resource_id,
                quantity=line.quantity,
                position=position,
            )
            for position, line in enumerate(what.lines)
        ],
    )
    if one.price is not None:
        found.priced.append((row.id, one.price.charges))
    found.made.append(row)
    found.held.append(one)
    found.facts.append(OccurrenceBooked(object_id=row.id, changes=(("status", "", str(status)),)))


def _rewrite(
    work: Work, found: _Outcome, one: PlannedDate, series_id: UUID, status: BookingStatus
) -> None:
    """Write what differs of a booking there is; what does not touch its calendar is silent."""
    row = one.booking
    assert row is not None  # noqa: S101 - asked by the caller
    before = Interval(row.starts_at, row.ends_at)
    if one.is_moved:  # asked before anything of the booking is written
        found.reheld.append(one)
        found.freed.append(before)
        needs = needed(work, one.what) if status is BookingStatus.PENDING else {}
        if needs:
            found.asked[one.id] = needs
        elif status is BookingStatus.PENDING:
            status = BookingStatus.CONFIRMED
        if row.lapses_at is not None:
            found.settled.append(row.id)
        row.lapses_at = due(work, needs, one.what.resources, one.span) if needs else None
    changes = _span_changes(row, one, status)
    is_span = bool(changes)
    changes += _line_changes(found, row, one)
    if changes:
        row.sequence += 1
    if one.what.people != row.people:
        changes.append(("people", _code(row.people), _code(one.what.people)))
        row.people = one.what.people
    if one.price is not None:
        changes += _price_changes(found, row, one.price)
    for name, text in (("title", one.title), ("note", one.note)):
        if text != getattr(row, name):
            changes.append((name, "", ""))  # what people write is not copied into the trace
            setattr(row, name, text)
    place = (series_id, one.day, written(one.own))
    if not changes and place == (row.series_id, row.occurrence, row.own_changes):
        return
    row.series_id, row.occurrence, row.own_changes = place
    row.version += 1
    found.changed.append(row)
    if changes:
        row.changed_at = work.now
        found.shown.append(row)
        kind = OccurrenceMoved if is_span else OccurrenceChanged
        found.facts.append(kind(object_id=row.id, changes=tuple(changes)))


def _price_changes(found: _Outcome, row: Booking, price: Price) -> list[tuple[str, str, str]]:
    before, after = row.price_cents, price.cents
    found.priced.append((row.id, price.charges))
    found.had_price |= before is not None
    row.price_cents = after
    return [] if before == after else [("price_cents", _code(before), _code(after))]


def _span_changes(
    row: Booking, one: PlannedDate, status: BookingStatus
) -> list[tuple[str, str, str]]:
    what = one.what
    values: dict[str, object] = {
        "starts_at": what.span.start,
        "ends_at": what.span.end,
        "all_day": what.all_day,
        "timezone": what.timezone,
        "status": status,
    }
    both = what.span != Interval(row.starts_at, row.ends_at)
    changes: list[tuple[str, str, str]] = []
    for name, value in values.items():
        before = getattr(row, name)
        if before != value or (both and name in {"starts_at", "ends_at"}):
            changes.append((name, _code(before), _code(value)))
            setattr(row, name, value)
    return changes


def _line_changes(found: _Outcome, row: Booking, one: PlannedDate) -> list[tuple[str, str, str]]:
    had = {line.resource_id: line for line in row.lines}
    changes: list[tuple[str, str, str]] = []
    kept: list[BookingLine] = []
    for position, wanted in enumerate(one.what.lines):
        line = had.pop(wanted.resource_id, None)
        before = line.quantity if line is not None else 0
        if before != wanted.quantity:
            changes.append((f"line:{wanted.resource_id}", str(before), str(wanted.quantity)))
        if line is None:
            line = BookingLine(
                id=uuid4(),
                booking_id=row.id,
                resource_id=wanted.resource_id,
                quantity=wanted.quantity,
                position=position,
            )
            found.lines_made.append(line)
        elif (line.quantity, line.position) != (wanted.quantity, position):
            line.quantity, line.position = wanted.quantity, position
            found.lines.append({"id": line.id, "quantity": wanted.quantity, "position": position})
        kept.append(line)
    found.lines_gone += [line.id for line in had.values()]
    changes += [(f"line:{key}", str(line.quantity), "0") for key, line in had.items()]
    row.lines = kept
    return changes


def _code(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _end(work: Work, found: _Outcome, one: PlannedDate, series_id: UUID, reason: str) -> None:
    row = one.booking
    assert row is not None  # noqa: S101 - asked by the caller
    before = row.status
    if row.lapses_at is not None:
        found.settled.append(row.id)
    row.status, row.cancelled_at, row.cancel_reason = BookingStatus.CANCELLED, work.now, reason
    row.changed_at, row.lapses_at = work.now, None
    row.series_id, row.occurrence = series_id, one.day
    row.sequence += 1
    row.version += 1
    found.gone.append(row.id)
    found.freed.append(Interval(row.starts_at, row.ends_at))
    found.changed.append(row)
    found.shown.append(row)
    changes = (("status", str(before), str(row.status)),)
    found.facts.append(OccurrenceCancelled(object_id=row.id, changes=changes))


def _store(work: Work, found: _Outcome) -> None:
    """Give back, then take; then write the bookings and their lines."""
    holds.release_many(work, found.gone)
    holds.rehold_many(work, [one.ask for one in found.reheld], HoldSource.BOOKING)
    holds.hold_many(work, [one.ask for one in found.held], HoldSource.BOOKING)
    store_rows(work, found.changed)
    if found.lines_gone:
        work.session.execute(
            delete(BookingLine).where(BookingLine.id.in_(found.lines_gone)),
            execution_options={"synchronize_session": False},
        )
    work.change_rows(BookingLine, found.lines)
    work.insert(*found.made)
    if found.had_price:
        replace_charges(work, found.priced)
    else:
        freeze(work, found.priced)
    work.insert(*(line for row in found.made for line in row.lines), *found.lines_made)
    settle_many(work, found.settled)
    ask_many(work, found.asked)


def _publish(work: Work, used: set[UUID], found: _Outcome) -> None:
    rows = [*found.made, *found.shown]
    if not rows:
        return
    resources: dict[UUID, Resource] = resources_of(work, rows)
    used = used | set(resources)
    freed = Freed(frozenset(used), tuple(found.freed))
    tell(work, freed, [entry_of(row, resources) for row in rows], used, is_new=not found.shown)
