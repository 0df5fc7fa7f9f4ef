"""The price through every door: said before one agrees to it, then frozen and shown."""

import re
from typing import Any

from coopshare.bookings import queries
from coopshare.bookings.queries import BookingFilter
from coopshare.resources.kinds import TariffUnit, VatMode
from coopshare.resources.models import Resource, Tariff
from tests.bookings.conftest import Doors, House

MARCH = {"day": "2027-03-10", "starts_at": "10:00", "ends_at": "12:00"}


def priced_room(house: House, make: Any) -> Resource:
    """Return a room at 25 € an hour, taxed at 20 %, half of it due when given up late."""
    room: Resource = make.resource(
        house.phares,
        house.scic,
        "Studio",
        vat_mode=VatMode.TAXABLE,
        vat_bp=2000,
        deposit_cents=10000,
        late_before=60 * 24 * 365,
        late_share=5000,
    )
    tariff = Tariff(resource_id=room.id, position=0, unit=TariffUnit.HOUR, cents=2500)
    make.keep(tariff, house.phares.id)
    return room


def body(room: Resource, **fields: Any) -> dict[str, Any]:
    """Return what the API is sent."""
    return {
        "title": "Émission",
        "lines": [{"resource_id": str(room.id)}],
        "starts_at": "2027-03-10T09:00:00Z",
        "ends_at": "2027-03-10T11:00:00Z",
    } | fields


def test_the_api_tells_and_keeps_the_price(doors: Doors, house: House, make: Any) -> None:
    """A quote and the booking say the same; another price than the seen one is refused."""
    room = priced_room(house, make)
    quote = doors.api("POST", "/quote", json=body(room)).json
    assert quote is not None
    price = quote["price"]
    sums = {name: price[name] for name in ("cents", "vat_cents", "total_cents", "deposit_cents")}
    assert sums == {
        "cents": 5000,
        "vat_cents": 1000,
        "total_cents": 6000,
        "deposit_cents": 10000,
    }
    assert [line["kind"] for line in price["lines"]] == ["use", "deposit"]
    assert price["lines"][0]["detail"] == "2\u202fh à 25,00\u00a0€ l'heure"
    refused = doors.api("POST", json=body(room, seen_cents=4000))
    assert (refused.status_code, refused.json["code"]) == (409, "price_not_seen")  # type: ignore[index]
    made = doors.api("POST", json=body(room, seen_cents=5000)).json
    assert made is not None
    assert made["price"] == price
    gone = doors.api("POST", f"/{made['id']}/cancel", json={}).json
    assert gone is not None
    assert (gone["price"]["cents"], gone["price"]["deposit_cents"]) == (2500, 0)


def test_the_form_shows_the_price_before_booking(doors: Doors, house: House, make: Any) -> None:
    """A priced booking is made once its price was on the page; the page then shows it."""
    room = priced_room(house, make)
    typed = MARCH | {"title": "Émission", "resource_id": str(room.id), "quantity": "1"}
    shown = doors.fill("/reserver", **typed, do="book")
    assert shown.status_code == 409
    assert "60,00\u00a0€" in shown.text
    seen = re.search(r'name="seen_cents"\s+value="(\d+)"', shown.text)
    assert seen is not None
    assert seen[1] == "5000"
    made = doors.fill("/reserver", **typed, do="book", seen_cents=seen[1])
    assert made.status_code == 303
    page = doors.get(made.headers["Location"]).text
    assert "Total à payer" in page
    assert "caution de 100,00\u00a0€" in page
    cancelling = doors.get(f"{made.headers['Location']}/annuler").text
    assert "50\u202f% de 50,00\u00a0€" in cancelling


def test_a_changed_price_is_shown_before_it_is_agreed_to(
    doors: Doors, house: House, make: Any
) -> None:
    """Lengthening tells both prices; renaming asks nothing."""
    room = priced_room(house, make)
    booking = house.book((room, 1))
    path = f"/reservations/{booking.id}/modifier"
    typed = MARCH | {"resource_id": str(room.id), "quantity": "1", "title": "Autre"}
    assert doors.fill(path, **typed, do="book").status_code == 303
    longer = typed | {"ends_at": "13:00"}
    shown = doors.fill(path, **longer, do="book")
    assert shown.status_code == 409
    assert "de 50,00\u00a0€ à 75,00\u00a0€" in shown.text
    assert doors.fill(path, **longer, do="book", seen_cents="7500").status_code == 303


