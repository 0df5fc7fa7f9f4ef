"""Handing over by phone: the things of a booking, taking, giving back, what a label opens."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from coopshare.bookings import queries
from coopshare.bookings.handing import queries as handing
from coopshare.bookings.handing import services
from coopshare.bookings.handing.commands import Collect, GiveBack, Part
from coopshare.bookings.handing.models import Condition, HandOverKind
from coopshare.bookings.handing.panels import Panel, panel
from coopshare.bookings.handing.schemas import (
    ON_LEAVING,
    FreeFormSchema,
    ReportFormSchema,
    form_schema,
)
from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.bookings.policies import Permission, allow, visible
from coopshare.bookings.queries import Shown
from coopshare.db.work import Work
from coopshare.holds.commands import OpenMaintenance
from coopshare.holds.models import MaintenanceReason
from coopshare.kernel.localtime import day_span
from coopshare.kernel.text import marked
from coopshare.resources import queries as catalogue
from coopshare.resources.models import Resource
from coopshare.resources.services import MOST_BYTES, is_managed_by
from coopshare.web.context import actor, reading
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, ngettext, present
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

blueprint = Blueprint("handing", __name__)

CONDITIONS: Mapping[str, str] = {
    Condition.GOOD: marked("Bon état"),
    Condition.WORN: marked("Usé"),
    Condition.DAMAGED: marked("Abîmé"),
    Condition.MISSING: marked("Manquant"),
}
KINDS: Mapping[str, str] = {
    HandOverKind.COLLECTED: marked("Départ"),
    HandOverKind.RETURNED: marked("Retour"),
}
MOST_TODAY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A booking of a labelled thing that concerns the reader now."""

    seen: Shown
    to_collect: int
    out: int
    is_late: bool


@blueprint.get("/remises")
@requires(Permission.READ)
def index() -> ResponseReturnValue:
    """List what is out, what is late, and what leaves today."""
    with reading() as work:
        found = handing.out(work)
        today = _today(work)
        bookings = {one.booking.id: one.booking for one in found} | {b.id: b for b in today}
        seen = {one.booking.id: one for one in queries.shown(work, list(bookings.values()))}
        sums = handing.tallies(work, today, queries.resources_of(work, today))
        leaving = [
            (seen[b.id], sum(t.to_collect for t in sums[b.id].values()))
            for b in today
            if any(t.to_collect for t in sums[b.id].values())
        ]
        return render_template(
            "handing/index.html",
            late=[(one, seen[one.booking.id]) for one in found if one.is_late(work.now)],
            out=[(one, seen[one.booking.id]) for one in found if not one.is_late(work.now)],
            leaving=leaving,
            actor_may=Permission.HAND_OVER,
        )


def _today(work: Work, resource_id: UUID | None = None) -> list[Booking]:
    """Return the confirmed bookings of the local day, with things that are handed over."""
    place = ZoneInfo(work.actor.timezone)
    day = day_span(work.now.astimezone(place).date(), place)
    over = [
        one.id
        for one in catalogue.catalogue(work).resources.values()
        if one.hand_over and resource_id in {None, one.id}
    ]
    if not over:
        return []
    query = (
        select(Booking)
        .where(
            visible(work.actor),
            Booking.status == BookingStatus.CONFIRMED,
            Booking.starts_at < day.end,
            Booking.ends_at > work.now,
            Booking.id.in_(select(BookingLine.booking_id).where(BookingLine.resource_id.in_(over))),
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST_TODAY)
    )
    return list(work.session.scalars(query))


@blueprint.get("/reservations/<uuid:booking_id>/remise")
@requires(Permission.HAND_OVER)
def show(booking_id: UUID) -> ResponseReturnValue:
    """Show where the things of a booking are, and what one can do now: for one thumb."""
    with reading() as work:
        seen, found = _panel(work, booking_id)
        allow(work.actor, Permission.HAND_OVER, seen.stake)
        return render_template(
            "handing/show.html",
            seen=seen,
            handing=found,
            conditions=CONDITIONS,
            kinds=KINDS,
            key=secrets.token_urlsafe(16),
            may_leave=seen.booking.status is BookingStatus.CONFIRMED
            and seen.booking.ends_at > work.now,
        )


def _panel(work: Work, booking_id: UUID) -> tuple[Shown, Panel]:
    (seen,) = queries.shown(work, [queries.get(work, booking_id)])
    return seen, panel(work, seen)


