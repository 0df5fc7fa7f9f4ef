"""Drawing a convention up, and its amendments."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.db.work import Work
from coopshare.members.queries import cooperative, today
from coopshare.pooled_staff.commands import Amend, Draw
from coopshare.pooled_staff.kinds import COMMITMENT_UNITS, PRICE_MODES, CommitmentUnit, PriceMode
from coopshare.pooled_staff.models import Employer, Placement, PlacementVersion
from coopshare.pooled_staff.pages.planning import employer_of
from coopshare.pooled_staff.pages.routes import blueprint
from coopshare.pooled_staff.pages.shapes import ClausesFormSchema, ConventionFormSchema
from coopshare.pooled_staff.paper import said_half_day
from coopshare.pooled_staff.policies import Permission, allow
from coopshare.pooled_staff.queries import people
from coopshare.pooled_staff.queries.group import employer, members_of, sites_of
from coopshare.pooled_staff.queries.placements import latest, placement
from coopshare.pooled_staff.schemas.placements import HALF_DAYS
from coopshare.pooled_staff.services import placements as verbs
from coopshare.web.context import reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext, language
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires
from coopshare.web.typed import said_hundredths, said_minutes

WEEKDAYS = HALF_DAYS[:10]
"""Half-days from Monday to Friday: what the form offers."""


@blueprint.get("/equipe/conventions/nouvelle")
@requires(Permission.SET_UP)
def new_convention() -> ResponseReturnValue:
    """Show the form of a convention with a member."""
    with reading() as work:
        return _form(work, Form(ConventionFormSchema()))


def _form(work: Work, form: Form, found: Placement | None = None) -> ResponseReturnValue:
    allow(work.actor, Permission.SET_UP)
    owner: Employer | None = employer(work, found.employer_id) if found else employer_of(work)
    members = members_of(work, owner.id, today(work, cooperative(work))) if owner else []
    names = {one.organisation.id: one.organisation.name for one in members}
    of_whom = {found.organisation_id} if found else set(names)
    workers = people.workers(work, only_planned=True)
    return render_template(
        "pooled_staff/convention_form.html",
        form=form,
        found=found,
        owner=owner,
        members=[(str(key), name) for key, name in names.items()],
        positions=[(str(one.id), one.title) for one in people.positions(work, [owner.id])]
        if owner
        else [],
        workers=[(str(one.id), one.name) for one in workers],
        places=[
            (str(site.id), f"{names.get(site.organisation_id, '')} – {site.name}".lstrip(" –"))
            for site in sites_of(work, of_whom)
        ],
        half_days=[(code, said_half_day(code, language())) for code in WEEKDAYS],
        units=[(str(one), gettext(said)) for one, said in COMMITMENT_UNITS.items()],
        modes=[(str(one), gettext(said)) for one, said in PRICE_MODES.items()],
    ), form.status


@blueprint.post("/equipe/conventions/nouvelle")
@requires(Permission.SET_UP)
def draw_convention() -> ResponseReturnValue:
    """Draw up a convention: a draft that its member does not see yet."""
    form = Form(ConventionFormSchema())
    with form.refusals():
        data = form.load()
        data.pop("version", None)
        made = once(verbs.draw, Draw(**data))
        flash(gettext("La convention est préparée : relisez-la, puis envoyez-la."), "success")
        return redirect(url_for("team.convention", placement_id=made), 303)
    with reading() as work:
        return _form(work, form)


@blueprint.get("/equipe/conventions/<uuid:placement_id>/avenant")
@requires(Permission.SET_UP)
def new_amendment(placement_id: UUID) -> ResponseReturnValue:
    """Show the form of the version that follows, or of the draft: what it says is there."""
    with reading() as work:
        found = placement(work, placement_id)
        return _form(work, Form(ClausesFormSchema(), _values(found, latest(found))), found)


def _values(found: Placement, last: PlacementVersion) -> dict[str, Any]:
    is_weight = last.unit is CommitmentUnit.WEIGHT
    is_price = last.price_mode is PriceMode.HOURLY
    return {
        "version": found.version,
        "starts_on": last.starts_on.isoformat() if last.sent_at is None else "",
        "ends_on": last.ends_on.isoformat() if last.ends_on else "",
        "unit": str(last.unit),
        "amount": str(last.amount) if is_weight else said_minutes(last.amount),
        "tolerance_minutes": said_minutes(last.tolerance_minutes),
        "wished": list(last.wished),
        "excluded": list(last.excluded),
        "sites": list(last.sites),
        "price_mode": str(last.price_mode),
        "price": said_hundredths(last.price if is_price else last.price // 100),
        "notice_months": last.notice_months,
        "terms": last.terms,
        "consent_on": last.consent_on.isoformat() if last.consent_on else "",
    }


@blueprint.post("/equipe/conventions/<uuid:placement_id>/avenant")
@requires(Permission.SET_UP)
def amend_convention(placement_id: UUID) -> ResponseReturnValue:
    """Change the draft of a convention, or begin the version that follows."""
    form = Form(ClausesFormSchema())
    with form.refusals():
        write(verbs.amend, Amend(placement_id=placement_id, **form.load()))
        flash(gettext("La version est préparée : relisez-la, puis envoyez-la."), "success")
        return redirect(url_for("team.convention", placement_id=placement_id), 303)
    with reading() as work:
        return _form(work, form, placement(work, placement_id))
