"""The first page, which answers "what is free?", and the closures of those who manage."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from coopshare.db.work import Work
from coopshare.holds import queries, services
from coopshare.holds.commands import LiftMaintenance, OpenMaintenance
from coopshare.holds.models import MaintenanceReason
from coopshare.holds.policies import Permission, may_close
from coopshare.holds.queries import Answer, Wish
from coopshare.holds.schemas import (
    ClosureFormSchema,
    LiftFormSchema,
    MaintenanceFormSchema,
    SearchSchema,
)
from coopshare.holds.services import Close
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import Forbidden, Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, to_utc
from coopshare.kernel.text import marked
from coopshare.members.queries import people
from coopshare.resources import queries as catalogue
from coopshare.resources.kinds import FEATURES, TARIFF_UNITS
from coopshare.resources.models import Resource
from coopshare.resources.queries import ResourceFilter
from coopshare.resources.services import is_managed_by
from coopshare.web.context import actor, reading
from coopshare.web.errors import flattened
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, present
from coopshare.web.idempotency import once
from coopshare.web.permissions import public, requires

blueprint = Blueprint("holds", __name__)

FIELDS = {"from": "jour", "to": "fin", "duration": "duree", "starts_at": "de", "ends_at": "a"}
"""Names of the search's values -> blanks of the sentence."""
DURATIONS = (30, 60, 90, 120, 180, 240, 360, 480, 1440, 2880, 7200)
A_WEEK = timedelta(days=6)
FIRST_HOUR, LAST_HOUR = 8, 17
SHOWN_OTHERS = 60
TOO_LATE = marked("Le dernier jour vient avant le premier.")
PASSED = marked("Ce moment est déjà passé : choisissez-en un autre.")


@blueprint.get("/")
@public
def search() -> ResponseReturnValue:
    """Say what is free, to people who are logged in; else say what this is."""
    who = actor()
    if who.cooperative_id is None:
        return render_template("holds/welcome.html")
    place = ZoneInfo(who.timezone)
    form = Form(SearchSchema(), initial=usual(present(), place) | typed())
    found, wish = Answer(), None
    with form.refusals():
        wish = wish_of(load(form), place, present())
    with reading() as work:
        if wish is not None:
            found = queries.answer(work, wish)
        shown = [offer.resource for offer in (*found.free, *found.nearly)]
        html = render_template(
            "holds/search.html",
            form=form,
            wish=wish,
            found=found,
            others=found.others[:SHOWN_OTHERS],
            prices=prices(work, shown, who),
            photos=queries.photos(work, shown),
            features=[(code, gettext(word)) for code, word in FEATURES.items()],
            feature_words=FEATURES,
            durations=DURATIONS,
            book_address=partial(book_address, people=wish.min_capacity if wish else None),
            currency=queries.currency(work),
            local=lambda moment: f"{moment.astimezone(place):%Y-%m-%dT%H:%M}",
            has_resources=bool(found.free or found.nearly or found.others)
            or bool(catalogue.search(work, ResourceFilter())),
        )
    return html, form.status


def usual(now: datetime, place: ZoneInfo) -> dict[str, Any]:
    """Return what the sentence says before anybody filled it in: the coming hours of work."""
    local = now.astimezone(place)
    day, hour = local.date(), max(local.hour + 1, FIRST_HOUR)
    if hour > LAST_HOUR:
        day, hour = day + timedelta(days=1), FIRST_HOUR + 1
    return {
        "jour": day.isoformat(),
        "de": f"{hour:02}:00",
        "a": f"{hour + 2:02}:00",
        "personnes": "",
        "quantite": "1",
        "avec": [],
    }


def typed() -> dict[str, Any]:
    """Return what the address says, blanks of the sentence only."""
    known = SearchSchema().fields
    found: dict[str, Any] = {name: v for name, v in request.args.items() if name in known}
    if found:
        found["avec"] = request.args.getlist("avec")
    return found


def load(form: Form) -> dict[str, Any]:
    """Return the blanks as values; raises `Invalid`, blank by blank."""
    given = {name: value for name, value in form.values.items() if value != ""}
    try:
        loaded: dict[str, Any] = form.schema.load(given)
    except ValidationError as error:
        raise Invalid(flattened(error.messages)) from error
    return loaded


