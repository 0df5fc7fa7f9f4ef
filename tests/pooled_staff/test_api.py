"""Half-days and absences by the JSON API: the same verbs, the same refusals as by the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from tests.make import Maker
from tests.pooled_staff.world import MONDAY, Group

LogIn = Callable[[FlaskClient, Actor], None]
Csrf = Callable[[FlaskClient], str]


@pytest.fixture
def world(database: Database, make: Maker) -> Group:
    """Return a group whose person has a contract."""
    found = Group(database, make)
    found.contract()
    return found


class Caller:
    """Somebody's program."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.token = client, token

    def __call__(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, version: int = 0
    ) -> Any:
        """Send a request."""
        headers = {"X-CSRFToken": self.token} | ({"If-Match": f'"v{version}"'} if version else {})
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)


@pytest.fixture
def call(world: Group, client: FlaskClient, login: LogIn, csrf: Csrf) -> Caller:
    """Return the planner's program."""
    login(client, world.planner)
    return Caller(client, csrf(client))


def body(world: Group, start: str = "09:00", end: str = "12:30", **more: Any) -> dict[str, Any]:
    """Return a half-day of that Monday at Avenir."""
    return {
        "worker_id": str(world.worker.id),
        "organisation_id": str(world.avenir.id),
        "starts_at": f"{MONDAY}T{start}:00+01:00",
        "ends_at": f"{MONDAY}T{end}:00+01:00",
    } | more


def test_planned_judged_refused_and_published(world: Group, call: Caller) -> None:
    long = body(world, "07:00", "18:30", pause_minutes=30)
    seen = call("POST", "/assignments/look", long)
    assert [one["rule"] for one in seen.json["breaks"]] == ["day_max"]
    made = call("POST", "/assignments", long)
    assert made.status_code == 201
    assert made.json["state"] == "draft"
    assert made.json["starts_at"] == f"{MONDAY}T06:00:00Z"
    assert made.json["breaks"][0]["article"] == "L3121-18"
    assert "le maximum est de 10" in made.json["breaks"][0]["sentence"]
    week = {
        "employer_id": str(world.employer.id),
        "first": f"{MONDAY}",
        "last": f"{MONDAY}",
    }
    refused = call("POST", "/assignments/publish", week)
    assert (refused.status_code, refused.json["code"]) == (422, "breaks_the_law")
    assert [one["rule"] for one in refused.json["breaches"]] == ["day_max"]
    key = made.json["id"]
    changed = call("PATCH", f"/assignments/{key}", {"to": body(world)}, version=1)
    assert (changed.status_code, changed.json["breaks"]) == (200, [])
    assert [one["rule"] for one in changed.json["mends"]] == ["day_max"]
    told = call("POST", "/assignments/publish", week)
    assert [one["state"] for one in told.json["items"]] == ["published"]
    read = call("GET", f"/assignments/{key}")
    assert read.headers["ETag"] == f'"v{read.json["version"]}"'
    stale = call("DELETE", f"/assignments/{key}", version=1)
    assert stale.status_code == 412
    assert call("DELETE", f"/assignments/{key}", version=read.json["version"]).status_code == 204


def test_a_list_goes_on(world: Group, call: Caller) -> None:
    for start, end in (("08:00", "10:00"), ("10:00", "12:00"), ("14:00", "16:00")):
        assert call("POST", "/assignments", body(world, start, end)).status_code == 201
    path = f"/assignments?from={MONDAY}T00:00:00Z&to={MONDAY}T23:00:00Z&limit=2"
    first = call("GET", path).json
    second = call("GET", f"{path}&after={first['next']}").json
    starts = [one["local_starts_at"][11:16] for one in first["items"] + second["items"]]
    assert starts == ["08:00", "10:00", "14:00"]
    assert second["next"] is None


def test_two_places_is_a_conflict(world: Group, call: Caller) -> None:
    call("POST", "/assignments", body(world))
    again = call("POST", "/assignments", body(world))
    assert (again.status_code, again.json["code"]) == (409, "two_places")


def test_an_absence_asked_and_decided(
    world: Group, client: FlaskClient, login: LogIn, csrf: Csrf
) -> None:
    login(client, world.cip)
    theirs = Caller(client, csrf(client))
    asked = theirs(
        "POST",
        "/leaves",
        {
            "worker_id": str(world.worker.id),
            "kind": "sick",
            "starts_at": f"{MONDAY}T00:00:00+01:00",
            "ends_at": f"{MONDAY}T23:00:00+01:00",
        },
    )
    assert (asked.status_code, asked.json["state"]) == (201, "asked")
    key = asked.json["id"]
    said = {"version": 1, "is_accepted": True, "answer": "Bon rétablissement."}
    assert theirs("POST", f"/leaves/{key}/decide", said).status_code == 403
    login(client, world.manager)
    member = Caller(client, csrf(client))
    assert member("GET", f"/leaves/{key}").status_code == 404
    assert member("GET", "/leaves").json["items"] == []
    login(client, world.planner)
    planner = Caller(client, csrf(client))
    decided = planner("POST", f"/leaves/{key}/decide", said)
    assert (decided.json["state"], decided.json["answer"]) == ("accepted", "Bon rétablissement.")
    assert [one["id"] for one in planner("GET", "/leaves").json["items"]] == [key]