@blueprint.route("/reservations/<uuid:booking_id>/retirer", methods=["GET", "POST"])
@requires(Permission.HAND_OVER)
def collect(booking_id: UUID) -> ResponseReturnValue:
    """Note what leaves, in which state."""
    return _form(booking_id, HandOverKind.COLLECTED)


@blueprint.route("/reservations/<uuid:booking_id>/rendre", methods=["GET", "POST"])
@requires(Permission.HAND_OVER)
def give_back(booking_id: UUID) -> ResponseReturnValue:
    """Note what comes back, in which state, and what is missing."""
    return _form(booking_id, HandOverKind.RETURNED)


def _form(booking_id: UUID, kind: HandOverKind) -> ResponseReturnValue:
    with reading() as work:
        seen, found = _panel(work, booking_id)
        allow(work.actor, Permission.HAND_OVER, seen.stake)
    only = request.args.get("chose", "")
    lines = [one for one in found.lines if only in {"", str(one.resource.id)}]
    counts = {
        str(one.resource.id): one.tally.to_collect
        if kind is HandOverKind.COLLECTED
        else one.tally.out
        for one in lines
    }
    keys = [key for key, count in counts.items() if count or request.method == "POST"]
    initial: dict[str, Any] = {}
    for number, key in enumerate(keys):
        initial |= {f"good_{number}": str(counts[key]), f"state_{number}": str(Condition.GOOD)}
    form = Form(form_schema(kind, keys), initial)
    if form.is_submitted:
        with form.refusals():
            _act(booking_id, kind, keys, form.load())
            return redirect(url_for("handing.show", booking_id=booking_id), 303)
    states = ON_LEAVING if kind is HandOverKind.COLLECTED else tuple(Condition)
    return render_template(
        "handing/form.html",
        form=form,
        seen=seen,
        kind=kind,
        only=only,
        now=present(),
        rows=[
            (number, next(one for one in lines if str(one.resource.id) == key), counts[key])
            for number, key in enumerate(keys)
        ],
        states=[(str(state), gettext(CONDITIONS[state])) for state in states],
    ), form.status


def _act(booking_id: UUID, kind: HandOverKind, keys: list[str], data: dict[str, Any]) -> None:
    states = ON_LEAVING if kind is HandOverKind.COLLECTED else tuple(Condition)
    parts: list[Part] = []
    for number, key in enumerate(keys):
        chosen = data[f"state_{number}"]
        counts = {state: data[f"{state}_{number}"] for state in states}
        if "state_" + str(number) in request.form:
            counts = {Condition(chosen): 1} if chosen else {}
        parts += [
            Part(resource_id=UUID(key), quantity=count, state=state)
            for state, count in counts.items()
            if count
        ]
    sent = request.files.get("photo")
    photo = sent.stream.read(MOST_BYTES + 1) if sent and sent.filename else b""
    if kind is HandOverKind.COLLECTED:
        once(
            services.collect,
            Collect(booking_id=booking_id, parts=_some(parts), note=data["note"], photo=photo),
        )
        flash(gettext("C'est noté : le matériel est parti."), "success")
        return
    once(
        services.give_back,
        GiveBack(
            booking_id=booking_id,
            parts=_some(parts),
            note=data["note"],
            photo=photo,
            release=data["release"],
        ),
    )
    flash(_returned(parts, is_freed=data["release"]), "success")


def _some(parts: list[Part]) -> tuple[Part, ...]:
    """Return the parts; one of none where nothing was chosen, which the verb refuses in words."""
    return tuple(parts) or (Part(resource_id=UUID(int=0), quantity=0),)


def _returned(parts: list[Part], *, is_freed: bool) -> str:
    broken = sum(part.quantity for part in parts if part.state in services.REASONS)
    said = gettext("C'est noté : le matériel est rendu.")
    if broken:
        said = ngettext(
            "C'est noté. %(num)d unité est mise hors service ; les personnes qui gèrent sont"
            " prévenues.",
            "C'est noté. %(num)d unités sont mises hors service ; les personnes qui gèrent sont"
            " prévenues.",
            broken,
        )
    if is_freed:
        freed = gettext("La fin de la réservation est libérée.")
        said = f"{said} {freed}"
    return str(said)


