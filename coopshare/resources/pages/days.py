"""The days the cooperative closes, beside public holidays."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coopshare.members import queries as members
from coopshare.resources import queries, services
from coopshare.resources.commands import AddClosedDay
from coopshare.resources.holidays import public_holidays
from coopshare.resources.pages.routes import blueprint
from coopshare.resources.pages.shapes import ClosedDaySchema
from coopshare.resources.policies import Permission, allow
from coopshare.web.context import reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires

AHEAD = timedelta(days=365)


@blueprint.route("/administration/jours-fermes", methods=["GET", "POST"])
@requires(Permission.CLOSE_DAYS)
def closed_days() -> ResponseReturnValue:
    """Show the year's closed days; add one."""
    form = Form(ClosedDaySchema())
    if form.is_submitted:
        with form.refusals():
            data = form.load()
            once(services.add_closed_day, AddClosedDay(day=data["day"], reason=data["reason"]))
            flash(gettext("Ce jour est fermé."), "success")
            return redirect(url_for("resources.closed_days"), 303)
    with reading() as work:
        allow(work.actor, Permission.CLOSE_DAYS)
        place = members.cooperative(work)
        today = work.now.astimezone(ZoneInfo(place.timezone)).date()
        public = {
            day: name
            for year in (today.year, today.year + 1)
            for day, name in public_holidays(place.holiday_area, year).items()
            if today <= day <= today + AHEAD
        }
        return render_template(
            "resources/closed_days.html",
            form=form,
            own=[row for row in queries.closed_day_rows(work) if row.day >= today],
            public=sorted(public.items()),
        ), form.status


@blueprint.post("/administration/jours-fermes/<uuid:day_id>/ouvrir")
@requires(Permission.CLOSE_DAYS)
def open_day(day_id: UUID) -> ResponseReturnValue:
    """Open a closed day again."""
    write(services.remove_closed_day, day_id)
    flash(gettext("Ce jour est de nouveau ouvert."), "success")
    return redirect(url_for("resources.closed_days"), 303)
