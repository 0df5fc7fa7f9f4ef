"""Series by the JSON API: from bodies to commands, and from plans and series to answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from coopshare.bookings import services
from coopshare.bookings.api.prices import quoted
from coopshare.bookings.commands import AddDate, Book, BookSeries
from coopshare.bookings.models import Booking
from coopshare.bookings.schemas import span_of
from coopshare.bookings.series import (
    first_of,
    get_series,
    left_out,
    recurrence_of,
    shown_occurrences,
)
from coopshare.bookings.services import PlannedDate
from coopshare.db.work import Work
from coopshare.kernel.dates import utc
from coopshare.kernel.recurrence import sentence
from coopshare.members.queries import cooperative
from coopshare.resources import queries as catalogue
from coopshare.web.context import actor, database, reading
from coopshare.web.i18n import gettext, language, said
from coopshare.web.idempotency import shown_once


def series_command(book: Book, body: dict[str, Any]) -> BookSeries:
    """Return the command of a body that has a `recurrence`."""
    return BookSeries(book=book, recurrence=body["recurrence"], choices=tuple(body["choices"]))


def added(booking_id: UUID, body: dict[str, Any]) -> AddDate:
    """Return the command that adds a date again."""
    lines = body["lines"]
    return AddDate(
        booking_id=booking_id,
        day=body["day"],
        lines=tuple(lines) if lines is not None else None,
        span=span_of(body),
    )


def booked(
    command: BookSeries,
    show: Callable[[Work, Booking], dict[str, Any]],
    again: Callable[[UUID], dict[str, Any]],
) -> dict[str, Any]:
    """Make a series and show its first date; sent twice under one key, it is made once."""

    def make(work: Work) -> Booking:
        return first_of(work, services.book_series(work, command).id)

    with services.explained_series(database(), actor(), command):
        return shown_once(make, show, again)


def planned(command: BookSeries) -> dict[str, Any]:
    """Return what would come of a series, date by date."""
    with reading() as work:
        plan = services.plan_series(work, command)
        what = plan.dates[0].what
        dates = [_date(one, plan.year) for one in plan.dates]
        return {
            "possible": plan.is_possible,
            "status": plan.status,
            "starts_at": dates[0]["starts_at"],
            "ends_at": dates[0]["ends_at"],
            "timezone": what.timezone,
            "price": quoted(
                work,
                [one.price for one in plan.kept if one.price is not None],
                what.standing,
                what.resources.values(),
            ),
            "detail": " ".join(one["detail"] for one in dates if one["detail"]),
            "rules": [rule for one in dates for rule in one["rules"]],
            "conflicts": [conflict for one in dates for conflict in one["conflicts"]],
            "alternatives": [],
            "dates": dates,
        }


def _date(one: PlannedDate, year: int) -> dict[str, Any]:
    told = said(one.refused().to_dict(year))
    assert isinstance(told, dict)  # noqa: S101 - said keeps the shape of what it is given
    return told | {
        "day": one.day,
        "detail": told["detail"] if one.is_refused else "",
        "booking_id": one.booking.id if one.booking is not None else None,
        "possible": one.is_kept and not one.is_refused,
        "left_out": one.why,
    }


def read_series(series_id: UUID) -> dict[str, Any]:
    """Return a series as programs read it."""
    with reading() as work:
        found = get_series(work, series_id)
        known = catalogue.catalogue(work).resources
        recurrence = recurrence_of(found)
        starts = utc(2000, 1, 1) + timedelta(minutes=found.starts)
        detail = sentence(
            recurrence.rule,
            found.first_day,
            starts=found.starts,
            minutes=found.minutes,
            all_day=found.all_day,
            is_outside_school_holidays=recurrence.skip_school_holidays,
            school_zone=cooperative(work).school_zone,
        )
        return {
            "id": found.id,
            "organisation_id": found.organisation_id,
            "person_id": found.person_id,
            "title": found.title,
            "note": found.note,
            "people": found.people,
            "timezone": found.timezone,
            "rule": found.rule,
            "detail": detail.say(language(), gettext),
            "first_day": found.first_day,
            "local_starts_at": f"{starts:%H:%M}",
            "minutes": found.minutes,
            "all_day": found.all_day,
            "skip_school_holidays": found.skip_school_holidays,
            "left_out": left_out(found, shown_occurrences(work, found.id)),
            "split_from": found.split_from,
            "lines": [
                {
                    "resource_id": line.resource_id,
                    "name": known[line.resource_id].name,
                    "quantity": line.quantity,
                }
                for line in found.lines
            ],
            "version": found.version,
        }
