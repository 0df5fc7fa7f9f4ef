"""Who one is, and one's keys, by the JSON API."""

from typing import Any
from uuid import UUID

from coopshare.kernel.errors import NotFound
from coopshare.members import queries, services, tokens
from coopshare.members.api.routes import blueprint, want_only_version, whole
from coopshare.members.api.shapes import (
    MeSchema,
    TokenSchema,
    TokensSchema,
)
from coopshare.members.commands import (
    CreateToken,
)
from coopshare.members.models import Person
from coopshare.members.policies import Permission
from coopshare.members.schemas import (
    TokenNameSchema,
)
from coopshare.web.context import reading, write
from coopshare.web.etag import give_version
from coopshare.web.idempotency import once
from coopshare.web.permissions import requires


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


@blueprint.route("/tokens", methods=["GET"])
@blueprint.response(200, TokensSchema)
@requires(Permission.OWN_ACCOUNT)
def own_tokens() -> dict[str, object]:
    """Lister ses clés d'accès."""
    with reading() as work:
        person_id = work.actor.person_id
        return whole(queries.api_tokens(work, person_id) if person_id else [])


@blueprint.route("/tokens", methods=["POST"])
@blueprint.arguments(TokenNameSchema)
@blueprint.response(201, TokenSchema)
@requires(Permission.OWN_ACCOUNT)
def create_token(given: dict[str, Any]) -> dict[str, Any]:
    """Créer une clé, montrée cette seule fois ; rejouée, la demande rend la clé sans la montrer."""
    key = tokens.new()
    command = CreateToken(name=given["name"], token_hash=tokens.hashed(key))
    made_id = once(services.create_token, command)
    with reading() as work:
        made = queries.api_token(work, made_id)
    give_version(1)
    names = ("id", "name", "organisation_id", "cooperative_id", "created_at")
    is_new = made.token_hash == command.token_hash
    return {name: getattr(made, name) for name in names} | {"token": key if is_new else None}


@blueprint.route("/tokens/<uuid:token_id>", methods=["DELETE"])
@blueprint.response(204)
@requires(Permission.OWN_ACCOUNT)
def revoke_token(token_id: UUID) -> None:
    """Supprimer une de ses clés (sa version est toujours "v1")."""
    want_only_version()
    write(services.revoke_token, token_id)