def wish_of(found: Mapping[str, Any], place: ZoneInfo, now: datetime) -> Wish:
    """Return the wish the sentence makes; raises `Invalid` on its blanks."""
    try:
        return Wish(
            kind=found.get("quoi"),
            quantity=found["quantite"],
            min_capacity=found.get("personnes"),
            features=frozenset(found["avec"]),
            q=found["mot"],
            **_times(found, place, now),
        )
    except Invalid as error:
        error.fields = {FIELDS.get(name, name): said for name, said in error.fields.items()}
        raise


def _times(found: Mapping[str, Any], place: ZoneInfo, now: datetime) -> dict[str, Any]:
    first: date = found["jour"]
    if found.get("duree") is not None:
        last = found.get("fin") or first + A_WEEK
        start = to_utc(
            datetime.combine(first, found["de"]), place, which=found.get("laquelle"), field="de"
        )
        end = day_span(last, place).end
        if end <= max(start, now):
            raise Invalid.field("jour", PASSED if end <= now else TOO_LATE)
        start = max(start, now.replace(second=0, microsecond=0) + timedelta(minutes=1))
        return {"window": Interval(start, end), "duration": found["duree"]}
    span = local_span(
        first, found["de"], found.get("fin") or first, found["a"], place, found.get("laquelle")
    )
    if span.start < now:
        raise Invalid.field("jour", PASSED)
    return {"span": span}


def local_span(
    day: date, starts: time, last_day: date, ends: time, place: ZoneInfo, which: Any = None
) -> Interval:
    """Return the span between two local moments; an end at 0 h is the end of its day."""
    if ends == time(0):
        last_day, ends = last_day + timedelta(days=1), time(0)
    start = to_utc(datetime.combine(day, starts), place, which=which, field="de")
    end = to_utc(datetime.combine(last_day, ends), place, which=which, field="a")
    if end <= start:
        raise Invalid.field("a", marked("La fin doit venir après le début."))
    return Interval(start, end)


def prices(work: Work, resources: Sequence[Resource], who: Actor) -> dict[UUID, list[Any]]:
    """Return what each resource costs the actor's organisation: (cents, for what, note).

    What holds always comes before what holds at some hours, on some days or beyond some amount.
    """
    found: dict[UUID, list[Any]] = {resource.id: [] for resource in resources}
    tariffs = queries.tariffs(work, [resource.id for resource in resources])
    for resource_id, lines in tariffs.items():
        mine = [t for t in lines if t.standing is not None and t.standing == who.standing]
        asked = mine or [t for t in lines if t.standing is None]
        asked.sort(key=lambda t: (t.opens is not None, bool(t.weekdays), t.beyond, t.position))
        found[resource_id] = [(t.cents, gettext(TARIFF_UNITS[t.unit]), t.note) for t in asked]
    return found


def book_address(
    resource: Resource, span: Interval, quantity: int, people: int | None = None
) -> str:
    """Return the address of the booking form, filled in."""
    place = ZoneInfo(resource.timezone)
    start, end = (moment.astimezone(place) for moment in (span.start, span.end))
    return f"{request.script_root}/reserver?" + "&".join(
        (
            f"ressource={resource.id}",
            f"du={start:%Y-%m-%dT%H:%M}",
            f"au={end:%Y-%m-%dT%H:%M}",
            f"quantite={quantity}",
            *([f"personnes={people}"] if people else []),
        )
    )


@blueprint.route("/administration/fermetures", methods=["GET", "POST"])
@requires(Permission.CLOSE)
def closures() -> ResponseReturnValue:
    """List the closures to come, and close."""
    who = actor()
    if not may_close(who):
        raise Forbidden
    form = Form(ClosureFormSchema())
    if form.is_submitted:
        with form.refusals():
            once(services.close, command_of(form.load(), who))
            flash(
                gettext("C'est fermé. Personne ne peut plus réserver pendant ce temps."), "success"
            )
            return redirect(url_for("holds.closures"), 303)
    with reading() as work:
        html = render_template(
            "holds/closures.html",
            form=form,
            closures=[
                (line, Interval(line.closure.starts_at, line.closure.ends_at))
                for line in queries.closures(work, since=work.now)
            ],
            closable=[
                (str(resource.id), resource.name)
                for resource in catalogue.search(work, ResourceFilter(with_unlisted=True))
                if is_managed_by(who, resource)
            ],
        )
    return html, form.status


