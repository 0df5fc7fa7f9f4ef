"""Counting SQL statements: a page takes as many for three rows as for thirty."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from coopshare.db.work import Database

QUIET = ("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Gather the statements sent to a database, transactions' own excepted."""
    seen: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith(QUIET):
            seen.append(statement)

    # On PostgreSQL both share one pool, and each would tell of the same statement.
    engines = list(
        {engine.pool: engine for engine in (database.reading, database.writing)}.values()
    )
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", listen)
    yield seen
    for engine in engines:
        sa.event.remove(engine, "before_cursor_execute", listen)
