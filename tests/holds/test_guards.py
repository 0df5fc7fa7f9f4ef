"""The database itself refuses an over-booking, whoever writes, by raw SQL too."""

import uuid
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from coopshare.db import guards, migrate
from coopshare.db.work import Database
from coopshare.holds.models import Hold
from coopshare.kernel.dates import utc
from coopshare.models import metadata
from coopshare.resources.errors import PartIsHeld
from coopshare.resources.models import Resource
from tests.make import Maker

NINE, TEN, ELEVEN, NOON = (utc(2027, 3, 10, hour) for hour in (9, 10, 11, 12))


@pytest.fixture
def room(make: Maker) -> Resource:
    """Return a room: one of it."""
    cooperative = make.cooperative()
    return make.resource(cooperative, make.organisation(cooperative))


def holding(
    resource: Resource, start: datetime, end: datetime, quantity: int = 1, **fields: object
) -> dict[str, object]:
    """Return the values of a raw hold."""
    return {
        "id": uuid.uuid4(),
        "cooperative_id": resource.cooperative_id,
        "resource_id": resource.id,
        "quantity": quantity,
        "starts_at": start,
        "ends_at": end,
        "live": True,
        "exclusive": False,
        "source_kind": "booking",
        "source_id": uuid.uuid4(),
    } | fields


def execute(database: Database, *statements: sa.Executable) -> None:
    """Run statements in one transaction, outside any unit of work."""
    with database.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def insert(*rows: dict[str, object]) -> sa.Insert:
    """Return an insertion of raw holds."""
    return sa.insert(Hold).values(list(rows))


def refuse(database: Database, *statements: sa.Executable) -> None:
    """Expect the database to refuse."""
    with pytest.raises(DBAPIError, match=r"holds_within|refused by the database"):
        execute(database, *statements)


def test_guards_are_those_expected(database: Database) -> None:
    """What the migrations put up is what the code expects."""
    assert guards.present(database.engine) == guards.EXPECTED[database.engine.dialect.name]
    assert migrate.differences(database.engine, metadata) == []


@pytest.mark.parametrize(
    ("start", "end", "is_free"),
    [
        (9, 10, True),  # right before
        (9, 11, False),  # over its start
        (9, 13, False),  # all around it
        (10, 12, False),  # exactly the same
        (10, 11, False),  # inside
        (11, 13, False),  # over its end
        (12, 13, True),  # right after
    ],
)
def test_the_ways_two_spans_meet(
    database: Database, room: Resource, start: int, end: int, *, is_free: bool
) -> None:
    """Touching is not overlapping."""
    execute(database, insert(holding(room, TEN, NOON)))
    statement = insert(holding(room, utc(2027, 3, 10, start), utc(2027, 3, 10, end)))
    if is_free:
        execute(database, statement)
    else:
        refuse(database, statement)


def test_two_in_one_statement(database: Database, room: Resource) -> None:
    """Two overlapping rows of one statement are refused together."""
    refuse(database, insert(holding(room, NINE, NOON), holding(room, TEN, ELEVEN)))


def test_move_longer_and_come_back(database: Database, room: Resource) -> None:
    """A move, a longer span and an un-cancelled hold meet the same guard."""
    first, second = holding(room, NINE, TEN), holding(room, TEN, ELEVEN)
    dead = holding(room, NINE, NOON, live=False)
    execute(database, insert(first, second, dead))
    change = sa.update(Hold)
    refuse(database, change.where(Hold.id == first["id"]).values(ends_at=ELEVEN))
    refuse(database, change.where(Hold.id == second["id"]).values(starts_at=NINE))
    refuse(database, change.where(Hold.id == dead["id"]).values(live=True))
    execute(database, change.where(Hold.id == second["id"]).values(live=False))
    execute(database, change.where(Hold.id == first["id"]).values(ends_at=ELEVEN))


def test_quantity_counts_the_peak_not_the_sum(database: Database, make: Maker) -> None:
    """Chairs: the most in use at one instant may not pass what there is."""
    cooperative = make.cooperative()
    chairs = make.resource(cooperative, make.organisation(cooperative), "Chaises", quantity=10)
    execute(
        database, insert(holding(chairs, NINE, TEN, 6)), insert(holding(chairs, TEN, ELEVEN, 6))
    )
    execute(database, insert(holding(chairs, NINE, ELEVEN, 4)))
    refuse(database, insert(holding(chairs, NINE, ELEVEN, 1)))
    refuse(database, insert(holding(chairs, NOON, utc(2027, 3, 10, 13), 11)))
    lower = sa.update(Resource).where(Resource.id == chairs.id)
    with pytest.raises(DBAPIError, match=r"resources_quantity_in_use|refused by the database"):
        execute(database, lower.values(quantity=9))
    execute(database, lower.values(quantity=11))
    execute(database, insert(holding(chairs, NINE, ELEVEN, 1)))


def test_a_whole_is_not_held_itself(database: Database, make: Maker) -> None:
    """A hold on a hall made of parts is refused, and so is a part for a hall already held."""
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    hall, half = make.resource(cooperative, owner, "Hall"), make.resource(cooperative, owner, "A")
    execute(database, insert(holding(hall, NINE, TEN)))
    with pytest.raises(PartIsHeld):
        make.part(hall, half)
    execute(database, sa.delete(Hold))
    make.part(hall, half)
    with pytest.raises(DBAPIError):
        execute(database, insert(holding(hall, NINE, TEN)))


def test_quantity_from_one_to_many_and_back(database: Database, room: Resource) -> None:
    """What was a single one may become many, and single again when nothing overlaps."""
    change = sa.update(Resource).where(Resource.id == room.id)
    execute(database, insert(holding(room, NINE, TEN)), change.values(quantity=2))
    second = holding(room, NINE, TEN)
    execute(database, insert(second))
    with pytest.raises(DBAPIError):
        execute(database, change.values(quantity=1))
    execute(database, sa.delete(Hold).where(Hold.id == second["id"]))
    execute(database, change.values(quantity=1))
    refuse(database, insert(second))


def test_sqlite_refuses_odd_spellings(database: Database, room: Resource) -> None:
    """`INSERT OR IGNORE`, an instant in another spelling, a quantity that is text: all refused."""
    if database.engine.dialect.name != "sqlite":
        pytest.skip("spellings are SQLite's own")
    row = holding(room, NINE, TEN)
    execute(database, insert(row))
    ids = {
        name: value.hex if isinstance(value, uuid.UUID) else value
        for name, value in row.items()
        if name not in {"live", "exclusive", "source_kind"}
    }
    sql = (
        "INSERT {verb} INTO holds (id, cooperative_id, resource_id, quantity, starts_at, ends_at,"
        " live, exclusive, source_kind, source_id) VALUES (:id, :cooperative_id, :resource_id,"
        " :quantity, :starts_at, :ends_at, 1, 0, 'booking', :source_id)"
    )
    good = {"starts_at": "2027-03-10 09:00:00.000000", "ends_at": "2027-03-10 10:00:00.000000"}
    bad = (
        ("OR IGNORE", good),
        ("OR REPLACE", good),
        ("", good | {"starts_at": "2027-03-10T08:00", "ends_at": "2027-03-10T11:00"}),
        ("", good | {"quantity": "one"}),
    )
    for verb, changes in bad:
        with pytest.raises(DBAPIError):
            execute(
                database,
                sa.text(sql.format(verb=verb)).bindparams(
                    **(ids | {"id": uuid.uuid4().hex} | changes)
                ),
            )
