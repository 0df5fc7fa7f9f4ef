"""A group from nothing by the JSON API: employer, members, post, person, contract, convention."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from coopshare.kernel.actor import Actor, Role
from tests.make import Maker
from tests.pooled_staff.test_api import Caller

LogIn = Callable[[FlaskClient, Actor], None]
Csrf = Callable[[FlaskClient], str]
SINCE = "2026-09-01"


def test_from_nothing_to_both_signatures(
    make: Maker, client: FlaskClient, login: LogIn, csrf: Csrf
) -> None:
    place = make.cooperative("GE du Gard")
    ge, avenir = make.organisation(place, "Groupement 30"), make.organisation(place, "Avenir")
    planner = make.actor(place, ge, Role.PLANNER, person=make.person("Dominique"))
    manager = make.actor(place, avenir, Role.ORGANISATION_MANAGER, person=make.person("Ali"))
    login(client, planner)
    call = Caller(client, csrf(client))

    def made(path: str, **body: Any) -> dict[str, Any]:
        answer = call("POST", path, body)
        assert answer.status_code == 201, answer.json
        found: dict[str, Any] = answer.json
        return found

    refused = call("POST", "/employers", {"organisation_id": str(ge.id), "kind": "ge_cooperative"})
    assert (refused.status_code, refused.json["code"]) == (422, "statutes_first")
    employer = made("/employers", organisation_id=str(ge.id), kind="ge_association")["id"]
    of_it = f"/employers/{employer}"
    made(f"{of_it}/members", organisation_id=str(avenir.id), since=SINCE)
    site = made(f"{of_it}/sites", organisation_id=str(avenir.id), name="Bureau")["id"]
    post = made(
        "/positions", employer_id=employer, title="CIP", weekly_minutes=2100, starts_on=SINCE
    )["id"]
    worker = made("/workers", employer_id=employer, name="Léa", email="lea@example.org")["id"]
    contract = {
        "worker_id": worker,
        "position_id": post,
        "kind": "permanent",
        "starts_on": SINCE,
        "weekly_minutes": 2100,
        "is_part_time": False,
        "gross_hourly_cents": 1650,
        "slots": [{"weekday": 0, "opens": 480, "closes": 1080}],
        "users": [str(avenir.id)],
        "places": [site],
    }
    assert made("/contracts", **contract)["number"] == 1
    again = call("POST", "/contracts", contract)
    assert (again.status_code, again.json["code"]) == (422, "contracts_in_order")
    found = made(
        "/placements",
        employer_id=employer,
        organisation_id=str(avenir.id),
        position_id=post,
        worker_id=worker,
        clauses={
            "starts_on": SINCE,
            "unit": "week",
            "amount": 240,
            "price_mode": "cost_exact",
            "wished": ["0-morning"],
        },
    )
    key = found["id"]
    sent = call("POST", f"/placements/{key}/send", {"version": found["version"]}).json
    paper = {"sha256": sent["versions"][0]["sha256"], "quality": "Direction"}
    assert call("POST", f"/placements/{key}/accept", paper).status_code == 200
    login(client, manager)
    call.token = csrf(client)
    pdf = call("GET", f"/placements/{key}/1/pdf")
    assert (pdf.status_code, pdf.content_type) == (200, "application/pdf")
    accepted = call("POST", f"/placements/{key}/accept", paper).json
    assert accepted["versions"][0]["is_accepted"] is True
    assert [one["side"] for one in accepted["versions"][0]["signatures"]] == ["employer", "member"]
    twice = call("POST", f"/placements/{key}/accept", paper)
    assert (twice.status_code, twice.json["code"]) == (409, "already_signed")
    assert [one["number"] for one in call("GET", "/placements").json["items"]] == ["C-2027-001"]
    assert [one["title"] for one in call("GET", "/positions").json["items"]] == ["CIP"]
    known = call("GET", "/workers").json["items"]
    assert [sorted(one) for one in known] == [["employer_id", "id", "name", "resource_id"]]
    assert call("GET", f"/contracts?worker_id={worker}").status_code == 404
