"""Conventions of making available: read, sent, accepted by each side."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.db.work import Work
from coopshare.kernel.text import marked
from coopshare.members.queries import cooperative, organisations, today
from coopshare.pooled_staff.commands import Sign
from coopshare.pooled_staff.models import Employer, Placement
from coopshare.pooled_staff.pages.routes import blueprint
from coopshare.pooled_staff.paper import said_commitment, said_half_day, said_price
from coopshare.pooled_staff.policies import Permission, allow, allows
from coopshare.pooled_staff.queries import people, placements
from coopshare.pooled_staff.queries.group import employer, employers, sites
from coopshare.pooled_staff.queries.placements import in_force, latest
from coopshare.pooled_staff.queries.rota import workers_by_id
from coopshare.pooled_staff.schemas.placements import AcceptSchema, SendSchema
from coopshare.pooled_staff.services import placements as verbs
from coopshare.web.context import reading, write
from coopshare.web.files import download
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, language
from coopshare.web.permissions import requires

SENT = marked("La convention est envoyée : chaque partie peut la lire et l’accepter.")
ACCEPTED = marked(
    "La convention est acceptée : votre nom, l’heure et l’empreinte du document sont gardés."
)


@blueprint.get("/equipe/conventions")
@requires(Permission.READ_PLACEMENTS)
def conventions() -> ResponseReturnValue:
    """List the conventions one may read: those that wait for an answer first."""
    with reading() as work:
        allow(work.actor, Permission.READ_PLACEMENTS)
        found = placements.placements(work)
        owners = {one.id: one for one in employers(work)}
        waits = [one for one in found if _waits_for_us(work, owners[one.employer_id], one)]
        rows = waits + [one for one in found if one not in waits]
        names = organisations(work, {one.organisation_id for one in rows})
        posts = {one.id: one for one in people.positions(work)}
        now = today(work, cooperative(work))
        return render_template(
            "pooled_staff/conventions.html",
            rows=[(one, in_force(one, now), latest(one)) for one in rows],
            waits={one.id for one in waits},
            names=names,
            posts=posts,
            commitment=said_commitment,
            sets_up=allows(work.actor, Permission.SET_UP),
        )


def _waits_for_us(work: Work, owner: Employer, found: Placement) -> bool:
    """Tell whether its last version was sent, and not accepted by the actor's side."""
    last, side = latest(found), verbs.side_of(work.actor, owner, found)
    return last.sent_at is not None and side is not None and side not in last.signed_by


@blueprint.get("/equipe/conventions/<uuid:placement_id>")
@requires(Permission.READ_PLACEMENTS)
def convention(placement_id: UUID) -> ResponseReturnValue:
    """Show a convention, version by version."""
    with reading() as work:
        return _show(work, placement_id, Form(AcceptSchema()))


def _show(work: Work, placement_id: UUID, form: Form) -> ResponseReturnValue:
    found = placements.placement(work, placement_id)
    owner = employer(work, found.employer_id)
    ids = [owner.organisation_id, found.organisation_id]
    last = latest(found)
    return render_template(
        "pooled_staff/convention.html",
        form=form,
        found=found,
        last=last,
        held=in_force(found, today(work, cooperative(work))),
        employer=organisations(work, ids)[owner.organisation_id],
        member=organisations(work, ids)[found.organisation_id],
        post=people.position(work, found.position_id),
        worker=workers_by_id(work, [found.worker_id] if found.worker_id else []).get(
            found.worker_id or found.id
        ),
        places=sites(work, {UUID(key) for one in found.versions for key in one.sites}),
        commitment=said_commitment,
        half_days=lambda codes: ", ".join(said_half_day(code, language()) for code in codes),
        price=lambda one: said_price(one.price_mode, one.price, cooperative(work).currency),
        must_sign=_waits_for_us(work, owner, found),
        may_amend=(last.sent_at is None or last.is_accepted)
        and allows(work.actor, Permission.SET_UP, owner.organisation_id),
        may_send=last.sent_at is None
        and allows(work.actor, Permission.SET_UP, owner.organisation_id),
        zone=cooperative(work).timezone,
    ), form.status


@blueprint.post("/equipe/conventions/<uuid:placement_id>/envoyer")
@requires(Permission.SET_UP)
def send_convention(placement_id: UUID) -> ResponseReturnValue:
    """Send a draft to be accepted by both."""
    form = Form(SendSchema())
    with form.refusals():
        write(verbs.send, placement_id, form.load()["version"])
        flash(gettext(SENT), "success")
        return redirect(url_for("team.convention", placement_id=placement_id), 303)
    with reading() as work:
        return _show(work, placement_id, form)


@blueprint.post("/equipe/conventions/<uuid:placement_id>/accepter")
@requires(Permission.SIGN)
def accept_convention(placement_id: UUID) -> ResponseReturnValue:
    """Accept the version that was read, for one's organisation."""
    form = Form(AcceptSchema())
    with form.refusals():
        data = form.load()
        with reading() as work:
            version_id = latest(placements.placement(work, placement_id)).id
        write(
            verbs.sign,
            Sign(version_id=version_id, address=request.remote_addr or "", **data),
        )
        flash(gettext(ACCEPTED), "success")
        return redirect(url_for("team.convention", placement_id=placement_id), 303)
    with reading() as work:
        return _show(work, placement_id, form)


@blueprint.get("/equipe/conventions/<uuid:placement_id>/<int:number>.pdf")
@requires(Permission.READ_PLACEMENTS)
def convention_pdf(placement_id: UUID, number: int) -> Response:
    """Give the document of a version, as it was sent."""
    with reading() as work:
        return download(verbs.document(work, placement_id, number))
