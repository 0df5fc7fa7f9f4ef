"""Taking, changing and giving back time, on both engines."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from coopshare.db.work import Database, Work
from coopshare.holds import queries, services
from coopshare.holds.errors import HeldTwice, SlotTaken
from coopshare.holds.models import HoldSource
from coopshare.holds.services import Wanted
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.intervals import Interval
from coopshare.members.models import Cooperative, Organisation
from coopshare.resources.models import Resource
from tests.conftest import Clock
from tests.make import Maker


def between(start: float, end: float) -> Interval:
    """Return hours of Wednesday 10 March 2027, UTC (an hour later in Paris)."""
    minutes = [round(hour * 60) for hour in (start, end)]
    first, second = (utc(2027, 3, 10, m // 60, m % 60) for m in minutes)
    return Interval(first, second)


class House:
    """A cooperative whose resources are held by its one actor."""

    def __init__(self, database: Database, make: Maker) -> None:
        self.database, self.make = database, make
        self.cooperative: Cooperative = make.cooperative()
        self.owner: Organisation = make.organisation(self.cooperative)
        self.actor: Actor = make.actor(self.cooperative, self.owner)

    def resource(self, name: str = "Atelier", **fields: Any) -> Resource:
        return self.make.resource(self.cooperative, self.owner, name, **fields)

    def hall(self) -> tuple[Resource, Resource, Resource]:
        """Return a hall of two parts."""
        hall, left, right = (self.resource(name) for name in ("Grande salle", "A", "B"))
        self.make.part(hall, left)
        self.make.part(hall, right)
        return hall, left, right

    def hold(
        self,
        span: Interval,
        *resources: Resource,
        quantity: int = 1,
        source_id: uuid.UUID | None = None,
        verb: Callable[..., Any] = services.hold,
    ) -> uuid.UUID:
        source_id = source_id or uuid.uuid4()
        self.database.write(
            self.actor,
            verb,
            resources,
            [Wanted(resource.id, quantity) for resource in resources],
            span,
            source_kind=HoldSource.BOOKING,
            source_id=source_id,
        )
        return source_id

    def rehold(self, source_id: uuid.UUID, span: Interval, *resources: Resource) -> None:
        self.hold(span, *resources, source_id=source_id, verb=services.rehold)

    def busy(self, resource: Resource) -> list[Interval]:
        with self.database.read(self.actor) as work:
            return queries.busy(work, resource.id, between(0, 23))


@pytest.fixture
def house(database: Database, make: Maker) -> House:
    return House(database, make)


def test_take_and_give_back(house: House) -> None:
    room = house.resource()
    source = house.hold(between(9, 12), room)
    assert house.busy(room) == [between(9, 12)]
    with pytest.raises(SlotTaken):
        house.hold(between(11, 13), room)
    house.hold(between(12, 13), room)
    house.database.write(house.actor, services.release, source)
    assert house.busy(room) == [between(12, 13)]
    house.hold(between(9, 12), room)


def test_the_refusal_says_what_and_when_never_who(house: House) -> None:
    room = house.resource("Atelier")
    house.hold(between(8, 11), room)
    with pytest.raises(SlotTaken) as refused:
        house.hold(between(10, 12), room)
    assert str(refused.value) == (
        "« Atelier » : déjà réservé, mercredi 10\u00a0mars, 9\u202fh\u00a0–\u00a012\u202fh."
    )
    assert refused.value.details == {
        "conflicts": [
            {
                "resource_id": str(room.id),
                "name": "Atelier",
                "starts_at": "2027-03-10T08:00:00+00:00",
                "ends_at": "2027-03-10T11:00:00+00:00",
                "quantity_free": 0,
            }
        ],
        "alternatives": [],
    }


def test_all_or_nothing(house: House) -> None:
    """One line that is taken leaves nothing held, and every conflict is named."""
    room, projector, chairs = (
        house.resource("Atelier"),
        house.resource("Projecteur"),
        house.resource("Chaises", quantity=30),
    )
    house.hold(between(9, 10), room)
    house.hold(between(9, 10), projector)
    with pytest.raises(SlotTaken) as refused:
        house.hold(between(9, 12), chairs, projector, room)
    assert {c.name for c in refused.value.conflicts} == {"Atelier", "Projecteur"}
    with house.database.read(house.actor) as work:
        assert queries.uses(work, [chairs.id], between(0, 23)) == {chairs.id: []}


def test_quantity_counts_the_peak(house: House) -> None:
    chairs = house.resource("Chaises", quantity=10)
    house.hold(between(9, 10), chairs, quantity=6)
    house.hold(between(10, 11), chairs, quantity=7)
    house.hold(between(9, 11), chairs, quantity=3)
    with pytest.raises(SlotTaken) as refused:
        house.hold(between(9, 11), chairs, quantity=1)
    assert [(c.span, c.free) for c in refused.value.conflicts] == [(between(10, 11), 0)]
    with pytest.raises(SlotTaken) as refused:
        house.hold(between(9, 10), chairs, quantity=2)
    assert "il n'en reste que 1 sur 10" in str(refused.value)
    with pytest.raises(SlotTaken):
        house.hold(between(12, 13), chairs, quantity=11)
    assert house.busy(chairs) == [between(10, 11)]


def test_preparation_is_held_around_the_use(house: House) -> None:
    kitchen = house.resource("Cuisine", preparation_before=30, preparation_after=60)
    house.hold(between(10, 12), kitchen)
    assert house.busy(kitchen) == [between(9.5, 13)]
    with pytest.raises(SlotTaken):
        house.hold(between(13, 14), kitchen)  # its own half-hour before would overlap
    house.hold(between(13.5, 14), kitchen)


def test_a_hall_is_held_by_its_parts(house: House) -> None:
    hall, left, right = house.hall()
    source = house.hold(between(9, 10), hall)
    for part in (left, right):
        with pytest.raises(SlotTaken):
            house.hold(between(9, 10), part)
    house.hold(between(10, 11), left)
    assert house.busy(hall) == [between(9, 11)]
    assert house.busy(right) == [between(9, 10)]
    with pytest.raises(SlotTaken) as refused:
        house.hold(between(10, 12), hall)
    assert [c.name for c in refused.value.conflicts] == ["Grande salle"]
    with pytest.raises(HeldTwice):
        house.hold(between(14, 15), hall, left)
    with house.database.read(house.actor) as work:
        assert {h.resource_id for h in queries.holds_of(work, source)} == {left.id, right.id}


def test_a_part_of_a_part_with_several_of_it(house: House) -> None:
    """A whole takes all there is of each leaf, however deep."""
    hall, left, _ = house.hall()
    building, desks = house.resource("Étage"), house.resource("Bureaux", quantity=5)
    house.make.part(building, hall)
    house.make.part(building, desks)
    house.hold(between(9, 10), desks, quantity=1)
    with pytest.raises(SlotTaken):
        house.hold(between(9, 10), building)
    house.hold(between(10, 11), building)
    for part in (left, desks):
        with pytest.raises(SlotTaken):
            house.hold(between(10, 11), part)


def test_move_keeps_ids_and_is_not_in_its_own_way(house: House) -> None:
    room, other = house.resource("Atelier"), house.resource("Verrière")
    source = house.hold(between(9, 11), room)
    with house.database.read(house.actor) as work:
        (before,) = queries.holds_of(work, source)
    house.rehold(source, between(10, 12), room, other)
    with house.database.read(house.actor) as work:
        after = {h.resource_id: h.id for h in queries.holds_of(work, source)}
    assert after[room.id] == before.id
    assert (house.busy(room), house.busy(other)) == ([between(10, 12)], [between(10, 12)])
    house.rehold(source, between(9, 10), other)
    assert (house.busy(room), house.busy(other)) == ([], [between(9, 10)])


def test_a_refused_move_changes_nothing(house: House) -> None:
    room = house.resource()
    source = house.hold(between(9, 10), room)
    house.hold(between(10, 11), room)
    with pytest.raises(SlotTaken):
        house.rehold(source, between(9, 10.5), room)
    assert house.busy(room) == [between(9, 11)]


def test_overlaps_are_found_however_long_the_hold(house: House) -> None:
    """The search looks back as far as the longest hold, no further, and misses none."""
    room = house.resource()
    month = Interval(utc(2027, 2, 20), utc(2027, 3, 20))
    source = house.hold(month, room)
    assert house.busy(room) == [between(0, 23)]
    with pytest.raises(SlotTaken):
        house.hold(between(9, 10), room)
    house.rehold(source, between(9, 10), room)
    house.hold(between(10, 11), room)
    assert house.busy(room) == [between(9, 11)]


def test_past_holds_are_let_go(house: House, clock: Clock) -> None:
    room = house.resource("Tables", quantity=2)
    house.hold(between(9, 10), room, quantity=2)
    house.hold(between(11, 12), room, quantity=2)
    clock.now = utc(2027, 3, 10, 10)
    house.database.write(house.actor, services.retire_past, room.id)
    assert house.busy(room) == [between(11, 12)]


def test_look_before_taking(house: House) -> None:
    """What would be refused now is known in a read-only unit, one's own holds left aside."""
    room, free = house.resource("Atelier"), house.resource("Verrière")
    source = house.hold(between(9, 10), room)
    with house.database.read(house.actor) as work:
        services.check_free(work, [free], [Wanted(free.id)], between(9, 10))
        with pytest.raises(SlotTaken):
            services.check_free(work, [room], [Wanted(room.id)], between(9, 11))
        services.check_free(work, [room], [Wanted(room.id)], between(9, 11), source_id=source)


def test_what_is_not_there_or_not_on_a_minute(house: House, make: Maker) -> None:
    room = house.resource()
    with pytest.raises(Invalid):
        house.hold(Interval(utc(2027, 3, 10, 9), utc(2027, 3, 10, 10).replace(second=1)), room)
    elsewhere = make.cooperative("Ailleurs")
    stranger = make.actor(elsewhere, make.organisation(elsewhere))

    def unknown(work: Work) -> None:
        services.hold(
            work,
            [],
            [Wanted(room.id)],
            between(9, 10),
            source_kind=HoldSource.BOOKING,
            source_id=uuid.uuid4(),
        )

    with pytest.raises(NotFound):
        house.database.write(stranger, unknown)
    house.hold(between(9, 10), room)
    with house.database.read(stranger) as work:
        assert queries.uses(work, [room.id], between(0, 23)) == {room.id: []}
