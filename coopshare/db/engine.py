"""Engines: SQLite with its pragmas and a fixed library, PostgreSQL with its settings."""

import importlib
import os
import select
import sqlite3
import sys
import time
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

BUSY_TIMEOUT = 4000
"""Milliseconds a writer waits for another before the unit is tried again."""
IDLE = 1.0
"""Seconds after which a PostgreSQL connection is checked before it is used again."""
STATEMENT_TIMEOUT = 5000
"""Milliseconds a PostgreSQL statement may take."""


def sqlite_driver() -> ModuleType:
    """Return the SQLite driver: `pysqlite3` where its wheel is installed, else the standard one."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def is_sqlite(url: str | URL) -> bool:
    """Tell whether an URL names a SQLite database."""
    return make_url(url).get_backend_name() == "sqlite"


def make_engines(url: str, *, durable: bool = True) -> tuple[Engine, Engine]:
    """Return the engine for reading and the engine for writing of one database.

    `durable`: SQLite waits for the disk at each commit. A PostgreSQL server has its own word.
    """
    if is_sqlite(url):
        reading, writing = (
            _sqlite(url, writing=writing, durable=durable) for writing in (False, True)
        )
        path = writing.url.database
        if path and path != ":memory:":
            _File(path, sqlite_driver(), reading, writing)
        return reading, writing
    writing = create_engine(
        url,
        pool_size=10,
        max_overflow=20,
        pool_timeout=5,
        connect_args={
            "connect_timeout": 2,
            "options": f"-c lock_timeout={BUSY_TIMEOUT} -c statement_timeout={STATEMENT_TIMEOUT}"
            " -c idle_in_transaction_session_timeout=30000 -c timezone=UTC",
            # A server that vanished without a word is noticed, by whoever waits for it.
            "tcp_user_timeout": STATEMENT_TIMEOUT,
            "keepalives_idle": 10,
            "keepalives_interval": 2,
            "keepalives_count": 3,
        },
    )
    _ping_when_idle(writing)
    return writing.execution_options(postgresql_readonly=True), writing


def _ping_when_idle(engine: Engine) -> None:
    """Check a connection before it is used again, unless it was in use a moment ago.

    One that died meanwhile is replaced without a word. To ask at every use would cost a tenth of a
    booking; to look whether its other end said anything, its end above all, costs nothing.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ping(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        idle = time.monotonic() - record.info.get("used_at", time.monotonic())
        try:
            if idle < IDLE and not _has_come(connection):
                return
            engine.dialect.do_ping(connection)
        except Exception as error:
            raise DisconnectionError from error


def _has_come(connection: Any) -> bool:
    """Tell whether something waits to be read from an idle connection: most often its end."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _sqlite(url: str, *, writing: bool, durable: bool) -> Engine:
    driver = sqlite_driver()
    engine = create_engine(
        url,
        module=driver,
        poolclass=QueuePool,
        pool_size=1 if writing else 8,
        max_overflow=7 if writing else 24,
        pool_timeout=5,
        connect_args={"timeout": BUSY_TIMEOUT / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # our own BEGIN, below
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'OFF'}",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT}",
            "secure_delete=ON",
            "temp_store=MEMORY",
            "cache_size=-16000",
            f"query_only={'OFF' if writing else 'ON'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


class _File:
    """The file of a SQLite database: what is at the path now is used, and nothing else.

    SQLite itself would go on with a file that was moved away, and make an empty one in its place.
    """

    def __init__(self, path: str, driver: ModuleType, *engines: Engine) -> None:
        self._path = path
        self._driver = driver
        self._engines = engines
        self._was_there = False
        for engine in engines:
            event.listen(engine, "do_connect", self._before)
            event.listen(engine, "connect", self._remember)
            event.listen(engine, "checkout", self._compare)

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path)  # noqa: PTH116 - at each use: no Path is made
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _before(self, *_what: object) -> None:
        if self._was_there and self._identity() is None:
            message = "the database file is gone"
            raise self._driver.OperationalError(message)

    def _remember(self, _connection: object, record: Any) -> None:
        record.info["file"] = self._identity()
        self._was_there = self._was_there or record.info["file"] is not None

    def _compare(self, _connection: object, record: Any, _proxy: object) -> None:
        if record.info.get("file") == self._identity():
            return
        # The last one closed brings the journal into the file it belongs to: none may linger,
        # or it would still hold the old journal when the file is back.
        for engine in self._engines:
            engine.dispose()
        message = "the database file is another one"
        raise DisconnectionError(message)


def sqlite_version() -> str:
    """Return the version of the SQLite library in use."""
    return str(sqlite_driver().sqlite_version)


def python_version() -> str:
    """Return the version of Python in use."""
    return sys.version.split()[0]
