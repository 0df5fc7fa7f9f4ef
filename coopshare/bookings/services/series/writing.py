"""Write a draft that was judged: all of it, in as many statements for three dates as for fifty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
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
    SeriesLine,
)
from coopshare.bookings.queries import resources_of
from coopshare.bookings.recurring import until_before
from coopshare.bookings.rules import LIVE, status_after
from coopshare.bookings.series import recurrence_of, written
from coopshare.bookings.services.asking import Needs, ask_many, due, settle_many
from coopshare.bookings.services.examining import needed
from coopshare.bookings.services.pricing import Price, freeze, replace_charges, settle
from coopshare.bookings.services.series.dates import PlannedDate, SeriesPlan
from coopshare.bookings.services.series.drafting import Draft, Pattern
from coopshare.bookings.services.serving import ahead, serve
from coopshare.calendars.services import publish
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.models import HoldSource
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource

Changes = tuple[tuple[str, str, str], ...]

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
    series = _series(work, draft)
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


def _series(work: Work, draft: Draft) -> BookingSeries:
    """Write the series: a new one, the rest of one, or the one there is."""
    row = draft.series
    if row is None or draft.is_split:
        made = _new_series(work, draft)
        if row is not None:
            _shorten(work, row, draft)
        work.insert(made, *made.lines)
        return made
    _fill(row, draft.pattern, draft.skipped)
    row.changed_at = work.now
    wanted = {line.resource_id: (line.quantity, n) for n, line in enumerate(draft.pattern.lines)}
    if {line.resource_id: (line.quantity, line.position) for line in row.lines} != wanted:
        had = {line.resource_id: line for line in row.lines}
        kept: list[SeriesLine] = []
        for key, (quantity, position) in wanted.items():
            line = had.get(key) or SeriesLine(id=uuid4(), resource_id=key)
            line.quantity, line.position = quantity, position
            kept.append(line)
        row.lines = kept
    work.session.flush()
    return row


def _new_series(work: Work, draft: Draft) -> BookingSeries:
    key, before = uuid4(), draft.series
    made = BookingSeries(
        id=key,
        organisation_id=draft.pattern.organisation_id,
        person_id=before.person_id if before is not None else work.actor.person_id,
        split_from=before.id if before is not None else None,
        version=1,
        created_at=work.now,
        changed_at=work.now,
        lines=[
            SeriesLine(
                id=uuid4(),
                series_id=key,
                resource_id=line.resource_id,
                quantity=line.quantity,
                position=position,
            )
            for position, line in enumerate(draft.pattern.lines)
        ],
    )
    _fill(made, draft.pattern, draft.skipped)
    return made


def _fill(row: BookingSeries, pattern: Pattern, skipped: Iterable[date]) -> None:
    row.title, row.note, row.people = pattern.title, pattern.note, pattern.people
    row.timezone, row.rule = pattern.timezone, str(pattern.recurrence.rule)
    row.first_day = pattern.first
    row.starts, row.minutes = pattern.hours.starts, pattern.hours.minutes
    row.all_day = pattern.hours.all_day
    row.skip_school_holidays = pattern.recurrence.skip_school_holidays
    row.skipped = [day.isoformat() for day in sorted(skipped)]


def _shorten(work: Work, row: BookingSeries, draft: Draft) -> None:
    """End a series before the dates that leave it."""
    days = [one.booking.occurrence for one in draft.dates if one.booking and one.booking.occurrence]
    if not days:
        return
    shorten(row, min(days))
    row.changed_at = work.now
    work.session.flush()


def shorten(row: BookingSeries, day: date) -> None:
    """Have the rule of a series end before a day."""
    rule = until_before(recurrence_of(row).rule, row.first_day, day)
    if rule is not None:
        row.rule = str(rule)
        row.skipped = [one for one in row.skipped if date.fromisoformat(one) < day]


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
    settle(work, [row], resources_of(work, [row]), BookingStatus.CANCELLED)
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


def store_rows(work: Work, rows: Sequence[Booking]) -> None:
    """Write rows that were changed outside of the session, in one statement."""
    work.change_rows(Booking, [{name: getattr(row, name) for name in WRITTEN} for row in rows])


def _publish(work: Work, used: set[UUID], found: _Outcome) -> None:
    rows = [*found.made, *found.shown]
    if not rows:
        return
    resources: dict[UUID, Resource] = resources_of(work, rows)
    used = used | set(resources)
    offers = serve(work, used, found.freed) if found.freed else []
    used |= {key for offer in offers for key in offer.resources}
    entries = [entry_of(row, resources) for row in rows]
    publish(
        work,
        [*entries, *(offer.entry for offer in offers)],
        used,
        is_new=not found.shown and not offers,
    )


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
    spans = [Interval(row.starts_at, row.ends_at) for row in rows]
    offers = serve(work, resources, spans) if frees else []
    used = {*resources, *(key for offer in offers for key in offer.resources)}
    entries = [entry_of(row, resources) for row in rows]
    publish(work, [*entries, *(offer.entry for offer in offers)], used)
    work.record(*facts)