@blueprint.post("/reservations/<uuid:booking_id>/liberer")
@requires(Permission.HAND_OVER)
def free(booking_id: UUID) -> ResponseReturnValue:
    """Give up the rest of a booking whose things are all back."""
    form = Form(FreeFormSchema())
    with form.refusals():
        form.load()
        once(services.give_back, GiveBack(booking_id=booking_id, release=True))
        flash(gettext("La fin de la réservation est libérée. Merci pour les suivants."), "success")
        return redirect(url_for("bookings.show", booking_id=booking_id), 303)
    for sentence in form.general:
        flash(sentence, "error")
    return redirect(url_for("handing.show", booking_id=booking_id), 303)


@blueprint.get("/reservations/<uuid:booking_id>/bordereau")
@requires(Permission.READ)
def sheet(booking_id: UUID) -> ResponseReturnValue:
    """Show the sheet of a hand-over, to print and sign."""
    with reading() as work:
        seen, found = _panel(work, booking_id)
        return render_template(
            "handing/sheet.html", seen=seen, handing=found, conditions=CONDITIONS, now=work.now
        )


@blueprint.get("/remises/photos/<uuid:hand_over_photo_id>")
@requires(Permission.PHOTO)
def photo(hand_over_photo_id: UUID) -> Response:
    """Give a picture taken when things changed hands, to those concerned."""
    return _picture(hand_over_photo_id, is_small=False)


@blueprint.get("/remises/photos/<uuid:hand_over_photo_id>/vignette")
@requires(Permission.PHOTO)
def thumbnail(hand_over_photo_id: UUID) -> Response:
    """Give such a picture in small."""
    return _picture(hand_over_photo_id, is_small=True)


def _picture(photo_id: UUID, *, is_small: bool) -> Response:
    with reading() as work:
        content_type, content = handing.photo(work, photo_id, is_small=is_small)
    response = make_response(content)
    response.content_type = content_type
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/etiquette/<code>")
@requires(Permission.READ)
def label(code: str) -> ResponseReturnValue:
    """Say what the reader can do with a labelled thing now."""
    with reading() as work:
        resource = catalogue.labelled(work, code)
        return _labelled(work, resource, code, Form(ReportFormSchema()))


def _labelled(work: Work, resource: Resource, code: str, form: Form) -> ResponseReturnValue:
    today = _today(work, resource.id)
    outside = {one.booking.id: one for one in handing.out(work, resource_ids=[resource.id])}
    bookings = {b.id: b for b in (*(o.booking for o in outside.values()), *today)}
    sums = handing.tallies(
        work, list(bookings.values()), queries.resources_of(work, bookings.values())
    )
    found = []
    for seen in queries.shown(work, list(bookings.values())):
        tally = sums[seen.booking.id].get(resource.id)
        if tally is None or not seen.may("bookings:hand_over"):
            continue
        may_leave = seen.booking.ends_at > work.now
        found.append(
            Candidate(
                seen=seen,
                to_collect=tally.to_collect if may_leave else 0,
                out=tally.out,
                is_late=tally.out > 0 and not may_leave,
            )
        )
    is_manager = is_managed_by(work.actor, resource)
    return render_template(
        "handing/label.html",
        resource=resource,
        code=code,
        candidates=sorted(found, key=lambda one: (not one.out, one.seen.booking.starts_at)),
        is_manager=is_manager,
        may_report=resource.hand_over and (is_manager or bool(_reporting(found))),
        form=form,
    ), form.status


def _reporting(found: list[Candidate]) -> list[Candidate]:
    """Return the bookings in which the reader may say that something is wrong."""
    who = actor().organisation_id
    return [one for one in found if one.seen.booking.organisation_id == who and not one.is_late]


@blueprint.post("/etiquette/<code>/signaler")
@requires(Permission.READ)
def report(code: str) -> ResponseReturnValue:
    """Say that some of a labelled thing is damaged or missing."""
    form = Form(ReportFormSchema())
    with reading() as work:
        resource = catalogue.labelled(work, code)
        mine = [
            b for b in _today(work, resource.id) if b.organisation_id == work.actor.organisation_id
        ]
        booking_id = None if is_managed_by(work.actor, resource) or not mine else mine[0].id
    with form.refusals():
        data = form.load()
        command = OpenMaintenance(
            resource_id=resource.id,
            quantity=data["quantity"],
            reason=MaintenanceReason(data["reason"]),
            note=data["note"],
            noticed_in=booking_id,
        )
        once(services.report, command)
        flash(
            gettext(
                "Merci. C'est mis hors service tout de suite, et les personnes qui gèrent sont"
                " prévenues."
            ),
            "success",
        )
        return redirect(url_for("handing.label", code=code), 303)
    with reading() as work:
        return _labelled(work, catalogue.labelled(work, code), code, form)
