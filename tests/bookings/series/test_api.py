"""Series by the JSON API: planned, made, changed, ended, with the same refusals."""

from typing import Any

from werkzeug.test import TestResponse

from coopshare.bookings.models import BookingStatus
from tests.bookings.conftest import Doors
from tests.bookings.series.conftest import TUESDAY, Season, at


def body(season: Season, **fields: Any) -> dict[str, Any]:
    """Return a season of five Tuesdays as programs ask for it."""
    return {
        "title": "Chorale",
        "lines": [{"resource_id": str(season.house.room.id)}],
        "starts_at": "2027-03-02T09:00:00+01:00",
        "ends_at": "2027-03-02T11:00:00+01:00",
        "recurrence": "FREQ=WEEKLY;COUNT=5",
    } | fields


def got(answer: TestResponse) -> Any:
    """Return what an operation answered."""
    return answer.json


def days(doors: Doors, series_id: str) -> list[tuple[str, str]]:
    """Return the local starts and states of the dates of a series."""
    items = got(doors.api("GET", f"?series_id={series_id}"))["items"]
    return [(one["local_starts_at"][:16], one["status"]) for one in items]


def test_planned_then_made_then_changed_then_ended(doors: Doors, season: Season) -> None:
    season.house.book(actor=season.house.stranger, span=at(TUESDAY.replace(day=16), 10, 12))
    plan = got(doors.api("POST", "/quote", json=body(season)))
    assert [one["possible"] for one in plan["dates"]] == [True, True, False, True, True]
    assert plan["possible"] is False
    refused = plan["dates"][2]
    assert (refused["day"], refused["left_out"]) == ("2027-03-16", None)
    assert "Verrière" in refused["detail"]
    assert refused["alternatives"]
    answer = doors.api("POST", "", json=body(season))
    assert (answer.status_code, got(answer)["code"]) == (409, "series_blocked")
    assert [one["day"] for one in got(answer)["dates"]] == ["2027-03-16"]
    assert got(answer)["dates"][0]["alternatives"]
    choices = [{"day": "2027-03-16", "skip": True}]
    made = doors.api("POST", "", json=body(season, choices=choices))
    assert made.status_code == 201, made.json
    first = got(made)
    series = got(doors.api("GET", f"/series/{first['series_id']}"))
    assert (series["rule"], series["left_out"]) == ("FREQ=WEEKLY;COUNT=5", ["2027-03-16"])
    assert series["detail"].startswith("chaque mardi")
    change = {
        "scope": "all",
        "starts_at": "2027-03-02T14:00:00+01:00",
        "ends_at": "2027-03-02T16:00:00+01:00",
    }
    match = {"If-Match": made.headers["ETag"]}
    changed = doors.api("PATCH", f"/{first['id']}", json=change, headers=match)
    assert changed.status_code == 200, changed.json
    assert days(doors, first["series_id"]) == [
        (f"2027-03-{day}T14:00", "confirmed") for day in ("02", "09", "23", "30")
    ]
    added = doors.api("POST", f"/{first['id']}/dates", json={"day": "2027-03-16"})
    assert (added.status_code, got(added)["local_starts_at"][:16]) == (201, "2027-03-16T14:00")
    again = doors.api("POST", f"/{first['id']}/dates", json={"day": "2027-03-16"})
    assert again.status_code == 422
    third = got(added)["id"]
    ended = doors.api("POST", f"/{third}/cancel", json={"scope": "following"})
    assert ended.status_code == 200, ended.json
    states = [status for _, status in days(doors, first["series_id"])]
    assert states == ["confirmed", "confirmed", "cancelled", "cancelled", "cancelled"]
    alone = doors.api("POST", f"/{first['id']}/leave-series", json={"cancel_others": True})
    assert (alone.status_code, got(alone)["series_id"]) == (200, None)


def test_a_booking_becomes_a_series(doors: Doors, season: Season) -> None:
    single = season.house.book(span=at(TUESDAY))
    recurrence = {"rule": "FREQ=WEEKLY;COUNT=3", "skip_school_holidays": True}
    made = doors.api("POST", f"/{single.id}/series", json={"recurrence": recurrence})
    assert made.status_code == 201, made.json
    assert got(made)["skip_school_holidays"] is True
    assert len(days(doors, got(made)["id"])) == 3


def test_bad_rules_are_refused_with_their_field(doors: Doors, season: Season) -> None:
    for rule in ("FREQ=SECONDLY;COUNT=3", "FREQ=WEEKLY", "", 3, {"rule": "FREQ=DAILY;COUNT=9999"}):
        answer = doors.api("POST", "", json=body(season, recurrence=rule))
        assert answer.status_code == 422, rule
        fields = {name.partition(".")[0] for name in got(answer)["errors"]}
        assert fields == {"recurrence"}, rule
    answer = doors.api("POST", "", json=body(season, choices=[{"day": "2027-03-03"}]))
    assert list(got(answer)["errors"]) == ["choices"]


def test_the_same_key_makes_one_series(doors: Doors, season: Season) -> None:
    headers = {"Idempotency-Key": "une-saison"}
    made = [doors.api("POST", "", json=body(season), headers=headers) for _ in range(2)]
    assert made[0].json == made[1].json
    assert len(days(doors, got(made[0])["series_id"])) == 5


def test_a_manager_answers_the_whole_series(doors: Doors, season: Season) -> None:
    house = season.house
    room = house.make.resource(house.phares, house.scic, "Studio", needs_approval=True)
    lines = [{"resource_id": str(room.id)}]
    first = got(doors.api("POST", "", json=body(season, lines=lines)))
    assert first["status"] == "pending"
    doors.as_(house.keeper)
    answer = doors.api("POST", f"/{first['id']}/approve", json={"scope": "all"})
    assert answer.status_code == 200, answer.json
    series = season.rows(season.series_of(season.by_id(first["id"])))
    assert {row.status for row in series} == {BookingStatus.CONFIRMED}


def test_strangers_find_nothing(doors: Doors, season: Season) -> None:
    series = season.book()
    doors.as_(season.house.stranger)
    assert doors.api("GET", f"/series/{series.id}").status_code == 404
    assert days(doors, str(series.id)) == []
