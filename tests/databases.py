"""What the databases of the tests are copied from: made once per run, for all its processes."""

import fcntl
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from coopshare.db import migrate
from coopshare.db.work import Database
from coopshare.demo import services as demo
from coopshare.kernel.dates import utc
from tests.servers import Server

NOW = utc(2027, 3, 1, 9)
"""Monday 1 March 2027, 10 h in Paris: the present of the tests, unless they say otherwise."""

Template = Literal["empty", "demonstration"]
"""What a database holds when a test begins: the schema alone, or case A of the demonstration."""
SERVER = "postgresql"


def run_sql(url: str, *statements: str) -> None:
    """Run statements on a database, each on its own."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def named(server: str, name: str) -> str:
    """Return the URL of a database of a PostgreSQL server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


class Run:
    """What the processes of one run share: a folder, and what the first of them made there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def once(self, name: str, make: Callable[[], str]) -> str:
        """Return what `make` returned to the first process that asked; the others wait for it."""
        kept = self.folder / f"{name}.made"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_text(make(), encoding="utf-8")
        return kept.read_text(encoding="utf-8")

    def server(self) -> str:
        """Return the URL of the run's PostgreSQL server."""
        return Server.read(self.once(SERVER, lambda: Server.start().told())).url

    def sqlite(self, template: Template) -> Path:
        """Return a SQLite file, to be copied."""
        return Path(self.once(f"sqlite-{template}", lambda: self._make_file(template)))

    def postgresql(self, template: Template) -> str:
        """Return the name of a PostgreSQL database, to be copied."""
        return self.once(f"{SERVER}-{template}", lambda: self._make_database(template))

    def _make_file(self, template: Template) -> str:
        path = self.folder / f"{template}.db"
        if template != "empty":
            shutil.copy(self.sqlite("empty"), path)
        database = Database(f"sqlite:///{path}", clock=lambda: NOW)
        fill(database, template)
        with database.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        return str(path)

    def _make_database(self, template: Template) -> str:
        server, name = self.server(), f"coopshare_{template}_{uuid.uuid4().hex[:12]}"
        below = f" TEMPLATE {self.postgresql('empty')}" if template != "empty" else ""
        run_sql(server, f"CREATE DATABASE {name}{below}")
        database = Database(named(server, name), clock=lambda: NOW)
        fill(database, template)
        database.close()
        return name

    def end(self) -> None:
        """Leave nothing: called once, when every process has ended."""
        kept = self.folder / f"{SERVER}.made"
        if kept.exists():
            server = Server.read(kept.read_text(encoding="utf-8"))
            for made in self.folder.glob(f"{SERVER}-*.made"):
                name = made.read_text(encoding="utf-8")
                run_sql(server.url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def fill(database: Database, template: Template) -> None:
    """Bring a database to what a template holds."""
    if template == "empty":
        migrate.upgrade(database.engine)
    else:
        demo.load(database, ["A"])
