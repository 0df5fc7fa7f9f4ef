"""What is kept in memory: never older than the last change, whoever made it, and read-only."""

import uuid

import pytest
import sqlalchemy as sa

from coopshare.db.snapshots import ReadOnlyRow, Snapshots
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import NotFound, Refused
from coopshare.members.models import Cooperative, Organisation
from coopshare.members.queries import roll
from coopshare.resources.models import OpeningHours, Resource, ResourcePart
from coopshare.resources.queries import catalogue
from tests.make import Maker
from tests.statements import counted


@pytest.fixture
def place(make: Maker) -> Cooperative:
    """Return a cooperative."""
    return make.cooperative()


@pytest.fixture
def owner(make: Maker, place: Cooperative) -> Organisation:
    """Return its member."""
    return make.organisation(place)


@pytest.fixture
def room(make: Maker, place: Cooperative, owner: Organisation) -> Resource:
    """Return a room of it."""
    return make.resource(place, owner, "Salle")


@pytest.fixture
def actor(place: Cooperative) -> Actor:
    """Return somebody of it."""
    return Actor(door="web", cooperative_id=place.id, person_id=uuid.uuid4())


def names(database: Database, actor: Actor) -> list[str]:
    """Return the names of the catalogue, as a request reads them."""
    with database.read(actor) as work:
        return [one.name for one in catalogue(work).resources.values()]


def rename(work: Work, room_id: uuid.UUID, name: str) -> None:
    """Give a room another name."""
    row = work.session.get(Resource, room_id)
    assert row is not None
    row.name = name


def test_nothing_is_read_twice(database: Database, actor: Actor, room: Resource) -> None:
    """While nothing changes, a unit reads one mark, however much it asks."""
    assert names(database, actor) == [room.name]
    with counted(database) as statements, database.read(actor) as work:
        assert list(catalogue(work).resources) == list(catalogue(work).resources) == [room.id]
    assert len(statements) == 1
    assert "snapshot_marks" in statements[0]


def test_a_change_acts_at_the_next_unit_of_every_process(
    database: Database, actor: Actor, room: Resource
) -> None:
    """Another process, which has its own memory, sees it too."""
    other = Database(database.url, clock=database.clock)
    try:
        assert names(database, actor) == names(other, actor) == ["Salle"]
        other.write(actor, rename, room.id, "Atelier")
        assert names(database, actor) == names(other, actor) == ["Atelier"]
    finally:
        other.close()


def test_a_unit_sees_its_own_changes_and_keeps_them_for_itself(
    database: Database, actor: Actor, room: Resource
) -> None:
    """What is refused at the end was never seen by anybody else."""

    def change(work: Work) -> None:
        assert [one.name for one in catalogue(work).resources.values()] == ["Salle"]
        rename(work, room.id, "Atelier")
        assert [one.name for one in catalogue(work).resources.values()] == ["Atelier"]
        raise Refused

    with pytest.raises(Refused):
        database.write(actor, change)
    assert names(database, actor) == ["Salle"]


def test_what_belongs_to_a_row_counts(
    make: Maker, database: Database, actor: Actor, room: Resource
) -> None:
    """Hours, parts and statements that change many rows at once."""
    with database.read(actor) as work:
        assert catalogue(work).resources[room.id].hours == []
    hours = OpeningHours(resource_id=room.id, weekday=0, opens=480, closes=1080)
    make.keep(hours, room.cooperative_id)
    with database.read(actor) as work:
        assert [h.opens for h in catalogue(work).resources[room.id].hours] == [480]
    half = Resource(**{**sheet(room), "id": uuid.uuid4(), "name": "Moitié", "sort_key": "moitie"})
    make.keep(half, room.cooperative_id)
    make.part(room, half)
    with database.read(actor) as work:
        assert catalogue(work).leaves(room.id) == {half.id}
    database.write(
        actor,
        lambda work: work.session.execute(
            sa.delete(ResourcePart).where(ResourcePart.whole_id == room.id)
        ),
    )
    with database.read(actor) as work:
        assert catalogue(work).leaves(room.id) == {room.id}
    database.write(
        actor,
        lambda work: work.add_rows(ResourcePart, [{"whole_id": room.id, "part_id": half.id}]),
    )
    with database.read(actor) as work:
        assert catalogue(work).leaves(room.id) == {half.id}


def sheet(room: Resource) -> dict[str, object]:
    """Return the columns of a room."""
    return {c.key: getattr(room, c.key) for c in sa.inspect(Resource).column_attrs}


