"""Databases for the tests: both engines, made by the real migrations, fresh for each test."""

import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from sqlalchemy.engine import make_url

import hatch_build
from coopshare.app import create_app
from coopshare.config import Settings
from coopshare.db import migrate
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.members import services, tokens
from coopshare.members.commands import OpenSession
from tests.make import Maker
from tests.servers import postgresql

pytest_plugins = ["tests.browser"]

# No test asserts a duration; a run that is to be compared with another draws the same examples.
hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "here")

NOW = utc(2027, 3, 1, 9)
"""Monday 1 March 2027, 10 h in Paris: the present of the tests, unless they say otherwise."""


def pytest_configure(config: pytest.Config) -> None:
    """Compile the English catalogue where it changed, once, before any worker starts."""
    if not hasattr(config, "workerinput"):
        hatch_build.compile_translations()


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the present instant."""
        return self.now


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("template") / "coopshare.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database.engine)
    with database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


def _run_sql(url: str, *statements: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Give the URL of a PostgreSQL server for the whole run."""
    with postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """Give the name of a migrated template database."""
    name = f"coopshare_template_{uuid.uuid4().hex[:12]}"
    _run_sql(postgresql_server, f"CREATE DATABASE {name}")
    url = make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    database = Database(url)
    migrate.upgrade(database.engine)
    database.close()
    yield name
    _run_sql(postgresql_server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Give a function that makes a fresh migrated database of an engine and returns its URL."""
    made: list[str] = []

    def make(engine: str) -> str:
        if engine == "sqlite":
            path = tmp_path / f"{uuid.uuid4().hex[:8]}.db"
            shutil.copy(request.getfixturevalue("sqlite_template"), path)
            return f"sqlite:///{path}"
        server = request.getfixturevalue("postgresql_server")
        template = request.getfixturevalue("postgresql_template")
        name = f"coopshare_test_{uuid.uuid4().hex[:12]}"
        _run_sql(server, f"CREATE DATABASE {name} TEMPLATE {template}")  # this process's own
        made.append(name)
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    yield make
    for name in made:
        server = request.getfixturevalue("postgresql_server")
        _run_sql(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def clock() -> Clock:
    """Return the test's clock."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Run the test on each engine."""
    return str(request.param)


@pytest.fixture
def database(engine_name: str, new_url: Callable[[str], str], clock: Clock) -> Iterator[Database]:
    """Give a fresh migrated database, on each engine."""
    database = Database(new_url(engine_name), clock=clock)
    yield database
    database.close()


@pytest.fixture
def make(database: Database) -> Maker:
    """Return the builder of what tests need, each call kept in a unit of its own."""
    return Maker(database)


@pytest.fixture
def settings(tmp_path: Path, database: Database) -> Settings:
    """Return the settings of the tests, on the test's database and a folder of its own."""
    return Settings.from_env(
        {
            "COOPSHARE_DATA": str(tmp_path),
            "COOPSHARE_DATABASE_URL": database.url,
            "COOPSHARE_SECRET_KEY": "a key for tests that is long enough to be accepted",
            "COOPSHARE_BASE_URL": "http://localhost",
        }
    )


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    """Return the application on the test's database."""
    app = create_app(settings, database)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client without login."""
    return app.test_client()


@pytest.fixture
def login(database: Database) -> Callable[[FlaskClient, Actor], None]:
    """Give a function that logs a client in as an actor, on a device of its own."""

    def log_in(client: FlaskClient, actor: Actor) -> None:
        assert actor.person_id is not None
        token = tokens.new()
        opening = OpenSession(
            person_id=actor.person_id,
            token_hash=tokens.hashed(token),
            device="Essai",
            cooperative_id=actor.cooperative_id,
            organisation_id=actor.organisation_id,
        )
        database.write(Actor(door="web"), services.open_session, opening)
        with client.session_transaction() as session:
            session["_user_id"] = token

    return log_in


@pytest.fixture
def csrf() -> Callable[[FlaskClient], str]:
    """Give a function that returns a valid token of a client's session, for its forms."""

    def token(client: FlaskClient) -> str:
        page = client.get("/connexion?suite=/compte", follow_redirects=True).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found.group(1)

    return token
