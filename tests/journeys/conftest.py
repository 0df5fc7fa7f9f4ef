"""The demonstration of case A, loaded once for all the journeys that only look at it."""

import shutil
from pathlib import Path

import pytest

from coopshare.db.work import Database
from coopshare.demo.services import load
from tests.conftest import Clock


@pytest.fixture(scope="session")
def demonstration(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with the demonstration of case A, to be copied."""
    path = tmp_path_factory.mktemp("demonstration") / "coopshare.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", clock=Clock())
    load(database, ["A"])
    with database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def walked(demonstration: Path, tmp_path: Path) -> str:
    """Return the URL of a copy of it."""
    shutil.copy(demonstration, tmp_path / "walked.db")
    return f"sqlite:///{tmp_path / 'walked.db'}"
