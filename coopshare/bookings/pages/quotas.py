"""What one's organisation used of its quotas."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from coopshare.bookings import quotas, services
from coopshare.bookings.pages.routes import blueprint
from coopshare.bookings.policies import Permission
from coopshare.bookings.services import QuotaUsage
from coopshare.db.work import Work
from coopshare.kernel.text import Sentence, marked
from coopshare.resources.kinds import QuotaHolder
from coopshare.resources.queries import catalogue
from coopshare.resources.services import said_quota
from coopshare.web.context import actor, reading
from coopshare.web.permissions import requires

PERCENT = 100


@dataclass(frozen=True, slots=True)
class UsageRow:
    """What is used of a quota, in words and as a part of the whole."""

    name: str
    rule: Sentence
    used: Sentence
    percent: int
    is_mine: bool
    """Of the person alone, not of the organisation."""
    is_free: bool


@blueprint.get("/quotas")
@requires(Permission.READ)
def quotas_used() -> ResponseReturnValue:
    """Show what is used of each quota in its present period."""
    who = actor()
    with reading() as work:
        found = services.usage(work, who.organisation_id) if who.organisation_id else []
        return render_template("bookings/quotas.html", rows=[_row(work, one) for one in found])


def _row(work: Work, one: QuotaUsage) -> UsageRow:
    quota = one.quota
    known = catalogue(work).resources
    name = known[quota.resource_id].name if quota.resource_id is not None else None
    message = marked("{used} utilisées sur {amount} gratuites, {period}. Il en reste {left}.")
    if not quota.is_free:
        message = marked("{used} sur {amount} au plus, {period}. Il en reste {left}.")
    data = {
        "used": quotas.said_amount(quota.measure, one.used),
        "amount": quotas.said_amount(quota.measure, quota.amount),
        "left": quotas.said_amount(quota.measure, one.left),
        "period": quotas.said_period(one.period, work.now.year),
    }
    share = one.used * PERCENT // quota.amount if quota.amount else PERCENT
    return UsageRow(
        name=quota.name,
        rule=said_quota(quota, name),
        used=Sentence(message, data),
        percent=min(PERCENT, share),
        is_mine=quota.holder is QuotaHolder.PERSON,
        is_free=quota.is_free,
    )
