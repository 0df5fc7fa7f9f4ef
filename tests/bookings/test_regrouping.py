"""Bookings follow the parts of the hall they book, or the parts stay as they are."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.services import book as book_it
from coopshare.calendars import services as calendars
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import FeedDetail, FeedKind
from coopshare.calendars.queries import fragments, subscription
from coopshare.db.work import Database
from coopshare.holds.errors import PartsInUse, SlotTaken
from coopshare.holds.models import Hold
from coopshare.holds.queries import busy
from coopshare.holds.services import Close, close, lift
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import CoopShareError
from coopshare.kernel.intervals import Interval
from coopshare.resources import services
from coopshare.resources.models import Resource
from tests.bookings.conftest import House, hours
from tests.conftest import Clock
from tests.make import Maker
from tests.statements import counted


@dataclass
class Halls:
    """A hall of two rooms, a third room, and a building that contains the hall and a garden."""

    house: House
    hall: Resource
    a: Resource
    b: Resource
    c: Resource
    building: Resource
    garden: Resource

    def set_parts(self, whole: Resource, *parts: Resource) -> None:
        """Say what a whole is made of."""
        self.house.database.write(
            self.house.keeper, services.set_parts, whole.id, [part.id for part in parts]
        )

    def held(self, booking: Booking | UUID) -> dict[str, Interval]:
        """Return the live holds of a booking or a closure, by the name of what is held."""
        source_id = booking if isinstance(booking, UUID) else booking.id
        with self.house.database.read(self.house.keeper) as work:
            rows = work.session.query(Hold).where(Hold.source_id == source_id, Hold.live)
            return {
                work.session.get_one(Resource, row.resource_id).name: Interval(
                    row.starts_at, row.ends_at
                )
                for row in rows
            }

    def busy(self, resource: Resource) -> list[Interval]:
        """Return when a resource is taken, on 10 March."""
        with self.house.database.read(self.house.keeper) as work:
            return busy(work, resource.id, hours(0, 23))

    def close(self, resource: Resource, span: Interval) -> UUID:
        """Close a resource for works."""
        command = Close(
            resource_ids=(resource.id,), span=span, timezone="Europe/Paris", reason="Travaux"
        )
        return self.house.database.write(self.house.keeper, close, command).id


@pytest.fixture
def halls(house: House, make: Maker) -> Halls:
    def room(name: str, **fields: Any) -> Resource:
        return make.resource(house.phares, house.scic, name, **fields)

    found = Halls(
        house=house,
        hall=room("Grande salle"),
        a=room("Salle A"),
        b=room("Salle B"),
        c=room("Salle C"),
        building=room("Bâtiment"),
        garden=room("Jardin"),
    )
    for whole, part in ((found.hall, found.a), (found.hall, found.b),
                        (found.building, found.hall), (found.building, found.garden)):  # fmt: skip
        make.part(whole, part)
    return found


def test_a_part_that_comes_is_held_by_what_was_booked(halls: Halls) -> None:
    booking = halls.house.book((halls.hall, 1))
    alone = halls.house.book((halls.a, 1), span=hours(13, 15))
    halls.set_parts(halls.hall, halls.a, halls.b, halls.c)
    assert halls.held(booking) == dict.fromkeys(("Salle A", "Salle B", "Salle C"), hours(9, 11))
    assert halls.held(alone) == {"Salle A": hours(13, 15)}
    assert halls.busy(halls.c) == [hours(9, 11)]
    with pytest.raises(SlotTaken):
        halls.house.book((halls.c, 1), span=hours(10, 12))


def test_a_part_that_leaves_is_free_again(halls: Halls) -> None:
    booking = halls.house.book((halls.hall, 1))
    halls.set_parts(halls.hall, halls.a)
    assert halls.held(booking) == {"Salle A": hours(9, 11)}
    assert halls.busy(halls.b) == []
    halls.house.book((halls.b, 1))
    with pytest.raises(PartsInUse):
        halls.set_parts(halls.hall, halls.a, halls.b)


def test_parts_replaced_whole_and_taken_away(halls: Halls) -> None:
    """A room that becomes a hall, a hall that becomes a room: the bookings follow both ways."""
    booking = halls.house.book((halls.hall, 1))
    halls.set_parts(halls.hall, halls.c)
    assert halls.held(booking) == {"Salle C": hours(9, 11)}
    halls.set_parts(halls.hall)
    assert halls.held(booking) == {"Grande salle": hours(9, 11)}
    assert halls.busy(halls.c) == []
    halls.set_parts(halls.hall, halls.a, halls.b)
    assert halls.held(booking) == {"Salle A": hours(9, 11), "Salle B": hours(9, 11)}
    moved = halls.house.change(booking, span=hours(14, 16))
    assert halls.held(moved) == {"Salle A": hours(14, 16), "Salle B": hours(14, 16)}
    halls.house.cancel(moved)
    assert [halls.busy(room) for room in (halls.hall, halls.a, halls.b, halls.c)] == [[]] * 4


def test_what_contains_the_hall_follows_too(halls: Halls) -> None:
    booking = halls.house.book((halls.building, 1))
    halls.set_parts(halls.hall, halls.b, halls.c)
    assert sorted(halls.held(booking)) == ["Jardin", "Salle B", "Salle C"]
    halls.set_parts(halls.building, halls.garden)
    assert sorted(halls.held(booking)) == ["Jardin"]


def test_an_impossible_change_says_which_booking_and_leaves_all_as_it_was(halls: Halls) -> None:
    booking = halls.house.book((halls.hall, 1))
    other = halls.house.book((halls.c, 1), span=hours(10, 12))
    with pytest.raises(PartsInUse) as refused:
        halls.set_parts(halls.hall, halls.b, halls.c)
    assert str(refused.value).replace("\u202f", " ").replace("\xa0", " ") == (
        "Les parties de « Grande salle » n'ont pas changé. La réservation de « Grande salle »"
        " (mercredi 10 mars, 10 h – 12 h) prendrait aussi « Salle C », dont ce créneau est"
        " déjà pris. Déplacez, changez ou annulez d'abord ce qui gêne, puis recommencez."
    )
    assert refused.value.details["conflicts"] == [
        {
            "resource_id": str(halls.hall.id),
            "starts_at": "2027-03-10T09:00:00+00:00",
            "ends_at": "2027-03-10T11:00:00+00:00",
            "part_id": str(halls.c.id),
            "reason": "taken",
        }
    ]
    assert sorted(halls.held(booking)) == ["Salle A", "Salle B"]
    halls.house.cancel(other)
    halls.set_parts(halls.hall, halls.b, halls.c)
    assert sorted(halls.held(booking)) == ["Salle B", "Salle C"]


def test_a_part_booked_beside_its_hall_is_not_taken_twice(halls: Halls) -> None:
    halls.house.book((halls.hall, 1), (halls.c, 1))
    with pytest.raises(PartsInUse) as refused:
        halls.set_parts(halls.hall, halls.a, halls.b, halls.c)
    assert "demande aussi « Salle C », sur une autre ligne" in str(refused.value)


def test_many_that_clash_are_counted(halls: Halls) -> None:
    for day in range(10, 15):
        halls.house.book((halls.hall, 1), span=hours(9, 11, day))
        halls.house.book((halls.c, 1), span=hours(10, 12, day))
    with pytest.raises(PartsInUse) as refused:
        halls.set_parts(halls.hall, halls.a, halls.c)
    assert "3 autres sont dans le même cas." in str(refused.value)
    assert len(refused.value.details["conflicts"]) == 5  # type: ignore[arg-type]


def test_a_season_of_bookings_follows_in_as_many_statements_as_one(halls: Halls) -> None:
    def statements(*parts: Resource) -> int:
        with counted(halls.house.database) as found:
            halls.set_parts(halls.hall, *parts)
        return len(found)

    halls.house.book((halls.hall, 1))
    one = statements(halls.a, halls.b, halls.c)
    halls.set_parts(halls.hall, halls.a, halls.b)
    for day in range(11, 25):
        halls.house.book((halls.hall, 1), span=hours(9, 11, day))
    assert statements(halls.a, halls.b, halls.c) == one


def test_preparation_of_the_new_part_counts(halls: Halls, make: Maker) -> None:
    """Two bookings that touch cannot both have a part that wants half an hour between them."""
    kitchen = make.resource(halls.house.phares, halls.house.scic, "Cuisine", preparation_after=30)
    first = halls.house.book((halls.hall, 1), span=hours(9, 10))
    second = halls.house.book((halls.hall, 1), span=hours(10, 11))
    with pytest.raises(PartsInUse):
        halls.set_parts(halls.hall, halls.a, kitchen)
    halls.house.cancel(second)
    halls.set_parts(halls.hall, halls.a, kitchen)
    assert halls.held(first) == {
        "Salle A": hours(9, 10),
        "Cuisine": Interval(utc(2027, 3, 10, 9), utc(2027, 3, 10, 10, 30)),
    }


def test_what_is_over_is_left_as_it_was_and_what_runs_follows_from_now(
    halls: Halls, clock: Clock
) -> None:
    over = halls.house.book((halls.hall, 1), span=hours(9, 11, 2))
    runs = halls.house.book((halls.hall, 1), span=hours(9, 12, 3))
    before = halls.house.book((halls.c, 1), span=hours(9, 10, 3))
    clock.now = utc(2027, 3, 3, 10, 30)
    halls.set_parts(halls.hall, halls.a, halls.c)
    assert sorted(halls.held(over)) == ["Salle A", "Salle B"]
    assert halls.held(runs) == {
        "Salle A": hours(9, 12, 3),
        "Salle C": Interval(clock.now, utc(2027, 3, 3, 12)),
    }
    assert halls.held(before) == {"Salle C": hours(9, 10, 3)}


def test_a_request_that_waits_follows_as_well(halls: Halls, make: Maker) -> None:
    asked = make.resource(halls.house.phares, halls.house.scic, "Scène", needs_approval=True)
    make.part(asked, halls.a)
    booking = halls.house.book((asked, 1))
    assert booking.status is BookingStatus.PENDING
    halls.set_parts(asked, halls.c)
    assert sorted(halls.held(booking)) == ["Salle C"]


def test_closures_of_the_hall_close_its_new_part_and_free_none(halls: Halls) -> None:
    whole = halls.close(halls.hall, hours(9, 11))
    part = halls.close(halls.a, hours(13, 15))
    halls.set_parts(halls.hall, halls.b, halls.c)
    assert sorted(halls.held(whole)) == ["Salle A", "Salle B", "Salle C"]
    assert sorted(halls.held(part)) == ["Salle A"]
    halls.house.database.write(halls.house.keeper, lift, whole)
    assert [halls.busy(room) for room in (halls.b, halls.c)] == [[], []]
    room = halls.close(halls.c, hours(16, 17))
    halls.set_parts(halls.hall)
    halls.set_parts(halls.c, halls.b)
    assert sorted(halls.held(room)) == ["Salle B"]


def test_a_closure_that_cannot_close_the_new_part_is_named(halls: Halls) -> None:
    halls.close(halls.hall, hours(9, 11))
    halls.house.book((halls.c, 1))
    with pytest.raises(PartsInUse) as refused:
        halls.set_parts(halls.hall, halls.a, halls.b, halls.c)
    assert "La fermeture de « Grande salle »" in str(refused.value)


def test_the_page_and_the_api_refuse_with_the_same_words(
    halls: Halls,
    client: FlaskClient,
    login: Callable[[FlaskClient, Actor], None],
    csrf: Callable[[FlaskClient], str],
) -> None:
    """One refusal, whichever door asks; nothing of a refused change is kept."""
    halls.house.book((halls.hall, 1))
    halls.house.book((halls.c, 1))
    login(client, halls.house.keeper)
    url = f"/api/v1/resources/{halls.hall.id}"
    etag = client.get(url).headers["ETag"]
    refused = client.patch(
        url,
        json={"name": "Très grande salle", "parts": [str(halls.a.id), str(halls.c.id)]},
        headers={"If-Match": etag, "X-CSRFToken": csrf(client)},
    )
    assert refused.json is not None
    assert (refused.status_code, refused.json["code"]) == (409, "parts_in_use")
    assert len(refused.json["conflicts"]) == 1
    page = client.post(
        f"/ressources/{halls.hall.id}/modifier",
        data={
            "csrf_token": csrf(client),
            "version": str(halls.hall.version),
            "name": "Très grande salle",
            "kind": "place",
            "owner_id": str(halls.house.scic.id),
            "manager_id": str(halls.house.scic.id),
            "step": "15",
            "parts": [str(halls.a.id), str(halls.c.id)],
        },
    )
    assert page.status_code == 409
    for said in (refused.json["detail"], page.text):
        told = " ".join(said.split())  # a page sets its spaces, a program is given plain ones
        assert "prendrait aussi « Salle C », dont ce créneau est déjà pris." in told
    with halls.house.database.read(halls.house.keeper) as work:
        assert work.session.get_one(Resource, halls.hall.id).name == "Grande salle"


def test_subscriptions_see_the_change_of_parts(halls: Halls, database: Database) -> None:
    """Of the part that comes, of the one that leaves, of the hall: each has another version."""
    halls.house.book((halls.hall, 1), title="Assemblée")
    halls.house.book((halls.c, 1), span=hours(13, 14), title="Réunion")

    def shown(room: Resource) -> tuple[int, int]:
        command = CreateFeed(kind=FeedKind.RESOURCE, detail=FeedDetail.FULL, target_id=room.id)
        _, token = database.write(halls.house.member, calendars.create_feed, command)
        with database.read(halls.house.member) as work:
            told = subscription(work, calendars.hashed(token))
            return told.version, len(fragments(work, told))

    rooms = (halls.hall, halls.a, halls.b, halls.c, halls.building)
    before = [shown(room) for room in rooms]
    assert [count for _, count in before] == [1, 1, 1, 1, 1]
    halls.set_parts(halls.hall, halls.b, halls.c)
    after = [shown(room) for room in rooms]
    assert [count for _, count in after] == [2, 0, 1, 2, 2]
    assert all(new > old for (old, _), (new, _) in zip(before, after, strict=True))


def test_a_booking_made_meanwhile_holds_the_parts_there_are(halls: Halls) -> None:
    """Rivals at one instant: whoever comes second sees the other; all leaves or a refusal."""
    outcomes: list[CoopShareError] = []

    def book(hour: int) -> None:
        try:
            halls.house.database.write(
                halls.house.member,
                book_it,
                halls.house.command((halls.hall, 1), span=hours(hour, hour + 1)),
            )
        except CoopShareError as error:  # pragma: no cover - none is expected
            outcomes.append(error)

    def change(*parts: Resource) -> None:
        try:
            halls.set_parts(halls.hall, *parts)
        except CoopShareError as error:  # pragma: no cover - none is expected
            outcomes.append(error)

    for number in range(6):
        hour = 2 * number
        parts = (halls.a, halls.b, halls.c) if number % 2 == 0 else (halls.a, halls.b)
        rivals = [Thread(target=book, args=(hour,)), Thread(target=book, args=(hour + 1,)),
                  Thread(target=change, args=parts)]  # fmt: skip
        for rival in rivals:
            rival.start()
        for rival in rivals:
            rival.join()
        assert outcomes == []
        expected = [hours(0, hour + 2)]
        assert halls.busy(halls.a) == halls.busy(halls.b) == expected
        assert halls.busy(halls.c) == (expected if number % 2 == 0 else [])
