"""Bookings by the JSON API."""

from typing import Any

import pytest

from coopshare.bookings.models import BookingStatus
from tests.bookings.conftest import Doors, House, hours


def body(house: House, **fields: Any) -> dict[str, Any]:
    return {
        "title": "Réunion",
        "organisation_id": str(house.atelier.id),
        "lines": [{"resource_id": str(house.room.id), "quantity": 1}],
        "starts_at": "2027-03-10T10:00:00+01:00",
        "ends_at": "2027-03-10T12:00:00+01:00",
    } | fields


def test_the_life_of_a_booking(doors: Doors, house: House) -> None:
    made = doors.api("POST", json=body(house))
    assert made.status_code == 201, made.json
    booking = made.json
    assert booking is not None
    assert booking["starts_at"] == "2027-03-10T09:00:00Z"
    assert booking["local_starts_at"] == "2027-03-10T10:00:00+01:00"
    assert booking["lines"] == [
        {"resource_id": str(house.room.id), "name": "Verrière", "quantity": 1}
    ]
    assert booking["status"] == "confirmed"
    path = f"/{booking['id']}"
    read = doors.api("GET", path)
    assert read.headers["ETag"] == '"v1"'
    assert doors.api("GET", path, headers={"If-None-Match": '"v1"'}).status_code == 304
    change = {"starts_at": "2027-03-10T13:00:00Z", "ends_at": "2027-03-10T14:00:00Z"}
    assert doors.api("PATCH", path, json=change).status_code == 428
    moved = doors.api("PATCH", path, json=change, headers={"If-Match": '"v1"'})
    assert moved.status_code == 200, moved.json
    assert moved.headers["ETag"] == '"v2"'
    stale = doors.api("PATCH", path, json={"title": "X"}, headers={"If-Match": '"v1"'})
    assert (stale.status_code, stale.json["code"]) == (412, "version_mismatch")  # type: ignore[index]
    gone = doors.api("POST", f"{path}/cancel", json={"reason": "Plus besoin"})
    assert (gone.status_code, gone.json["status"]) == (200, "cancelled")  # type: ignore[index]
    again = doors.api("POST", f"{path}/cancel", json={})
    assert (again.status_code, again.json["code"]) == (409, "already_cancelled")  # type: ignore[index]


def test_taken(doors: Doors, house: House) -> None:
    """409 slot_taken, with conflicts and alternatives; whose it is stays unsaid."""
    house.book(actor=house.stranger, title="Chez nous")
    quote = doors.api("POST", "/quote", json=body(house))
    assert quote.status_code == 200, quote.json
    assert quote.json["possible"] is False  # type: ignore[index]
    refused = doors.api("POST", json=body(house))
    assert refused.status_code == 409
    problem = refused.json
    assert problem is not None
    assert problem["code"] == "slot_taken"
    assert problem["conflicts"][0]["name"] == "Verrière"
    assert problem["alternatives"]
    assert problem["conflicts"] == quote.json["conflicts"]  # type: ignore[index]
    assert problem["alternatives"] == quote.json["alternatives"]  # type: ignore[index]
    assert "Chez nous" not in refused.text
    way = problem["alternatives"][0]
    chosen = {key: way[key] for key in ("starts_at", "ends_at", "lines")}
    assert doors.api("POST", json=body(house) | chosen).status_code == 201


def test_refused(doors: Doors, house: House, make: Any) -> None:
    """422 refused, with the rule broken."""
    strict = make.resource(house.phares, house.scic, "Studio", hours=(540, 600))
    lines = [{"resource_id": str(strict.id), "quantity": 1}]
    refused = doors.api("POST", json=body(house, lines=lines))
    assert refused.status_code == 422
    assert refused.json is not None
    assert (refused.json["code"], refused.json["rule"]) == ("refused", "outside_opening_hours")


