"""Requests through the doors: pages that ask before they act, operations, commands, mails."""

import re
from html import unescape
from typing import Any

import pytest

from coopshare.bookings import queries
from coopshare.bookings.facts import Booked, ChangeAsked, Proposed
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.kernel.actor import Role
from coopshare.members.queries import people
from coopshare.resources.kinds import TariffUnit
from coopshare.resources.models import Resource, Tariff
from tests.bookings.conftest import Doors, House, hours
from tests.bookings.test_notices import told


@pytest.fixture
def hall(house: House, make: Any) -> Resource:
    found: Resource = make.resource(
        house.phares,
        house.scic,
        "Plateau",
        hours=(540, 1080),
        approval_outside_hours=True,
        approval_above=240,
    )
    return found


def text_of(page: str) -> str:
    """Return what is read of a page."""
    words = re.sub(r"<[^>]+>", " ", unescape(page))
    return re.sub(r"[\s\u202f\u00a0]+", " ", words)


def now(house: House, booking: Booking) -> Booking:
    with house.database.read(house.coordinator) as work:
        return queries.get(work, booking.id)


def test_the_form_tells_why_before_it_sends(doors: Doors, house: House, hall: Resource) -> None:
    """An evening: the page says why it has to be asked for, then sends the request."""
    fields = {
        "title": "Veillée",
        "resource_id": str(hall.id),
        "quantity": "1",
        "day": "2027-03-10",
        "starts_at": "20:00",
        "ends_at": "22:00",
        "do": "book",
    }
    first = doors.fill("/reserver", **fields)
    assert first.status_code == 422
    assert "en dehors des heures d'ouverture, Plateau" in text_of(first.text)
    assert "Envoyer la demande" in text_of(first.text)
    told_words = re.findall(r'name="told"\s+value="([^"]+)"', first.text)
    sent = doors.fill("/reserver", **fields, told=told_words[0])
    assert sent.status_code == 303
    with house.database.read(house.member) as work:
        [made] = queries.listing(work, queries.BookingFilter())
    assert made.status is BookingStatus.PENDING
    known = doors.get(f"/reserver?ressource={hall.id}&du=2027-03-11T20:00&au=2027-03-11T22:00")
    assert "Cela se demande" in text_of(known.text)
    plain = doors.get(f"/reserver?ressource={hall.id}&du=2027-03-11T10:00&au=2027-03-11T12:00")
    assert "Cela se demande" not in text_of(plain.text)


def test_pages_from_request_to_acceptance(doors: Doors, house: House, hall: Resource) -> None:
    """The approver proposes another time on a page; who asked accepts with a button."""
    made = house.book((hall, 1), span=hours(19, 21))
    keeper = doors.as_(house.keeper)
    assert "(1 attend)" in text_of(keeper.get("/a-traiter").text)
    page = text_of(keeper.get(f"/reservations/{made.id}/repondre").text)
    assert "Samira Haddad" in page
    assert "En dehors des heures d'ouverture" in page
    sent = keeper.fill(
        f"/reservations/{made.id}/proposer",
        day="2027-03-11",
        starts_at="09:00",
        ends_at="11:00",
        resource_id=str(hall.id),
        quantity="1",
        note="Le matin, c'est ouvert",
    )
    assert sent.status_code == 303
    assert "Rien n’attend" in text_of(keeper.get("/a-traiter").text)
    member = doors.as_(house.member)
    seen = text_of(member.get(f"/reservations/{made.id}/proposition").text)
    assert "Le matin, c'est ouvert" in seen
    assert now(house, made).status is BookingStatus.PENDING  # nothing acts when it is read
    done = member.fill(
        f"/reservations/{made.id}/proposition/accepter", f"/reservations/{made.id}/proposition"
    )
    assert done.status_code == 303
    assert now(house, made).status is BookingStatus.CONFIRMED
    late = member.fill(
        f"/reservations/{made.id}/proposition/decliner", "/reservations", version="9"
    )
    assert late.status_code == 409


def test_a_refusal_needs_words_on_every_door(doors: Doors, house: House, hall: Resource) -> None:
    made = house.book((hall, 1), span=hours(19, 21))
    keeper = doors.as_(house.keeper)
    page = keeper.fill(
        f"/reservations/{made.id}/refuser", f"/reservations/{made.id}/repondre", reason=""
    )
    assert page.status_code == 422
    assert keeper.api("POST", f"/{made.id}/refuse", json={}).status_code == 422
    code, _, said = keeper.command("refuse", str(made.id))
    assert (code, "Dites pourquoi" in said) == (2, True)
    assert keeper.command("refuse", str(made.id), "--reason", "Tournage")[0] == 0
    assert now(house, made).cancel_reason == "Tournage"


