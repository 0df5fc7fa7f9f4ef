"""Book a season, and have a booking come back."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.bookings import queries, services
from coopshare.bookings.commands import BookSeries, Choice, LocalTimes, MakeSeries
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.pages.prices import seen_cents
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.pages.series.plan import Sheet
from coopshare.bookings.pages.series.proposing import Proposal, propose
from coopshare.bookings.pages.series.shapes import (
    MakeSeriesFormSchema,
    on_repeat,
    proposed,
)
from coopshare.bookings.pages.series.wording import rule_said, wish_said
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.rules import check_live, check_not_ended
from coopshare.bookings.series import get_series, shown_occurrences
from coopshare.db.work import Work
from coopshare.kernel.dates import DAYS
from coopshare.kernel.errors import Invalid
from coopshare.kernel.recurrence import dates
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import cooperative
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, language, ngettext, say
from coopshare.web.permissions import requires


def repeat_choices(work: Work) -> dict[str, Any]:
    """Return what the fields of a repetition offer: days, ranks, the zone of school holidays."""
    ranks = (
        (1, marked("le premier")),
        (2, marked("le deuxième")),
        (3, marked("le troisième")),
        (4, marked("le quatrième")),
        (-1, marked("le dernier")),
    )
    numbers = [(str(day), str(day)) for day in range(1, 32)]
    return {
        "school_zone": (cooperative(work).school_zone or "").removeprefix("Zone "),
        "weekday_names": [(str(n), name) for n, name in enumerate(DAYS[language()])],
        "month_days": [*numbers, ("-1", gettext(marked("le dernier jour")))],
        "ranks": [(str(number), gettext(text)) for number, text in ranks],
    }


def answer(form: Form, command: BookSeries) -> ResponseReturnValue:
    """Show every date of a season that is to be booked, or book them all."""
    times = command.book.span
    assert isinstance(times, LocalTimes)  # noqa: S101 - typed in a form
    with reading() as work:
        lead = Sentence(
            marked("{title} : {when}."),
            {
                "title": command.book.title,
                "when": wish_said(work, command.recurrence, times, times.first),
            },
        )
    book = replace(command.book, seen_cents=seen_cents())
    with on_repeat():
        days = dates(command.recurrence.rule, times.first)
    return propose(
        form,
        Proposal(
            command=lambda choices: replace(command, book=book, choices=choices),
            use_case=services.book_series,
            done=_booked,
            url=url_for("bookings.book"),
            heading=gettext(marked("Les dates de la série")),
            lead=lead,
            act=_book_words,
            home=[line.resource_id for line in command.book.lines],
            days=days,
        ),
    )


def _book_words(sheet: Sheet) -> str:
    if sheet.refused:
        return gettext(marked("Réserver avec ces choix"))
    if sheet.is_pending:
        return ngettext("Demander %(num)d date", "Demander les %(num)d dates", sheet.good)
    return ngettext("Réserver %(num)d date", "Réserver les %(num)d dates", sheet.good)


def _booked(series_id: UUID) -> ResponseReturnValue:
    with reading() as work:
        rows = shown_occurrences(work, series_id)
        flash(say(_made(work, rows[0], len(rows))))
        return redirect(url_for("bookings.show", booking_id=rows[0].id), 303)


def _made(work: Work, first: Booking, count: int) -> Sentence:
    assert first.series_id is not None  # noqa: S101 - it was just made
    message = marked("C'est réservé : {title}, {when}. {count} dates en tout.")
    if first.status is BookingStatus.PENDING:
        message = marked(
            "Demande envoyée : {title}, {when}. Les {count} dates sont gardées jusqu'à la réponse"
            " des personnes qui gèrent."
        )
    series = get_series(work, first.series_id)
    data = {"title": first.title, "when": rule_said(work, series), "count": count}
    return Sentence(message, data)


@blueprint.route("/reservations/<uuid:booking_id>/repeter", methods=["GET", "POST"])
@requires(Permission.CHANGE)
def repeat(booking_id: UUID) -> ResponseReturnValue:
    """Have a single booking come back: it stays, the first date of a series."""
    with reading() as work:
        seen = queries.shown(work, [queries.get(work, booking_id)])[0]
        allow(work.actor, Permission.CHANGE, seen.stake)
        check_live(seen.booking.status)
        check_not_ended(seen.booking.ends_at, work.now)
        day = _day(seen.booking)
        initial = proposed(day) | {"repeat": "WEEKLY", "version": str(seen.booking.version)}
        form = Form(MakeSeriesFormSchema(), initial)
    if form.is_submitted and form.value("do") != "back":
        with form.refusals():
            return _repeated(form, seen.booking, day)
    with reading() as work:
        return render_template(
            "bookings/repeat.html", form=form, seen=seen, **repeat_choices(work)
        ), form.status


def _day(booking: Booking) -> date:
    return booking.starts_at.astimezone(ZoneInfo(booking.timezone)).date()


def _repeated(form: Form, booking: Booking, day: date) -> ResponseReturnValue:
    data = form.load()
    recurrence = form.schema.recurrence_of(data)  # type: ignore[attr-defined]
    if recurrence is None:
        raise Invalid.field("repeat", marked("Dites comment la réservation revient."))

    def command(choices: tuple[Choice, ...]) -> MakeSeries:
        return MakeSeries(
            booking_id=booking.id,
            version=data["version"],
            recurrence=recurrence,
            choices=choices,
            seen_cents=seen_cents(),
        )

    with reading() as work:
        when = wish_said(work, recurrence, None, day)
    return propose(
        form,
        Proposal(
            command=command,
            use_case=services.make_series,
            done=_booked,
            url=url_for("bookings.repeat", booking_id=booking.id),
            heading=gettext(marked("Les dates de la série")),
            lead=Sentence(
                marked("{title} : {when}. La réservation qui existe déjà reste telle quelle."),
                {"title": booking.title, "when": when},
            ),
            act=_book_words,
            home=[line.resource_id for line in booking.lines],
        ),
    )