def command_of(found: Mapping[str, Any], who: Actor) -> Close:
    """Return the closure a form asks for: whole local days unless it gives hours."""
    place = ZoneInfo(who.timezone)
    first, last = found["day"], found.get("last_day") or found["day"]
    starts, ends = found.get("starts_at") or time(0), found.get("ends_at") or time(0)
    try:
        span = local_span(first, starts, last, ends, place, "first")
    except Invalid as error:
        names = {"de": "starts_at", "a": "ends_at"}
        error.fields = {names.get(name, name): said for name, said in error.fields.items()}
        raise
    return Close(
        resource_ids=tuple(found["resource_ids"]),
        span=span,
        timezone=who.timezone,
        reason=found["reason"],
    )


@blueprint.post("/administration/fermetures/<uuid:closure_id>/lever")
@requires(Permission.CLOSE)
def lift(closure_id: UUID) -> ResponseReturnValue:
    """Give up a closure."""
    once(services.lift, closure_id)
    flash(gettext("La fermeture est levée : on peut de nouveau réserver."), "success")
    return redirect(url_for("holds.closures"), 303)


REASONS: Mapping[MaintenanceReason, str] = {
    MaintenanceReason.DAMAGED: marked("Abîmé"),
    MaintenanceReason.MISSING: marked("Manquant"),
    MaintenanceReason.UPKEEP: marked("Entretien prévu"),
}


@blueprint.route("/administration/hors-service", methods=["GET", "POST"])
@requires(Permission.CLOSE)
def maintenances() -> ResponseReturnValue:
    """List what is out of use with the bookings that lack it, and put more out of use."""
    who = actor()
    if not may_close(who):
        raise Forbidden
    form = Form(MaintenanceFormSchema())
    if form.is_submitted:
        with form.refusals():
            once(services.open_maintenance, OpenMaintenance(**form.load()))
            flash(gettext("C'est hors service : plus personne ne peut le réserver."), "success")
            return redirect(url_for("holds.maintenances"), 303)
    with reading() as work:
        known = catalogue.catalogue(work).resources
        mine = {key: one for key, one in known.items() if is_managed_by(who, one)}
        standing = [one for one in queries.maintenances(work) if one.resource_id in mine]
        lacks = {
            key: queries.lacking(work, mine[key]) for key in {one.resource_id for one in standing}
        }
        html = render_template(
            "holds/maintenances.html",
            form=form,
            rows=[(one, mine[one.resource_id], lacks[one.resource_id]) for one in standing],
            names=names_of(work, {one.opened_by for one in standing}),
            reasons=REASONS,
            reason_choices=[(str(key), gettext(said)) for key, said in REASONS.items()],
            usable=[
                (str(one.id), one.name)
                for one in mine.values()
                if one.is_listed and not catalogue.parts_and_wholes(work)[0].get(one.id)
            ],
            keys=[f"{form.key}-{number}" for number in range(len(standing))],
        )
    return html, form.status


def names_of(work: Work, person_ids: Collection[UUID | None]) -> dict[UUID, str]:
    """Return the names of people by id."""
    return {key: one.name for key, one in people(work, {p for p in person_ids if p}).items()}


@blueprint.post("/administration/hors-service/<uuid:maintenance_id>/remettre")
@requires(Permission.CLOSE)
def lift_maintenance(maintenance_id: UUID) -> ResponseReturnValue:
    """Say that it works again, or was found."""
    form = Form(LiftFormSchema())
    command = LiftMaintenance(maintenance_id=maintenance_id, note=form.load()["note"])
    once(services.lift_maintenance, command)
    flash(gettext("C'est de nouveau en service : on peut le réserver."), "success")
    return redirect(url_for("holds.maintenances"), 303)
