"""Subscriptions made, renewed and ended, by the page and by the API; the address is told once."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coopshare.kernel.actor import Actor
from tests.make import Maker


@pytest.fixture
def actor(make: Maker) -> Actor:
    cooperative = make.cooperative()
    return make.actor(cooperative, make.organisation(cooperative), door="api")


def acting(app: Flask, actor: Actor) -> FlaskClient:
    app.extensions["coopshare"].current_actor = lambda: actor
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = "Bearer of nothing"
    return client


def path_of(url: str) -> str:
    return url[url.index("/ical/") :]


def test_by_the_api(app: Flask, actor: Actor) -> None:
    client = acting(app, actor)
    assert client.get("/api/v1/feeds").json == {"items": [], "next": None}
    headers = {"Idempotency-Key": "one"}
    made = client.post("/api/v1/feeds", json={"kind": "my_bookings"}, headers=headers)
    assert made.status_code == 201, made.text
    assert made.json is not None
    path = path_of(made.json["url"])
    assert client.get(path).status_code == 200
    again = client.post("/api/v1/feeds", json={"kind": "my_bookings"}, headers=headers)
    assert again.json is not None
    assert (again.json["id"], again.json["url"]) == (made.json["id"], None)
    listed = client.get("/api/v1/feeds").json
    assert listed is not None
    assert [(one["id"], one["url"]) for one in listed["items"]] == [(made.json["id"], None)]
    feed = f"/api/v1/feeds/{made.json['id']}"
    assert client.delete(feed).status_code == 428
    etag = client.get(feed).headers["ETag"]
    assert client.delete(feed, headers={"If-Match": etag}).status_code == 204
    assert client.get(path).status_code == 404
    assert client.get(feed).status_code == 404


def test_by_the_page(app: Flask, actor: Actor) -> None:
    client = acting(app, actor)
    assert "Aucun abonnement pour l’instant." in client.get("/abonnements").text
    made = client.post(
        "/abonnements", data={"kind": "organisation", "detail": "busy", "target_id": ""}
    )
    assert made.status_code == 201
    found = re.search(r'value="[^"]*(/ical/[^"]+\.ics)"', made.text)
    assert found is not None
    assert client.get(found[1]).status_code == 200
    page = client.get("/abonnements").text
    assert "/ical/" not in page
    renew = re.search(r'action="(/abonnements/[^"]+/renouveler)"', page)
    assert renew is not None
    renewed = client.post(renew[1])
    assert renewed.status_code == 200
    assert client.get(found[1]).status_code == 404
    stop = renew[1].replace("renouveler", "arreter")
    assert client.post(stop).status_code == 303
    assert client.post(stop).status_code == 404


def test_nothing_chosen_or_not_ours(app: Flask, make: Maker, actor: Actor) -> None:
    client = acting(app, actor)
    missing = client.post("/abonnements", data={"kind": "resource", "detail": "full"})
    assert missing.status_code == 422
    assert "Choisissez ce que vous voulez suivre." in missing.text
    other = make.cooperative("Autre")
    foreign = make.resource(other, make.organisation(other))
    answer = client.post("/api/v1/feeds", json={"kind": "resource", "target_id": str(foreign.id)})
    assert answer.status_code == 404


def test_free_busy_knows_public_holidays(app: Flask, make: Maker, actor: Actor) -> None:
    """29 March 2027 is Easter Monday: a room that closes on holidays is not available."""
    assert actor.organisation_id is not None
    cooperative = make.cooperative("Fériés")
    owner = make.organisation(cooperative)
    room = make.resource(cooperative, owner, hours=(0, 1440), closed_on_holidays=True)
    client = acting(app, make.actor(cooperative, owner, door="api"))
    wanted = {"kind": "resource", "target_id": str(room.id)}
    made = client.post("/api/v1/feeds", json=wanted).json
    assert made is not None
    periods = client.get(path_of(made["url"]).replace(".ics", ".ifb")).text
    unfolded = periods.replace("\r\n ", "")
    assert "20270328T220000Z/20270329T220000Z" in unfolded