def test_an_organisation_is_told_to_all_its_cooperatives(
    make: Maker, database: Database, owner: Organisation, actor: Actor
) -> None:
    """It has one name everywhere."""
    second = make.cooperative("Lagon")
    make.member(second, owner)
    there = Actor(door="web", cooperative_id=second.id, person_id=uuid.uuid4())

    def named(who: Actor) -> list[str]:
        with database.read(who) as work:
            return list(roll(work).names.values())

    assert named(actor) == named(there) == [owner.name]

    def rename_it(work: Work) -> None:
        row = work.session.get(Organisation, owner.id)
        assert row is not None
        row.name = "Atelier Sud"

    database.write(actor, rename_it)
    assert named(actor) == named(there) == ["Atelier Sud"]


def test_one_cooperative_never_reads_the_memory_of_another(
    make: Maker, database: Database, actor: Actor, room: Resource
) -> None:
    """And without a cooperative there is nothing."""
    assert names(database, actor) == [room.name]
    second = make.cooperative("Lagon")
    there = Actor(door="web", cooperative_id=second.id, person_id=uuid.uuid4())
    assert names(database, there) == []
    with database.read(Actor(door="web")) as work, pytest.raises(NotFound):
        catalogue(work)


def test_shared_rows_refuse_to_be_changed(database: Database, actor: Actor, room: Resource) -> None:
    """A bug that would show one request's change to all others is found at once."""
    with database.read(actor) as work:
        shared = catalogue(work).resources[room.id]
        with pytest.raises(ReadOnlyRow):
            shared.name = "Atelier"
        with pytest.raises(ReadOnlyRow):
            shared.hours.append(OpeningHours(weekday=0, opens=0, closes=60))
        with pytest.raises(ReadOnlyRow):
            shared.hours = [OpeningHours(weekday=0, opens=0, closes=60)]
    assert shared.name == "Salle"


def test_a_lock_looks_again(database: Database, actor: Actor, room: Resource) -> None:
    """What changed between the beginning of a unit and its locks is seen after them."""
    other = Database(database.url, clock=database.clock)
    if other.writing.dialect.name == "sqlite":
        other.close()
        pytest.skip("a written unit is alone on SQLite")

    def locked(work: Work) -> list[str]:
        seen = [one.name for one in catalogue(work).resources.values()]
        other.write(actor, rename, room.id, "Atelier")
        assert work.look_again()
        assert not work.look_again()
        return [*seen, *(one.name for one in catalogue(work).resources.values())]

    assert database.write(actor, locked) == ["Salle", "Atelier"]
    other.close()


def test_memory_is_bounded() -> None:
    """What was used longest ago makes room, and a mark that is not the present one is nothing."""
    kept = Snapshots(most=5)
    first, second, third = (uuid.uuid4() for _ in range(3))
    kept.keep((first, "x"), None, [1, 2])
    kept.keep((second, "x"), second, [1, 2])
    assert kept.find((first, "x"), None) == [1, 2]
    assert kept.find((second, "x"), first) is None
    kept.keep((third, "x"), None, [1, 2])
    assert kept.find((second, "x"), second) is None
    assert kept.find((first, "x"), None) == kept.find((third, "x"), None) == [1, 2]


def test_rules_of_use_are_told_apart(make: Maker, database: Database) -> None:
    """Resources with the same rules have the same number; any rule that differs, another one."""
    place = make.cooperative("Règles")
    owner = make.organisation(place)
    first = make.resource(place, owner, "Salle 1", hours=(480, 1080))
    same = make.resource(place, owner, "Salle 2", hours=(480, 1080), location="Ailleurs")
    others = [
        make.resource(place, owner, "Salle 3", hours=(480, 1020)),
        make.resource(place, owner, "Salle 4", hours=(480, 1080), longest=60),
        make.resource(place, owner, "Salle 5", hours=(480, 1080), standings=["tenant"]),
        make.resource(place, owner, "Salle 6", hours=(480, 1080), capacity=7),
        make.resource(place, owner, "Salle 7", hours=(480, 1080), closed_on_holidays=True),
        make.resource(place, owner, "Salle 8", hours=(480, 1080), timezone="Indian/Reunion"),
    ]
    who = Actor(door="web", cooperative_id=place.id, person_id=uuid.uuid4())
    with database.read(who) as work:
        rules = catalogue(work).rules
    assert rules[first.id] == rules[same.id]
    assert len({rules[first.id], *(rules[one.id] for one in others)}) == 1 + len(others)
