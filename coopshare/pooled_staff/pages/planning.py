"""The team's planning: people × half-days, a week in full or five weeks at a glance."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.db.work import Work
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import cooperative, today
from coopshare.pooled_staff.accounts import of_employer
from coopshare.pooled_staff.agenda import KINDS
from coopshare.pooled_staff.commands import Publish
from coopshare.pooled_staff.judging import bench
from coopshare.pooled_staff.kinds import Half
from coopshare.pooled_staff.models import Employer
from coopshare.pooled_staff.pages.routes import blueprint
from coopshare.pooled_staff.pages.weeks import grid
from coopshare.pooled_staff.policies import Permission, allow, allows
from coopshare.pooled_staff.queries import people
from coopshare.pooled_staff.queries.group import employers
from coopshare.pooled_staff.rules import Breach
from coopshare.pooled_staff.rules.diary import monday
from coopshare.pooled_staff.schemas.rota import PublishSchema
from coopshare.pooled_staff.services import rota
from coopshare.web.context import reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import say
from coopshare.web.permissions import requires

WEEK, MONTH = "semaine", "mois"
WEEKS = {WEEK: 1, MONTH: 5}
FAR = timedelta(days=2000)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says of the weeks that are shown."""

    first: date
    view: str

    @property
    def last(self) -> date:
        """Return the last day that is shown."""
        return self.first + timedelta(days=7 * WEEKS[self.view] - 1)

    def moved(self, weeks: int) -> str:
        """Return the address of other weeks."""
        day = self.first + timedelta(days=7 * weeks)
        return url_for("team.planning", vue=self.view, date=day.isoformat())


def asked(now: date) -> Asked:
    """Return what is asked for: this week, unless the address says otherwise and makes sense."""
    view = request.values.get("vue", WEEK)
    try:
        day = date.fromisoformat(request.values.get("date", ""))
    except ValueError:
        day = now
    if abs(day - now) > FAR:
        day = now
    return Asked(monday(day), view if view in WEEKS else WEEK)


@blueprint.get("/equipe/planning")
@requires(Permission.SEE)
def planning() -> ResponseReturnValue:
    """Show who is where."""
    with reading() as work:
        return show(work, Form(PublishSchema()))


def show(work: Work, form: Form) -> ResponseReturnValue:
    """Draw the planning, and what publishing its drafts would break."""
    allow(work.actor, Permission.SEE)
    wanted = asked(today(work, cooperative(work)))
    owner = employer_of(work)
    workers = people.workers(work)
    if owner is not None:
        workers = [one for one in workers if one.employer_id == owner.id]
    shown = grid(work, owner, workers, wanted.first, 7 * WEEKS[wanted.view])
    may_plan = owner is not None and allows(work.actor, Permission.PLAN, owner.organisation_id)
    breaches: tuple[Breach, ...] = ()
    if may_plan and owner is not None:
        found = bench(work, owner, of_employer(work, owner), wanted.first, wanted.last).judge()
        breaches = tuple(one for one in found if wanted.first <= one.day <= wanted.last)
    weeks = [list(days) for _, days in groupby(shown.days, monday)]
    return render_template(
        "pooled_staff/planning.html",
        form=form,
        wanted=wanted,
        shown=shown,
        halves=list(Half),
        stints=KINDS,
        employer=owner,
        may_plan=may_plan,
        today=today(work, cooperative(work)),
        breaches=breaches,
        by_day=_by_day(breaches),
        weeks=weeks,
        longest=max(weeks, key=len, default=[]),
        zone=cooperative(work).timezone,
    ), form.status


def _by_day(breaches: tuple[Breach, ...]) -> dict[tuple[UUID, date], list[Breach]]:
    found: dict[tuple[UUID, date], list[Breach]] = {}
    for one in breaches:
        found.setdefault((one.worker_id, one.day), []).append(one)
    return found


def employer_of(work: Work) -> Employer | None:
    """Return the employer that is looked at: the actor's own, the one named, else the first."""
    known = employers(work)
    named = request.values.get("employeur", "")
    for one in known:
        if named == str(one.id):
            return one
    own = [one for one in known if one.organisation_id == work.actor.organisation_id]
    return next(iter(own or known), None)


@blueprint.post("/equipe/planning/publier")
@requires(Permission.PLAN)
def publish() -> ResponseReturnValue:
    """Publish the drafts of the weeks that are shown."""
    form = Form(PublishSchema())
    with form.refusals():
        command: Publish = form.load()
        rows = write(rota.publish, command)
        flash(
            say(
                Sentence(
                    marked("{count} demi-journées publiées. Chaque personne en est prévenue."),
                    {"count": len(rows)},
                )
            ),
            "success",
        )
        return redirect(
            url_for(
                "team.planning",
                date=command.first.isoformat(),
                vue=WEEK if (command.last - command.first).days < 7 else MONTH,  # noqa: PLR2004
            ),
            303,
        )
    with reading() as work:
        return show(work, form)
