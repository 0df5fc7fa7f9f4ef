"""Every route of members, by every role, on three objects: as the table of policies says.

Own organisation, another one of the cooperative, one of another cooperative. Whoever may act is
never told 401, 403 or 404; whoever may not is told 403, and 404 about another cooperative.
"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members import queries, tokens
from coopshare.members.models import ApiToken, Invitation, Organisation, Person
from coopshare.members.policies import Permission, allows
from coopshare.web.permissions import permission_of
from tests.conftest import NOW
from tests.make import Maker

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

LogIn = Callable[[FlaskClient, Actor], None]
Csrf = Callable[[FlaskClient], str]

SHEET: dict[str, object] = {"name": "Une maison", "kind": "ei"}
PREFERENCES: dict[str, object] = {"name": "Un Nom", "language": "fr", "theme": "auto"}
BODIES: dict[str, dict[str, object]] = {
    "add_organisation": {**SHEET, "standing": "tenant"},
    "change_organisation": {**SHEET, "version": "1"},
    "standing": {"standing": "partner"},
    "end_membership": {"until": "2027-12-31"},
    "invite": {"role": "administrator"},
    "person": {"roles": ["member"]},
    "change_roles": {"roles": ["member"]},
    "create_token": {"name": "clé"},
    "change_preferences": PREFERENCES,
}
OWN = {"end_session", "revoke_token", "switch", "change_password"}
"""Verbs on one's own things, which have their own tests."""


@dataclass(frozen=True)
class Target:
    """An organisation and a person in it."""

    organisation: Organisation
    person: Person
    is_foreign: bool = False


def calls(app: Flask) -> Iterator[tuple[str, str, str, Permission]]:
    """Give each call of members that is not public: endpoint, method, path, permission."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in {"members", "members-api"}:
            continue
        declared = permission_of(app, rule.endpoint)
        if declared == "public" or rule.endpoint.split(".")[1] in OWN:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, rule.rule, Permission(str(declared))


def invitation(make: Maker, target: Target, cooperative_id: uuid.UUID) -> uuid.UUID:
    made = Invitation(
        organisation_id=target.organisation.id,
        email=f"{uuid.uuid4().hex}@example.org",
        role=Role.MEMBER,
        created_at=NOW,
        expires_at=NOW.replace(day=3),
    )
    return make.keep(made, cooperative_id).id


def expected(actor: Actor, permission: Permission, target: Target, *, has_object: bool) -> set[int]:
    """Return the statuses that the table of policies allows."""
    if has_object and target.is_foreign:
        return {403, 404}  # never a success, never another word than for an unknown id
    place = target.organisation.id if has_object else actor.organisation_id
    if allows(actor, permission, place):
        return {200, 201, 204, 303, 409, 412, 422, 429}  # refused by a rule, not by the role
    return {403}


@pytest.mark.parametrize("role", list(Role))
def test_each_route_by_each_role(
    app: Flask, database: Database, make: Maker, login: LogIn, csrf: Csrf, role: Role
) -> None:
    phares, other = make.cooperative(), make.cooperative("Ailleurs")
    homes = [make.organisation(phares, "Ici"), make.organisation(phares, "À côté")]
    away = make.organisation(other, "Loin")
    guard = make.actor(phares, homes[1], Role.ADMINISTRATOR, person=make.person("Gardien"))
    targets = []
    for home in (*homes, away):
        where = other if home is away else phares
        person = make.person("Cible")
        make.affiliate(where, home, person, Role.MEMBER)
        targets.append(Target(home, person, is_foreign=home is away))
    actor = make.actor(phares, homes[0], role, person=make.person("Acteur"))
    wrong = []
    cells = 0
    for endpoint, method, path, permission in calls(app):
        for target in targets:
            where = other if target.is_foreign else phares
            client = app.test_client()
            login(client, actor)
            name = endpoint.split(".")[1]
            ids = {
                "organisation_id": target.organisation.id,
                "person_id": target.person.id,
                "invitation_id": invitation(make, target, where.id) if "invit" in path else "",
            }
            url = path
            for key, value in ids.items():
                url = url.replace(f"<uuid:{key}>", str(value))
            body = {**BODIES.get(name, {})}
            if name == "invite":
                body["email"] = f"{uuid.uuid4().hex}@example.org"
            if endpoint == "members-api.invite":
                body["organisation_id"] = str(target.organisation.id)
            if endpoint == "members-api.change_organisation":
                body.pop("version")
            headers = {"If-Match": '"v1"', "X-CSRFToken": csrf(client)}
            if endpoint.startswith("members-api."):
                given = {"json": body} if method not in {"GET", "DELETE"} else {}
            else:
                given = {"data": body} if method == "POST" else {}
            answer = client.open(url, method=method, headers=headers, **given)  # type: ignore[arg-type]
            has_object = "<uuid:" in path or endpoint == "members-api.invite"
            cells += 1
            wanted = expected(actor, permission, target, has_object=has_object)
            if answer.status_code not in wanted:
                wrong.append((endpoint, method, target.organisation.name, answer.status_code))
    assert wrong == []
    assert cells > 80
    with database.read(guard) as work:
        assert {entry.person_id for entry in queries.journal(work)} <= {actor.person_id}


def test_nobody_without_a_login(app: Flask, client: FlaskClient) -> None:
    """Every route that is not public asks who it is; a revoked key and a guess are the same."""
    for endpoint, method, path, _ in calls(app):
        url = path
        for key in ("organisation_id", "person_id", "invitation_id", "token_id"):
            url = url.replace(f"<uuid:{key}>", str(uuid.uuid4()))
        answer = client.open(url, method=method, headers={"Authorization": "Bearer guess"})
        wanted = {401} if endpoint.startswith("members-api.") or method != "GET" else {303}
        assert answer.status_code in wanted, (endpoint, method)


def test_one_s_own_things_only(app: Flask, make: Maker, login: LogIn, csrf: Csrf) -> None:
    phares = make.cooperative()
    home = make.organisation(phares)
    mine, hers = (make.actor(phares, home, person=make.person(name)) for name in ("Moi", "Elle"))
    assert hers.person_id is not None
    key = make.keep(
        ApiToken(
            token_hash=tokens.hashed("hers"),
            person_id=hers.person_id,
            cooperative_id=phares.id,
            organisation_id=home.id,
            name="clé",
            created_at=NOW,
        )
    )
    client = app.test_client()
    login(client, mine)
    data = {"csrf_token": csrf(client), "device": tokens.hashed("x")}
    assert client.post(f"/compte/cles/{key.id}/supprimer", data=data).status_code == 404
    assert client.post("/compte/appareils", data=data).status_code == 404
