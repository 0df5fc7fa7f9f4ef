"""Absences, for who plans: what waits for an answer, and what each would take from whom."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields

from coopshare.db.work import Work
from coopshare.kernel.intervals import Interval
from coopshare.members.queries import cooperative, organisations
from coopshare.pooled_staff.commands import AskLeave, DecideLeave
from coopshare.pooled_staff.kinds import LEAVE_KINDS, LEAVE_STATES, LeaveState
from coopshare.pooled_staff.pages.mine import LeaveSchema, span_of
from coopshare.pooled_staff.pages.routes import blueprint
from coopshare.pooled_staff.policies import Permission, allow
from coopshare.pooled_staff.queries import people, rota
from coopshare.pooled_staff.services import leaves
from coopshare.web.context import reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires
from coopshare.web.schemas import Schema, Text, Whole

MOST = 60
"""How many answered absences are listed."""


class WrittenLeaveSchema(LeaveSchema):
    """An absence that who plans writes: it is accepted at once."""

    worker_id = fields.UUID(required=True)


class AnswerSchema(Schema):
    """The answer to a leave."""

    version = Whole(1, required=True)
    answer = Text(500)
    act = Text(10, required=True)


@blueprint.get("/equipe/absences")
@requires(Permission.PLAN)
def absences() -> ResponseReturnValue:
    """List absences: those that wait first, with what each would take."""
    with reading() as work:
        return _show(work, Form(WrittenLeaveSchema()))


def _show(work: Work, form: Form) -> ResponseReturnValue:
    allow(work.actor, Permission.PLAN)
    workers = {one.id: one for one in people.workers(work, only_planned=True)}
    rows = [row for row in rota.leaves(work) if row.worker_id in workers]
    asked = [row for row in rows if row.state is LeaveState.ASKED]
    effects = {
        row.id: leaves.effect(work, row.worker_id, Interval(row.starts_at, row.ends_at))
        for row in asked
    }
    touched = {key for lost in effects.values() for key in lost if key}
    return render_template(
        "pooled_staff/absences.html",
        form=form,
        workers=workers,
        asked=[(row, Interval(row.starts_at, row.ends_at), effects[row.id]) for row in asked],
        others=[
            (row, Interval(row.starts_at, row.ends_at))
            for row in rows
            if row.state is not LeaveState.ASKED
        ][:MOST],
        names={key: one.name for key, one in organisations(work, touched).items()},
        leave_kinds=LEAVE_KINDS,
        leave_states=LEAVE_STATES,
        kinds=[(str(kind), gettext(said)) for kind, said in LEAVE_KINDS.items()],
        people=[(str(one.id), one.name) for one in workers.values()],
        zone=cooperative(work).timezone,
    ), form.status


@blueprint.post("/equipe/absences")
@requires(Permission.PLAN)
def write_absence() -> ResponseReturnValue:
    """Write an absence that is known: an illness."""
    form = Form(WrittenLeaveSchema())
    with form.refusals():
        data = form.load()
        with reading() as work:
            command = AskLeave(
                worker_id=data["worker_id"],
                kind=data["kind"],
                span=span_of(work, data),
                note=data["note"],
                is_decided=True,
            )
        once(leaves.ask, command)
        flash(gettext("L’absence est notée : ce qui était publié est à remplacer."), "success")
        return redirect(url_for("team.absences"), 303)
    with reading() as work:
        return _show(work, form)


@blueprint.post("/equipe/absences/<uuid:leave_id>")
@requires(Permission.WORK)
def answer_leave(leave_id: UUID) -> ResponseReturnValue:
    """Accept or refuse a leave, or give it up."""
    data = Form(AnswerSchema()).load()
    if data["act"] == "cancel":
        write(leaves.cancel, leave_id, data["version"])
        flash(gettext("L’absence est annulée."), "success")
    else:
        is_accepted = data["act"] == "accept"
        write(
            leaves.decide,
            DecideLeave(
                leave_id=leave_id,
                version=data["version"],
                is_accepted=is_accepted,
                answer=data["answer"],
            ),
        )
        said = (
            gettext("L’absence est acceptée.") if is_accepted else gettext("L’absence est refusée.")
        )
        flash(gettext(said), "success")
    with reading() as work:
        is_mine = people.me(work) is not None
    return redirect(url_for("team.mine" if is_mine else "team.absences"), 303)
