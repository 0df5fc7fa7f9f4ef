"""How many people come: kept with the booking, shown, changed, held against what a place takes."""

import re

import pytest

from coopshare.bookings import queries
from coopshare.bookings.models import Booking
from coopshare.kernel.errors import Refused
from tests.bookings.conftest import Doors, House, hours
from tests.bookings.test_api import body
from tests.bookings.test_pages import text_of, typed


def present(house: House, booking: Booking) -> Booking:
    """Return a booking as it stands."""
    with house.database.read(house.member) as work:
        return queries.get(work, booking.id)


def test_a_move_and_a_change_are_held_against_the_capacity(house: House) -> None:
    booking = house.book(people=12)
    assert booking.people == 12
    booking = house.change(booking, span=hours(13, 15))
    assert booking.people == 12
    with pytest.raises(Refused) as refused:
        house.change(booking, people=15)
    assert refused.value.details["rule"] == "too_many_people"
    assert present(house, booking).people == 12
    booking = house.change(booking, people=14)
    assert (booking.people, booking.sequence) == (14, 1)
    assert house.change(booking, people=None).people is None


def test_another_room_takes_as_many(house: House) -> None:
    """Whoever comes stays: a smaller room refuses the number that was said before."""
    small = house.make.resource(house.phares, house.scic, "Bureau", capacity=4)
    booking = house.book(people=12)
    lines = house.command((small, 1)).lines
    with pytest.raises(Refused, match=r"12|4"):
        house.change(booking, lines=lines)
    assert house.change(booking, lines=lines, people=4).people == 4


def test_only_the_number_is_judged_when_only_it_changes(house: House) -> None:
    """A rule that came later does not keep anybody from saying how many come."""
    booking = house.book()

    def shut(work: object) -> object:
        row = work.session.get(type(house.room), house.room.id)  # type: ignore[attr-defined]
        row.longest = 30
        return row

    house.database.write(house.coordinator, shut)
    assert house.change(booking, people=9).people == 9


def test_by_the_pages(doors: Doors, house: House) -> None:
    """The address of an answer says how many; the page, the form and the history tell it."""
    assert re.search(r'name="people"[^>]*value="12"', doors.get("/reserver?personnes=12").text)
    done = doors.fill("/reserver", **typed(house, people="12"))
    said = text_of(doors.get(done.location).text)
    assert "12 personnes attendues" in said
    path = done.location + "/modifier"
    assert re.search(r'name="people"[^>]*value="12"', doors.get(path).text)
    refused = doors.fill(path, **typed(house, people="15"))
    assert refused.status_code == 422
    assert doors.fill(path, **typed(house, people="1")).status_code == 303
    said = text_of(doors.get(done.location).text)
    assert "1 personne attendue" in said
    assert "Personnes attendues : 12 avant, 1 depuis." in said
    assert doors.fill(path, **typed(house, people="")).status_code == 303
    said = text_of(doors.get(done.location).text)
    assert "Le nombre de personnes n'est plus dit." in said


def test_the_search_hands_the_number_on(doors: Doors) -> None:
    page = doors.get("/?personnes=12&jour=2027-03-10&de=10:00&a=12:00")
    assert "&amp;personnes=12" in page.text


def test_by_the_operations(doors: Doors, house: House) -> None:
    made = doors.api("POST", json=body(house, people=12)).json
    assert made is not None
    assert made["people"] == 12
    path, seen = f"/{made['id']}", {"If-Match": '"v1"'}
    assert doors.api("PATCH", path, json={"title": "Autre"}, headers=seen).json["people"] == 12  # type: ignore[index]
    seen = {"If-Match": '"v2"'}
    refused = doors.api("PATCH", path, json={"people": 15}, headers=seen)
    assert (refused.status_code, refused.json["rule"]) == (422, "too_many_people")  # type: ignore[index]
    assert doors.api("PATCH", path, json={"people": None}, headers=seen).json["people"] is None  # type: ignore[index]


def test_by_the_commands(doors: Doors, house: House) -> None:
    booking = house.book()
    code, _, _ = doors.command("change", str(booking.id), "--people", "12", "--title", "Bilan")
    found = present(house, booking)
    assert (code, found.people, found.title) == (0, 12, "Bilan")
    code, _, said = doors.command("change", str(booking.id), "--people", "15")
    assert code == 6
    assert "14" in said
    assert doors.command("change", str(booking.id), "--people", "0")[0] == 0
    assert present(house, booking).people is None
