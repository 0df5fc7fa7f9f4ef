"""A series as the page of one of its bookings shows it; series in lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from coopshare.bookings.models import Booking, BookingSeries
from coopshare.bookings.pages.series.wording import rule_said
from coopshare.bookings.queries import Shown
from coopshare.bookings.rules import LIVE
from coopshare.bookings.series import get_series, left_out, own_of, shown_occurrences
from coopshare.bookings.states import STATES
from coopshare.db.work import Work
from coopshare.kernel.dates import LocalSpan, say_day
from coopshare.kernel.intervals import Interval
from coopshare.web.i18n import gettext, language, say


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDate:
    """A date of a series: its booking, or the day on which there is none."""

    booking_id: UUID | None
    day: str
    """The local day of the rule, ISO."""
    said: str
    kind: str
    state: str
    is_own: bool = False
    is_here: bool = False
    is_past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesShown:
    """A series and its dates."""

    sentence: str
    dates: list[SeriesDate]
    to_come: int
    changed: int
    left_out: int


def series_of(work: Work, seen: Shown) -> SeriesShown | None:
    """Return the series of a booking as its page shows it; None for a booking of its own."""
    booking = seen.booking
    if booking.series_id is None:
        return None
    series = get_series(work, booking.series_id)
    rows = shown_occurrences(work, series.id)
    year = work.now.astimezone(ZoneInfo(series.timezone)).year
    today = work.now.astimezone(ZoneInfo(series.timezone)).date()
    live = [row for row in rows if row.status in LIVE or row.id == booking.id]
    out = left_out(series, rows)
    dates = [
        *(_booked(row, booking, work, year) for row in live),
        *(
            SeriesDate(
                booking_id=None,
                day=day.isoformat(),
                said=say_day(day, language(), year=year),
                kind="cancelled",
                state="",
                is_past=day < today,
            )
            for day in out
        ),
    ]
    return SeriesShown(
        sentence=_capital(say(rule_said(work, series))),
        dates=sorted(dates, key=lambda one: one.day),
        to_come=sum(1 for row in live if row.status in LIVE and row.starts_at > work.now),
        changed=sum(1 for row in live if own_of(row)),
        left_out=len(out),
    )


def _booked(row: Booking, here: Booking, work: Work, year: int) -> SeriesDate:
    place = ZoneInfo(row.timezone)
    kind, state = STATES[row.status]
    return SeriesDate(
        booking_id=row.id,
        day=row.starts_at.astimezone(place).date().isoformat(),
        said=say(LocalSpan(Interval(row.starts_at, row.ends_at), place, row.all_day, year)),
        kind=kind,
        state=gettext(state),
        is_own=bool(own_of(row)),
        is_here=row.id == here.id,
        is_past=row.ends_at <= work.now,
    )


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """A series in a list: its rule, and how many of its dates are meant."""

    sentence: str
    count: int


def series_lines(
    work: Work, bookings: Sequence[Booking], *, is_past: bool = False
) -> Mapping[UUID, SeriesLine]:
    """Return the series of some bookings by their id, in two statements for all; none without.

    The count is that of the dates to come that hold their slot, or of those that took place.
    """
    ids = {booking.series_id for booking in bookings if booking.series_id is not None}
    if not ids:
        return {}
    when = Booking.ends_at <= work.now if is_past else Booking.ends_at > work.now
    counts = work.session.execute(
        select(Booking.series_id, func.count())
        .where(Booking.series_id.in_(ids), Booking.status.in_(LIVE), when)
        .group_by(Booking.series_id)
    )
    known = {key: count for key, count in counts}  # noqa: C416 - rows are no pairs to mypy
    found = work.session.scalars(
        select(BookingSeries)
        .where(BookingSeries.id.in_(ids))
        .options(lazyload(BookingSeries.lines))
    )
    return {
        one.id: SeriesLine(_capital(say(rule_said(work, one))), known.get(one.id, 0))
        for one in found
    }
