"""Change an occurrence with others of its series: what is different from what was seen."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from coopshare.bookings import services
from coopshare.bookings.commands import (
    UNSAID,
    ChangeSeries,
    Choice,
    Line,
    LocalTimes,
    Recurrence,
    Scope,
)
from coopshare.bookings.models import Booking, BookingSeries
from coopshare.bookings.pages.prices import seen_cents
from coopshare.bookings.pages.series.plan import Sheet
from coopshare.bookings.pages.series.proposing import Proposal, propose
from coopshare.bookings.pages.series.shapes import (
    ChangeSeriesFormSchema,
    completed,
    values_of,
)
from coopshare.bookings.pages.series.wording import rule_said
from coopshare.bookings.series import get_series, recurrence_of
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import Sentence, marked
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, ngettext, say


def series_values(work: Work, booking: Booking) -> dict[str, Any]:
    """Return what the fields of the form hold of the series of an occurrence."""
    if booking.series_id is None:
        return {}
    series = get_series(work, booking.series_id)
    return values_of(recurrence_of(series), series.first_day) | {"scope": str(Scope.THIS)}


def change_many(form: Form, booking: Booking, data: dict[str, Any]) -> ResponseReturnValue:
    """Show every date that a change touches, or change them all."""
    schema = ChangeSeriesFormSchema()
    assert booking.series_id is not None  # noqa: S101 - asked by the caller
    with reading() as work:
        series = get_series(work, booking.series_id)
        lead = Sentence(
            marked("{title} : {when}."), {"title": booking.title, "when": rule_said(work, series)}
        )
    times = schema.times_of(data)
    lines = schema.lines_of(data)
    is_retimed = _plain(times) != _plain(times_of(booking))
    now = tuple(Line(resource_id=x.resource_id, quantity=x.quantity) for x in booking.lines)
    command = ChangeSeries(
        booking_id=booking.id,
        version=data["version"],
        scope=data["scope"],
        title=data["title"] if data["title"] != booking.title else None,
        note=data["note"] if data["note"] != booking.note else None,
        lines=lines if lines != now else None,
        span=times if is_retimed else None,
        all_day=times.all_day if is_retimed else None,
        people=data["people"] if data["people"] != booking.people else UNSAID,
        recurrence=_other_rule(schema.recurrence_of(data), series),
    )

    def with_choices(choices: tuple[Choice, ...]) -> ChangeSeries:
        return replace(command, choices=choices, seen_cents=seen_cents())

    return propose(
        form,
        Proposal(
            command=with_choices,
            use_case=services.change_series,
            done=_changed,
            url=url_for("bookings.change", booking_id=booking.id),
            heading=gettext(marked("Ce qui change, date par date")),
            lead=lead,
            act=_words,
            home=[line.resource_id for line in lines],
        ),
    )


def check_scope(booking: Booking, data: dict[str, Any], work: Work) -> None:
    """Refuse another rule for a single date."""
    if booking.series_id is None:
        return
    series = get_series(work, booking.series_id)
    if _other_rule(ChangeSeriesFormSchema().recurrence_of(data), series) is not None:
        raise Invalid.field(
            "scope",
            marked(
                "Une autre répétition ne vaut pas pour une seule date : choisissez celle-ci et les"
                " suivantes, ou toute la série."
            ),
        )


def _other_rule(typed: Recurrence | None, series: BookingSeries) -> Recurrence | None:
    """Return the rule that was typed, where it is another one than that of the series."""
    if typed is None:
        return None
    now = recurrence_of(series)
    is_same = completed(typed.rule, series.first_day) == completed(now.rule, series.first_day)
    if is_same and typed.skip_school_holidays == now.skip_school_holidays:
        return None
    return typed


def times_of(booking: Booking) -> LocalTimes:
    """Return the hours of a booking as the form types them."""
    place = ZoneInfo(booking.timezone)
    start, end = (
        moment.astimezone(place).replace(tzinfo=None)
        for moment in (booking.starts_at, booking.ends_at)
    )
    last = _last_day(start, end, all_day=booking.all_day)
    return LocalTimes(
        first=start.date(),
        last=last,
        starts=start.time(),
        ends=end.time(),
        all_day=booking.all_day,
    )


def _last_day(start: datetime, end: datetime, *, all_day: bool) -> date:
    before = (end - timedelta(minutes=1)).date()
    if all_day or (end.time() == time(0) and before == start.date()):
        return before
    return end.date()


def _plain(times: LocalTimes) -> tuple[object, ...]:
    if times.all_day:
        return times.first, times.last
    return times.first, times.last, times.starts, times.ends


def _words(sheet: Sheet) -> str:
    if sheet.refused:
        return gettext(marked("Changer avec ces choix"))
    return ngettext("Changer %(num)d date", "Changer les %(num)d dates", sheet.total)


def _changed(booking_id: object) -> ResponseReturnValue:
    flash(say(Sentence(marked("La série est changée. Les personnes concernées sont prévenues."))))
    return redirect(url_for("bookings.show", booking_id=booking_id), 303)