def test_a_key_acts_once(doors: Doors, house: House) -> None:
    headers = {"Idempotency-Key": "one"}
    first, second = (doors.api("POST", json=body(house), headers=headers) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["id"] == second.json["id"]  # type: ignore[index]
    other = doors.api("POST", json=body(house, title="Autre"), headers=headers)
    assert (other.status_code, other.json["code"]) == (422, "key_reused")  # type: ignore[index]


def test_lists_by_cursor(doors: Doors, house: House) -> None:
    for hour in range(8, 13):
        house.book(span=hours(hour, hour + 1))
    first = doors.api("GET", "?limit=2").json
    assert first is not None
    second = doors.api("GET", f"?limit=2&after={first['next']}").json
    third = doors.api("GET", f"?limit=2&after={second['next']}").json  # type: ignore[index]
    starts = [x["starts_at"] for page in (first, second, third) for x in page["items"]]  # type: ignore[index]
    assert starts == [f"2027-03-10T{hour:02}:00:00Z" for hour in range(8, 13)]
    assert third["next"] is None  # type: ignore[index]
    window = doors.api("GET", "?from=2027-03-10T09:00:00Z&to=2027-03-10T10:00:00Z").json
    assert len(window["items"]) == 1  # type: ignore[index]
    assert doors.as_(house.stranger).api("GET").json == {"items": [], "next": None}
    room = doors.as_(house.keeper).api("GET", f"?resource_id={house.room.id}").json
    assert room is not None
    assert len(room["items"]) == 5
    assert doors.api("GET", "?mine=true").json["items"] == []  # type: ignore[index]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"title": ""}, "title"),
        ({"title": "a\u202eb"}, "title"),
        ({"title": None}, "title"),
        ({"lines": []}, "lines"),
        ({"lines": [{"resource_id": "x"}]}, "lines.0.resource_id"),
        (
            {"lines": [{"resource_id": "11111111-1111-1111-1111-111111111111", "quantity": 1.5}]},
            "lines.0.quantity",
        ),
        ({"starts_at": "2027-03-10T10:00:00"}, "starts_at"),
        ({"starts_at": "2027-03-10T13:00:00+01:00"}, "ends_at"),
        ({"ends_at": "9999-12-31T00:00:00Z"}, "ends_at"),
        ({"surprise": 1}, "surprise"),
        ({"all_day": True}, "all_day"),
    ],
)
def test_bad_bodies(doors: Doors, house: House, fields: dict[str, Any], where: str) -> None:
    refused = doors.api("POST", json=body(house) | fields)
    assert refused.status_code == 422, refused.text
    assert refused.json is not None
    assert where in refused.json["errors"]


def test_foreign_ids_do_not_exist(doors: Doors, house: House, make: Any) -> None:
    elsewhere = make.cooperative("Ailleurs")
    theirs = make.resource(elsewhere, make.organisation(elsewhere, "X"), "Salle")
    lines = [{"resource_id": str(theirs.id)}]
    assert doors.api("POST", json=body(house, lines=lines)).status_code == 404
    assert doors.api("GET", "/11111111-1111-1111-1111-111111111111").status_code == 404
    foreign = make.actor(elsewhere, make.organisation(elsewhere, "Y"))
    booking = house.book()
    path = f"/{booking.id}"
    doors.as_(foreign)
    assert doors.api("GET", path).status_code == 404
    assert doors.api("POST", f"{path}/cancel", json={}).status_code == 404
    change = doors.api("PATCH", path, json={"title": "X"}, headers={"If-Match": '"v1"'})
    assert change.status_code == 404


def test_decide(doors: Doors, house: House, make: Any) -> None:
    guarded = make.resource(house.phares, house.scic, "Plateau", needs_approval=True)
    lines = [{"resource_id": str(guarded.id)}]
    made = doors.api("POST", json=body(house, lines=lines)).json
    assert made is not None
    assert made["status"] == BookingStatus.PENDING
    path = f"/{made['id']}"
    assert doors.api("POST", f"{path}/approve", json={}).status_code == 403
    approved = doors.as_(house.keeper).api("POST", f"{path}/approve", json={})
    assert approved.json["status"] == "confirmed"  # type: ignore[index]
    assert doors.api("POST", f"{path}/refuse", json={}).status_code == 409


def test_schema_is_described(doors: Doors) -> None:
    """The description of the API holds every operation."""
    paths = doors.get("/api/openapi.json").json
    assert paths is not None
    assert {path for path in paths["paths"] if path.startswith("/api/v1/bookings")} >= {
        "/api/v1/bookings",
        "/api/v1/bookings/quote",
        "/api/v1/bookings/{booking_id}",
        "/api/v1/bookings/{booking_id}/cancel",
        "/api/v1/bookings/{booking_id}/confirm",
        "/api/v1/bookings/{booking_id}/approve",
        "/api/v1/bookings/{booking_id}/refuse",
    }


def test_the_list_of_resources_free_over_a_span(doors: Doors, house: House) -> None:
    """`from` and `to` keep what could be booked all that time: neither taken nor closed."""
    house.make.resource(house.phares, house.scic, "Studio", hours=(540, 600))
    house.book()
    client, headers = doors.client, {"Authorization": "Bearer x"}

    def names(query: str) -> list[str]:
        found = client.get(f"/api/v1/resources?{query}", headers=headers)
        assert found.status_code == 200, found.text
        assert found.json is not None
        return [one["name"] for one in found.json["items"]]

    assert names("kind=place") == ["Studio", "Verrière"]
    assert names("from=2027-03-10T09:30:00Z&to=2027-03-10T10:30:00Z") == ["Chaises"]
    assert names("from=2027-03-10T08:00:00Z&to=2027-03-10T09:00:00Z&kind=place") == [
        "Studio",
        "Verrière",
    ]
    assert names("from=2027-03-10T11:00:00Z&to=2027-03-10T12:00:00Z&limit=1") == ["Chaises"]
    for query, field in (
        ("from=2027-03-10T09:00:00Z", "to"),
        ("from=2027-03-10T09:00:00Z&to=2027-03-10T08:00:00Z", "to"),
    ):
        refused = client.get(f"/api/v1/resources?{query}", headers=headers)
        assert (refused.status_code, list(refused.json["errors"])) == (422, [field])  # type: ignore[index]
