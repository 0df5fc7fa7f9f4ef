"""Back a live database up, check the copy, put it back: one file that says what it holds.

The file is a ZIP: `manifest.json`, then the database itself (a SQLite file, or a PostgreSQL dump).
The secret key is not in it: without it people log in again, and nothing else is lost.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, inspect, select, table
from sqlalchemy.engine import make_url

from coopshare.db import migrate
from coopshare.db.engine import is_sqlite, sqlite_driver
from coopshare.db.work import Database
from coopshare.kernel.errors import Conflict, NotFound, Refused
from coopshare.kernel.text import marked

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
BESIDE = ("-wal", "-shm")
"""Files that SQLite keeps beside a database in use."""


class BackupRefused(Refused):
    """The file cannot serve, or this machine cannot make or read it."""

    code = "backup_refused"
    message = marked("Cette sauvegarde ne peut pas servir.")


class DatabaseInUse(Conflict):
    """There is something in the database that a restore would replace."""

    code = "database_in_use"
    message = marked(
        "La base contient déjà des données. Pour les remplacer par la sauvegarde, arrêtez le"
        " service puis ajoutez --replace ; l'ancienne base SQLite est gardée à côté."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds."""

    engine: str
    """"sqlite" or "postgresql"."""
    revision: str
    made_at: str
    """RFC 3339, UTC."""
    version: str
    """Of CoopShare."""
    sha256: str
    size: int
    counts: dict[str, int]
    """Rows of each table, when it was made."""
    format: int = FORMAT

    @property
    def content(self) -> str:
        """Return the name of the database inside the file."""
        return "database.sqlite" if self.engine == "sqlite" else "database.dump"


def backup(database: Database, path: Path, *, version: str, now: datetime) -> Manifest:
    """Write a consistent copy of a database in use, and check it before it gets its name.

    Raises `BackupRefused` when a program is missing or the folder cannot be written.
    """
    revision = migrate.current(database.engine)
    if revision is None:
        raise BackupRefused(message=marked("La base est vide : il n'y a rien à sauvegarder."))
    name = "sqlite" if is_sqlite(database.url) else "postgresql"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".coopshare-") as folder:
            copy, whole = Path(folder) / "copy", Path(folder) / "whole"
            if name == "sqlite":
                counted = _copy_sqlite(database.url, copy)
            else:
                counted = counts(database.engine)
                _run("pg_dump", database.url, "-Fc", "--no-owner", "-f", str(copy))
            manifest = Manifest(
                engine=name,
                revision=revision,
                made_at=now.isoformat().replace("+00:00", "Z"),
                version=version,
                sha256=_sha256(copy),
                size=copy.stat().st_size,
                counts=counted,
            )
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file:
                file.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
                file.write(copy, manifest.content)
            whole.chmod(0o600)
            verify(whole)
            whole.replace(path)
    except OSError as error:
        raise BackupRefused(
            message=marked("Le fichier {path} ne peut pas être écrit : {why}."),
            path=path,
            why=error.strerror or error,
        ) from error
    return manifest


def counts(engine: Engine) -> dict[str, int]:
    """Return how many rows each table holds."""
    with engine.connect() as connection:
        names = sorted(inspect(connection).get_table_names())
        return {
            name: connection.execute(select(func.count()).select_from(table(name))).scalar_one()
            for name in names
        }


def _copy_sqlite(url: str, target: Path) -> dict[str, int]:
    source = sqlite_driver().connect(make_url(url).database or "")
    copy = sqlite_driver().connect(str(target))
    try:
        source.backup(copy)  # all pages at once: one instant of the database
        copy.execute("PRAGMA journal_mode=DELETE")
        return _sqlite_counts(copy)
    finally:
        copy.close()
        source.close()


