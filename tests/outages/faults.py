"""What may happen to a database, each as a block at whose end all is well again."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from coopshare.db.engine import sqlite_driver
from coopshare.db.work import Database
from tests.outages.link import Link


@dataclass(frozen=True)
class Place:
    """A database, the plain way to it, and the link the application takes (PostgreSQL)."""

    database: Database
    url: str
    link: Link | None = None

    @property
    def path(self) -> Path:
        """Return the file of a SQLite database."""
        return Path(str(self.database.engine.url.database))

    def run(self, *statements: str) -> None:
        """Run statements beside the application."""
        engine = sa.create_engine(self.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))


Fault = Callable[[Place], AbstractContextManager[None]]


@contextmanager
def locked_file(place: Place) -> Iterator[None]:
    """Write from elsewhere without an end. The same library: it sees our locks."""
    other = sqlite_driver().connect(str(place.path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def full_file(place: Place) -> Iterator[None]:
    """Leave no room for one page more."""
    with place.database.writing.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    yield
    with place.database.writing.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 4294967294")


@contextmanager
def moved_file(place: Place) -> Iterator[None]:
    """Move the file: nothing is written to it any more, nor is a new one made."""
    away = place.path.with_suffix(".away")
    place.path.rename(away)
    before = away.read_bytes()
    yield
    assert not place.path.exists()
    assert away.read_bytes()[: len(before)] == before
    away.rename(place.path)


@contextmanager
def spoilt_file(place: Place) -> Iterator[None]:
    """Put something else where the database was."""
    away = place.path.with_suffix(".away")
    place.path.rename(away)
    place.path.write_bytes(b"Ceci n'est pas une base de donnees. " * 500)
    yield
    away.replace(place.path)


@contextmanager
def locked_tables(place: Place) -> Iterator[None]:
    """Hold the tables from another session."""
    engine = sa.create_engine(place.url, poolclass=sa.NullPool)
    with engine.connect() as other:
        other.execute(sa.text("LOCK TABLE bookings, audit_entries IN EXCLUSIVE MODE"))
        yield
        other.rollback()


@contextmanager
def full_server(place: Place) -> Iterator[None]:
    """Have PostgreSQL say its own word for a full disk, within a booking.

    A disk that really fills is not simply had for a server; the error and its way are the same.
    """
    place.run(
        "CREATE FUNCTION test_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'could not extend file: No space left on device'"
        " USING ERRCODE = 'disk_full'; END $$",
        "CREATE TRIGGER test_full BEFORE INSERT ON calendar_entries"
        " FOR EACH ROW EXECUTE FUNCTION test_full()",
    )
    yield
    place.run("DROP TRIGGER test_full ON calendar_entries", "DROP FUNCTION test_full")


@contextmanager
def cut_link(place: Place) -> Iterator[None]:
    """Take the server away: what was open breaks, nothing new opens."""
    assert place.link is not None
    place.link.cut()
    yield
    place.link.mend()


WRITES: list[tuple[str, Fault]] = [
    ("sqlite", locked_file),
    ("sqlite", full_file),
    ("postgresql", locked_tables),
    ("postgresql", full_server),
]
"""Only what writes is hindered: pages are read as ever."""

EVERYTHING: list[tuple[str, Fault]] = [
    ("sqlite", moved_file),
    ("sqlite", spoilt_file),
    ("postgresql", cut_link),
]
"""Nothing can be read or written."""
