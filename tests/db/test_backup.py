"""A backup holds everything at one instant, says so, and can be put back; a damaged one is told."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from coopshare.db import backup as backups
from coopshare.db import migrate
from coopshare.db.backup import BackupRefused, DatabaseInUse
from coopshare.db.work import Database
from coopshare.kernel.errors import NotFound
from tests.conftest import NOW
from tests.make import Maker


@pytest.fixture
def saved(database: Database, make: Maker, tmp_path: Path) -> Path:
    """Return a backup of a database with one resource."""
    cooperative = make.cooperative()
    make.resource(cooperative, make.organisation(cooperative))
    path = tmp_path / "copies" / "copy.coopshare"
    made = backups.backup(database, path, version="1", now=NOW)
    assert made == backups.verify(path)
    assert (made.made_at, made.revision) == ("2027-03-01T09:00:00Z", migrate.head())
    assert {name: count for name, count in made.counts.items() if count} == {
        "alembic_version": 1,
        "cooperatives": 1,
        "hold_guards": 1,
        "memberships": 1,
        "organisations": 1,
        "resources": 1,
        "snapshot_marks": 1,
    }
    return path


@pytest.fixture
def empty_url(engine_name: str, new_url: Callable[[str], str], tmp_path: Path) -> Callable[[], str]:
    """Return a function that names a database in which there is nothing."""

    def name() -> str:
        if engine_name == "sqlite":
            return f"sqlite:///{tmp_path}/other/restored.db"
        url = new_url(engine_name)
        emptied = Database(url)
        migrate.downgrade(emptied.engine, "base")
        with emptied.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE alembic_version")
        emptied.close()
        return url

    return name


def test_it_comes_back_as_it_was(
    saved: Path, empty_url: Callable[[], str], database: Database
) -> None:
    url = empty_url()
    manifest = backups.restore(url, saved)
    restored = Database(url)
    assert backups.counts(restored.engine) == manifest.counts == backups.counts(database.engine)
    restored.close()


def test_what_is_there_is_replaced_only_when_asked(
    saved: Path, database: Database, make: Maker
) -> None:
    make.cooperative("Another")
    database.close()
    with pytest.raises(DatabaseInUse):
        backups.restore(database.url, saved)
    backups.restore(database.url, saved, replace=True)
    restored = Database(database.url)
    assert backups.counts(restored.engine)["cooperatives"] == 1
    restored.close()


def test_a_damaged_one_is_told(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    for place in (len(content) // 2, len(content) // 3):
        content[place] ^= 0xFF
    saved.write_bytes(content)
    with pytest.raises(BackupRefused):
        backups.verify(saved)


def test_one_that_lies_is_told(saved: Path) -> None:
    """A manifest that does not fit what is beside it."""
    with zipfile.ZipFile(saved) as file:
        manifest = json.loads(file.read("manifest.json"))
        name = next(n for n in file.namelist() if n != "manifest.json")
        content = file.read(name)
    manifest["sha256"] = "0" * 64
    with zipfile.ZipFile(saved, "w") as file:
        file.writestr("manifest.json", json.dumps(manifest))
        file.writestr(name, content)
    with pytest.raises(BackupRefused):
        backups.verify(saved)


def test_what_is_no_backup_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        backups.verify(tmp_path / "absent")
    (tmp_path / "other").write_bytes(b"not a backup")
    with pytest.raises(BackupRefused):
        backups.verify(tmp_path / "other")
