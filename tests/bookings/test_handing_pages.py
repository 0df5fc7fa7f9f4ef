"""Handing over through the three doors: pages for one thumb, operations, commands."""

import base64
import re
from datetime import timedelta

import pytest

from coopshare.kernel.intervals import Interval
from coopshare.resources import services as resources
from coopshare.resources.models import Resource
from tests.bookings.conftest import Doors, House
from tests.bookings.test_handing import jpeg
from tests.conftest import NOW

TODAY = Interval(NOW, NOW + timedelta(hours=4))


@pytest.fixture
def lent(house: House) -> Resource:
    """Return sixty chairs that are handed over in person."""
    return house.make.resource(
        house.phares, house.scic, "Chaises pliantes", quantity=60, hand_over=True
    )


def test_scanned_collected_and_given_back(doors: Doors, house: House, lent: Resource) -> None:
    """From the label to the last chair, by page."""
    booking = house.book((lent, 60), span=TODAY)
    (label,) = house.database.write(house.keeper, resources.label, [lent.id])
    page = doors.get(f"/etiquette/{label.code}")
    assert page.status_code == 200
    assert "Retirer (60 à prendre)" in page.text
    taken = doors.fill(f"/reservations/{booking.id}/retirer?chose={lent.id}", good_0="20")
    assert taken.status_code == 303
    text = doors.get(f"/etiquette/{label.code}").text
    assert "Rendre (20 sortis)" in text
    too_many = doors.fill(f"/reservations/{booking.id}/rendre", good_0="21")
    assert too_many.status_code == 422
    assert "il y en a 20 à rendre, pas 21" in too_many.text
    back = doors.fill(f"/reservations/{booking.id}/rendre", good_0="18", missing_0="2", note="Vu")
    assert back.status_code == 303
    text = doors.get(f"/reservations/{booking.id}/remise").text
    assert "2 manquants" in text
    sheet = doors.get(f"/reservations/{booking.id}/bordereau").text
    assert "18 bon état, 2 manquant" in re.sub(r"\s+", " ", sheet)
    doors.as_(house.keeper)
    assert "Chaises pliantes" in doors.get("/administration/hors-service").text
    assert doors.get("/remises").status_code == 200


def test_a_sheet_of_labels(doors: Doors, house: House, lent: Resource) -> None:
    doors.as_(house.keeper)
    made = doors.fill("/etiquettes", **{f"n-{lent.id}": "3", f"n-{house.room.id}": "0"})
    assert made.status_code == 303
    sheet = doors.get(made.location).text
    assert sheet.count('<svg viewBox="') == 3
    assert "style=" not in sheet.split("<main")[1]


def test_the_operations(doors: Doors, house: House, lent: Resource) -> None:
    booking = house.book((lent, 60), span=TODAY)
    line = {"resource_id": str(lent.id), "quantity": 20}
    photo = base64.b64encode(jpeg()).decode()
    body = {"lines": [line], "photo": photo}
    out = doors.api("POST", f"/{booking.id}/hand-over", json=body)
    assert out.status_code == 200, out.text
    assert out.json is not None
    assert out.json["lines"][0]["out"] == 20
    assert doors.get(out.json["noted"][0]["photo"]).content_type == "image/webp"
    assert doors.as_(house.stranger).get(out.json["noted"][0]["photo"]).status_code == 404
    doors.as_(house.member)
    back = doors.api("POST", f"/{booking.id}/return", json={"state": "worn"})
    assert back.json is not None
    assert back.json["lines"][0]["returned"] == 20
    again = doors.api("POST", f"/{booking.id}/return", json={})
    assert again.status_code == 422
    assert again.json is not None
    assert again.json["code"] == "nothing_to_hand_over"
    listed = doors.client.get("/api/v1/hand-overs?overdue=true", headers={"Authorization": "B x"})
    assert listed.json == {"items": []}
