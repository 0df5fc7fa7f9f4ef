"""Move, shorten, lengthen, refill, rename, and give up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from coopshare.bookings import queries
from coopshare.bookings.agenda import entry_of
from coopshare.bookings.charges import frozen
from coopshare.bookings.commands import Book, Cancel, Change, Line
from coopshare.bookings.facts import BookingFact, Cancelled, Changed, Moved
from coopshare.bookings.handing.guards import check_covers, check_nothing_out, settle_freed
from coopshare.bookings.models import (
    Booking,
    BookingLine,
    BookingStatus,
    OwnChange,
    ProposalStatus,
    WaitStatus,
)
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.rules import (
    check_live,
    check_not_ended,
    check_still_an_option,
    status_after,
)
from coopshare.bookings.series import own_of, written
from coopshare.bookings.services.asking import (
    Needs,
    ask,
    check_told,
    due,
    has_open_matter,
    hold_only,
    lines_of_proposal,
    open_proposal,
    settle_matter,
)
from coopshare.bookings.services.booking import allowed
from coopshare.bookings.services.examining import (
    Asked,
    asked,
    check,
    check_people,
    needed,
    people_after,
)
from coopshare.bookings.services.lateness import bound, settle
from coopshare.bookings.services.pricing import Price, check_quotas, check_seen, freeze_again
from coopshare.bookings.services.pricing import price as priced
from coopshare.bookings.services.reminding import remind
from coopshare.bookings.services.serving import ahead, answered, check_no_offer, tell
from coopshare.bookings.services.wishing import Wished, wish
from coopshare.db.work import Work
from coopshare.holds import services as holds
from coopshare.holds.queries import lock
from coopshare.holds.services import Freed
from coopshare.kernel.errors import VersionMismatch
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource

Changes = tuple[tuple[str, str, str], ...]


def loaded(
    work: Work, booking_id: UUID, version: int, permission: Permission
) -> tuple[Booking, dict[UUID, Resource]]:
    """Return a booking to act on, with its resources.

    Raises `NotFound`, `Forbidden`, and `VersionMismatch` when it is not as it was seen.
    """
    booking = queries.get(work, booking_id)
    resources = queries.resources_of(work, [booking])
    stake = queries.stake_of(booking.organisation_id, booking.person_id, resources.values())
    allow(work.actor, permission, stake)
    if booking.version != version:
        raise VersionMismatch
    return booking, resources


def _wanted(work: Work, booking: Booking, command: Change) -> Asked:
    """Return what a change asks for; what it does not say stays."""
    what = asked(
        work,
        organisation_id=booking.organisation_id,
        lines=command.lines if command.lines is not None else lines_of(booking),
        times=(
            command.span
            if command.span is not None
            else Interval(booking.starts_at, booking.ends_at)
        ),
        timezone="" if command.lines is not None else booking.timezone,
        all_day=command.all_day if command.all_day is not None else _stays(booking, command),
        people=people_after(booking, command),
    )
    if booking.status is BookingStatus.OPTION and booking.lapses_at is not None:
        return replace(what, until=min(booking.lapses_at, what.span.start))
    return what


def change(work: Work, command: Change) -> Booking:
    """Change a booking; what is None in the command stays. The id and its holds are kept.

    Raises what `book` raises, `VersionMismatch`, `AlreadyCancelled`, `AlreadyEnded`.
    """
    booking, before = loaded(work, command.booking_id, command.version, Permission.CHANGE)
    check_live(booking.status)
    check_not_ended(booking.ends_at, work.now)
    if booking.status is BookingStatus.OPTION:
        check_still_an_option(booking.lapses_at, work.now)
    old, old_lines = Interval(booking.starts_at, booking.ends_at), lines_of(booking)
    what = _wanted(work, booking, command)
    lines = what.lines
    is_moved, is_refilled = what.span != old, _amounts(lines) != _amounts(old_lines)
    status, freed = booking.status, Freed()
    if booking.status is BookingStatus.OPTION and (is_moved or is_refilled):
        check_no_offer(work, booking)
    if is_moved or is_refilled:
        check_not_ended(what.span.end, work.now)
        gives_back = not what.span.contains(old) or _is_more(lines, old_lines)
        waiting = ahead(work, before, [old]) if gives_back else set()
        lock(work, {*before, *what.resources, *waiting})
        check_covers(work, booking, before, _amounts(lines))
        check(work, what, kept=_kept(booking, what))
        needs = needed(work, what) if what.until is None else {}
        if what.until is None:
            status = status_after(
                needs_decision=bool(needs),
                before=booking.status,
                old=old,
                new=what.span,
                is_more=_is_more(old_lines, lines),
            )
        if status is BookingStatus.PENDING:
            check_told(needs, what.resources, command.told)
            if booking.status is BookingStatus.CONFIRMED:
                return wish(work, booking, before, command, Wished(what, needs))
        freed = hold_only(work, booking.id, what.resources.values(), what.lines, what.span)
        settle_freed(work, before)
        _renew(work, booking, what, needs if status is BookingStatus.PENDING else {})
    elif what.people != booking.people:
        check_people(work, what)
    price = priced_again(work, booking, what, before, is_final=True)
    if price is not None:
        check_quotas([price])
        check_seen(work, price, command.seen_cents)
    before_until = booking.lapses_at
    changes = rewrite(work, booking, command, what, status, price)
    entries = [entry_of(booking, what.resources)] if changes else []
    tell(work, freed, entries, {*before, *what.resources})
    if changes:
        kind: type[BookingFact] = Moved if is_moved else Changed
        work.record(kind(object_id=booking.id, changes=changes))
    if what.until is not None and what.until != before_until:
        remind(work, booking.id, what.until)
    return booking


def estimate(work: Work, command: Book | Change) -> Price:
    """Return what a booking would cost, made or changed; nothing is written, no rule is judged.

    Raises `NotFound`, and `Invalid` for lines or times that make no sense.
    """
    if isinstance(command, Book):
        return priced(work, allowed(work, command), person_id=work.actor.person_id)
    booking = queries.get(work, command.booking_id)
    before = queries.resources_of(work, [booking])
    what = asked(
        work,
        organisation_id=booking.organisation_id,
        lines=command.lines if command.lines is not None else lines_of(booking),
        times=command.span or Interval(booking.starts_at, booking.ends_at),
        timezone="" if command.lines is not None else booking.timezone,
        all_day=command.all_day if command.all_day is not None else _stays(booking, command),
        people=people_after(booking, command),
    )
    found = priced_again(work, booking, what, before, is_final=False)
    if found is not None:
        return found
    charges = queries.charges_of(work, [booking])[booking.id]
    return Price(charges=tuple(frozen(charge) for charge in charges))


def priced_again(
    work: Work, booking: Booking, what: Asked, before: Mapping[UUID, Resource], *, is_final: bool
) -> Price | None:
    """Return the price of a booking that is changed; None where nothing it depends on is."""
    had = replace(
        what,
        lines=lines_of(booking),
        resources=before,
        span=Interval(booking.starts_at, booking.ends_at),
        timezone=booking.timezone,
        people=booking.people,
    )
    if (what.span, _amounts(what.lines), what.people) == (
        had.span,
        _amounts(had.lines),
        had.people,
    ):
        return None
    price = priced(
        work, what, person_id=booking.person_id, without=[booking.id], had=had, is_final=is_final
    )
    return bound(work, [(booking, before, price)])[0]


def _renew(work: Work, booking: Booking, what: Asked, needs: Needs) -> None:
    """Give up what was asked of approvers before, and ask for what is needed now."""
    if has_open_matter(booking):
        settle_matter(work, booking.id, ProposalStatus.REPLACED)
    if what.until is None:
        booking.lapses_at = due(work, needs, what.resources, what.span) if needs else None
    if needs:
        ask(work, booking.id, needs)


def _stays(booking: Booking, command: Change) -> bool:
    return booking.all_day and command.span is None


def _kept(booking: Booking, what: Asked) -> dict[UUID, datetime]:
    if what.span.start != booking.starts_at:
        return {}
    return {line.resource_id: booking.created_at for line in booking.lines}


def lines_of(booking: Booking) -> tuple[Line, ...]:
    """Return the lines of a booking as plain values."""
    return tuple(Line(resource_id=x.resource_id, quantity=x.quantity) for x in booking.lines)


def _amounts(lines: tuple[Line, ...]) -> dict[UUID, int]:
    return {line.resource_id: line.quantity for line in lines}


def _is_more(old: tuple[Line, ...], new: tuple[Line, ...]) -> bool:
    had = _amounts(old)
    return any(line.quantity > had.get(line.resource_id, 0) for line in new)


def rewrite(
    work: Work,
    booking: Booking,
    command: Change,
    what: Asked,
    status: BookingStatus,
    price: Price | None,
) -> Changes:
    """Write what differs and return it, codes and instants only."""
    changes: list[tuple[str, str, str]] = []
    values: dict[str, object] = {
        "starts_at": what.span.start,
        "ends_at": what.span.end,
        "all_day": what.all_day,
        "timezone": what.timezone,
        "status": status,
    }
    if what.until is not None:
        values["lapses_at"] = what.until
    both = what.span != Interval(booking.starts_at, booking.ends_at)
    for name, value in values.items():
        before = getattr(booking, name)
        if before != value or (both and name in {"starts_at", "ends_at"}):
            changes.append((name, _code(before), _code(value)))
            setattr(booking, name, value)
    changes += _write_lines(booking, what.lines)
    if changes:
        booking.sequence += 1
    if what.people != booking.people:
        changes.append(("people", _code(booking.people or ""), _code(what.people or "")))
        booking.people = what.people
    for name, text in (("title", command.title), ("note", command.note)):
        if text is not None and text != getattr(booking, name):
            changes.append((name, "", ""))  # what people write is not copied into the trace
            setattr(booking, name, text)
    if price is not None:
        before_cents = booking.price_cents
        with work.session.no_autoflush:  # written once: one change is one version
            freeze_again(work, booking, price.charges)
        if booking.price_cents != before_cents:
            changes.append(("price_cents", _code(before_cents), _code(booking.price_cents)))
    if changes:
        booking.changed_at = work.now
    if booking.series_id is not None:
        booking.own_changes = written(own_of(booking) | _own({name for name, *_ in changes}))
    work.session.flush()
    return tuple(changes)


def _own(changed: set[str]) -> set[OwnChange]:
    """Return what an occurrence has of its own once some fields of it were changed alone."""
    found = {code for code in OwnChange if code in changed}
    if changed & {"starts_at", "ends_at", "all_day"}:
        found.add(OwnChange.SPAN)
    if any(name.startswith("line:") for name in changed):
        found.add(OwnChange.LINES)
    return found


def _code(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _write_lines(booking: Booking, lines: tuple[Line, ...]) -> list[tuple[str, str, str]]:
    had = {line.resource_id: line for line in booking.lines}
    changes = []
    kept: list[BookingLine] = []
    for position, line in enumerate(lines):
        row = had.pop(line.resource_id, None)
        before = row.quantity if row is not None else 0
        if before != line.quantity:
            changes.append((f"line:{line.resource_id}", str(before), str(line.quantity)))
        if row is None:
            row = BookingLine(resource_id=line.resource_id)
        row.quantity, row.position = line.quantity, position
        kept.append(row)
    changes += [(f"line:{key}", str(row.quantity), "0") for key, row in had.items()]
    if changes or [x.id for x in booking.lines] != [x.id for x in kept]:
        booking.lines = kept
    return changes


def cancel(work: Work, command: Cancel) -> Booking:
    """Give a booking up: what it held is free at once.

    Raises `NotFound`, `Forbidden`, `VersionMismatch`, `AlreadyCancelled`, `AlreadyEnded`.
    """
    booking, resources = loaded(work, command.booking_id, command.version, Permission.CHANGE)
    check_live(booking.status)
    check_not_ended(booking.ends_at, work.now)
    check_nothing_out(work, booking, resources)
    end(work, booking, resources, BookingStatus.CANCELLED, command.reason, Cancelled)
    return booking


def end(
    work: Work,
    booking: Booking,
    resources: Mapping[UUID, Resource],
    status: BookingStatus,
    reason: str,
    fact: type[BookingFact],
) -> None:
    """End a live booking, release its holds, offer them to who waits, and tell calendars."""
    before, taken = booking.status, set(resources)
    spans = [Interval(booking.starts_at, booking.ends_at)]
    proposal = open_proposal(work, booking.id) if has_open_matter(booking) else None
    if proposal is not None:  # it was held beside the booking
        taken |= {line.resource_id for line in lines_of_proposal(proposal)}
        spans.append(Interval(proposal.starts_at, proposal.ends_at))
    lock(work, {*taken, *ahead(work, taken, spans)})
    holds.release(work, booking.id)
    settle(work, [booking], resources, status)
    if has_open_matter(booking):
        over = BookingStatus.LAPSED
        settle_matter(
            work, booking.id, ProposalStatus.LAPSED if status is over else ProposalStatus.REPLACED
        )
    settle_freed(work, resources)
    booking.status, booking.cancelled_at, booking.cancel_reason = status, work.now, reason
    booking.changed_at, booking.lapses_at = work.now, None
    booking.sequence += 1
    work.session.flush()
    if before is BookingStatus.OPTION:
        is_missed = status is BookingStatus.LAPSED
        answered(work, booking.id, WaitStatus.MISSED if is_missed else WaitStatus.DECLINED)
    freed = Freed(frozenset(taken), tuple(spans))
    tell(work, freed, [entry_of(booking, resources)], resources)
    work.record(fact(object_id=booking.id, changes=(("status", str(before), str(status)),)))
