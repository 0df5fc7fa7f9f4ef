"""Reads of series: one, its occurrences, the dates it left out."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coopshare.bookings.commands import Line, Recurrence
from coopshare.bookings.models import Booking, BookingSeries, OwnChange
from coopshare.bookings.policies import visible
from coopshare.bookings.recurring import Hours
from coopshare.bookings.rules import LIVE
from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.kernel.recurrence import parse


def get_series(work: Work, series_id: UUID) -> BookingSeries:
    """Return a series of which the actor may see an occurrence; raises `NotFound` otherwise."""
    seen = select(Booking.id).where(Booking.series_id == series_id, visible(work.actor)).limit(1)
    found = work.session.scalars(
        select(BookingSeries).where(BookingSeries.id == series_id, seen.exists())
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def occurrences(work: Work, series_id: UUID, *, for_change: bool = False) -> Sequence[Booking]:
    """Return every booking of a series, ended ones too, by the day it stands for.

    For a change they are read as they are now, and nobody else changes them before the unit ends.
    """
    query = (
        select(Booking)
        .where(Booking.series_id == series_id)
        .order_by(Booking.occurrence, Booking.created_at, Booking.id)
    )
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return work.session.scalars(query).all()


def shown_occurrences(work: Work, series_id: UUID) -> Sequence[Booking]:
    """Return the bookings of a series that the actor may see, by the day each stands for."""
    query = (
        select(Booking)
        .where(Booking.series_id == series_id, visible(work.actor))
        .order_by(Booking.occurrence, Booking.created_at, Booking.id)
    )
    return work.session.scalars(query).all()


def first_of(work: Work, series_id: UUID) -> Booking:
    """Return the first live occurrence of a series; raises `NotFound` when there is none."""
    query = (
        select(Booking)
        .where(Booking.series_id == series_id, visible(work.actor), Booking.status.in_(LIVE))
        .order_by(Booking.occurrence, Booking.id)
        .limit(1)
    )
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def left_out(series: BookingSeries, rows: Sequence[Booking]) -> list[date]:
    """Return the days on which the series has nothing, and which may be added again, in order.

    Days that were skipped, and those whose booking was cancelled, refused or released.
    """
    live = {row.occurrence for row in rows if row.status in LIVE}
    ended = {row.occurrence for row in rows if row.status not in LIVE and row.occurrence}
    days = {date.fromisoformat(day) for day in series.skipped} | ended
    return sorted(day for day in days if day not in live)


def own_of(booking: Booking) -> frozenset[OwnChange]:
    """Return what an occurrence has of its own."""
    return frozenset(OwnChange(code) for code in booking.own_changes.split())


def written(own: frozenset[OwnChange]) -> str:
    """Return what an occurrence has of its own, as it is stored."""
    return " ".join(code for code in OwnChange if code in own)


def hours_of(series: BookingSeries) -> Hours:
    """Return the hours of a series."""
    return Hours(series.starts, series.minutes, series.all_day)


def lines_of(series: BookingSeries) -> tuple[Line, ...]:
    """Return the lines of a series as plain values."""
    return tuple(Line(resource_id=x.resource_id, quantity=x.quantity) for x in series.lines)


def recurrence_of(series: BookingSeries) -> Recurrence:
    """Return the rule of a series."""
    return Recurrence(rule=parse(series.rule), skip_school_holidays=series.skip_school_holidays)


def place_of(series: BookingSeries) -> ZoneInfo:
    """Return the zone in which the hours of a series are meant."""
    return ZoneInfo(series.timezone)