def _sqlite_counts(connection: Any) -> dict[str, int]:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY name"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - a name the database gave
        for (name,) in names
    }


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def verify(path: Path) -> Manifest:
    """Read a backup whole and check it: its sum, its integrity, its rows; raises `BackupRefused`.

    A PostgreSQL dump is read by pg_restore where that program is there.
    """
    with _opened(path):
        pass
    return read_manifest(path)


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says it holds."""
    try:
        with zipfile.ZipFile(path) as file:
            found = json.loads(file.read(MANIFEST))
        if found.get("format") != FORMAT:
            raise BackupRefused(
                message=marked("Cette sauvegarde vient d'une version plus récente de CoopShare.")
            )
        return Manifest(**found)
    except FileNotFoundError as error:
        raise NotFound(message=marked("Le fichier {path} n'existe pas."), path=path) from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError) as error:
        raise BackupRefused(
            message=marked("Le fichier {path} n'est pas une sauvegarde de CoopShare."), path=path
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Manifest, Path]]:
    """Give what a backup holds and its database, taken out and checked."""
    manifest = read_manifest(path)
    with tempfile.TemporaryDirectory(prefix="coopshare-") as folder:
        copy = Path(folder) / manifest.content
        try:
            with (
                zipfile.ZipFile(path) as file,
                file.open(manifest.content) as inside,
                copy.open("wb") as outside,
            ):
                shutil.copyfileobj(inside, outside, CHUNK)
        except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError) as error:
            raise _damaged(path) from error
        if copy.stat().st_size != manifest.size or _sha256(copy) != manifest.sha256:
            raise _damaged(path)
        if manifest.engine == "sqlite":
            _check_sqlite(copy, manifest, path)
        elif shutil.which("pg_restore"):
            _run("pg_restore", None, "--list", str(copy))
        yield manifest, copy


def _damaged(path: Path) -> BackupRefused:
    return BackupRefused(
        message=marked("La sauvegarde {path} est abîmée : n'y comptez pas, faites-en une autre."),
        path=path,
    )


def _check_sqlite(copy: Path, manifest: Manifest, path: Path) -> None:
    connection = sqlite_driver().connect(f"file:{copy}?mode=ro", uri=True)
    try:
        sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
        counted = _sqlite_counts(connection)
    except sqlite_driver().DatabaseError as error:
        raise _damaged(path) from error
    finally:
        connection.close()
    if not sound or orphans or counted != manifest.counts:
        raise _damaged(path)


def restore(url: str, path: Path, *, replace: bool = False) -> Manifest:
    """Put a backup in the place of a database, once it is checked.

    Raises `DatabaseInUse` when there is something in the place and `replace` is not said, and
    `BackupRefused` when the backup is damaged, of another engine or newer than this program.
    """
    manifest = read_manifest(path)
    wanted = "sqlite" if is_sqlite(url) else "postgresql"
    if manifest.engine != wanted:
        raise BackupRefused(
            message=marked("Cette sauvegarde est de {engine} ; cette installation est de {here}."),
            engine=manifest.engine,
            here=wanted,
        )
    if manifest.revision not in migrate.revisions():
        raise BackupRefused(
            message=marked("Cette sauvegarde vient d'une version plus récente de CoopShare.")
        )
    with _opened(path) as (_, copy):
        if wanted == "sqlite":
            _replace_sqlite(Path(make_url(url).database or ""), copy, replace=replace)
        else:
            _replace_postgresql(url, copy, replace=replace)
    return manifest


def _replace_sqlite(target: Path, copy: Path, *, replace: bool) -> None:
    if target.exists() and target.stat().st_size:
        if not replace:
            raise DatabaseInUse
        _close_journal(target)
        target.replace(target.with_name(target.name + ".avant-restauration"))
    target.parent.mkdir(parents=True, exist_ok=True)
    for end in BESIDE:
        target.with_name(target.name + end).unlink(missing_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(copy, draft)
    draft.replace(target)


def _close_journal(target: Path) -> None:
    """Write what the journal still holds into the file that is set aside."""
    connection = sqlite_driver().connect(str(target), timeout=1)
    with contextlib.suppress(sqlite_driver().DatabaseError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _replace_postgresql(url: str, copy: Path, *, replace: bool) -> None:
    database = Database(url)
    try:
        if migrate.current(database.engine) is not None and not replace:
            raise DatabaseInUse
    finally:
        database.close()
    options = ["--no-owner", "--single-transaction", "--exit-on-error"]
    if replace:
        options += ["--clean", "--if-exists"]
    _run("pg_restore", url, *options, str(copy))


def _run(program: str, url: str | None, *words: str) -> None:
    """Run a program of PostgreSQL; the password goes by the environment, not by the words."""
    found = shutil.which(program)
    if found is None:
        raise BackupRefused(
            message=marked(
                "Le programme {program} manque : installez les outils clients de PostgreSQL."
            ),
            program=program,
        )
    command, environment = [found], dict(os.environ)
    if url is not None:
        parts = make_url(url).set(drivername="postgresql")
        if parts.password:
            environment["PGPASSWORD"] = str(parts.password)
        plain = parts.set(password=None).render_as_string(hide_password=False)
        command += ["-d", plain]
    done = subprocess.run(
        [*command, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["?"])[0]
        raise BackupRefused(
            message=marked("{program} n'y arrive pas : {why}"), program=program, why=why
        )
