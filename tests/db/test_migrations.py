"""The migrations: one line of revisions, walked both ways, that ends where the models are."""

import ast
from collections.abc import Callable

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from coopshare.bookings import services
from coopshare.bookings.commands import Book, Line
from coopshare.bookings.models import Decision, DecisionStatus
from coopshare.db import guards, migrate
from coopshare.db.work import Database
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.models import metadata
from coopshare.paths import shipped
from coopshare.resources.models import Resource
from tests.make import Maker

VERSIONS = shipped("migrations") / "versions"


def revisions() -> list[str]:
    """Return every revision, the first one first."""
    script = ScriptDirectory.from_config(migrate.configuration())
    return [found.revision for found in script.walk_revisions()][::-1]


def schema(database: Database) -> dict[str, object]:
    """Return what the database says of itself, without the revision it is at."""
    inspector = sa.inspect(database.engine)
    tables = sorted(set(inspector.get_table_names()) - {"alembic_version"})
    return {
        table: (
            sorted(column["name"] for column in inspector.get_columns(table)),
            sorted(str(index["name"]) for index in inspector.get_indexes(table)),
        )
        for table in tables
    } | {"guards": sorted(guards.present(database.engine))}


def test_there_is_one_head_and_the_file_names_it() -> None:
    named = (shipped("migrations") / "HEAD").read_text(encoding="utf-8").strip()
    script = ScriptDirectory.from_config(migrate.configuration())
    assert script.get_heads() == [named.partition("_")[0]]
    assert (VERSIONS / f"{named}.py").is_file()


def test_a_file_is_named_by_its_revision_and_imports_nothing_of_ours() -> None:
    numbers = [path.stem.partition("_")[0] for path in VERSIONS.glob("*.py")]
    assert sorted(numbers) == revisions()
    for path in VERSIONS.glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
        names = [
            alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names
        ]
        names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
        assert [name for name in names if name.split(".")[0] == "coopshare"] == [], path.name


def test_the_migrations_equal_the_models(database: Database) -> None:
    assert migrate.differences(database.engine, metadata) == []
    assert guards.present(database.engine) == guards.EXPECTED[database.engine.dialect.name]


def test_each_revision_goes_up_down_and_up(engine_name: str, new_url: Callable[[str], str]) -> None:
    database = Database(new_url(engine_name))
    known = revisions()
    after = {known[-1]: schema(database)}
    for below in ["base", *known[:-1]][::-1]:
        migrate.downgrade(database.engine, below)
        after[below] = schema(database)
    assert after["base"] == {"guards": []}
    for revision in known:
        migrate.upgrade(database.engine, revision)
        assert schema(database) == after[revision], revision
    assert migrate.current(database.engine) == known[-1]
    database.close()


def test_stored_names_take_their_natural_order(database: Database, make: Maker) -> None:
    """Keys kept before are written again, and given back by the way down."""
    phares = make.cooperative()
    for name in ("Salle 10", "Salle 2", "Verrière"):
        make.resource(phares, make.organisation(phares, f"Atelier {name}"), name)

    def keys() -> list[str]:
        with database.engine.connect() as connection:
            return list(connection.scalars(sa.select(Resource.sort_key).order_by("sort_key")))

    natural = ["salle 00000002", "salle 00000010", "verriere"]
    assert keys() == natural
    migrate.downgrade(database.engine, "0006")
    assert keys() == ["salle 10", "salle 2", "verriere"]
    migrate.upgrade(database.engine, "0007")
    assert keys() == natural


def test_requests_that_waited_wait_for_their_approvers(database: Database, make: Maker) -> None:
    """Each line that needs an answer has a row for it; none for what is only taken along."""
    phares = make.cooperative()
    scic = make.organisation(phares)
    hall = make.resource(phares, scic, "Plateau", needs_approval=True)
    chairs = make.resource(phares, scic, "Chaises", quantity=9)
    command = Book(
        organisation_id=scic.id,
        title="Réunion",
        lines=(Line(resource_id=hall.id), Line(resource_id=chairs.id, quantity=3)),
        span=Interval(utc(2027, 3, 10, 9), utc(2027, 3, 10, 11)),
    )
    made = database.write(make.actor(phares, scic), services.book, command)
    migrate.downgrade(database.engine, "0018")
    migrate.upgrade(database.engine, revisions()[-1])
    with database.engine.connect() as connection:
        query = sa.select(Decision.booking_id, Decision.resource_id, Decision.status)
        assert [tuple(row) for row in connection.execute(query)] == [
            (made.id, hall.id, DecisionStatus.WAITING)
        ]
