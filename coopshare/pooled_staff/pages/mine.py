"""What somebody who is shared reads on their phone: today, this week, their leaves."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, post_load

from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, to_utc, zone
from coopshare.members.queries import cooperative, organisations, today
from coopshare.pooled_staff.accounts import worked_minutes
from coopshare.pooled_staff.agenda import KINDS
from coopshare.pooled_staff.commands import AskLeave
from coopshare.pooled_staff.kinds import LEAVE_KINDS, LEAVE_STATES, LeaveKind
from coopshare.pooled_staff.pages.routes import blueprint
from coopshare.pooled_staff.policies import Permission, allow
from coopshare.pooled_staff.queries import people, rota
from coopshare.pooled_staff.queries.group import sites
from coopshare.pooled_staff.queries.rota import TOLD
from coopshare.pooled_staff.rules.diary import monday
from coopshare.pooled_staff.services import leaves
from coopshare.web.context import reading
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires
from coopshare.web.schemas import Day, Schema, Text

DAYS = 14
"""How many days are shown from today on."""


class LeaveSchema(Schema):
    """A leave: whole days, or from an hour to another."""

    kind = fields.Enum(LeaveKind, by_value=True, required=True)
    first = Day(required=True)
    last = Day(load_default=None)
    starts_at = fields.Time(load_default=None)
    ends_at = fields.Time(load_default=None)
    note = Text(500, multiline=True)

    @post_load
    def days(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Return what was typed, one day where no last one is."""
        data["last"] = data["last"] or data["first"]
        return data


def span_of(work: Work, data: dict[str, Any]) -> Interval:
    """Return the span of a leave, in the time of the cooperative."""
    place = zone(cooperative(work).timezone)
    start = to_utc(datetime.combine(data["first"], data["starts_at"] or time(0)), place)
    if data["ends_at"] is None:
        return Interval(start, day_span(data["last"], place).end)
    return Interval(
        start, to_utc(datetime.combine(data["last"], data["ends_at"]), place, field="ends_at")
    )


@blueprint.get("/equipe/moi")
@requires(Permission.WORK)
def mine() -> ResponseReturnValue:
    """Show one's own half-days, from today on."""
    with reading() as work:
        if people.me(work) is None:
            return redirect(url_for("team.index"), 303)
        return _show(work, Form(LeaveSchema()))


def _show(work: Work, form: Form) -> ResponseReturnValue:
    allow(work.actor, Permission.WORK)
    me = people.me(work)
    if me is None:
        raise NotFound
    house = cooperative(work)
    now = today(work, house)
    place = zone(house.timezone)
    window = day_span(now, place, DAYS)
    rows = rota.assignments(work, window, worker_ids=[me.id], states=TOLD)
    week = day_span(monday(now), place, 7)
    of_week = rota.assignments(work, week, worker_ids=[me.id], states=TOLD)
    days: dict[Any, list[Any]] = {}
    for row in rows:
        days.setdefault(row.starts_at.astimezone(place).date(), []).append(row)
    return render_template(
        "pooled_staff/mine.html",
        form=form,
        me=me,
        today=now,
        tomorrow=now + timedelta(days=1),
        days=days,
        names=organisations(work, {row.organisation_id for row in rows if row.organisation_id}),
        places=sites(work, {row.site_id for row in rows if row.site_id}),
        week_minutes=sum(worked_minutes(row) for row in of_week),
        leaves=[
            (row, Interval(row.starts_at, row.ends_at))
            for row in rota.leaves(work, worker_id=me.id)
            if row.ends_at > work.now - timedelta(days=30)
        ],
        kinds=[(str(kind), gettext(said)) for kind, said in LEAVE_KINDS.items()],
        leave_kinds=LEAVE_KINDS,
        stints=KINDS,
        leave_states=LEAVE_STATES,
        zone=house.timezone,
    ), form.status


@blueprint.post("/equipe/moi/absences")
@requires(Permission.WORK)
def ask_leave() -> ResponseReturnValue:
    """Ask to be absent."""
    form = Form(LeaveSchema())
    with form.refusals():
        data = form.load()
        with reading() as work:
            me = people.me(work)
            if me is None:
                raise NotFound
            command = AskLeave(
                worker_id=me.id, kind=data["kind"], span=span_of(work, data), note=data["note"]
            )
        once(leaves.ask, command)
        flash(gettext("Votre demande est envoyée à la personne qui planifie."), "success")
        return redirect(url_for("team.mine"), 303)
    with reading() as work:
        return _show(work, form)
