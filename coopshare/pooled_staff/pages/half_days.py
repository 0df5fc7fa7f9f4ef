"""One half-day: planned by hand, looked at before it is kept, moved, called off."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, post_load

from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import to_utc, zone
from coopshare.kernel.text import marked
from coopshare.members.queries import cooperative
from coopshare.pooled_staff.commands import Assign, Reassign
from coopshare.pooled_staff.kinds import STATES, AssignmentState, Half
from coopshare.pooled_staff.models import Assignment, Employer, Worker
from coopshare.pooled_staff.pages.routes import blueprint
from coopshare.pooled_staff.policies import Permission, allow, allows
from coopshare.pooled_staff.queries import people
from coopshare.pooled_staff.queries import rota as queries
from coopshare.pooled_staff.queries.group import employer, members_of, sites, sites_of
from coopshare.pooled_staff.rules import StintKind
from coopshare.pooled_staff.services import rota
from coopshare.pooled_staff.services.rota import Judged
from coopshare.web.context import reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires
from coopshare.web.schemas import Day, Schema, Text, Whole

KINDS = {
    StintKind.COMMON: marked("Temps commun, pour le groupement"),
    StintKind.TRAINING: marked("Formation"),
    StintKind.SOLIDARITY: marked("Journée de solidarité"),
}


class HalfDaySchema(Schema):
    """The form of a half-day: local times, and where as one choice."""

    worker_id = fields.UUID(required=True)
    day = Day(required=True)
    starts_at = fields.Time(required=True)
    ends_at = fields.Time(required=True)
    where = Text(60, required=True)
    """The id of a member, or the code of what is for no member."""
    site_id = fields.UUID(load_default=None)
    pause_minutes = Whole(0, 600, load_default=0)
    note = Text(500, multiline=True)
    is_pinned = fields.Boolean(load_default=False)
    ground = Text(500)
    version = Whole(0, load_default=0)
    act = Text(10)

    @post_load
    def asked(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return what was typed, where it is told apart."""
        where = data.pop("where")
        data["kind"], data["organisation_id"] = StintKind.MEMBER, None
        if where in {str(kind) for kind in KINDS}:
            data["kind"] = StintKind(where)
            return data
        try:
            data["organisation_id"] = UUID(where)
        except ValueError as error:
            raise Invalid.field("where", marked("Choisissez dans la liste.")) from error
        return data


def command_of(work: Work, data: dict[str, Any]) -> Assign:
    """Return the command of what was typed, in the time of the cooperative."""
    place = zone(cooperative(work).timezone)
    return Assign(
        worker_id=data["worker_id"],
        span=Interval(
            to_utc(datetime.combine(data["day"], data["starts_at"]), place),
            to_utc(datetime.combine(data["day"], data["ends_at"]), place, field="ends_at"),
        ),
        kind=data["kind"],
        organisation_id=data["organisation_id"],
        site_id=data["site_id"],
        pause_minutes=data["pause_minutes"],
        note=data["note"],
        is_pinned=data["is_pinned"],
    )


@blueprint.get("/equipe/demi-journees/nouvelle")
@requires(Permission.PLAN)
def new_half_day() -> ResponseReturnValue:
    """Show the form of a half-day, for somebody on a day where the address says so."""
    with reading() as work:
        worker = _named(work)
        owner = employer(work, worker.employer_id)
        return _form(work, Form(HalfDaySchema(), _first_values(owner)), worker, owner)


def _named(work: Work) -> Worker:
    """Return who the address names, else the first whom the actor plans for."""
    allow(work.actor, Permission.PLAN)
    known = people.workers(work, only_planned=True)
    named = request.values.get("worker_id") or request.args.get("personne", "")
    found = next((one for one in known if str(one.id) == named), next(iter(known), None))
    if found is None:
        raise NotFound
    return found


def _first_values(owner: Employer) -> dict[str, Any]:
    is_morning = request.args.get("quand") != str(Half.AFTERNOON)
    opens, closes = (
        (owner.morning_opens, owner.morning_closes)
        if is_morning
        else (owner.afternoon_opens, owner.afternoon_closes)
    )
    return {
        "day": request.args.get("jour", ""),
        "starts_at": clock(opens),
        "ends_at": clock(closes),
        "where": request.args.get("chez", ""),
    }


def clock(minute: int) -> str:
    """Return a minute of the day as a time field has it."""
    return f"{time(minute // 60, minute % 60):%H:%M}"