def test_by_the_api(doors: Doors, house: House, hall: Resource) -> None:
    """Quote says why; the request tells who has answered; propose, decline, approve."""
    body = {
        "title": "Veillée",
        "lines": [{"resource_id": str(hall.id)}],
        "starts_at": "2027-03-10T19:00:00Z",
        "ends_at": "2027-03-10T21:00:00Z",
    }
    quote = doors.api("POST", "/quote", json=body).json
    assert quote is not None
    assert (quote["status"], [one["reason"] for one in quote["approval"]]) == (
        "pending",
        ["outside_hours"],
    )
    made = doors.api("POST", json=body).json
    assert made is not None
    assert made["lapses_at"] == "2027-03-04T09:00:00Z"
    path = f"/{made['id']}"
    keeper = doors.as_(house.keeper)
    listed = keeper.api("GET", "?to_decide=true").json
    assert listed is not None
    assert [one["id"] for one in listed["items"]] == [made["id"]]
    times = {"starts_at": "2027-03-11T08:00:00Z", "ends_at": "2027-03-11T10:00:00Z"}
    assert keeper.api("POST", f"{path}/propose", json=times).status_code == 200
    asked = doors.as_(house.member).api("GET", f"{path}/approval").json
    assert asked is not None
    assert asked["proposal"]["starts_at"] == "2027-03-11T08:00:00Z"
    assert [one["status"] for one in asked["decisions"]] == ["waiting"]
    assert doors.api("POST", f"{path}/decline", json={}).status_code == 200
    assert doors.api("POST", f"{path}/accept", json={}).status_code == 409
    assert doors.api("POST", f"{path}/approve", json={}).status_code == 403
    done = doors.as_(house.keeper).api("POST", f"{path}/approve", json={}).json
    assert done is not None
    assert (done["status"], done["lapses_at"]) == ("confirmed", None)


def test_by_commands(doors: Doors, house: House, hall: Resource) -> None:
    made = house.book((hall, 1), span=hours(19, 21))
    keeper = doors.as_(house.keeper)
    assert str(made.id) in keeper.command("list", "--to-decide")[1]
    words = ("--from", "2027-03-11T09:00", "--to", "2027-03-11T11:00")
    assert keeper.command("propose", str(made.id), *words)[0] == 0
    member = doors.as_(house.member)
    assert str(made.id) in member.command("list", "--to-answer")[1]
    assert member.command("decline", str(made.id))[0] == 0
    assert member.command("accept", str(made.id))[0] == 5
    assert doors.as_(house.keeper).command("approve", str(made.id), "--only", "Plateau")[0] == 0
    assert now(house, made).status is BookingStatus.CONFIRMED


def test_each_approver_is_told_once(house: House, make: Any, hall: Resource) -> None:
    """Two roles, two lines: one mail; the other manager has their own; all it takes is in it."""
    studio = make.resource(house.phares, house.scic, "Studio", needs_approval=True)
    kitchen = make.resource(house.phares, house.cantine, "Cuisine", needs_approval=True)
    cook = make.person("Mo Sy")
    make.affiliate(house.phares, house.cantine, cook, Role.RESOURCE_MANAGER)
    noe = house.keeper.person_id
    assert noe is not None
    with house.database.read(house.coordinator) as work:
        from_noe = people(work, {noe})[noe]
    make.affiliate(house.phares, house.scic, from_noe, Role.ADMINISTRATOR)
    house.book((studio, 1), actor=house.coordinator, title="Enregistrement", span=hours(8, 10))
    made = house.book((hall, 1), (studio, 1), (kitchen, 1), span=hours(19, 21), note="Avec musique")
    asked, *others = told(house, made, Booked.name)
    assert asked.to.startswith("samira")
    assert [one.to.split(".")[0] for one in others] == ["mo", "noe"]
    details = {str(label): str(value) for label, value in others[1].details}
    assert details["Qui demande"] == "Samira Haddad"
    assert details["Précisions"] == "Avec musique"
    assert "Studio" in details["Déjà réservé autour"]
    said = " ".join(str(one) for one in others[1].paragraphs)
    assert "Plateau et Studio" in said or "Studio et Plateau" in said
    assert others[1].action is not None
    assert others[1].action[1].endswith(f"/reservations/{made.id}/repondre")


