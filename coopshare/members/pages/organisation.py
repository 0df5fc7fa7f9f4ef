"""The members of the cooperative: list, search, one organisation's sheet."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import Sentence, marked
from coopshare.members import queries, services
from coopshare.members.commands import EndMembership, SetStanding
from coopshare.members.kinds import ORGANISATION_KINDS, ROLES, STANDINGS
from coopshare.members.pages.routes import blueprint, drawn, is_allowed, options
from coopshare.members.policies import Permission, allow, grantable
from coopshare.members.schemas import (
    ChangeSheetSchema,
    EndSchema,
    InviteSchema,
    OrganisationSchema,
    StandingSchema,
)
from coopshare.web.context import actor, reading, write
from coopshare.web.forms import Form
from coopshare.web.i18n import gettext
from coopshare.web.idempotency import once
from coopshare.web.pagination import decode, page
from coopshare.web.permissions import requires

PER_PAGE = 50

SHEET: list[Callable[[Work, UUID], Sentence | None]] = []
"""What else the sheet of an organisation says, where there is something: plugged in by app.py."""


def after_name(cursor: str | None) -> tuple[str, UUID] | None:
    """Return the place a list by name goes on from."""
    if not cursor:
        return None
    key, one = decode(cursor, 2)
    try:
        return key, UUID(one)
    except ValueError as error:
        raise Invalid.field("after", marked("Cette suite de liste n'existe pas.")) from error


@blueprint.get("/administration/membres")
@requires(Permission.READ)
def members() -> ResponseReturnValue:
    """List the organisations of the cooperative."""
    q, after = request.args.get("q", "")[:200], request.args.get("after")
    with reading() as work:
        allow(work.actor, Permission.READ)
        found = page(
            queries.search(work, q, limit=PER_PAGE, after=after_name(after)),
            PER_PAGE,
            lambda one: (one.organisation.sort_key, one.organisation_id),
        )
        url = url_for("members.members", q=q or None, after=found.next) if found.next else None
        return render_template(
            "members/members.html",
            q=q,
            found=found.items,
            people=queries.headcounts(work),
            day=queries.today(work, queries.cooperative(work)),
            next_url=url,
            first_url=url_for("members.members", q=q or None) if after else None,
            can_add=is_allowed(Permission.ADMINISTER),
        )


@blueprint.route("/administration/membres/ajouter", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def add_organisation() -> ResponseReturnValue:
    """Add an organisation."""
    allow(actor(), Permission.ADMINISTER)
    form = Form(OrganisationSchema(), {"standing": "associate", "kind": "association"})
    if form.is_submitted:
        with form.refusals():
            added = once(services.add_organisation, form.load())
            flash(gettext("L'organisation est membre. Invitez maintenant ses personnes."))
            return redirect(url_for("members.organisation", organisation_id=added), 303)
    return drawn(
        "members/organisation_form.html",
        form,
        organisation=None,
        kinds=options(list(ORGANISATION_KINDS.items())),
        places=options(list(STANDINGS.items())),
    )


@blueprint.get("/administration/membres/<uuid:organisation_id>")
@requires(Permission.READ)
def organisation(organisation_id: UUID) -> ResponseReturnValue:
    """Show an organisation and its people."""
    with reading() as work:
        return _sheet(work, organisation_id, Form(InviteSchema()))


def _sheet(work: Work, organisation_id: UUID, form: Form) -> ResponseReturnValue:
    allow(work.actor, Permission.READ)
    one = queries.membership(work, organisation_id)
    can_invite = is_allowed(Permission.INVITE, organisation_id)
    roles = grantable(work.actor, organisation_id)
    return drawn(
        "members/organisation.html",
        form,
        membership=one,
        organisation=one.organisation,
        is_current=queries.is_current(one, queries.today(work, queries.cooperative(work))),
        staff=queries.staff(work, organisation_id),
        invitations=queries.invitations(work, organisation_id) if can_invite else [],
        can_invite=can_invite,
        can_grant=is_allowed(Permission.GRANT, organisation_id),
        can_change=is_allowed(Permission.MANAGE_ORGANISATION, organisation_id),
        can_administer=is_allowed(Permission.ADMINISTER),
        roles=options([(role, ROLES[role]) for role in roles]),
        zone=work.actor.timezone,
        said=[one for one in (say_more(work, organisation_id) for say_more in SHEET) if one],
    )


@blueprint.post("/administration/membres/<uuid:organisation_id>/inviter")
@requires(Permission.INVITE)
def invite(organisation_id: UUID) -> ResponseReturnValue:
    """Invite an address."""
    form = Form(InviteSchema())
    with form.refusals():
        command = InviteSchema.command(organisation_id, form.load())
        once(services.invite, command)
        flash(
            gettext("Une invitation part à %(email)s. Elle sert pendant deux jours.")
            % {"email": command.email}
        )
        return redirect(url_for("members.organisation", organisation_id=organisation_id), 303)
    with reading() as work:
        return _sheet(work, organisation_id, form)


@blueprint.post("/administration/invitations/<uuid:invitation_id>/annuler")
@requires(Permission.INVITE)
def revoke_invitation(invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    found = write(services.revoke_invitation, invitation_id)
    flash(gettext("L'invitation est annulée : son lien ne sert plus."))
    return redirect(url_for("members.organisation", organisation_id=found.organisation_id), 303)


@blueprint.route("/administration/membres/<uuid:organisation_id>/modifier", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATION)
def change_organisation(organisation_id: UUID) -> ResponseReturnValue:
    """Change an organisation's sheet."""
    with reading() as work:
        one = queries.membership(work, organisation_id)
        allow(work.actor, Permission.MANAGE_ORGANISATION, organisation_id)
    sheet = one.organisation
    names = ("name", "kind", "siret", "email", "phone", "address", "version")
    form = Form(ChangeSheetSchema(), {name: getattr(sheet, name) or "" for name in names})
    if form.is_submitted:
        with form.refusals():
            write(
                services.change_organisation,
                ChangeSheetSchema.command(organisation_id, form.load()),
            )
            flash(gettext("La fiche est à jour."))
            return redirect(url_for("members.organisation", organisation_id=organisation_id), 303)
    return drawn(
        "members/organisation_form.html",
        form,
        organisation=sheet,
        kinds=options(list(ORGANISATION_KINDS.items())),
        places=[],
    )


