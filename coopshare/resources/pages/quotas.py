"""Setting quotas: on a resource by who manages it, on everything by an administrator."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError, fields, post_load, validate

from coopshare.db.work import Work
from coopshare.kernel.text import marked
from coopshare.members.kinds import STANDINGS, Standing
from coopshare.resources import queries, services
from coopshare.resources.commands import QuotaRule, SetQuota
from coopshare.resources.kinds import (
    KIND_HEADINGS,
    QUOTA_HOLDERS,
    QUOTA_MEASURES,
    QUOTA_PERIODS,
    QuotaHolder,
    QuotaMeasure,
    QuotaPeriod,
    ResourceKind,
)
from coopshare.resources.models import Quota
from coopshare.resources.pages.routes import blueprint
from coopshare.resources.policies import Permission, administers, allow
from coopshare.web.context import actor, reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires
from coopshare.web.schemas import Day, Schema, Text, Whole
from coopshare.web.typed import Hours, said_minutes

HOUR = 60
MOST = 100_000


class QuotaFormSchema(Schema):
    """The form of a quota: hours as people count them, one field for what it is about."""

    name = Text(120, required=True)
    effect = fields.String(required=True, validate=validate.OneOf(["free", "limit"]))
    measure = fields.Enum(QuotaMeasure, by_value=True, required=True)
    amount = Hours(MOST, required=True)
    """Hours, or a number of bookings; minutes inside, sixty for one booking."""
    period = fields.Enum(QuotaPeriod, by_value=True, required=True)
    first_day = Day(load_default=None)
    last_day = Day(load_default=None)
    holder = fields.Enum(QuotaHolder, by_value=True, required=True)
    standing = fields.Enum(Standing, by_value=True, load_default=None)
    about = Text(60)
    """Nothing: everything; the code of a kind; the id of a resource."""
    version = Whole(0, load_default=0)

    @post_load
    def to_rule(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Return the rule and the version that was seen."""
        about, version = data.pop("about"), data.pop("version")
        data["is_free"] = data.pop("effect") == "free"
        if data["measure"] is not QuotaMeasure.HOURS:
            data["amount"], rest = divmod(data["amount"], HOUR)
            if rest:
                raise ValidationError({"amount": [marked("Écrivez un nombre entier.")]})
        if about in set(ResourceKind):
            data["kind"] = ResourceKind(about)
        elif about:
            try:
                data["resource_id"] = UUID(about)
            except ValueError as error:
                sentence = marked("Choisissez dans la liste.")
                raise ValidationError({"about": [sentence]}) from error
        return {"rule": QuotaRule(**data), "version": version}


@blueprint.get("/administration/quotas")
@requires(Permission.EDIT)
def quotas() -> ResponseReturnValue:
    """List the quotas that count."""
    with reading() as work:
        allow(work.actor, Permission.EDIT)
        known = queries.catalogue(work)
        return render_template(
            "resources/quotas.html",
            rows=[
                (row, services.said_quota(row, _name(work, row)), _may(work, row))
                for row in known.quotas
            ],
        )


def _name(work: Work, row: Quota) -> str | None:
    if row.resource_id is None:
        return None
    return queries.catalogue(work).resources[row.resource_id].name


def _may(work: Work, row: Quota) -> bool:
    if administers(work.actor, None):
        return True
    resource = queries.catalogue(work).resources.get(row.resource_id) if row.resource_id else None
    return resource is not None and services.is_managed_by(work.actor, resource)


@blueprint.route("/administration/quotas/nouveau", methods=["GET", "POST"])
@requires(Permission.EDIT)
def new_quota() -> ResponseReturnValue:
    """Set a quota."""
    initial = {
        "effect": "free",
        "measure": "hours",
        "period": "month",
        "holder": "organisation",
        "about": request.args.get("ressource", ""),
    }
    form = Form(QuotaFormSchema(), initial=initial)
    if form.is_submitted:
        with form.refusals():
            once(services.set_quota, SetQuota(rule=form.load()["rule"]))
            flash(gettext("Le quota est en place."), "success")
            return redirect(url_for("resources.quotas"), 303)
    return _form(form, None)


@blueprint.route("/administration/quotas/<uuid:quota_id>", methods=["GET", "POST"])
@requires(Permission.EDIT)
def edit_quota(quota_id: UUID) -> ResponseReturnValue:
    """Change a quota."""
    with reading() as work:
        row = services.quota(work, quota_id)
        services.allow_quota(work, row.resource_id)
        form = Form(QuotaFormSchema(), initial=_initial(row))
    if form.is_submitted:
        with form.refusals():
            write(services.set_quota, SetQuota(quota_id=quota_id, **form.load()))
            flash(gettext("Le quota est changé. Les prix déjà fixés restent."), "success")
            return redirect(url_for("resources.quotas"), 303)
    return _form(form, row)


def _initial(row: Quota) -> dict[str, Any]:
    is_hours = row.measure is QuotaMeasure.HOURS
    return {
        "name": row.name,
        "effect": "free" if row.is_free else "limit",
        "measure": row.measure.value,
        "amount": said_minutes(row.amount if is_hours else row.amount * HOUR) or "0",
        "period": row.period.value,
        "first_day": row.first_day.isoformat() if row.first_day else "",
        "last_day": row.last_day.isoformat() if row.last_day else "",
        "holder": row.holder.value,
        "standing": row.standing.value if row.standing else "",
        "about": str(row.resource_id or (row.kind.value if row.kind else "")),
        "version": str(row.version),
    }


@blueprint.post("/administration/quotas/<uuid:quota_id>/retirer")
@requires(Permission.EDIT)
def end_quota(quota_id: UUID) -> ResponseReturnValue:
    """Have a quota count no more."""
    text = request.form.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < HOUR // 10 else 0
    write(services.end_quota, quota_id, version)
    flash(gettext("Le quota ne compte plus. Les prix déjà fixés restent."), "success")
    return redirect(url_for("resources.quotas"), 303)


def _form(form: Form, row: Quota | None) -> ResponseReturnValue:
    with reading() as work:
        allow(work.actor, Permission.EDIT)
        return render_template(
            "resources/quota.html",
            form=form,
            row=row,
            abouts=_abouts(work),
            measures=_said(QUOTA_MEASURES),
            periods=_said(QUOTA_PERIODS),
            holders=_said(QUOTA_HOLDERS),
            standings=_said(STANDINGS),
        ), form.status


def _said(words: Any) -> list[tuple[str, str]]:
    return [(code.value, gettext(text)) for code, text in words.items()]


def _abouts(work: Work) -> list[tuple[str, str]]:
    """Return what a quota may be about, for the actor."""
    who = actor()
    things = [
        (str(one.id), one.name)
        for one in queries.catalogue(work).resources.values()
        if one.is_listed and services.is_managed_by(who, one)
    ]
    if not administers(who, None):
        return things
    return [("", gettext(marked("Tout ce qui se réserve"))), *_said(KIND_HEADINGS), *things]