def _form(
    work: Work,
    form: Form,
    worker: Worker,
    owner: Employer,
    row: Assignment | None = None,
    found: Judged | None = None,
) -> ResponseReturnValue:
    members = members_of(work, owner.id)
    ids = {one.organisation.id for one in members} | {owner.organisation_id}
    names = {one.organisation.id: one.organisation.name for one in members}
    workers = [
        one for one in people.workers(work, only_planned=True) if one.employer_id == owner.id
    ]
    return render_template(
        "pooled_staff/half_day_form.html",
        form=form,
        worker=worker,
        row=row,
        found=found,
        workers=[(str(one.id), one.name) for one in workers],
        wheres=[
            (gettext("Chez un membre"), [(str(key), name) for key, name in names.items()]),
            (
                gettext("Pour personne en particulier"),
                [(str(k), gettext(w)) for k, w in KINDS.items()],
            ),
        ],
        places=[
            (str(site.id), f"{names.get(site.organisation_id, '')} – {site.name}".lstrip(" –"))
            for site in sites_of(work, ids)
        ],
        states=STATES,
        is_told=row is not None and row.state is AssignmentState.PUBLISHED,
        zone=cooperative(work).timezone,
    ), form.status


@blueprint.post("/equipe/demi-journees/nouvelle")
@requires(Permission.PLAN)
def add_half_day() -> ResponseReturnValue:
    """Plan a half-day as a draft, or look first at what it would break."""
    form = Form(HalfDaySchema())
    found: Judged | None = None
    with form.refusals():
        data = form.load()
        with reading() as work:
            command = command_of(work, data)
            if data["act"] == "look":
                found = rota.look(work, command)
        if found is None:
            once(rota.assign, command)
            flash(
                gettext("La demi-journée est prévue, en brouillon : publiez-la pour la dire."),
                "success",
            )
            return redirect(_back(data["day"]), 303)
    with reading() as work:
        worker = _named(work)
        return _form(work, form, worker, employer(work, worker.employer_id), found=found)


def _back(day: date) -> str:
    return url_for("team.planning", date=day.isoformat())


@blueprint.get("/equipe/demi-journees/<uuid:assignment_id>")
@requires(Permission.SEE)
def half_day(assignment_id: UUID) -> ResponseReturnValue:
    """Show a half-day; to who plans, the form that changes it."""
    with reading() as work:
        row = queries.assignment(work, assignment_id)
        worker = queries.workers_by_id(work, [row.worker_id])[row.worker_id]
        owner = employer(work, worker.employer_id)
        is_open = row.state in {AssignmentState.DRAFT, AssignmentState.PUBLISHED}
        if is_open and allows(work.actor, Permission.PLAN, owner.organisation_id):
            return _form(work, Form(HalfDaySchema(), _values(row)), worker, owner, row)
        names = {one.organisation.id: one.organisation for one in members_of(work, owner.id)}
        places = sites(work, [row.site_id] if row.site_id else [])
        return render_template(
            "pooled_staff/half_day.html",
            row=row,
            worker=worker,
            organisation=names.get(row.organisation_id) if row.organisation_id else None,
            site=places.get(row.site_id) if row.site_id else None,
            states=STATES,
            zone=row.timezone,
            span=Interval(row.starts_at, row.ends_at),
        )


def _values(row: Assignment) -> dict[str, Any]:
    place = zone(row.timezone)
    start, end = row.starts_at.astimezone(place), row.ends_at.astimezone(place)
    return {
        "worker_id": str(row.worker_id),
        "day": start.date().isoformat(),
        "starts_at": f"{start:%H:%M}",
        "ends_at": f"{end:%H:%M}",
        "where": str(row.organisation_id or row.kind),
        "site_id": str(row.site_id or ""),
        "pause_minutes": row.pause_minutes or "",
        "note": row.note,
        "is_pinned": "1" if row.is_pinned else "",
        "ground": row.ground,
        "version": row.version,
    }


@blueprint.post("/equipe/demi-journees/<uuid:assignment_id>")
@requires(Permission.PLAN)
def change_half_day(assignment_id: UUID) -> ResponseReturnValue:
    """Change a half-day, or look first at what that would break."""
    form = Form(HalfDaySchema())
    found: Judged | None = None
    with form.refusals():
        data = form.load()
        with reading() as work:
            command = command_of(work, data)
            if data["act"] == "look":
                found = rota.look(work, command, assignment_id=assignment_id)
        if found is None:
            write(
                rota.reassign,
                Reassign(
                    assignment_id=assignment_id,
                    version=data["version"],
                    to=command,
                    ground=data["ground"],
                ),
            )
            flash(gettext("La demi-journée est changée."), "success")
            return redirect(_back(data["day"]), 303)
    with reading() as work:
        row = queries.assignment(work, assignment_id)
        worker = queries.workers_by_id(work, [row.worker_id])[row.worker_id]
        return _form(work, form, worker, employer(work, worker.employer_id), row, found)


class VersionSchema(Schema):
    """The version that was seen."""

    version = Whole(1, required=True)


@blueprint.post("/equipe/demi-journees/<uuid:assignment_id>/annuler")
@requires(Permission.PLAN)
def call_off(assignment_id: UUID) -> ResponseReturnValue:
    """Call a half-day off."""
    form = Form(VersionSchema())
    row = write(rota.call_off, assignment_id, form.load()["version"])
    flash(gettext("La demi-journée est annulée : le temps est rendu."), "success")
    return redirect(_back(row.starts_at.astimezone(zone(row.timezone)).date()), 303)
