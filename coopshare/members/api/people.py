"""People, roles and invitations by the JSON API."""

from typing import Any
from uuid import UUID

from coopshare.kernel.actor import Role
from coopshare.members import queries, services
from coopshare.members.api.routes import blueprint, want_only_version, whole
from coopshare.members.api.shapes import (
    InvitationInSchema,
    InvitationSchema,
    InvitationsSchema,
    ListSchema,
    MembersSchema,
    PeopleSchema,
)
from coopshare.members.commands import (
    ChangeRole,
    Invite,
)
from coopshare.members.models import Invitation, Person
from coopshare.members.pages.organisation import after_name
from coopshare.members.policies import Permission, allow
from coopshare.members.schemas import (
    RolesSchema,
)
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version
from coopshare.web.idempotency import once
from coopshare.web.pagination import Page, page
from coopshare.web.permissions import requires


@blueprint.route("/organisations/<uuid:organisation_id>/people", methods=["GET"])
@blueprint.response(200, MembersSchema)
@requires(Permission.READ)
def staff(organisation_id: UUID) -> dict[str, object]:
    """Lister les personnes d'une organisation, avec leurs rôles."""
    with reading() as work:
        allow(work.actor, Permission.READ)
        queries.membership(work, organisation_id)
        found = queries.staff(work, organisation_id)
    return whole([_member(one) for one in found])


def _member(one: queries.Member) -> dict[str, object]:
    return {
        "id": one.person.id,
        "name": one.person.name,
        "email": one.person.email,
        "roles": list(one.roles),
        "is_suspended": one.is_suspended,
    }


@blueprint.route(
    "/organisations/<uuid:organisation_id>/people/<uuid:person_id>/roles", methods=["PUT"]
)
@blueprint.arguments(RolesSchema)
@blueprint.response(200, MembersSchema)
@requires(Permission.GRANT)
def change_roles(
    given: dict[str, Any], organisation_id: UUID, person_id: UUID
) -> dict[str, object]:
    """Donner exactement ces rôles à une personne ; aucun : elle quitte l'organisation."""
    command = ChangeRole(
        organisation_id=organisation_id,
        person_id=person_id,
        roles=frozenset(given["roles"]),
    )
    write(services.change_role, command)
    with reading() as work:
        found = queries.staff(work, organisation_id)
    return whole([_member(one) for one in found if one.person.id == person_id])


@blueprint.route("/people", methods=["GET"])
@blueprint.arguments(ListSchema, location="query")
@blueprint.response(200, PeopleSchema)
@requires(Permission.READ)
def people(asked: dict[str, Any]) -> Page[Person]:
    """Lister les personnes de la coopérative."""
    with reading() as work:
        allow(work.actor, Permission.READ)
        found = queries.directory(
            work, asked["q"], limit=asked["limit"], after=after_name(asked["after"])
        )
    return page(found, asked["limit"], lambda one: (one.sort_key, one.id))


@blueprint.route(
    "/organisations/<uuid:organisation_id>/people/<uuid:person_id>/end-sessions", methods=["POST"]
)
@blueprint.response(204)
@requires(Permission.ADMINISTER)
def end_logins(organisation_id: UUID, person_id: UUID) -> None:
    """Terminer toutes les connexions d'une personne, sur tous ses appareils."""
    del organisation_id  # the person is the cooperative's, whichever of their organisations
    once(services.end_logins, person_id)


@blueprint.route("/invitations", methods=["GET"])
@blueprint.response(200, InvitationsSchema)
@requires(Permission.INVITE)
def invitations() -> dict[str, object]:
    """Lister les invitations en attente de son organisation (ou de la coopérative)."""
    with reading() as work:
        mine = work.actor.organisation_id
        allow(work.actor, Permission.INVITE, mine)
        everywhere = work.actor.has_role(Role.ADMINISTRATOR)
        return whole(queries.invitations(work, None if everywhere else mine))


@blueprint.route("/invitations", methods=["POST"])
@blueprint.arguments(InvitationInSchema)
@blueprint.response(201, InvitationSchema)
@requires(Permission.INVITE)
def invite(given: dict[str, Any]) -> Invitation:
    """Inviter une adresse dans une organisation : un message part."""
    made = once(services.invite, Invite(**given))
    give_version(1)
    with reading() as work:
        return queries.invitation(work, made)


@blueprint.route("/invitations/<uuid:invitation_id>", methods=["DELETE"])
@blueprint.response(204)
@requires(Permission.INVITE)
def revoke_invitation(invitation_id: UUID) -> None:
    """Annuler une invitation (sa version est toujours "v1")."""
    want_only_version()
    write(services.revoke_invitation, invitation_id)
