"""Availability, busy spans and closures by the JSON API."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor, Role
from tests.holds.test_pages import as_actor, token
from tests.holds.test_services import House, between
from tests.make import Maker

__all__ = ["as_actor"]

SPAN = "from=2027-03-10T09:00:00%2B01:00&to=2027-03-10T12:00:00%2B01:00"


@pytest.fixture
def house(database: Database, make: Maker) -> House:
    return House(database, make)


@pytest.fixture
def me(house: House, app: Flask, as_actor: Callable[[Actor], None]) -> House:
    assert app is not None
    as_actor(house.actor)
    return house


def test_availability(me: House, client: FlaskClient) -> None:
    free, taken = me.resource("Verrière", capacity=12), me.resource("Atelier", capacity=12)
    me.hold(between(8, 11), taken)
    answer = client.get(f"/api/v1/availability?{SPAN}&min_capacity=10&kind=place")
    assert answer.status_code == 200
    assert answer.json is not None
    first, second = answer.json["items"]
    assert (first["resource_id"], first["is_free"], first["reasons"]) == (str(free.id), True, [])
    assert second["is_free"] is False
    assert second["reasons"] == [
        {
            "code": "slot_taken",
            "detail": "« Atelier » : déjà réservé, mercredi 10\u00a0mars, "
            "9\u202fh\u00a0–\u00a012\u202fh.",
            "possible": None,
        }
    ]
    assert second["nearest"][0] == {
        "starts_at": "2027-03-10T11:00:00Z",
        "ends_at": "2027-03-10T14:00:00Z",
        "local_starts_at": "2027-03-10T12:00:00+01:00",
        "local_ends_at": "2027-03-10T15:00:00+01:00",
    }
    assert second["similar"] == [str(free.id)]


def test_a_duration_within_a_window(me: House, client: FlaskClient) -> None:
    room = me.resource("Atelier", hours=(9 * 60, 12 * 60))
    query = "from=2027-03-10T00:00:00Z&to=2027-03-12T00:00:00Z&duration=120"
    answer = client.get(f"/api/v1/availability?{query}&resource_id={room.id}")
    assert answer.json is not None
    starts = [span["starts_at"] for span in answer.json["items"][0]["nearest"]]
    assert starts == ["2027-03-10T08:00:00Z", "2027-03-11T08:00:00Z"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=hier&to=demain",
        "from=2027-03-10T12:00:00Z&to=2027-03-10T09:00:00Z",
        "from=2027-03-10T12:00:00&to=2027-03-10T13:00:00",
        f"{SPAN}&duration=999999",
        f"{SPAN}&duration=0",
        f"{SPAN}&quantity=-1",
        f"{SPAN}&quantity=99999999999999999999999",
        f"{SPAN}&kind=dragon",
        f"{SPAN}&features=trampoline",
        f"{SPAN}&resource_id=7",
        f"{SPAN}&colour=blue",
    ],
)
def test_bad_queries(me: House, client: FlaskClient, query: str) -> None:
    assert me is not None
    answer = client.get(f"/api/v1/availability?{query}")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


def test_busy(me: House, make: Maker, client: FlaskClient) -> None:
    room = me.resource("Atelier", preparation_after=30)
    me.hold(between(8, 11), room)
    answer = client.get(f"/api/v1/resources/{room.id}/busy?{SPAN}")
    assert answer.json is not None
    assert [(s["starts_at"], s["ends_at"]) for s in answer.json["busy"]] == [
        ("2027-03-10T08:00:00Z", "2027-03-10T11:00:00Z")
    ]
    assert answer.headers["ETag"].startswith("W/")
    elsewhere = make.cooperative("Ailleurs")
    hidden = make.resource(elsewhere, make.organisation(elsewhere))
    assert client.get(f"/api/v1/resources/{hidden.id}/busy?{SPAN}").status_code == 404
    assert client.get(f"/api/v1/availability?{SPAN}&resource_id={hidden.id}").status_code == 404


def test_closures(
    me: House, make: Maker, client: FlaskClient, as_actor: Callable[[Actor], None]
) -> None:
    room = me.resource("Atelier")
    body: dict[str, Any] = {
        "resource_ids": [str(room.id)],
        "starts_at": "2027-03-10T09:00:00+01:00",
        "ends_at": "2027-03-12T09:00:00+01:00",
        "reason": "Travaux",
    }
    as_actor(make.actor(me.cooperative, me.owner, Role.RESOURCE_MANAGER))
    headers = {"X-CSRFToken": token(client, "/administration/fermetures")}

    def post(path: str, sent: dict[str, Any], **more: str) -> Any:
        return client.post(f"/api/v1/closures{path}", json=sent, headers=headers | more)

    made = post("", body, **{"Idempotency-Key": "once"})
    assert made.status_code == 201
    assert made.json["resource_ids"] == [str(room.id)]
    assert made.json["local_starts_at"] == "2027-03-10T09:00:00+01:00"
    assert post("", body, **{"Idempotency-Key": "once"}).json["id"] == made.json["id"]
    again = post("", body)
    assert (again.status_code, again.json["code"]) == (409, "closure_blocked")
    assert again.json["conflicts"][0]["name"] == "Atelier"
    listed = client.get("/api/v1/closures").json
    assert listed is not None
    assert [one["id"] for one in listed["items"]] == [made.json["id"]]
    wrongs: tuple[dict[str, Any], ...] = (
        {"reason": ""},
        {"resource_ids": []},
        {"ends_at": "2027-03-01T00:00:00Z"},
        {"timezone": "Mars/Olympus"},
        {"starts_at": "2027-03-10T09:00:01Z"},
        {"extra": 1},
    )
    for wrong in wrongs:
        assert post("", body | wrong).status_code == 422
    assert client.get("/api/v1/closures?after=nonsense").status_code == 422
    as_actor(me.actor)
    assert post(f"/{made.json['id']}/lift", {}).status_code == 403
    as_actor(make.actor(me.cooperative, me.owner, Role.ADMINISTRATOR))
    assert post(f"/{made.json['id']}/lift", {}).json["lifted_at"] is not None
    assert post(f"/{made.json['id']}/lift", {}).json["code"] == "closure_already_lifted"
    assert client.get("/api/v1/closures").json == {"items": [], "next": None}


def test_nobody_asks(client: FlaskClient) -> None:
    assert client.get(f"/api/v1/availability?{SPAN}").status_code == 401
