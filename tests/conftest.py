"""Databases for the tests: both engines, made by the real migrations, fresh for each test."""

import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from jinja2.bccache import Bucket, BytecodeCache

import hatch_build
from coopshare.app import create_app
from coopshare.config import Settings
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.members import services, tokens
from coopshare.members.commands import OpenSession
from tests import databases
from tests.databases import Run, Template, named, run_sql
from tests.make import Maker

pytest_plugins = ["tests.browser"]

# No test asserts a duration; a run that is to be compared with another draws the same examples.
hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "here")


RUN = pytest.StashKey[Run]()
FOLDER = "coopshare_folder"
"""Under which name the processes of a run are told its folder."""


def pytest_configure(config: pytest.Config) -> None:
    """Compile the English catalogue where it changed, once, before any worker starts.

    What the processes of the run share lies in a folder that the first of them makes.
    """
    told = getattr(config, "workerinput", {}).get(FOLDER)
    if told is None:
        hatch_build.compile_translations()
    config.stash[RUN] = Run(Path(told or tempfile.mkdtemp(prefix="coopshare-tests-")))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process of the run its folder."""
    node.workerinput[FOLDER] = str(node.config.stash[RUN].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing once every process has ended."""
    if not hasattr(config, "workerinput"):
        config.stash[RUN].end()


NOW = databases.NOW
"""Monday 1 March 2027, 10 h in Paris: the present of the tests, unless they say otherwise."""


class Compiled(BytecodeCache):
    """The compiled templates of this process: each application of a test would compile them."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled of this very source."""
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        assert bucket.code is not None
        self.kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the present instant."""
        return self.now


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """Return what the processes of this run share."""
    return pytestconfig.stash[RUN]


@pytest.fixture
def new_url(run: Run, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Give a function that makes a fresh migrated database of an engine and returns its URL."""
    made: list[str] = []

    def make(engine: str, template: Template = "empty") -> str:
        if engine == "sqlite":
            path = tmp_path / f"{uuid.uuid4().hex[:8]}.db"
            shutil.copy(run.sqlite(template), path)
            return f"sqlite:///{path}"
        name = f"coopshare_test_{uuid.uuid4().hex[:12]}"
        run_sql(run.server(), f"CREATE DATABASE {name} TEMPLATE {run.postgresql(template)}")
        made.append(name)
        return named(run.server(), name)

    yield make
    for name in made:
        run_sql(run.server(), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def clock() -> Clock:
    """Return the test's clock."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Run the test on each engine."""
    return str(request.param)


@pytest.fixture
def durable() -> bool:
    """Tell whether what is kept outlives a machine that falls: only where the test is of that."""
    return False


@pytest.fixture
def database(
    request: pytest.FixtureRequest,
    engine_name: str,
    new_url: Callable[..., str],
    clock: Clock,
    *,
    durable: bool,
) -> Iterator[Database]:
    """Give a fresh migrated database, on each engine; with the demonstration where it is marked."""
    is_marked = request.node.get_closest_marker("demonstration") is not None
    url = new_url(engine_name, "demonstration" if is_marked else "empty")
    database = Database(url, clock=clock, durable=durable)
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
    app.jinja_env.bytecode_cache = COMPILED
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
