"""Setting a team up: who employs, who shares, where, which posts, which people."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.db.work import Work
from coopshare.kernel.dates import say_minute_of_day
from coopshare.kernel.errors import NotFound
from coopshare.members.queries import cooperative, memberships, organisations, today
from coopshare.pooled_staff.commands import AddGroupMember, AddSite
from coopshare.pooled_staff.kinds import EMPLOYER_KINDS
from coopshare.pooled_staff.models import Employer
from coopshare.pooled_staff.pages.planning import employer_of
from coopshare.pooled_staff.pages.routes import blueprint
from coopshare.pooled_staff.pages.shapes import (
    EmployerFormSchema,
    MemberFormSchema,
    PositionFormSchema,
    SiteFormSchema,
    WorkerFormSchema,
)
from coopshare.pooled_staff.policies import Permission, allow, allows
from coopshare.pooled_staff.queries.group import members_of, sites_of
from coopshare.pooled_staff.services import group, people
from coopshare.resources.kinds import VAT_MODES
from coopshare.resources.services import public_holidays
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires
from coopshare.web.typed import said_hundredths

USUAL = "9 h – 12 h 30, 13 h 30 – 17 h"


def own_employer(work: Work) -> Employer:
    """Return the employer whose team the actor sets up; raises `NotFound` where there is none."""
    owner = employer_of(work)
    if owner is None:
        raise NotFound
    allow(work.actor, Permission.SET_UP, owner.organisation_id)
    return owner


@blueprint.get("/equipe/employeur")
@requires(Permission.SET_UP)
def set_up() -> ResponseReturnValue:
    """Show who employs, with its members and their places; the form where nobody does yet."""
    with reading() as work:
        return _show(work)


def _show(work: Work, **forms: Form) -> ResponseReturnValue:
    allow(work.actor, Permission.SET_UP)
    found = employer_of(work)
    may = found is None or allows(work.actor, Permission.SET_UP, found.organisation_id)
    owner = found if may else None
    house = cooperative(work)
    members = members_of(work, owner.id) if owner else []
    known = {one.organisation.id for one in members}
    everybody = [(str(one.organisation_id), one.organisation.name) for one in memberships(work)]
    others = [pair for pair in everybody if pair[0] not in {str(key) for key in known}]
    of_ours = owner.organisation_id if owner else work.actor.organisation_id
    form = forms.get("employer") or Form(EmployerFormSchema(), _values(owner, of_ours))
    sites = sites_of(work, known | ({owner.organisation_id} if owner else set()))
    order = {one.organisation.id: place for place, one in enumerate(members)}
    days = public_holidays(house.holiday_area, today(work, house).year)
    return render_template(
        "pooled_staff/employer.html",
        owner=owner,
        organisation=organisations(work, [of_ours]).get(of_ours) if of_ours else None,
        form=form,
        member_form=forms.get("member") or Form(MemberFormSchema()),
        site_form=forms.get("site") or Form(SiteFormSchema()),
        members=members,
        others=[pair for pair in others if pair[0] != str(of_ours)],
        sites=sorted(sites, key=lambda site: (order.get(site.organisation_id, -1), site.name)),
        names={one.organisation.id: one.organisation.name for one in members},
        with_sites=[pair for pair in everybody if pair not in others or pair[0] == str(of_ours)],
        kinds=[(str(kind), gettext(said)) for kind, said in EMPLOYER_KINDS.items()],
        taxes=[(str(mode), gettext(said)) for mode, said in VAT_MODES.items()],
        holidays=[(str(name), name) for name in dict.fromkeys(days.values())],
        zone=house.timezone,
    ), max([200, *(one.status for one in forms.values())])


def _values(owner: Employer | None, organisation_id: Any) -> dict[str, Any]:
    if owner is None:
        return {"organisation_id": str(organisation_id or ""), "half_days": USUAL}
    spans = (
        (owner.morning_opens, owner.morning_closes),
        (owner.afternoon_opens, owner.afternoon_closes),
    )
    hours = (f"{say_minute_of_day(a)} – {say_minute_of_day(b)}" for a, b in spans)
    return {
        "organisation_id": str(owner.organisation_id),
        "employer_id": str(owner.id),
        "version": owner.version,
        "kind": str(owner.kind),
        "agreement": owner.agreement,
        "idcc": owner.idcc,
        "statutes_on": owner.statutes_on.isoformat() if owner.statutes_on else "",
        "vat_mode": str(owner.vat_mode or ""),
        "vat_bp": said_hundredths(owner.vat_bp),
        "fee_bp": said_hundredths(owner.fee_bp),
        "half_days": ", ".join(hours),
        "holidays_worked": list(owner.holidays_worked),
    }


@blueprint.post("/equipe/employeur")
@requires(Permission.SET_UP)
def save_employer() -> ResponseReturnValue:
    """Say who employs, and under which rules."""
    form = Form(EmployerFormSchema())
    with form.refusals():
        once(group.set_employer, form.load())
        flash(gettext("La fiche de l’employeur est enregistrée."), "success")
        return redirect(url_for("team.set_up"), 303)
    with reading() as work:
        return _show(work, employer=form)


@blueprint.post("/equipe/employeur/membres")
@requires(Permission.SET_UP)
def join_group() -> ResponseReturnValue:
    """Have an organisation share the people of the employer."""
    form = Form(MemberFormSchema())
    with form.refusals():
        once(group.add_member, AddGroupMember(**form.load()))
        flash(gettext("L’organisation fait partie du groupement."), "success")
        return redirect(url_for("team.set_up", _anchor="membres"), 303)
    with reading() as work:
        return _show(work, member=form)


@blueprint.post("/equipe/employeur/lieux")
@requires(Permission.SET_UP)
def name_site() -> ResponseReturnValue:
    """Name a place of work."""
    form = Form(SiteFormSchema())
    with form.refusals():
        once(group.add_site, AddSite(**form.load()))
        flash(gettext("Le lieu est ajouté."), "success")
        return redirect(url_for("team.set_up", _anchor="lieux"), 303)
    with reading() as work:
        return _show(work, site=form)


@blueprint.get("/equipe/postes/nouveau")
@requires(Permission.SET_UP)
def new_position() -> ResponseReturnValue:
    """Show the form of a shared post."""
    with reading() as work:
        return _position(work, Form(PositionFormSchema()))


def _position(work: Work, form: Form) -> ResponseReturnValue:
    allow(work.actor, Permission.SET_UP)
    owner = employer_of(work)
    return render_template("pooled_staff/position.html", form=form, owner=owner), form.status


@blueprint.post("/equipe/postes/nouveau")
@requires(Permission.SET_UP)
def add_position() -> ResponseReturnValue:
    """Declare a shared post."""
    form = Form(PositionFormSchema())
    with form.refusals():
        once(people.set_position, form.load())
        flash(gettext("Le poste est déclaré. Dites maintenant qui le tient."), "success")
        return redirect(url_for("team.index"), 303)
    with reading() as work:
        return _position(work, form)


@blueprint.get("/equipe/personnes/nouvelle")
@requires(Permission.PLAN)
def new_worker() -> ResponseReturnValue:
    """Show the form of somebody who is shared."""
    with reading() as work:
        return _worker(work, Form(WorkerFormSchema()))


def _worker(work: Work, form: Form) -> ResponseReturnValue:
    allow(work.actor, Permission.PLAN)
    owner = employer_of(work)
    return render_template("pooled_staff/worker_new.html", form=form, owner=owner), form.status


@blueprint.post("/equipe/personnes/nouvelle")
@requires(Permission.PLAN)
def add_worker() -> ResponseReturnValue:
    """Declare somebody who is shared, then write their contract."""
    form = Form(WorkerFormSchema())
    with form.refusals():
        made = once(people.add_worker, form.load())
        flash(gettext("La personne est déclarée. Écrivez maintenant son contrat."), "success")
        return redirect(url_for("team.new_contract", worker_id=made), 303)
    with reading() as work:
        return _worker(work, form)