@blueprint.route("/administration/membres/<uuid:organisation_id>/place", methods=["GET", "POST"])
@requires(Permission.ADMINISTER)
def standing(organisation_id: UUID) -> ResponseReturnValue:
    """Change an organisation's place in the cooperative."""
    form = Form(StandingSchema())
    if form.is_submitted:
        with form.refusals():
            command = SetStanding(organisation_id=organisation_id, **form.load())
            write(services.set_standing, command)
            flash(gettext("La place de l'organisation est changée."))
            return redirect(url_for("members.organisation", organisation_id=organisation_id), 303)
    return _place(organisation_id, form, "standing")


@blueprint.post("/administration/membres/<uuid:organisation_id>/depart")
@requires(Permission.ADMINISTER)
def end_membership(organisation_id: UUID) -> ResponseReturnValue:
    """End an organisation's membership on a day."""
    form = Form(EndSchema())
    with form.refusals():
        command = EndMembership(organisation_id=organisation_id, **form.load())
        write(services.end_membership, command)
        flash(gettext("La fin de l'adhésion est notée."))
        return redirect(url_for("members.organisation", organisation_id=organisation_id), 303)
    return _place(organisation_id, form, "ending")


def _place(organisation_id: UUID, form: Form, shown: str) -> ResponseReturnValue:
    with reading() as work:
        allow(work.actor, Permission.ADMINISTER)
        one = queries.membership(work, organisation_id)
        until = one.until or queries.today(work, queries.cooperative(work))
        both = {"standing": Form(StandingSchema()), "ending": Form(EndSchema())}
        both["standing"].values = {"standing": str(one.standing)}
        both["ending"].values = {"until": until.isoformat()}
        if form.is_submitted:
            both[shown] = form
        return drawn(
            "members/standing.html",
            form,
            forms_by_name=both,
            organisation=one.organisation,
            places=options(list(STANDINGS.items())),
            count=queries.headcounts(work).get(organisation_id, 0),
        )
