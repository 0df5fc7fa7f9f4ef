"""Writing a contract, or its next version."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.db.work import Work
from coopshare.members.queries import cooperative, organisations, today
from coopshare.pooled_staff.kinds import ARRANGEMENTS, CONTRACT_KINDS
from coopshare.pooled_staff.models import Contract
from coopshare.pooled_staff.pages.routes import blueprint
from coopshare.pooled_staff.pages.shapes import ContractFormSchema
from coopshare.pooled_staff.policies import Permission
from coopshare.pooled_staff.queries import people
from coopshare.pooled_staff.queries.group import employer, members_of, sites_of
from coopshare.pooled_staff.services import people as verbs
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires
from coopshare.web.typed import said_hundredths, said_minutes


@blueprint.get("/equipe/personnes/<uuid:worker_id>/contrat")
@requires(Permission.PLAN)
def new_contract(worker_id: UUID) -> ResponseReturnValue:
    """Show the form of somebody's contract, or of its next version: what holds is there already."""
    with reading() as work:
        return _form(work, worker_id, None)


def _form(work: Work, worker_id: UUID, form: Form | None) -> ResponseReturnValue:
    found = people.planned_worker(work, worker_id)
    owner = employer(work, found.employer_id)
    before = people.contracts(work, [found.id]).get(found.id, [])
    last = before[-1] if before else None
    members = members_of(work, owner.id, today(work, cooperative(work)))
    names = {one.organisation.id: one.organisation.name for one in members}
    names |= {key: one.name for key, one in organisations(work, [owner.organisation_id]).items()}
    form = form or Form(ContractFormSchema(), _values(last) if last else {})
    return render_template(
        "pooled_staff/contract.html",
        form=form,
        worker=found,
        last=last,
        positions=[(str(one.id), one.title) for one in people.positions(work, [owner.id])],
        users=[(str(one.organisation.id), one.organisation.name) for one in members],
        places=[
            (str(site.id), f"{names[site.organisation_id]} – {site.name}")
            for site in sites_of(work, names)
        ],
        kinds=[(str(kind), gettext(said)) for kind, said in CONTRACT_KINDS.items()],
        arrangements=[(str(one), gettext(said)) for one, said in ARRANGEMENTS.items()],
    ), form.status


def _values(last: Contract) -> dict[str, Any]:
    return {
        "position_id": str(last.position_id),
        "kind": str(last.kind),
        "weekly_minutes": said_minutes(last.weekly_minutes),
        "arrangement": str(last.arrangement),
        "gross_hourly_cents": said_hundredths(last.gross_hourly_cents),
        "charge_bp": said_hundredths(last.charge_bp),
        "other_jobs_minutes": said_minutes(last.other_jobs_minutes),
        "users": [str(one.organisation_id) for one in last.users],
        "places": [str(one.site_id) for one in last.places],
        "ends_on": last.ends_on.isoformat() if last.ends_on else "",
    }


@blueprint.post("/equipe/personnes/<uuid:worker_id>/contrat")
@requires(Permission.PLAN)
def add_contract(worker_id: UUID) -> ResponseReturnValue:
    """Write a contract, or its next version."""
    form = Form(ContractFormSchema())
    with form.refusals():
        once(verbs.set_contract, ContractFormSchema.of(worker_id, form.load()))
        flash(gettext("Le contrat est écrit : ce qui l’était avant reste lisible."), "success")
        return redirect(url_for("team.worker", worker_id=worker_id), 303)
    with reading() as work:
        return _form(work, worker_id, form)
