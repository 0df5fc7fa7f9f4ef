"""The doctor tells what is wrong, and nothing when all is well."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from coopshare.config import Settings
from coopshare.db import migrate
from coopshare.db.models import Job
from coopshare.db.work import Database
from coopshare.doctor import Installation, findings
from coopshare.jobs.worker import WORKER
from tests.conftest import NOW
from tests.make import Maker


@pytest.fixture
def durable() -> bool:
    """Set the database as an installation does: the doctor looks."""
    return True


@pytest.fixture
def found(settings: Settings, database: Database, tmp_path: Path) -> Installation:
    key = tmp_path / "secret_key"
    key.write_text("x")
    key.chmod(0o600)
    database.clock = lambda: NOW
    return Installation(settings, database)


def told(found: Installation) -> list[str]:
    """Return what is told, but for PostgreSQL's clock: the clock of the tests stands still."""
    return [
        said
        for one in findings(found)
        if (said := one.say()) and "horloge" not in said and "fsync" not in said
    ]


def test_nothing_when_all_is_well(found: Installation) -> None:
    assert told(found) == []


def test_a_public_site_is_examined_more(found: Installation) -> None:
    settings = replace(found.settings, base_url="http://phares.example.org", trusted_hosts=())
    assert told(replace(found, settings=settings)) == [
        "Tous les noms d'hôtes sont acceptés : réglez COOPSHARE_TRUSTED_HOSTS.",
        (
            "Le site n'est pas en https : mots de passe et agendas passent en clair."
            " Mettez un serveur TLS devant, et https dans COOPSHARE_BASE_URL."
        ),
        "Les messages restent dans un dossier : réglez COOPSHARE_MAIL_URL pour les envoyer.",
    ]


def test_a_readable_key_and_a_missing_backup_are_told(found: Installation, make: Maker) -> None:
    make.cooperative()
    key = found.settings.data / "secret_key"
    key.chmod(0o644)
    assert told(found) == [
        f"D'autres comptes de la machine peuvent lire {key} : chmod 600 {key}.",
        "Aucune sauvegarde n'a été faite : « coopshare backup fichier ».",
    ]
    (found.settings.data / "last_backup").write_text("2027-02-01T00:00:00Z\n")
    key.chmod(0o600)
    assert told(found) == ["La dernière sauvegarde a 28 jours : « coopshare backup fichier »."]


def test_jobs_that_wait_or_failed_are_told(found: Installation, database: Database) -> None:
    def leave(work: object) -> None:
        for late, failed in ((timedelta(hours=2), None), (timedelta(days=1), NOW)):
            at = NOW - late
            job = Job(kind="x", payload={}, created_at=at, run_at=at, failed_at=failed)
            work.session.add(job)  # type: ignore[attr-defined]

    database.write(WORKER, leave)
    assert told(found) == [
        "1 travaux attendent depuis plus d'une heure : lancez « coopshare worker ».",
        "1 travaux ont échoué cette semaine : voyez le journal.",
    ]


def test_an_old_schema_is_told(found: Installation, database: Database) -> None:
    migrate.downgrade(database.engine, "0002")
    head = migrate.head()
    assert told(found) == [
        f"La base est à la révision 0002, il faut la {head} : lancez « coopshare upgrade »."
    ]


def test_a_missing_guard_is_told(found: Installation, database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        name, drop = "holds_checked_on_insert", "DROP TRIGGER holds_checked_on_insert"
    else:
        name, drop = "holds_checked", "DROP TRIGGER holds_checked ON holds"
    with database.engine.begin() as connection:
        connection.exec_driver_sql(drop)
    assert told(found) == [f"Des gardes de la base manquent : {name}."]


def test_a_database_that_is_away_is_told(found: Installation) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    settings = replace(found.settings, database_url=away.url)
    assert [one.say() for one in findings(Installation(settings, away))] == [
        "La base de données ne répond pas : vérifiez COOPSHARE_DATABASE_URL."
    ]
    away.close()


def test_what_stands_before_a_public_site_is_told(found: Installation) -> None:
    """A visitor's address is the proxy's until the settings say that there is one."""
    public = replace(found.settings, base_url="https://phares.example.org", mail_url="smtp://mail")
    wrong = replace(public, limits="off")
    assert told(replace(found, settings=wrong)) == [
        (
            "Un serveur TLS est devant, mais COOPSHARE_PROXIES vaut 0 : tous les visiteurs"
            " semblent venir de lui, et les essais de mot de passe se comptent ensemble."
        ),
        "Le rythme des demandes n'est pas borné : enlevez COOPSHARE_LIMITS.",
    ]
    assert told(replace(found, settings=replace(public, proxies=1))) == []
