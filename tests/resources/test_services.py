"""Parts and hand-overs: what the services themselves refuse, on both engines."""

import pytest

from coopshare.db.work import Database
from coopshare.holds.models import HoldSource
from coopshare.holds.services import Wanted, hold
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Forbidden, Invalid
from coopshare.kernel.intervals import Interval
from coopshare.members.models import Cooperative, Organisation
from coopshare.resources import services
from coopshare.resources.commands import AddPhoto, Change
from coopshare.resources.errors import PartIsHeld, PartsInACircle, QuantityInUse, UnreadablePhoto
from coopshare.resources.models import Resource
from tests.conftest import Clock
from tests.make import Maker


class House:
    """Two organisations that each manage resources."""

    def __init__(self, database: Database, make: Maker) -> None:
        self.database, self.make = database, make
        self.cooperative: Cooperative = make.cooperative()
        self.ours: Organisation = make.organisation(self.cooperative, "Nous")
        self.theirs: Organisation = make.organisation(self.cooperative, "Autres")
        self.manager = make.actor(self.cooperative, self.ours, Role.RESOURCE_MANAGER)
        self.administrator = make.actor(self.cooperative, self.ours, Role.ADMINISTRATOR)

    def change(self, actor: Actor, resource: Resource, **values: object) -> Resource:
        return self.database.write(
            actor,
            services.change,
            Change(resource_id=resource.id, version=resource.version, values=values),
        )

    def take(self, resource: Resource, span: Interval, quantity: int = 1) -> None:
        self.database.write(
            self.manager,
            lambda work: hold(
                work,
                [work.session.get_one(Resource, resource.id)],
                [Wanted(resource.id, quantity)],
                span,
                source_kind=HoldSource.BOOKING,
                source_id=resource.id,
            ),
        )


@pytest.fixture
def house(database: Database, make: Maker) -> House:
    return House(database, make)


def test_nobody_composes_with_what_others_manage(house: House) -> None:
    hall = house.make.resource(house.cooperative, house.ours, "Hall")
    foreign = house.make.resource(house.cooperative, house.theirs, "Atelier")
    with pytest.raises(Forbidden):
        house.change(house.manager, hall, parts=[foreign.id])
    changed = house.change(house.administrator, hall, parts=[foreign.id])
    assert house.change(house.manager, changed, parts=[foreign.id], capacity=12).capacity == 12


def test_a_resource_contains_neither_itself_nor_its_whole(house: House) -> None:
    hall = house.make.resource(house.cooperative, house.ours, "Hall")
    half = house.make.resource(house.cooperative, house.ours, "Moitié")
    with pytest.raises(PartsInACircle):
        house.change(house.manager, hall, parts=[hall.id])
    house.change(house.manager, hall, parts=[half.id])
    with pytest.raises(PartsInACircle):
        house.change(house.manager, half, parts=[hall.id])


def test_what_was_used_may_become_a_whole_what_will_be_may_not(house: House, clock: Clock) -> None:
    hall = house.make.resource(house.cooperative, house.ours, "Hall")
    half = house.make.resource(house.cooperative, house.ours, "Moitié")
    house.take(hall, Interval(utc(2027, 3, 10, 9), utc(2027, 3, 10, 10)))
    with pytest.raises(PartIsHeld):
        house.change(house.manager, hall, parts=[half.id])
    clock.now = utc(2027, 3, 11)
    house.change(house.manager, hall, parts=[half.id])


def test_a_quantity_is_lowered_past_what_was_used_not_what_will_be(
    house: House, clock: Clock
) -> None:
    chairs = house.make.resource(house.cooperative, house.ours, "Chaises", quantity=10)
    house.take(chairs, Interval(utc(2027, 3, 10, 9), utc(2027, 3, 10, 10)), 8)
    with pytest.raises(QuantityInUse):
        house.change(house.manager, chairs, quantity=7)
    clock.now = utc(2027, 3, 11)
    assert house.change(house.manager, chairs, quantity=7).quantity == 7


def test_only_administrators_hand_a_resource_over(house: House) -> None:
    room = house.make.resource(house.cooperative, house.ours, "Salle")
    with pytest.raises(Forbidden):
        house.change(house.manager, room, owner_id=house.theirs.id)
    moved = house.change(house.administrator, room, manager_id=house.theirs.id)
    with pytest.raises(Forbidden):
        house.change(house.manager, moved, capacity=3)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"GIF89a" + b"0" * 50])
def test_what_is_no_picture_is_refused(house: House, content: bytes) -> None:
    room = house.make.resource(house.cooperative, house.ours, "Salle")
    with pytest.raises(UnreadablePhoto):
        house.database.write(
            house.manager,
            services.add_photo,
            AddPhoto(resource_id=room.id, content=content, description="Rien"),
        )


def test_rules_that_contradict_each_other_are_refused(house: House) -> None:
    room = house.make.resource(house.cooperative, house.ours, "Salle")
    for values in (
        {"shortest": 120, "longest": 60},
        {"slots": [[540, 720], [700, 800]]},
        {"hours": [(0, 540, 720), (0, 700, 800)]},
    ):
        with pytest.raises(Invalid):
            house.change(house.manager, room, **values)
