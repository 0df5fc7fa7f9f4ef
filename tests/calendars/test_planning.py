"""The planning: what is taken, by whom for those who may know, and where to book."""

from collections.abc import Callable

from flask.testing import FlaskClient

from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from tests.calendars.conftest import House

Login = Callable[[FlaskClient, Actor], None]


def test_others_are_busy_and_mine_have_their_title(
    house: House, client: FlaskClient, login: Login
) -> None:
    house.publish(house.member, utc(2027, 3, 2, 8), 2, house.left, title="Du nord")
    house.publish(house.other, utc(2027, 3, 2, 11), 1, house.left, title="Du sud")
    login(client, house.member)
    text = client.get("/planning?date=2027-03-02").text
    assert "Du nord" in text
    assert "Du sud" not in text
    assert "Occupé" in text
    assert f"/reserver?resource={house.left.id}&amp;from=2027-03-02T15:00" in text
    feed = client.get("/planning/donnees?from=2027-03-02&to=2027-03-03").get_json()
    told = {(e["resource_id"], e["title"], e["mine"]) for e in feed["events"]}
    assert told == {
        (str(room.id), title, mine)
        for room in (house.left, house.hall)
        for title, mine in (("Du nord", True), ("Occupé", False))
    }


def test_a_strange_day_is_refused(house: House, client: FlaskClient, login: Login) -> None:
    login(client, house.member)
    assert client.get("/planning?date=jamais").status_code == 422
    assert client.get("/planning/donnees?from=2027-03-02&to=2027-03-01").status_code == 422
