"""Make a series, make one of a booking, add a date again."""

from dataclasses import replace
from datetime import date

from coopshare.bookings import queries
from coopshare.bookings.commands import AddDate, BookSeries, Choice, MakeSeries
from coopshare.bookings.errors import AlreadyInASeries, NotInASeries
from coopshare.bookings.facts import JoinedSeries, OccurrenceBooked, SeriesBooked, SeriesChanged
from coopshare.bookings.models import Booking, BookingSeries, BookingStatus
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.recurring import Hours
from coopshare.bookings.rules import check_live, check_not_ended
from coopshare.bookings.series import get_series, left_out, occurrences, own_of
from coopshare.bookings.services.changing import lines_of, loaded
from coopshare.bookings.services.pricing import Price, check_seen
from coopshare.bookings.services.series.dates import PlannedDate, SeriesPlan, judged, refuse
from coopshare.bookings.services.series.drafting import (
    Builder,
    Draft,
    Pattern,
    drafted,
    new_date,
    pattern_from,
    pattern_of,
)
from coopshare.bookings.services.series.writing import write
from coopshare.db.work import Work
from coopshare.holds.queries import lock
from coopshare.kernel.errors import Invalid, VersionMismatch
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import zone
from coopshare.kernel.text import marked


def settled(work: Work, draft: Draft, seen_cents: int | None = None) -> SeriesPlan:
    """Judge a draft whose resources are locked; raise what stands in its way, date by date.

    Raises `PriceNotSeen` where the dates that are priced come to something else than was shown.
    """
    plan = judged(work, draft.dates, but=draft.given_back(), is_final=True)
    refuse(plan)
    if not plan.kept:
        raise Invalid.field("recurrence", marked("Il ne reste aucune date à réserver."))
    priced = [one.price for one in plan.kept if one.price is not None]
    whole = Price(charges=tuple(charge for one in priced for charge in one.charges))
    check_seen(work, whole, seen_cents)
    return plan


def draft_book(work: Work, command: BookSeries) -> Draft:
    """Return a new series; raises `Forbidden`, `Invalid`, `NotFound`, `NotAMember`."""
    builder = Builder(work, command.book.organisation_id)
    pattern = pattern_of(builder, command.book, command.recurrence)
    draft = drafted(work, builder, pattern, command.choices)
    for one in draft.dates:
        _allow(work, one)
    return draft


def _allow(work: Work, one: PlannedDate) -> None:
    stake = queries.stake_of(
        one.what.organisation_id, work.actor.person_id, one.what.resources.values()
    )
    allow(work.actor, Permission.BOOK, stake)


def book_series(work: Work, command: BookSeries) -> BookingSeries:
    """Reserve every date of a rule, each its own booking, or nothing at all.

    Raises `SeriesBlocked` or `SeriesRefused` that names every date in the way, and what `book`
    raises for what is the same for all of them.
    """
    draft = draft_book(work, command)
    lock(work, draft.touched())
    plan = settled(work, draft, command.book.seen_cents)
    series = write(work, draft, plan)
    work.record(SeriesBooked(object_id=series.id, changes=_dates(plan)))
    return series


def _dates(plan: SeriesPlan) -> tuple[tuple[str, str, str], ...]:
    return (("dates", "", str(len(plan.kept))), ("status", "", str(plan.status)))


def draft_made(work: Work, command: MakeSeries, booking: Booking) -> Draft:
    """Return the series that a single booking begins."""
    if booking.series_id is not None:
        raise AlreadyInASeries
    check_live(booking.status)
    check_not_ended(booking.ends_at, work.now)
    if booking.status is BookingStatus.OPTION:
        raise Invalid.field("recurrence", marked("Confirmez d'abord l'option, puis répétez-la."))
    builder = Builder(work, booking.organisation_id)
    span = Interval(booking.starts_at, booking.ends_at)
    first, hours = Hours.of(span, zone(booking.timezone), all_day=booking.all_day)
    pattern = Pattern(
        organisation_id=booking.organisation_id,
        standing=builder.standing,
        title=booking.title,
        note=booking.note,
        people=booking.people,
        lines=lines_of(booking),
        hours=hours,
        timezone=booking.timezone,
        recurrence=command.recurrence,
        first=first,
    )
    draft = drafted(work, builder, pattern, command.choices, but=first)
    draft.dates.insert(0, _as_it_is(builder, booking, first))
    return draft


