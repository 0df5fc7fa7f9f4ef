"""The operations of members."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields

from coopshare.kernel.actor import Role
from coopshare.kernel.errors import NotFound, VersionMismatch
from coopshare.members import queries, services, tokens
from coopshare.members.commands import (
    ChangeOrganisation,
    ChangeRole,
    CreateToken,
    Invite,
)
from coopshare.members.kinds import OrganisationKind, Standing
from coopshare.members.models import ApiToken, Invitation, Membership, Organisation, Person
from coopshare.members.pages.organisation import after_name
from coopshare.members.policies import Permission, allow
from coopshare.members.schemas import (
    Address,
    OrganisationSchema,
    RolesSchema,
    TokenNameSchema,
    role,
)
from coopshare.web.api import Blueprint
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version, seen_version
from coopshare.web.idempotency import once
from coopshare.web.pagination import Page, page
from coopshare.web.permissions import requires
from coopshare.web.schemas import Schema, Text, Whole

blueprint = Blueprint(
    "members-api", __name__, url_prefix="/api/v1", description="Personnes et organisations."
)


class PlaceSchema(Schema):
    """An organisation or a cooperative one may act for."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    cooperative_id = fields.UUID(required=True)


class MeSchema(Schema):
    """Who the token or the login is."""

    id = fields.UUID(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    organisation_id = fields.UUID(required=True, allow_none=True)
    organisations = fields.List(fields.Nested(PlaceSchema), required=True)
    cooperative_id = fields.UUID(required=True, allow_none=True)
    cooperatives = fields.List(fields.Dict(keys=fields.String()), required=True)
    roles = fields.List(fields.Enum(Role, by_value=True), required=True)


class OrganisationOutSchema(Schema):
    """An organisation, and its place in the cooperative."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    kind = fields.Enum(OrganisationKind, by_value=True, required=True)
    siret = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    standing = fields.Enum(Standing, by_value=True, required=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)


class OrganisationsSchema(Schema):
    """A page of organisations."""

    items = fields.List(fields.Nested(OrganisationOutSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class PersonSchema(Schema):
    """A person as the directory shows them."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)


class PeopleSchema(Schema):
    """A page of people."""

    items = fields.List(fields.Nested(PersonSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class MemberSchema(PersonSchema):
    """A person in an organisation."""

    roles = fields.List(fields.Enum(Role, by_value=True), required=True)
    is_suspended = fields.Boolean(required=True)


class MembersSchema(Schema):
    """All people of an organisation."""

    items = fields.List(fields.Nested(MemberSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class InvitationInSchema(Schema):
    """Who is invited, where, as what."""

    organisation_id = fields.UUID(required=True)
    email = Address(254, required=True)
    role = role(load_default=Role.MEMBER)


class InvitationSchema(Schema):
    """An invitation; its link is only in the mail."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    email = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class InvitationsSchema(Schema):
    """The invitations that wait."""

    items = fields.List(fields.Nested(InvitationSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class TokenSchema(Schema):
    """A key; `token` is shown once, at creation."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    organisation_id = fields.UUID(required=True)
    cooperative_id = fields.UUID(required=True)
    created_at = fields.AwareDateTime(required=True)
    token = fields.String()


class TokensSchema(Schema):
    """One's own keys."""

    items = fields.List(fields.Nested(TokenSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class ChangeOrganisationSchema(Schema):
    """What changes of an organisation; what is left out stays."""

    name = Text(120, required=False, load_default=None)
    kind = fields.Enum(OrganisationKind, by_value=True, load_default=None)
    siret = Text(30, load_default=None)
    email = Address(254, load_default=None)
    phone = Text(30, load_default=None)
    address = Text(300, multiline=True, load_default=None)


class ListSchema(Schema):
    """Which part of a list."""

    q = Text(200)
    limit = Whole(1, 100, load_default=50)
    after = fields.String(load_default=None)


def _organisation(one: Membership) -> dict[str, Any]:
    sheet: Organisation = one.organisation
    names = ("id", "name", "kind", "siret", "email", "phone", "address", "version")
    return {name: getattr(sheet, name) for name in names} | {
        "standing": one.standing,
        "since": one.since,
        "until": one.until,
    }


def _all(items: Sequence[object]) -> dict[str, object]:
    """Return a list short enough to be one page."""
    return {"items": items, "next": None}


@blueprint.route("/me", methods=["GET"])
@blueprint.response(200, MeSchema)
@requires(Permission.OWN_ACCOUNT, anywhere=True)
def me() -> dict[str, Any]:
    """Dire qui est derrière cette clé ou cette connexion."""
    with reading() as work:
        who = work.actor
        person = work.session.get(Person, who.person_id)
        if person is None:
            raise NotFound
        found = queries.places(work, person.id)
    cooperatives = {place.cooperative_id: place.cooperative_name for place in found}
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "organisation_id": who.organisation_id,
        "organisations": [
            {
                "id": place.organisation_id,
                "name": place.organisation_name,
                "cooperative_id": place.cooperative_id,
            }
            for place in found
        ],
        "cooperative_id": who.cooperative_id,
        "cooperatives": [{"id": str(key), "name": name} for key, name in cooperatives.items()],
        "roles": sorted(who.roles),
    }


@blueprint.route("/organisations", methods=["GET"])
@blueprint.arguments(ListSchema, location="query")
@blueprint.response(200, OrganisationsSchema)
@requires(Permission.READ)
def organisations(asked: dict[str, Any]) -> Page[dict[str, Any]]:
    """Lister les organisations de la coopérative."""
    with reading() as work:
        allow(work.actor, Permission.READ)
        found = queries.search(
            work, asked["q"], limit=asked["limit"], after=after_name(asked["after"])
        )
        cut = page(
            found,
            asked["limit"],
            lambda one: (one.organisation.sort_key, one.organisation_id),
        )
        return Page([_organisation(one) for one in cut.items], cut.next)


@blueprint.route("/organisations", methods=["POST"])
@blueprint.arguments(OrganisationSchema)
@blueprint.response(201, OrganisationOutSchema)
@requires(Permission.ADMINISTER)
def add_organisation(command: Any) -> dict[str, Any]:
    """Ajouter une organisation à la coopérative."""
    added = once(services.add_organisation, command)
    return _read_organisation(added)


def _read_organisation(organisation_id: UUID) -> dict[str, Any]:
    with reading() as work:
        allow(work.actor, Permission.READ)
        one = queries.membership(work, organisation_id)
        give_version(one.organisation.version)
        return _organisation(one)


@blueprint.route("/organisations/<uuid:organisation_id>", methods=["GET"])
@blueprint.response(200, OrganisationOutSchema)
@requires(Permission.READ)
def organisation(organisation_id: UUID) -> dict[str, Any]:
    """Lire une organisation."""
    return _read_organisation(organisation_id)


@blueprint.route("/organisations/<uuid:organisation_id>", methods=["PATCH"])
@blueprint.arguments(ChangeOrganisationSchema)
@blueprint.response(200, OrganisationOutSchema)
@requires(Permission.MANAGE_ORGANISATION)
def change_organisation(given: dict[str, Any], organisation_id: UUID) -> dict[str, Any]:
    """Changer la fiche d'une organisation."""
    write(
        services.change_organisation,
        ChangeOrganisation(organisation_id=organisation_id, version=seen_version(), **given),
    )
    return _read_organisation(organisation_id)


@blueprint.route("/organisations/<uuid:organisation_id>/people", methods=["GET"])
@blueprint.response(200, MembersSchema)
@requires(Permission.READ)
def staff(organisation_id: UUID) -> dict[str, object]:
    """Lister les personnes d'une organisation, avec leurs rôles."""
    with reading() as work:
        allow(work.actor, Permission.READ)
        queries.membership(work, organisation_id)
        found = queries.staff(work, organisation_id)
    return _all([_member(one) for one in found])


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
    return _all([_member(one) for one in found if one.person.id == person_id])


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


@blueprint.route("/invitations", methods=["GET"])
@blueprint.response(200, InvitationsSchema)
@requires(Permission.INVITE)
def invitations() -> dict[str, object]:
    """Lister les invitations en attente de son organisation (ou de la coopérative)."""
    with reading() as work:
        mine = work.actor.organisation_id
        allow(work.actor, Permission.INVITE, mine)
        everywhere = work.actor.has_role(Role.ADMINISTRATOR)
        return _all(queries.invitations(work, None if everywhere else mine))


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
    _only_version()
    write(services.revoke_invitation, invitation_id)


@blueprint.route("/tokens", methods=["GET"])
@blueprint.response(200, TokensSchema)
@requires(Permission.OWN_ACCOUNT)
def own_tokens() -> dict[str, object]:
    """Lister ses clés d'accès."""
    with reading() as work:
        person_id = work.actor.person_id
        return _all(queries.api_tokens(work, person_id) if person_id else [])


@blueprint.route("/tokens", methods=["POST"])
@blueprint.arguments(TokenNameSchema)
@blueprint.response(201, TokenSchema)
@requires(Permission.OWN_ACCOUNT)
def create_token(given: dict[str, Any]) -> dict[str, Any]:
    """Créer une clé, montrée cette seule fois ; sans Idempotency-Key rejouable."""
    key = tokens.new()
    made: ApiToken = write(
        services.create_token,
        CreateToken(name=given["name"], token_hash=tokens.hashed(key)),
    )
    give_version(1)
    return {
        "id": made.id,
        "name": made.name,
        "organisation_id": made.organisation_id,
        "cooperative_id": made.cooperative_id,
        "created_at": made.created_at,
        "token": key,
    }


@blueprint.route("/tokens/<uuid:token_id>", methods=["DELETE"])
@blueprint.response(204)
@requires(Permission.OWN_ACCOUNT)
def revoke_token(token_id: UUID) -> None:
    """Supprimer une de ses clés (sa version est toujours "v1")."""
    _only_version()
    write(services.revoke_token, token_id)


def _only_version() -> None:
    """Want If-Match on what never changes but once."""
    if seen_version() != 1:
        raise VersionMismatch