def test_changing_late_is_no_way_around_the_share(doors: Doors, house: House, make: Any) -> None:
    """Half of what is given back is due, said before; then half of the rest, wherever it moved."""
    room = priced_room(house, make)
    booking = house.book((room, 1))
    path = f"/reservations/{booking.id}/modifier"
    shorter = MARCH | {"resource_id": str(room.id), "quantity": "1", "ends_at": "11:00"}
    shown = doors.fill(path, **shorter, title="Court", do="book")
    assert shown.status_code == 409
    assert "rendu moins de" in shown.text
    assert "de 50,00\u00a0€ à 37,50\u00a0€" in shown.text
    assert doors.fill(path, **shorter, title="Court", do="book", seen_cents="3750").location
    moved = shorter | {"day": "2028-09-20", "title": "Loin"}
    assert doors.fill(path, **moved, do="book", seen_cents="3750").location
    gone = doors.api("POST", f"/{booking.id}/cancel", json={}).json
    assert gone is not None
    assert [line["kind"] for line in gone["price"]["lines"]] == ["late_cancellation"] * 2
    assert gone["price"]["cents"] == 2500


def test_many_dates_given_up_late(doors: Doors, house: House, make: Any) -> None:
    """Each date of a series leaves its share due, whether one or all of them are given up."""
    room = priced_room(house, make)
    made = doors.api("POST", json=body(room, recurrence="FREQ=WEEKLY;COUNT=4")).json
    assert made is not None
    gone = doors.api("POST", f"/{made['id']}/cancel", json={"scope": "all"})
    assert gone.status_code == 200
    with house.database.read(house.coordinator) as work:
        rows = queries.listing(work, BookingFilter(resource_id=room.id))
        assert [row.price_cents for row in rows] == [2500] * 4


def test_the_price_of_many_dates_is_seen_too(doors: Doors, house: House, make: Any) -> None:
    """Longer for all dates: what they come to now is agreed to, or nothing changes."""
    room = priced_room(house, make)
    made = doors.api("POST", json=body(room, recurrence="FREQ=WEEKLY;COUNT=3")).json
    assert made is not None
    longer = {
        "scope": "all",
        "starts_at": "2027-03-10T09:00:00Z",
        "ends_at": "2027-03-10T12:00:00Z",
    }
    path = f"/{made['id']}"
    tag = {"If-Match": doors.api("GET", path).headers["ETag"]}
    refused = doors.api("PATCH", path, json=longer | {"seen_cents": 7500}, headers=tag)
    assert (refused.status_code, refused.json["code"]) == (409, "price_not_seen")  # type: ignore[index]
    kept = doors.api("PATCH", path, json=longer | {"seen_cents": 22500}, headers=tag)
    assert kept.status_code == 200, kept.json


def test_what_costs_nothing_is_booked_at_once(doors: Doors, house: House) -> None:
    """Three clicks stay three clicks."""
    typed = MARCH | {"title": "Réunion", "resource_id": str(house.room.id), "quantity": "1"}
    made = doors.fill("/reserver", **typed, do="book")
    assert made.status_code == 303
    assert "Total à payer" not in doors.get(made.headers["Location"]).text


def test_the_address_of_a_search_already_shows_the_price(
    doors: Doors, house: House, make: Any
) -> None:
    """What the search leads to says the price before anything is typed."""
    room = priced_room(house, make)
    page = doors.get(f"/reserver?ressource={room.id}&du=2027-03-10T10:00&au=2027-03-10T12:00").text
    assert 'name="seen_cents" value="5000"' in page


def test_the_command_tells_the_price(doors: Doors, house: House, make: Any) -> None:
    """One line a line, then the total."""
    priced_room(house, make)
    options = ("--line", "Studio", "--from", "2027-03-10T10:00", "--to", "2027-03-10T11:30")
    code, said, _ = doors.command("price", *options)
    assert code == 0
    assert said.replace("\u202f", " ").replace("\u00a0", " ").splitlines() == [
        "3750\tStudio\t1 h 30 à 25,00 € l'heure",
        "10000\tStudio\tcaution de 100,00 €, rendue après usage",
        "Total : 37,50 € hors taxes, 45,00 € à payer.",
    ]
    assert doors.command("price", "--line", "Verrière", *options[2:])[:2] == (
        0,
        "Rien de tout cela n'a de prix.",
    )
