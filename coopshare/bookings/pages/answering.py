"""What waits for whoever asks; answering a request, proposing something else, accepting that.

Nothing here acts when it is read: a mail leads to a page, and its button acts.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.bookings import queries, services
from coopshare.bookings.commands import Answer, DecideSeries, LocalTimes, Propose
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.pages.form import (
    Row,
    as_values,
    bookable,
    options,
    refusal_box,
    said_tariffs,
    typed_rows,
)
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.pages.shapes import DecideFormSchema, ProposeFormSchema
from coopshare.bookings.policies import Permission, allow
from coopshare.bookings.queries import Shown
from coopshare.bookings.requests import Request, request
from coopshare.bookings.schemas import AcceptFormSchema, VersionFormSchema
from coopshare.bookings.states import STATES
from coopshare.db.work import Work
from coopshare.kernel.errors import CoopShareError
from coopshare.kernel.localtime import AmbiguousTime
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import cooperative
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import say
from coopshare.web.idempotency import once
from coopshare.web.inbox import SOURCES
from coopshare.web.permissions import requires


@blueprint.get("/a-traiter")
@requires(Permission.READ)
def to_decide() -> ResponseReturnValue:
    """Show all that waits for whoever asks: each kind under its own heading."""
    form = Form(VersionFormSchema())
    with reading() as work:
        found = [(source, source.load(work)) for source in SOURCES]
        return render_template(
            "bookings/to_decide.html",
            form=form,
            key_of=lambda one: f"{form.key}-{one.id}",
            sections=[pair for pair in found if pair[1]],
            currency=cooperative(work).currency,
        )


@blueprint.get("/reservations/<uuid:booking_id>/repondre")
@requires(Permission.DECIDE)
def request_page(booking_id: UUID) -> ResponseReturnValue:
    """Show a request with all it takes to answer it: where the mail leads."""
    return _request_page(booking_id, Form(DecideFormSchema()))


def _request_page(booking_id: UUID, form: Form) -> ResponseReturnValue:
    with reading() as work:
        booking = queries.get(work, booking_id)
        seen, asked = queries.shown(work, [booking])[0], request(work, booking)
        _allow_to_decide(work, seen, asked)
        return render_template(
            "bookings/request.html",
            form=form,
            seen=seen,
            asked=asked,
            states=STATES,
            changed=_changed(work, booking_id) if asked.mine else None,
            tariffs=said_tariffs(queries.tariffs_of(work, [seen])[booking.id]),
            currency=cooperative(work).currency,
        ), form.status


def _allow_to_decide(work: Work, seen: Shown, asked: Request) -> None:
    """Raise `Forbidden` for who decides on nothing of it, nor of the change that is asked for."""
    if not any(one.is_mine for one in asked.decisions):
        allow(work.actor, Permission.DECIDE, seen.stake)


def _changed(work: Work, booking_id: UUID) -> Sentence | None:
    """Say what stands in the way of a request today, before anybody tries to accept it."""
    try:
        services.check_answer(work, booking_id)
    except CoopShareError as error:
        return error.sentence
    return None


@blueprint.post("/reservations/<uuid:booking_id>/accepter")
@requires(Permission.DECIDE)
def approve(booking_id: UUID) -> ResponseReturnValue:
    """Say yes to a request."""
    return _decide(booking_id, services.approve_series, _agreed)


@blueprint.post("/reservations/<uuid:booking_id>/refuser")
@requires(Permission.DECIDE)
def refuse(booking_id: UUID) -> ResponseReturnValue:
    """Say no to a request, with a reason."""
    said = Sentence(marked("Demande refusée. La personne qui a demandé est prévenue."))
    return _decide(booking_id, services.refuse_series, lambda _booking: said)


def _decide(
    booking_id: UUID,
    verb: Callable[[Work, DecideSeries], Booking],
    said: Callable[[Booking], Sentence],
) -> ResponseReturnValue:
    form = Form(DecideFormSchema())
    with form.refusals():
        once(verb, DecideSeries(booking_id=booking_id, **form.load()))
        with reading() as work:
            flash(say(said(queries.get(work, booking_id))))
        return redirect(url_for("bookings.to_decide"), 303)
    return _request_page(booking_id, form)


def _agreed(booking: Booking) -> Sentence:
    if booking.status is BookingStatus.PENDING:
        return Sentence(
            marked("Votre accord est noté. D'autres personnes ont encore à donner le leur.")
        )
    return Sentence(marked("Demande acceptée. La personne qui a demandé est prévenue."))


@blueprint.route("/reservations/<uuid:booking_id>/proposer", methods=["GET", "POST"])
@requires(Permission.DECIDE)
def propose(booking_id: UUID) -> ResponseReturnValue:
    """Offer another time, or other things, to who asked."""
    with reading() as work:
        booking = queries.get(work, booking_id)
        seen, asked = queries.shown(work, [booking])[0], request(work, booking)
        _allow_to_decide(work, seen, asked)
        form = Form(ProposeFormSchema(), _values_of(booking, asked))
    if form.is_submitted:
        with form.refusals():
            command = _proposal(booking_id, form.load())
            once(services.propose, command)
            flash(
                say(
                    Sentence(
                        marked(
                            "Votre proposition est partie. Sa place est gardée jusqu'à la réponse."
                        )
                    )
                )
            )
            return redirect(url_for("bookings.to_decide"), 303)
    with reading() as work:
        return render_template(
            "bookings/propose.html",
            form=form,
            box=refusal_box(form),
            seen=seen,
            asked=asked,
            rows=typed_rows(form),
            options=options(bookable(work)),
            asks_which=isinstance(form.refusal, AmbiguousTime) or bool(form.value("which")),
        ), form.status


def _values_of(booking: Booking, asked: Request) -> dict[str, Any]:
    row = asked.wish or booking
    place = ZoneInfo(row.timezone)
    start, end = (m.astimezone(place).replace(tzinfo=None) for m in (row.starts_at, row.ends_at))
    if row.all_day:
        end -= timedelta(days=1)
    rows = [Row(str(line.resource_id), str(line.quantity)) for line in booking.lines]
    if asked.wish is not None:
        rows = [Row(str(resource.id), str(quantity)) for resource, quantity in asked.offered]
    return as_values(start, end, rows) | {
        "all_day": "1" if row.all_day else "",
        "version": str(booking.version),
    }


def _proposal(booking_id: UUID, data: dict[str, Any]) -> Propose:
    schema = ProposeFormSchema()
    times: LocalTimes = schema.times_of(data)
    return Propose(
        booking_id=booking_id,
        version=data["version"],
        lines=schema.lines_of(data),
        span=times,
        note=data["note"],
    )


@blueprint.get("/reservations/<uuid:booking_id>/proposition")
@requires(Permission.ANSWER)
def proposal(booking_id: UUID) -> ResponseReturnValue:
    """Show what is proposed instead of what one asked for: where the mail leads."""
    return _proposal_page(booking_id, Form(VersionFormSchema()))


def _proposal_page(booking_id: UUID, form: Form) -> ResponseReturnValue:
    with reading() as work:
        booking = queries.get(work, booking_id)
        seen = queries.shown(work, [booking])[0]
        allow(work.actor, Permission.ANSWER, seen.stake)
        return render_template(
            "bookings/proposal.html",
            form=form,
            seen=seen,
            asked=request(work, booking),
            states=STATES,
        ), form.status


@blueprint.post("/reservations/<uuid:booking_id>/proposition/accepter")
@requires(Permission.ANSWER)
def accept(booking_id: UUID) -> ResponseReturnValue:
    """Take what is proposed."""
    form = Form(AcceptFormSchema())
    with form.refusals():
        command = Answer(booking_id=booking_id, **form.load())
        once(services.accept_proposal, command)
        with reading() as work:
            is_done = queries.get(work, booking_id).status is BookingStatus.CONFIRMED
        sentence = (
            marked("C'est réservé, au moment et avec ce qui vous étaient proposés.")
            if is_done
            else marked("C'est noté. D'autres personnes ont encore à donner leur accord.")
        )
        flash(say(Sentence(sentence)))
        return redirect(url_for("bookings.show", booking_id=booking_id), 303)
    return _proposal_page(booking_id, form)


@blueprint.post("/reservations/<uuid:booking_id>/proposition/decliner")
@requires(Permission.ANSWER)
def decline(booking_id: UUID) -> ResponseReturnValue:
    """Do without what is proposed."""
    form = Form(VersionFormSchema())
    with form.refusals():
        once(services.decline_proposal, Answer(booking_id=booking_id, **form.load()))
        flash(say(Sentence(marked("C'est décliné. Les personnes qui décident sont prévenues."))))
        return redirect(url_for("bookings.show", booking_id=booking_id), 303)
    return _proposal_page(booking_id, form)
