"""The operations of members: by keys of two cooperatives; the same refusal as the pages."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members import services, tokens
from coopshare.members.commands import CreateToken
from coopshare.members.models import Cooperative, Organisation
from tests.make import Maker

LogIn = Callable[[FlaskClient, Actor], None]
Csrf = Callable[[FlaskClient], str]


@dataclass
class Keys:
    """The headers of several people, of two cooperatives."""

    atelier: Organisation
    theirs: Organisation
    member: Actor
    admin: dict[str, str]
    manager: dict[str, str]
    mila: dict[str, str]
    stranger: dict[str, str]
    stranger_id: uuid.UUID
    phares: Cooperative


def key(database: Database, actor: Actor) -> dict[str, str]:
    token = tokens.new()
    command = CreateToken(name="essai", token_hash=tokens.hashed(token))
    database.write(actor, services.create_token, command)
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def keys(database: Database, make: Maker) -> Keys:
    phares, other = make.cooperative(), make.cooperative("Ailleurs")
    house, atelier = make.organisation(phares, "Le Phares"), make.organisation(phares)
    theirs = make.organisation(other, "Leur Maison")
    member = make.actor(
        phares, atelier, Role.MEMBER, person=make.person("Mila", email="mila@example.org")
    )
    stranger = make.actor(other, theirs, Role.ADMINISTRATOR, person=make.person("Zoé"))
    admin = make.actor(phares, house, Role.ADMINISTRATOR, person=make.person("Ada"))
    manager = make.actor(phares, atelier, Role.ORGANISATION_MANAGER, person=make.person("Oscar"))
    assert stranger.person_id is not None
    return Keys(
        atelier,
        theirs,
        member,
        key(database, admin),
        key(database, manager),
        key(database, member),
        key(database, stranger),
        stranger.person_id,
        phares,
    )


def test_me(client: FlaskClient, keys: Keys) -> None:
    answer = client.get("/api/v1/me", headers=keys.mila)
    assert answer.json == {
        "id": str(keys.member.person_id),
        "email": "mila@example.org",
        "name": "Mila",
        "organisation_id": str(keys.atelier.id),
        "organisations": [
            {
                "id": str(keys.atelier.id),
                "name": "Atelier Nord",
                "cooperative_id": str(keys.phares.id),
            }
        ],
        "cooperative_id": str(keys.phares.id),
        "cooperatives": [{"id": str(keys.phares.id), "name": "Le Phares"}],
        "roles": ["member"],
    }
    assert "Set-Cookie" not in answer.headers
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}):
        refused = client.get("/api/v1/me", headers=headers)
        assert refused.status_code == 401
        assert refused.json is not None
        assert refused.json["code"] == "not_authenticated"


def test_organisations(client: FlaskClient, keys: Keys) -> None:
    listed = client.get("/api/v1/organisations?limit=1", headers=keys.mila).json
    assert listed is not None
    assert [one["name"] for one in listed["items"]] == ["Atelier Nord"]
    rest = client.get(f"/api/v1/organisations?after={listed['next']}", headers=keys.mila).json
    assert rest is not None
    assert ([one["name"] for one in rest["items"]], rest["next"]) == (["Le Phares"], None)
    body = {"name": "Le Fournil", "kind": "ei", "standing": "tenant"}
    once = {**keys.admin, "Idempotency-Key": "k1"}
    added = client.post("/api/v1/organisations", json=body, headers=once)
    again = client.post("/api/v1/organisations", json=body, headers=once)
    assert (added.status_code, again.json) == (201, added.json)
    assert added.json is not None
    path = f"/api/v1/organisations/{added.json['id']}"
    change = {"phone": "04 66 00 00 00"}
    assert client.patch(path, json=change, headers=keys.admin).status_code == 428
    seen = {**keys.admin, "If-Match": '"v1"'}
    changed = client.patch(path, json=change, headers=seen)
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"v2"')
    assert client.patch(path, json=change, headers=seen).status_code == 412
    tag = {**keys.mila, "If-None-Match": '"v2"'}
    assert client.get(path, headers=tag).status_code == 304
    for wrong in (
        {"name": "X"},
        {**body, "siret": "12345678901234"},
        {**body, "cooperative_id": str(uuid.uuid4())},
        {**body, "name": "a\u202eb"},
        {**body, "name": "x" * 121},
        {**body, "email": "a@b\nBcc: c@d.fr"},
    ):
        refused = client.post("/api/v1/organisations", json=wrong, headers=keys.admin)
        assert refused.status_code == 422, wrong


def test_invitations_and_roles(client: FlaskClient, keys: Keys) -> None:
    body = {"organisation_id": str(keys.atelier.id), "email": "n@example.org"}
    made = client.post("/api/v1/invitations", json=body, headers=keys.manager)
    assert made.status_code == 201
    assert made.json is not None
    assert "token" not in made.text
    above = client.post(
        "/api/v1/invitations", json={**body, "role": "administrator"}, headers=keys.manager
    )
    assert above.status_code == 422
    listed = client.get("/api/v1/invitations", headers=keys.manager).json
    assert listed is not None
    assert [one["email"] for one in listed["items"]] == ["n@example.org"]
    path = f"/api/v1/invitations/{made.json['id']}"
    match = {"If-Match": '"v1"'}
    assert client.delete(path, headers=keys.stranger | match).status_code == 404
    assert client.delete(path, headers=keys.manager | match).status_code == 204
    assert client.delete(path, headers=keys.manager | match).status_code == 404
    people = f"/api/v1/organisations/{keys.atelier.id}/people"
    roles = client.put(
        f"{people}/{keys.member.person_id}/roles",
        json={"roles": ["member", "resource_manager"]},
        headers=keys.manager,
    )
    assert roles.json is not None
    assert roles.json["items"][0]["roles"] == ["member", "resource_manager"]
    me = client.get("/api/v1/me", headers=keys.mila).json  # from the next request on
    assert me is not None
    assert me["roles"] == ["member", "resource_manager"]


def test_keys(client: FlaskClient, keys: Keys) -> None:
    made = client.post("/api/v1/tokens", json={"name": "Tableur"}, headers=keys.mila)
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert made.json is not None
    listed = client.get("/api/v1/tokens", headers=keys.mila)
    assert made.json["token"] not in listed.text
    path, match = f"/api/v1/tokens/{made.json['id']}", {"If-Match": '"v1"'}
    assert client.delete(path, headers=keys.admin | match).status_code == 404
    assert client.delete(path, headers=keys.mila | match).status_code == 204
    gone = client.get("/api/v1/me", headers={"Authorization": f"Bearer {made.json['token']}"})
    assert gone.status_code == 401


def test_a_key_is_made_once_per_request(client: FlaskClient, keys: Keys) -> None:
    """Sent again, the same request makes no second key, and does not show the first one again."""
    headers = keys.mila | {"Idempotency-Key": "tableur"}
    before = client.get("/api/v1/tokens", headers=keys.mila).json
    made, again = (
        client.post("/api/v1/tokens", json={"name": "Tableur"}, headers=headers).json
        for _ in range(2)
    )
    assert made is not None
    assert made["token"]
    assert again == made | {"token": None}
    after = client.get("/api/v1/tokens", headers=keys.mila).json
    assert before is not None
    assert after is not None
    assert len(after["items"]) == len(before["items"]) + 1
    other = client.post("/api/v1/tokens", json={"name": "Autre"}, headers=headers)
    assert (other.status_code, other.json["code"]) == (422, "key_reused")  # type: ignore[index]


@pytest.mark.parametrize("who", ["mila", "stranger"])
def test_what_may_not_be_seen_or_done(client: FlaskClient, keys: Keys, who: str) -> None:
    """Another cooperative's ids answer as unknown ones; a member's own roles say 403."""
    headers: dict[str, str] = getattr(keys, who)
    place = keys.atelier.id if who == "stranger" else keys.theirs.id
    unknown = client.get(f"/api/v1/organisations/{uuid.uuid4()}", headers=headers)
    for path in (f"/api/v1/organisations/{place}", f"/api/v1/organisations/{place}/people"):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 404
        assert strip(answer.json) == strip(unknown.json)
    invite = {"organisation_id": str(place), "email": "x@example.org"}
    assert client.post("/api/v1/invitations", json=invite, headers=headers).status_code == 404
    change = client.patch(
        f"/api/v1/organisations/{place}", json={}, headers=headers | {"If-Match": '"v1"'}
    )
    assert change.status_code == 404
    own = {"organisation_id": str(keys.atelier.id), "email": "x@example.org"}
    if who == "mila":
        refused = client.post("/api/v1/invitations", json=own, headers=headers)
        assert refused.status_code == 403
        listed = client.get("/api/v1/people", headers=headers)
        assert "Zoé" not in listed.text


def strip(problem: object) -> object:
    assert isinstance(problem, dict)
    return {name: value for name, value in problem.items() if name != "request_id"}


def test_the_same_refusal_by_page_and_by_api(
    app: Flask, keys: Keys, make: Maker, login: LogIn, csrf: Csrf
) -> None:
    """One verb, two doors, one sentence, one status."""
    admin = make.actor(keys.phares, keys.atelier, Role.ADMINISTRATOR, person=make.person("Bea"))
    browser, program = app.test_client(), app.test_client()
    login(browser, admin)
    siret = "73282932000074"
    body = {"name": "Une", "kind": "ei", "standing": "tenant", "siret": siret}
    assert program.post("/api/v1/organisations", json=body, headers=keys.admin).status_code == 201
    for change, code in (
        ({"name": "Deux"}, "siret_taken"),
        ({"siret": "12345678901234"}, "invalid"),
    ):
        asked = body | change
        problem = program.post("/api/v1/organisations", json=asked, headers=keys.admin)
        page = browser.post(
            "/administration/membres/ajouter", data=asked | {"csrf_token": csrf(browser)}
        )
        assert problem.json is not None
        assert (page.status_code, problem.json["code"]) == (problem.status_code, code)
        told = " ".join(page.text.split())  # a page sets its spaces, a program is given plain ones
        assert problem.json["detail"].replace("'", "&#39;") in told
