"""Resources by the API: declared, read, changed on a version, refused in the same words."""

import json
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from coopshare.members.models import Cooperative, Organisation
from tests.make import Maker
from tests.statements import counted


@pytest.fixture
def cooperative(make: Maker) -> Cooperative:
    return make.cooperative()


@pytest.fixture
def owner(make: Maker, cooperative: Cooperative) -> Organisation:
    return make.organisation(cooperative, "Le Phares")


@pytest.fixture
def manager(make: Maker, cooperative: Cooperative, owner: Organisation) -> Actor:
    return make.actor(cooperative, owner, Role.ADMINISTRATOR, door="api")


def acting(app: Flask, actor: Actor) -> FlaskClient:
    """Return a client whose every request is the actor's, as a bearer of a key."""
    app.extensions["coopshare"].current_actor = lambda: actor
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer of nothing"
    return client


def room(owner: Organisation, **fields: Any) -> dict[str, Any]:
    return {"name": "Verrière", "kind": "place", "owner_id": str(owner.id)} | fields


def test_a_room_is_declared_read_and_changed(
    app: Flask, manager: Actor, owner: Organisation
) -> None:
    client = acting(app, manager)
    answer = client.post(
        "/api/v1/resources",
        json=room(
            owner,
            capacity=14,
            features=["wifi", "wheelchair"],
            opening_hours=[{"weekday": 0, "opens": "09:00", "closes": "24:00"}],
            rules={"step": 30, "slots": [{"opens": "09:00", "closes": "12:30"}], "notice": 60},
            tariffs=[{"standing": None, "unit": "hour", "cents": 1500}],
        ),
    )
    assert answer.status_code == 201, answer.text
    made = answer.json
    assert made is not None
    assert (made["capacity"], made["timezone"], made["owner_name"]) == (
        14,
        "Europe/Paris",
        "Le Phares",
    )
    assert made["opening_hours"] == [{"weekday": 0, "opens": "09:00", "closes": "24:00"}]
    assert made["rules"]["slots"] == [{"opens": "09:00", "closes": "12:30"}]
    path = f"/api/v1/resources/{made['id']}"
    etag = answer.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert client.patch(path, json={"capacity": 20}).status_code == 428
    changed = client.patch(path, json={"capacity": 20}, headers={"If-Match": etag})
    assert changed.status_code == 200, changed.text
    assert changed.json is not None
    assert (changed.json["capacity"], changed.json["rules"]["step"]) == (20, 30)
    stale = client.patch(path, json={"capacity": 30}, headers={"If-Match": etag})
    assert stale.status_code == 412
    gone = client.delete(path, headers={"If-Match": changed.headers["ETag"]})
    assert gone.status_code == 204
    listed = client.get("/api/v1/resources").json
    assert listed == {"items": [], "next": None}


def test_who_may_book_is_read_back(app: Flask, manager: Actor, owner: Organisation) -> None:
    client = acting(app, manager)

    def standings(answer: TestResponse) -> object:
        assert answer.status_code in {200, 201}, answer.text
        found = json.loads(answer.text)
        return (found["items"][0] if "items" in found else found)["rules"]["standings"]

    rules = {"standings": ["associate", "tenant"]}
    made = client.post("/api/v1/resources", json=room(owner, rules=rules))
    path = f"/api/v1/resources/{json.loads(made.text)['id']}"
    read = [made, client.get(path), client.get("/api/v1/resources")]
    assert [standings(answer) for answer in read] == [["associate", "tenant"]] * 3
    given = {"rules": {"standings": ["partner"]}}
    changed = client.patch(path, json=given, headers={"If-Match": '"v1"'})
    assert standings(changed) == ["partner"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"kind": "spaceship"}, "kind"),
        ({"owner_id": str(uuid4())}, "owner_id"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": 10**12}, "quantity"),
        ({"timezone": "Europe/Nowhere"}, "timezone"),
        ({"features": ["jacuzzi"]}, "features.0"),
        ({"rules": {"shortest": 120, "longest": 60}}, "longest"),
        ({"opening_hours": [{"weekday": 7, "opens": "09:00", "closes": "10:00"}]}, ""),
        ({"opening_hours": [{"weekday": 1, "opens": "19:00", "closes": "10:00"}]}, ""),
        ({"tariffs": [{"unit": "hour", "cents": -1}]}, ""),
        ({"cooperative_id": str(uuid4())}, "cooperative_id"),
    ],
)
def test_bad_values_are_refused_on_their_field(
    app: Flask, manager: Actor, owner: Organisation, change: dict[str, Any], field: str
) -> None:
    client = acting(app, manager)
    answer = client.post("/api/v1/resources", json=room(owner) | change)
    assert answer.status_code == 422, answer.text
    assert answer.json is not None
    assert any(name.startswith(field) for name in answer.json["errors"])
    assert client.get("/api/v1/resources").json == {"items": [], "next": None}


def test_who_does_not_manage_is_refused_and_strangers_see_nothing(
    app: Flask, make: Maker, cooperative: Cooperative, owner: Organisation
) -> None:
    resource = make.resource(cooperative, owner)
    path = f"/api/v1/resources/{resource.id}"
    member = acting(app, make.actor(cooperative, owner))
    assert member.get(path).status_code == 200
    assert member.patch(path, json={}, headers={"If-Match": '"v1"'}).status_code == 403
    other = make.cooperative("Autre")
    foreign = make.actor(other, make.organisation(other), Role.ADMINISTRATOR)
    stranger = acting(app, foreign)
    assert stranger.get(path).status_code == 404
    assert stranger.patch(path, json={}, headers={"If-Match": '"v1"'}).status_code == 404


def test_a_circle_of_parts_is_refused(
    app: Flask, make: Maker, cooperative: Cooperative, owner: Organisation, manager: Actor
) -> None:
    hall, half = make.resource(cooperative, owner, "Hall"), make.resource(cooperative, owner, "A")
    make.part(hall, half)
    client = acting(app, manager)
    answer = client.patch(
        f"/api/v1/resources/{half.id}",
        json={"parts": [str(hall.id)]},
        headers={"If-Match": '"v1"'},
    )
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["code"] == "parts_in_a_circle"


def test_a_list_takes_the_same_statements_for_three_and_thirty(
    app: Flask,
    database: Database,
    make: Maker,
    cooperative: Cooperative,
    owner: Organisation,
    manager: Actor,
) -> None:
    client = acting(app, manager)
    for number in range(3):
        make.resource(cooperative, owner, f"Salle {number}", hours=(540, 1080))
    with counted(database) as few:
        assert client.get("/api/v1/resources").status_code == 200
    for number in range(3, 30):
        make.resource(cooperative, owner, f"Salle {number}", hours=(540, 1080))
    with counted(database) as many:
        first = client.get("/api/v1/resources?limit=20").json
    assert len(few) == len(many)
    assert first is not None
    second = client.get(f"/api/v1/resources?limit=20&after={first['next']}").json
    assert second is not None
    assert (len(first["items"]), len(second["items"]), second["next"]) == (20, 10, None)