def test_who_asked_is_told_of_what_is_proposed(doors: Doors, house: House, hall: Resource) -> None:
    made = house.book((hall, 1), span=hours(19, 21))
    keeper = doors.as_(house.keeper)
    words = ("--from", "2027-03-11T09:00", "--to", "2027-03-11T11:00", "--note", "Plutôt")
    assert keeper.command("propose", str(made.id), *words)[0] == 0
    [offer] = told(house, now(house, made), Proposed.name)
    assert offer.action is not None
    assert offer.action[1].endswith(f"/reservations/{made.id}/proposition")
    assert {str(label): str(value) for label, value in offer.details}["Son mot"] == "Plutôt"


def test_a_change_that_waits_is_told_to_both(house: House, hall: Resource) -> None:
    made = house.book((hall, 1), span=hours(9, 11))
    wished = house.change(made, span=hours(19, 21))
    asked, manager = told(house, wished, ChangeAsked.name)
    assert "reste confirmée" in str(asked.paragraphs[0])
    assert "Deviendrait" in {str(label) for label, _ in manager.details}


def test_the_price_of_a_proposal_is_seen_before_it_is_taken(
    doors: Doors, house: House, hall: Resource, make: Any
) -> None:
    """Told in the mail, on the page, by the API; another price than the seen one is refused."""
    tariff = Tariff(resource_id=hall.id, position=0, unit=TariffUnit.HOUR, cents=1000)
    make.keep(tariff, house.phares.id)
    made = house.book((hall, 1), span=hours(19, 21))
    keeper = doors.as_(house.keeper)
    assert "Prix 20,00 € hors taxes" in text_of(keeper.get("/a-traiter").text)
    assert "Prix 20,00 € hors taxes" in text_of(
        keeper.get(f"/reservations/{made.id}/repondre").text
    )
    told_to_keeper = told(house, made, Booked.name)[-1]
    asked_of = {str(label): str(value) for label, value in told_to_keeper.details}
    assert asked_of["Prix"] == "20,00\u00a0€ hors taxes"
    words = ("--from", "2027-03-11T09:00", "--to", "2027-03-11T12:00")
    assert keeper.command("propose", str(made.id), *words)[0] == 0
    [offer] = told(house, now(house, made), Proposed.name)
    details = {str(label): str(value) for label, value in offer.details}
    assert details["Prix"] == "30,00\u00a0€ hors taxes, au lieu de 20,00\u00a0€"
    member = doors.as_(house.member)
    assert member.api("GET", f"/{made.id}/approval").json["proposal"]["price_cents"] == 3000  # type: ignore[index]
    path = f"/reservations/{made.id}/proposition"
    page = member.get(path).text
    assert "30,00 € hors taxes, au lieu de 20,00 €" in text_of(page)
    assert "Ce que coûterait la proposition" in page
    assert 'name="seen_cents" value="3000"' in re.sub(r"\s+", " ", page)
    assert "30,00 € hors taxes" in text_of(member.get("/a-traiter").text)
    stale = member.api("POST", f"/{made.id}/accept", json={"seen_cents": 2000})
    assert (stale.status_code, stale.json["code"]) == (409, "price_not_seen")  # type: ignore[index]
    version = str(now(house, made).version)
    assert member.fill(f"{path}/accepter", version=version).status_code == 409
    assert member.fill(f"{path}/accepter", version=version, seen_cents="3000").status_code == 303
    taken = now(house, made)
    assert (taken.status, taken.price_cents) == (BookingStatus.CONFIRMED, 3000)


def test_a_series_that_asks_waits_once(doors: Doors, house: House, hall: Resource) -> None:
    """As the page groups its dates, the menu counts them."""
    body = {
        "title": "Chorale",
        "lines": [{"resource_id": str(hall.id)}],
        "starts_at": "2027-03-10T19:00:00Z",
        "ends_at": "2027-03-10T20:00:00Z",
        "recurrence": "FREQ=WEEKLY;COUNT=3",
    }
    assert doors.api("POST", json=body).status_code == 201
    page = text_of(doors.as_(house.keeper).get("/a-traiter").text)
    assert "(1 attend)" in page
    assert "Accepter les 3 dates" in page