def _as_it_is(builder: Builder, booking: Booking, day: date) -> PlannedDate:
    what = builder.asked(
        lines_of(booking),
        Interval(booking.starts_at, booking.ends_at),
        timezone=booking.timezone,
        all_day=booking.all_day,
        people=booking.people,
    )
    return PlannedDate(
        day=day,
        what=what,
        title=booking.title,
        note=booking.note,
        id=booking.id,
        booking=booking,
        own=own_of(booking),
    )


def make_series(work: Work, command: MakeSeries) -> BookingSeries:
    """Have a booking come back: it stays as it is, the first date of a series.

    Raises what `book_series` raises, `VersionMismatch`, `AlreadyInASeries`, `AlreadyCancelled`,
    `AlreadyEnded`.
    """
    booking, _ = loaded(work, command.booking_id, command.version, Permission.CHANGE)
    draft = draft_made(work, command, booking)
    lock(work, draft.touched())
    booking = fresh(work, booking, command.version)
    draft = draft_made(work, command, booking)
    plan = settled(work, draft, command.seen_cents)
    series = write(work, draft, plan)
    changes = (*_dates(plan), ("series_id", "", str(series.id)))
    work.record(
        JoinedSeries(object_id=booking.id, changes=changes),
        SeriesBooked(object_id=series.id, changes=_dates(plan)),
    )
    return series


def fresh(work: Work, booking: Booking, version: int) -> Booking:
    """Return a booking as it is now that all is locked, out of the session.

    Raises `VersionMismatch` when it is not as it was seen.
    """
    work.session.refresh(booking, with_for_update=True)
    if booking.version != version:
        raise VersionMismatch
    assert booking.lines is not None  # noqa: S101 - read before it leaves the session
    work.session.expunge(booking)
    return booking


def draft_added(work: Work, command: AddDate) -> Draft:
    """Return the date that comes back; raises `Invalid` on the field `day` for any other day."""
    anchor = queries.get(work, command.booking_id)
    if anchor.series_id is None:
        raise NotInASeries
    series = get_series(work, anchor.series_id)
    rows = occurrences(work, series.id)
    if command.day not in left_out(series, rows):
        raise Invalid.field(
            "day", marked("Cette date n'a pas été sautée ni annulée : elle ne peut pas revenir.")
        )
    stake = queries.stake_of(
        anchor.organisation_id,
        anchor.person_id,
        queries.resources_of(work, [anchor]).values(),
    )
    allow(work.actor, Permission.CHANGE, stake)
    builder = Builder(work, series.organisation_id)
    pattern = pattern_from(builder, series)
    choice = Choice(day=command.day, lines=command.lines, span=command.span)
    one = new_date(builder, pattern, command.day, choice)
    _allow(work, one)
    skipped = {date.fromisoformat(day) for day in series.skipped}
    return Draft(pattern=pattern, dates=[one], skipped=skipped - {command.day}, series=series)


def add_date(work: Work, command: AddDate) -> Booking:
    """Book a date again that its series had skipped or given up, as the series is today.

    Raises `NotInASeries`, `Invalid` for a day that was never left out, `SeriesBlocked` or
    `SeriesRefused` when the date cannot be.
    """
    lock(work, draft_added(work, command).touched())
    draft = replace(draft_added(work, command))
    plan = settled(work, draft)
    series = write(work, draft, plan)
    work.record(SeriesChanged(object_id=series.id, changes=_dates(plan)))
    return queries.get(work, draft.dates[0].id)


__all__ = ["OccurrenceBooked", "add_date", "book_series", "make_series"]
