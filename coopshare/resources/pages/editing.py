"""Declaring a resource from a typical one, and changing all there is to say of it."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.db.work import Work
from coopshare.kernel.dates import DAYS, say_duration
from coopshare.kernel.text import marked
from coopshare.members import queries as members
from coopshare.members.kinds import STANDINGS, ZONES
from coopshare.resources import queries, services
from coopshare.resources.commands import Change, Create
from coopshare.resources.kinds import FEATURES, RESOURCE_KINDS, TARIFF_UNITS, ResourceKind
from coopshare.resources.models import Resource
from coopshare.resources.pages.routes import blueprint
from coopshare.resources.pages.sections import lines, sections
from coopshare.resources.pages.shapes import LINES, FullSchema, NewSchema, initial_of
from coopshare.resources.policies import Permission, administers, allow
from coopshare.resources.queries import ResourceFilter
from coopshare.resources.templates_of_goods import GOODS
from coopshare.web.context import actor, reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, language
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

DURATIONS = (15, 30, 60, 120, 180, 240, 480, 1440, 2880, 10080)
NOTICES = (60, 120, 240, 1440, 2880, 4320, 10080)
WAITING = (60, 120, 240, 480, 1440, 2880, 4320, 10080)
CHECK_INS = (5, 10, 15, 20, 30, 45, 60)
OPTIONS = (240, 480, 1440, 2880, 4320, 10080, 20160, 43200)
DELAYS = (240, 1440, 2880, 4320, 7200, 10080)
HORIZONS = (7, 14, 30, 60, 90, 180, 365)
ICONS = {"place": "room", "equipment": "equipment", "service": "service", "person": "person"}
STEPS = (5, 10, 15, 30, 60)


@blueprint.route("/ressources/nouvelle", methods=["GET", "POST"])
@requires(Permission.EDIT)
def new() -> ResponseReturnValue:
    """Pick a typical good, then say its name, its place and how many."""
    code = request.values.get("modele", "")
    good = next((one for one in GOODS if one.code == code), None)
    start: dict[str, Any] = {"owner_id": str(actor().organisation_id or "")}
    if good is not None:
        start |= {"name": gettext(good.name), "kind": good.kind.value, "modele": good.code}
        start |= {field: str(good.values.get(field, "")) for field in ("capacity", "quantity")}
    form = Form(NewSchema(), initial=start)
    if form.is_submitted:
        with form.refusals():
            data = form.load()
            values = dict(good.values) if good else {}
            values |= {
                name: data[name] for name in ("location", "capacity", "quantity", "description")
            }
            command = Create(
                name=data["name"],
                kind=data["kind"],
                owner_id=data["owner_id"],
                values=values | {"manager_id": _manager(data["owner_id"])},
            )
            made = once(services.create, command)
            flash(
                gettext("C'est au catalogue. Ajoutez une photo, ou précisez les règles."), "success"
            )
            return redirect(url_for("resources.show", resource_id=made), 303)
    with reading() as work:
        allow(work.actor, Permission.EDIT)
        template = "resources/new.html" if good or form.is_submitted else "resources/pick.html"
        return render_template(
            template,
            form=form,
            goods=[(one.code, gettext(one.name), one.kind.value) for one in GOODS],
            icons=ICONS,
            kinds=_kinds(),
            owners=organisation_options(work),
        ), form.status


def _manager(owner_id: UUID) -> UUID:
    """Return who will look after it: whoever declares it, unless that is an administrator."""
    who = actor()
    return (
        owner_id if administers(who, None) or who.organisation_id is None else who.organisation_id
    )


@blueprint.route("/ressources/<uuid:resource_id>/modifier", methods=["GET", "POST"])
@requires(Permission.EDIT)
def edit(resource_id: UUID) -> ResponseReturnValue:
    """Change all there is to say of a resource."""
    with reading() as work:
        resource = queries.get(work, resource_id)
        allow(work.actor, Permission.EDIT, resource.manager_id)
        form = Form(FullSchema(), initial=initial_of(resource, _parts_of(work, resource)))
        unseen = _unseen(work, resource)
    if form.is_submitted:
        with form.refusals():
            values = form.load()
            for name in unseen:
                del values[name]
            command = Change(resource_id=resource_id, version=values.pop("version"), values=values)
            write(services.change, command)
            flash(gettext("La fiche est à jour."), "success")
            return redirect(url_for("resources.show", resource_id=resource_id), 303)
    with reading() as work:
        resource = queries.get(work, resource_id)
        return render_template(
            "resources/edit.html",
            form=form,
            resource=resource,
            photos=list(resource.photos),
            sections=sections(form, resource, _parts_of(work, resource)),
            **_choices(work, resource, form),
        ), form.status


@blueprint.post("/ressources/<uuid:resource_id>/retirer")
@requires(Permission.EDIT)
def withdraw(resource_id: UUID) -> ResponseReturnValue:
    """Take a resource out of the catalogue; its bookings stay."""
    write(services.remove, resource_id, _version())
    flash(gettext("La ressource n'est plus au catalogue. Ses réservations restent."), "success")
    return redirect(url_for("resources.show", resource_id=resource_id), 303)


@blueprint.post("/ressources/<uuid:resource_id>/proposer")
@requires(Permission.EDIT)
def offer(resource_id: UUID) -> ResponseReturnValue:
    """Put a resource back into the catalogue."""
    values = {"is_listed": True}
    write(services.change, Change(resource_id=resource_id, version=_version(), values=values))
    flash(gettext("La ressource est de nouveau au catalogue."), "success")
    return redirect(url_for("resources.show", resource_id=resource_id), 303)


def organisation_options(work: Work) -> list[tuple[str, str]]:
    """Return the member organisations, to choose from."""
    return [(str(m.organisation_id), m.organisation.name) for m in members.memberships(work)]


def _parts_of(work: Work, resource: Resource) -> list[Resource]:
    below, _ = queries.parts_and_wholes(work)
    return queries.get_many(work, below.get(resource.id, []))


def _unseen(work: Work, resource: Resource) -> list[str]:
    """Return what the form cannot show whole, and so leaves as it is."""
    joinable = {key for key, _ in _places_to_join(work, resource)}
    parts = {str(part.id) for part in _parts_of(work, resource)}
    is_shown = resource.kind == ResourceKind.PLACE and parts <= joinable
    unseen = [] if is_shown else ["parts"]
    is_plain = not any(t.beyond or t.weekdays or t.opens is not None for t in resource.tariffs)
    is_whole = is_plain and len(resource.tariffs) <= LINES
    return unseen if is_whole else [*unseen, "tariffs"]


def _places_to_join(work: Work, resource: Resource) -> list[tuple[str, str]]:
    return [
        (str(one.id), one.name)
        for one in queries.search(work, ResourceFilter(kind=ResourceKind.PLACE))
        if one.id != resource.id and services.is_managed_by(work.actor, one)
    ]


def _approver_options(work: Work, resource: Resource) -> list[tuple[str, str]]:
    """Return who may be named: the people of its manager and its owner, and those who are."""
    near = {resource.manager_id, resource.owner_id}
    named = {one.person_id for one in resource.approvers}
    found = {
        str(one.person_id): one.person.name
        for organisation_id in sorted(near)
        for one in members.affiliations(work, organisation_id=organisation_id)
    }
    people = members.people(work, named - {UUID(key) for key in found})
    found |= {str(key): person.name for key, person in people.items()}
    return sorted(found.items(), key=lambda pair: (pair[1], pair[0]))


def _version() -> int:
    text = request.args.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004


def _kinds() -> list[tuple[str, str]]:
    return [(kind.value, gettext(text)) for kind, text in RESOURCE_KINDS.items()]


def _durations(values: tuple[int, ...], now: int | None, scale: int = 1) -> list[tuple[str, str]]:
    kept = sorted({*values, *([now] if now else [])})
    return [(str(value), say_duration(value * scale, language())) for value in kept]


def _choices(work: Work, resource: Resource, form: Form) -> dict[str, Any]:
    return {
        "kinds": _kinds(),
        "owners": organisation_options(work),
        "zones": [
            (name, " – ".join((gettext(ZONES[name]), name)) if name in ZONES else name)
            for name in dict.fromkeys((*ZONES, resource.timezone))
        ],
        "features": [(code, gettext(text)) for code, text in FEATURES.items()],
        "places_to_join": []
        if "parts" in _unseen(work, resource)
        else _places_to_join(work, resource),
        "standing_options": [(str(code), gettext(text)) for code, text in STANDINGS.items()],
        "units": [(str(code), gettext(text)) for code, text in TARIFF_UNITS.items()],
        "days": list(enumerate(DAYS[language()])),
        "lines": [] if "tariffs" in _unseen(work, resource) else lines(form),
        "steps": _durations(STEPS, resource.step),
        "shortests": _durations(DURATIONS, resource.shortest),
        "longests": _durations(DURATIONS, resource.longest),
        "notices": _durations(NOTICES, resource.notice),
        "befores": _durations(DURATIONS[:5], resource.preparation_before),
        "afters": _durations(DURATIONS[:5], resource.preparation_after),
        "waiting_delays": _durations(WAITING, resource.waiting_delay or None),
        "check_ins": _durations(CHECK_INS, resource.check_in_within or None),
        "option_lengths": _durations(OPTIONS, resource.option_longest or None),
        "horizons": _durations(HORIZONS, resource.horizon, 1440),
        "aboves": _durations(DURATIONS, resource.approval_above),
        "delays": [
            *_durations(DELAYS, resource.approval_delay),
            ("0", gettext(marked("Jusqu'au début"))),
        ],
        "approver_options": _approver_options(work, resource),
        "everyone": gettext(marked("Tout le monde")),
    }
