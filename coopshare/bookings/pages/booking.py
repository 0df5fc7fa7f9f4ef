"""The form that books, and the form that changes a booking."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from coopshare.bookings import queries, services
from coopshare.bookings.commands import Book, BookSeries, Change, LocalTimes, Scope
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.pages.form import (
    Row,
    as_values,
    asks_of,
    bookable,
    can_wait,
    check_option,
    chosen,
    from_query,
    has_options,
    is_final,
    options,
    refusal_box,
    typed_rows,
    with_alternative,
)
from coopshare.bookings.pages.prices import estimated, seen_cents, shown_price
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.pages.series.changing import change_many, check_scope, series_values
from coopshare.bookings.pages.series.choices import typed
from coopshare.bookings.pages.series.repeating import answer, repeat_choices
from coopshare.bookings.pages.series.shapes import (
    ChangeSeriesFormSchema,
    RepeatedBookFormSchema,
    proposed,
)
from coopshare.bookings.pages.series.wording import scopes
from coopshare.bookings.policies import Permission, allow, may_book
from coopshare.bookings.queries import Shown
from coopshare.bookings.rules import check_live, check_not_ended
from coopshare.bookings.schemas import ChangeFormSchema
from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.dates import LocalMoment, LocalSpan
from coopshare.kernel.errors import CoopShareError, Forbidden
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import AmbiguousTime
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import cooperative, memberships
from coopshare.web.context import actor, database, reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import present, say
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires


@blueprint.route("/reserver", methods=["GET", "POST"])
@requires(Permission.BOOK)
def book() -> ResponseReturnValue:
    """Reserve one or several things over one span."""
    who = actor()
    if not may_book(who):
        raise Forbidden
    initial = from_query(present(), who.timezone) | {"organisation_id": str(who.organisation_id)}
    initial |= proposed(date.fromisoformat(initial["day"]))
    form = Form(RepeatedBookFormSchema(), initial)
    if is_final(form):
        with form.refusals():
            command: Book | BookSeries = with_alternative(form, form.load())
            if isinstance(command, BookSeries):
                return answer(form, command)
            command = replace(command, seen_cents=seen_cents())
            check_option(command)
            with services.explained(database(), who, command):
                booking_id = once(services.book, command)
            with reading() as work:
                flash(say(made(queries.get(work, booking_id), work)))
            return redirect(url_for("bookings.show", booking_id=booking_id), 303)
    return book_page(form)


def book_page(form: Form) -> ResponseReturnValue:
    """Draw the booking form as it was typed, with what refused it and the ways out."""
    who = actor()
    with reading() as work:
        return render_template(
            "bookings/book.html",
            form=form,
            can_wait=can_wait(work, form),
            box=refusal_box(form),
            organisations=_organisations(work),
            has_options=has_options(work),
            **repeat_choices(work),
            choice_fields=typed().fields,
            price=estimated(work, form),
            **_shared(work, form, who.standing),
        ), form.status


def made(booking: Booking, work: Work) -> Sentence:
    """Say what happened, and what follows."""
    place = ZoneInfo(booking.timezone)
    span = Interval(booking.starts_at, booking.ends_at)
    when = LocalSpan(span, place, booking.all_day, work.now.astimezone(place).year)
    data: dict[str, object] = {"title": booking.title, "when": when}
    if booking.status is BookingStatus.OPTION and booking.lapses_at is not None:
        until = LocalMoment(booking.lapses_at, place, work.now.astimezone(place).year)
        return Sentence(
            marked(
                "Option posée : {title}, {when}. La place vous est gardée jusqu'à {until} :"
                " confirmez-la d'ici là, sinon elle se libère."
            ),
            data | {"until": until},
        )
    if booking.status is BookingStatus.PENDING:
        return Sentence(
            marked(
                "Demande envoyée : {title}, {when}. La place est gardée jusqu'à la réponse"
                " des personnes qui gèrent, qui vous sera envoyée par courriel."
            ),
            data,
        )
    return Sentence(
        marked("C'est réservé : {title}, {when}. Une confirmation part par courriel."), data
    )


def _shared(work: Work, form: Form, standing: str | None) -> dict[str, Any]:
    found = bookable(work)
    rows = typed_rows(form)
    return {
        "rows": rows,
        "options": options(found),
        "currency": cooperative(work).currency,
        "chosen": chosen(rows, found, standing),
        "asks": asks_of(work, form),
        "asks_which": isinstance(form.refusal, AmbiguousTime) or bool(form.value("which")),
    }


def _organisations(work: Work) -> list[tuple[str, str]]:
    """Return the organisations one may book for: all of them for those who look after things."""
    who = work.actor
    if who.has_role(Role.ADMINISTRATOR, Role.RESOURCE_MANAGER):
        return [(str(m.organisation_id), m.organisation.name) for m in memberships(work)]
    return [(str(who.organisation_id), who.organisation_name)]


@blueprint.route("/reservations/<uuid:booking_id>/modifier", methods=["GET", "POST"])
@requires(Permission.CHANGE)
def change(booking_id: UUID) -> ResponseReturnValue:
    """Move a booking, change what it takes or what it says."""
    with reading() as work:
        seen = queries.shown(work, [queries.get(work, booking_id)])[0]
        allow(work.actor, Permission.CHANGE, seen.stake)
        check_live(seen.booking.status)
        check_not_ended(seen.booking.ends_at, work.now)
        series = series_values(work, seen.booking)
        schema = ChangeSeriesFormSchema() if series else ChangeFormSchema()
        form = Form(schema, _values_of(seen) | series)
    if is_final(form):
        with form.refusals():
            data = form.load()
            if data.get("scope", Scope.THIS) is not Scope.THIS:
                return change_many(form, seen.booking, data)
            if series:
                with reading() as work:
                    check_scope(seen.booking, data, work)
            command: Change = with_alternative(form, _change(booking_id, data))
            command = replace(command, seen_cents=seen_cents(seen.booking.price_cents))
            with services.explained(database(), actor(), command):
                write(services.change, command)
            with reading() as work:
                flash(say(_done(queries.get(work, booking_id))))
            return redirect(url_for("bookings.show", booking_id=booking_id), 303)
    with reading() as work:
        return render_template(
            "bookings/change.html",
            form=form,
            box=refusal_box(form),
            seen=seen,
            scopes=scopes(work, seen.booking),
            **repeat_choices(work),
            price=estimated(work, form, _as_typed(seen.booking, form)),
            before=shown_price(work, queries.charges_of(work, [seen.booking])[booking_id]),
            **_shared(work, form, work.actor.standing),
        ), form.status


def _done(booking: Booking) -> Sentence:
    if booking.status is BookingStatus.CONFIRMED and booking.lapses_at is not None:
        return Sentence(
            marked(
                "Votre demande de changement est partie. D'ici la réponse, la réservation reste"
                " confirmée comme elle est, et la nouvelle place est gardée."
            )
        )
    return Sentence(marked("C'est changé. Les personnes concernées sont prévenues."))


def _values_of(seen: Shown) -> dict[str, Any]:
    booking = seen.booking
    place = ZoneInfo(booking.timezone)
    start, end = (
        m.astimezone(place).replace(tzinfo=None) for m in (booking.starts_at, booking.ends_at)
    )
    rows = [Row(str(line.resource_id), str(line.quantity)) for line in booking.lines]
    if booking.all_day:
        end -= timedelta(days=1)
    return as_values(start, end, rows) | {
        "title": booking.title,
        "note": booking.note,
        "people": str(booking.people or ""),
        "all_day": "1" if booking.all_day else "",
        "version": str(booking.version),
    }


def _as_typed(booking: Booking, form: Form) -> Change | None:
    """Return the change a form says as it stands; None while it makes no sense."""
    schema = ChangeFormSchema()
    values = {name: value for name, value in form.values.items() if name in schema.fields}
    kept = {name: value for name, value in values.items() if value not in ("", None)}
    try:
        return _change(booking.id, schema.load(kept | {"version": booking.version}))
    except (CoopShareError, ValidationError):
        return None


def _change(booking_id: UUID, data: dict[str, Any]) -> Change:
    schema = ChangeFormSchema()
    times: LocalTimes = schema.times_of(data)
    return Change(
        booking_id=booking_id,
        version=data["version"],
        title=data["title"],
        note=data["note"],
        lines=schema.lines_of(data),
        span=times,
        all_day=times.all_day,
        people=data["people"],
        told=frozenset(data["told"].split()),
    )
