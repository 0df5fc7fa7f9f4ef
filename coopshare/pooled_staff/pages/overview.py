"""The shared team: who employs, which posts, who holds them, and each member's account."""

from datetime import date, timedelta
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.kernel.actor import Role
from coopshare.members.queries import cooperative, organisations, today
from coopshare.pooled_staff.accounts import Account, accounts
from coopshare.pooled_staff.kinds import ARRANGEMENTS, CONTRACT_KINDS, EMPLOYER_KINDS
from coopshare.pooled_staff.pages.planning import employer_of
from coopshare.pooled_staff.pages.routes import blueprint
from coopshare.pooled_staff.policies import Permission, allow, allows
from coopshare.pooled_staff.queries import people
from coopshare.pooled_staff.queries.group import employer, members_of, sites
from coopshare.pooled_staff.rules.diary import monday
from coopshare.web.context import reading
from coopshare.web.permissions import requires

QUARTER = timedelta(weeks=13)


def period(now: date) -> tuple[date, date]:
    """Return the days that the address asks accounts for; the last thirteen weeks otherwise."""
    first, last = monday(now) - QUARTER, now - timedelta(days=1)
    try:
        first = date.fromisoformat(request.args.get("du", "")) if request.args.get("du") else first
        last = date.fromisoformat(request.args.get("au", "")) if request.args.get("au") else last
    except ValueError:
        pass
    is_sound = first <= last and (last - first).days < 1500 and 2000 <= first.year < 2090  # noqa: PLR2004
    return (first, last) if is_sound else (monday(now) - QUARTER, now - timedelta(days=1))


@blueprint.get("/equipe")
@requires(Permission.SEE)
def index() -> ResponseReturnValue:
    """Show the team; to who works in it, their own page."""
    with reading() as work:
        allow(work.actor, Permission.SEE)
        owner = employer_of(work)
        plans = owner is not None and allows(work.actor, Permission.PLAN, owner.organisation_id)
        if not plans and people.me(work) is not None:
            return redirect(url_for("team.mine"), 303)
        first, last = period(today(work, cooperative(work)))
        found: list[Account] = []
        if owner is not None:
            sees_all = plans or work.actor.has_role(Role.ADMINISTRATOR)
            only = None if sees_all else work.actor.organisation_id
            if sees_all or work.actor.has_role(Role.ORGANISATION_MANAGER):
                found = accounts(work, owner, first, last, only=only)
        widest = max((abs(one.drift) for one in found), default=0) or 1
        return render_template(
            "pooled_staff/index.html",
            employer=owner,
            organisation=organisations(work, [owner.organisation_id]).get(owner.organisation_id)
            if owner
            else None,
            kind=EMPLOYER_KINDS[owner.kind] if owner else "",
            members=members_of(work, owner.id, last) if owner else [],
            positions=people.positions(work, [owner.id]) if owner else [],
            workers=[w for w in people.workers(work) if owner and w.employer_id == owner.id],
            accounts=found,
            widest=widest,
            first=first,
            last=last,
            plans=plans,
            sets_up=allows(work.actor, Permission.SET_UP, owner.organisation_id if owner else None),
        )


@blueprint.get("/equipe/personnes/<uuid:worker_id>")
@requires(Permission.SEE)
def worker(worker_id: UUID) -> ResponseReturnValue:
    """Show somebody's sheet: to them, and to who plans."""
    with reading() as work:
        found = people.worker(work, worker_id)
        owner = employer(work, found.employer_id)
        versions = people.contracts(work, [found.id]).get(found.id, [])
        posts = {one.id: one for one in people.positions(work, [owner.id])}
        named = {row.organisation_id for one in versions for row in one.users}
        places = {row.site_id for one in versions for row in one.places}
        return render_template(
            "pooled_staff/worker.html",
            worker=found,
            versions=list(reversed(versions)),
            current=people.in_force(versions, today(work, cooperative(work))),
            posts=posts,
            names=organisations(work, named),
            places=sites(work, places),
            kinds=CONTRACT_KINDS,
            arrangements=ARRANGEMENTS,
            currency=cooperative(work).currency,
            plans=allows(work.actor, Permission.PLAN, owner.organisation_id),
        )
