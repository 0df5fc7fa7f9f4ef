"""One person in one organisation: roles, suspension."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.errors import NotFound
from coopshare.members import queries, services
from coopshare.members.commands import ChangeRole
from coopshare.members.kinds import ROLES
from coopshare.members.pages.routes import blueprint, drawn, is_allowed, options
from coopshare.members.policies import Permission, allow, grantable
from coopshare.members.queries import Member
from coopshare.members.schemas import RolesSchema
from coopshare.web.context import actor, reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.permissions import requires

PATH = "/administration/membres/<uuid:organisation_id>/personnes/<uuid:person_id>"


def _member(work: Work, organisation_id: UUID, person_id: UUID) -> Member:
    for one in queries.staff(work, organisation_id):
        if one.person.id == person_id:
            return one
    raise NotFound


@blueprint.route(PATH, methods=["GET", "POST"])
@requires(Permission.GRANT)
def person(organisation_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Show and change what a person may do for an organisation."""
    with reading() as work:
        organisation = queries.membership(work, organisation_id).organisation
        allow(work.actor, Permission.GRANT, organisation_id)
        member = _member(work, organisation_id, person_id)
    mine = grantable(actor(), organisation_id)
    form = Form(RolesSchema(), {"roles": [str(role) for role in member.roles]})
    if form.is_submitted:
        with form.refusals():
            asked: set[Role] = set(form.load()["roles"])
            kept = {role for role in member.roles if role not in mine}
            write(
                services.change_role,
                ChangeRole(
                    organisation_id=organisation_id,
                    person_id=person_id,
                    roles=frozenset(asked | kept),
                ),
            )
            flash(gettext("Les rôles sont changés. Ils valent dès maintenant."))
            return redirect(url_for("members.organisation", organisation_id=organisation_id), 303)
    return drawn(
        "members/person.html",
        form,
        organisation=organisation,
        member=member,
        roles=options([(role, ROLES[role]) for role in mine]),
        kept=[ROLES[role] for role in member.roles if role not in mine],
        can_suspend=is_allowed(Permission.ADMINISTER),
    )


@blueprint.post(PATH + "/suspendre")
@requires(Permission.ADMINISTER)
def suspend(organisation_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Close the cooperative to a person."""
    write(services.suspend, person_id)
    flash(gettext("L'accès est suspendu, dès maintenant et sur tous ses appareils."))
    return redirect(
        url_for("members.person", organisation_id=organisation_id, person_id=person_id), 303
    )


@blueprint.post(PATH + "/deconnecter")
@requires(Permission.ADMINISTER)
def end_logins(organisation_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """End every login of a person."""
    write(services.end_logins, person_id)
    flash(gettext("Toutes ses connexions sont terminées, sur tous ses appareils."))
    return redirect(
        url_for("members.person", organisation_id=organisation_id, person_id=person_id), 303
    )


@blueprint.post(PATH + "/retablir")
@requires(Permission.ADMINISTER)
def restore(organisation_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Open it again."""
    write(services.restore, person_id)
    flash(gettext("L'accès est rétabli, avec les mêmes rôles."))
    return redirect(
        url_for("members.person", organisation_id=organisation_id, person_id=person_id), 303
    )
