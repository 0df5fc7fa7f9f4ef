"""`coopshare doctor`: what is wrong with this installation, one sentence each."""

import os
import re
import shutil
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from urllib.parse import urlsplit

import click
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from coopshare.app import open_database
from coopshare.config import KEY_FILE, LOCAL_HOSTS, Settings
from coopshare.db import guards, migrate
from coopshare.db.cli import LAST_BACKUP
from coopshare.db.engine import is_sqlite, sqlite_version
from coopshare.db.models import Job
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.text import Sentence, marked
from coopshare.members.models import Cooperative
from coopshare.paths import shipped
from coopshare.web.console import Console, console

SOUND_SQLITE = (3, 51, 3)
"""Earlier ones may lose a commit when the journal is reset."""
GIGABYTE = 1024**3


@dataclass(frozen=True, slots=True)
class Installation:
    """What is examined."""

    settings: Settings
    database: Database

    @property
    def is_sqlite(self) -> bool:
        """Tell whether it uses SQLite."""
        return is_sqlite(self.settings.database_url)

    @property
    def is_public(self) -> bool:
        """Tell whether people come from elsewhere."""
        host = urlsplit(self.settings.base_url).hostname or ""
        return host not in {*LOCAL_HOSTS, "::1"}

    def ask(self, question: str) -> str:
        """Return the answer of the database to a question, as text."""
        with self.database.engine.connect() as connection:
            return str(connection.execute(text(question)).scalar_one())


Check = Callable[[Installation], Iterator[Sentence]]
"""Gives one sentence for each thing that is wrong."""


def sqlite_library(found: Installation) -> Iterator[Sentence]:
    """Refuse SQLite before 3.51.3, which may lose a commit (WAL-reset)."""
    version = tuple(int(part) for part in sqlite_version().split("."))
    if found.is_sqlite and version < SOUND_SQLITE:
        yield Sentence(
            marked(
                "SQLite {version} a un défaut corrigé par la 3.51.3 :"
                " installez pysqlite3 ou un Python plus récent."
            ),
            {"version": sqlite_version()},
        )


def durability(found: Installation) -> Iterator[Sentence]:
    """Look whether what was confirmed survives a power cut."""
    if found.is_sqlite:
        if found.ask("PRAGMA journal_mode") != "wal":
            yield Sentence(
                marked("SQLite n'est pas en mode WAL : le dossier des données le permet-il ?")
            )
        if found.ask("PRAGMA synchronous") != "2":
            yield Sentence(marked("SQLite n'écrit pas tout de suite sur le disque (synchronous)."))
        if found.ask("PRAGMA foreign_keys") != "1":
            yield Sentence(marked("SQLite ne vérifie pas les clés étrangères."))
        return
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        if found.ask(f"SHOW {name}") == "off":
            yield Sentence(
                marked(
                    "PostgreSQL : {name} est coupé, une panne de courant peut perdre des données."
                ),
                {"name": name},
            )
    if int(found.ask("SHOW server_version_num")) < 140000:
        yield Sentence(
            marked("PostgreSQL est trop ancien : il faut la version 14 ou une plus récente.")
        )


def integrity(found: Installation) -> Iterator[Sentence]:
    """Look for a damaged file before it is needed."""
    if found.is_sqlite and found.ask("PRAGMA quick_check(1)") != "ok":
        yield Sentence(marked("La base SQLite est abîmée : restaurez la dernière sauvegarde."))


def migrations(found: Installation) -> Iterator[Sentence]:
    """Look whether the schema is the one this program expects."""
    at, head = migrate.current(found.database.engine), migrate.head()
    if at is None:
        yield Sentence(marked("La base est vide : lancez « coopshare upgrade »."))
    elif at != head:
        yield Sentence(
            marked(
                "La base est à la révision {at}, il faut la {head} : lancez « coopshare upgrade »."
            ),
            {"at": at, "head": head},
        )


def guards_present(found: Installation) -> Iterator[Sentence]:
    """Look whether the guards of the database are all there."""
    engine = found.database.engine
    missing = guards.EXPECTED[engine.dialect.name] - guards.present(engine)
    if missing:
        yield Sentence(
            marked("Des gardes de la base manquent : {names}."),
            {"names": ", ".join(sorted(missing))},
        )


def disk(found: Installation) -> Iterator[Sentence]:
    """Look whether there is room to write."""
    free = shutil.disk_usage(found.settings.data).free
    if free < GIGABYTE:
        yield Sentence(
            marked("Il reste {megabytes} Mo sur le disque des données : faites de la place."),
            {"megabytes": free // 1024**2},
        )


def clock(found: Installation) -> Iterator[Sentence]:
    """Look whether the clock of this machine is right."""
    now = found.database.clock()
    if now.year < 2026:
        yield Sentence(
            marked("L'horloge de cette machine dit {day} : réglez-la."), {"day": f"{now:%d/%m/%Y}"}
        )
    if not found.is_sqlite:
        there = float(found.ask("SELECT extract(epoch FROM clock_timestamp())"))
        away = abs(there - now.timestamp())
        if away > 5:
            yield Sentence(
                marked("L'horloge de PostgreSQL est à {seconds} s de celle-ci : réglez-les."),
                {"seconds": f"{away:.0f}"},
            )


def time_zones(found: Installation) -> Iterator[Sentence]:
    """Look whether the rules of time zones are recent."""
    version = metadata.version("tzdata")
    year = int(version.partition(".")[0])
    if year < found.database.clock().year - 1:
        yield Sentence(
            marked("Les fuseaux horaires datent de {version} : mettez à jour le paquet tzdata."),
            {"version": version},
        )


def key(found: Installation) -> Iterator[Sentence]:
    """Look whether nobody else reads the secret key."""
    path = found.settings.data / KEY_FILE
    if path.exists() and os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Sentence(
            marked("D'autres comptes de la machine peuvent lire {path} : chmod 600 {path}."),
            {"path": path},
        )


def data_folder(found: Installation) -> Iterator[Sentence]:
    """Look whether nobody else writes in the data."""
    mode = stat.S_IMODE(found.settings.data.stat().st_mode)
    if os.name != "nt" and mode & 0o002:
        yield Sentence(
            marked("Tout le monde peut écrire dans {folder} : chmod o-w."),
            {"folder": found.settings.data},
        )


def hosts(found: Installation) -> Iterator[Sentence]:
    """Look whether only the site's own names are answered."""
    if found.is_public and not found.settings.trusted_hosts:
        yield Sentence(
            marked("Tous les noms d'hôtes sont acceptés : réglez COOPSHARE_TRUSTED_HOSTS.")
        )


def transport(found: Installation) -> Iterator[Sentence]:
    """Look whether passwords travel in clear."""
    if found.is_public and found.settings.base_url.startswith("http://"):
        yield Sentence(
            marked(
                "Le site n'est pas en https : mots de passe et agendas passent en clair."
                " Mettez un serveur TLS devant, et https dans COOPSHARE_BASE_URL."
            )
        )
    is_behind = found.is_public and found.settings.base_url.startswith("https://")
    if is_behind and not found.settings.proxies:
        yield Sentence(
            marked(
                "Un serveur TLS est devant, mais COOPSHARE_PROXIES vaut 0 : tous les visiteurs"
                " semblent venir de lui, et les essais de mot de passe se comptent ensemble."
            )
        )


def pace(found: Installation) -> Iterator[Sentence]:
    """Look whether a public site bounds what one person asks."""
    if found.is_public and found.settings.limits == "off":
        yield Sentence(marked("Le rythme des demandes n'est pas borné : enlevez COOPSHARE_LIMITS."))


def mail(found: Installation) -> Iterator[Sentence]:
    """Look whether the mails of a public site leave."""
    if found.is_public and found.settings.mail_url.startswith("file:"):
        yield Sentence(
            marked(
                "Les messages restent dans un dossier : réglez COOPSHARE_MAIL_URL pour les envoyer."
            )
        )


def jobs(found: Installation) -> Iterator[Sentence]:
    """Look whether what is to be done is done."""
    now = found.database.clock()
    with found.database.read(Actor(door="cli")) as work:
        waiting = select(func.count()).select_from(Job)
        late = work.session.scalar(
            waiting.where(
                Job.done_at.is_(None),
                Job.failed_at.is_(None),
                Job.run_at < now - timedelta(hours=1),
            )
        )
        failed = work.session.scalar(waiting.where(Job.failed_at > now - timedelta(days=7)))
    if late:
        yield Sentence(
            marked(
                "{late} travaux attendent depuis plus d'une heure : lancez « coopshare worker »."
            ),
            {"late": late},
        )
    if failed:
        yield Sentence(
            marked("{failed} travaux ont échoué cette semaine : voyez le journal."),
            {"failed": failed},
        )


def demonstration(found: Installation) -> Iterator[Sentence]:
    """Look whether the public password of the demonstration opens something real."""
    with found.database.read(Actor(door="cli")) as work:
        kinds = set(work.session.scalars(select(Cooperative.is_demonstration)))
    if True in kinds and (False in kinds or found.is_public):
        yield Sentence(
            marked("Des comptes de démonstration, au mot de passe public, sont dans cette base.")
        )


def last_backup(found: Installation) -> Iterator[Sentence]:
    """Look whether real data is backed up."""
    with found.database.read(Actor(door="cli")) as work:
        is_real = False in set(work.session.scalars(select(Cooperative.is_demonstration)))
    if not is_real:
        return
    path = found.settings.data / LAST_BACKUP
    if not path.exists():
        yield Sentence(marked("Aucune sauvegarde n'a été faite : « coopshare backup fichier »."))
        return
    made = datetime.fromisoformat(path.read_text(encoding="ascii").strip()).astimezone(UTC)
    age = (found.database.clock() - made).days
    if age > 7:
        yield Sentence(
            marked("La dernière sauvegarde a {age} jours : « coopshare backup fichier »."),
            {"age": age},
        )


def shipped_files(_found: Installation) -> Iterator[Sentence]:
    """Look whether styles and scripts of the pages are there."""
    for name in ("static/vendor", "templates", "migrations"):
        try:
            shipped(name)
        except FileNotFoundError:
            yield Sentence(
                marked("Le dossier {name} manque : l'installation n'est pas complète."),
                {"name": name},
            )


def check_that_reads(check: Check, found: Installation) -> Iterator[Sentence]:
    """Run a check; one that cannot be made says why."""
    try:
        yield from check(found)
    except (SQLAlchemyError, OSError) as error:
        reason = re.sub(r"\s+", " ", str(getattr(error, "orig", None) or error))[:160]
        yield Sentence(
            marked("La vérification « {name} » n'a pas pu être faite : {reason}."),
            {"name": check.__name__, "reason": reason},
        )


WITHOUT_SCHEMA: Sequence[Check] = (
    sqlite_library,
    durability,
    integrity,
    migrations,
    disk,
    clock,
    time_zones,
    key,
    data_folder,
    hosts,
    transport,
    pace,
    mail,
    shipped_files,
)
"""Checks that can be made on any database."""

WITH_SCHEMA: Sequence[Check] = (guards_present, jobs, demonstration, last_backup)
"""Checks that read our tables."""


def findings(found: Installation) -> list[Sentence]:
    """Return one sentence for each thing that is wrong."""
    try:
        at = migrate.current(found.database.engine)
    except SQLAlchemyError:
        return [
            Sentence(marked("La base de données ne répond pas : vérifiez COOPSHARE_DATABASE_URL."))
        ]
    checks = (*WITHOUT_SCHEMA, *(WITH_SCHEMA if at == migrate.head() else ()))
    return [sentence for check in checks for sentence in check_that_reads(check, found)]


@click.command(help="Dire ce qui ne va pas dans cette installation, une phrase par chose.")
@console
@click.pass_context
def doctor(context: click.Context, given: Console) -> None:
    """Print what is wrong; exit code 1 if anything is."""
    settings = Settings.from_env(os.environ)
    database = open_database(settings)
    try:
        said = findings(Installation(settings, database))
    finally:
        database.close()
    for sentence in said:
        click.echo(sentence.say(given.language, given.translate))
    if said:
        context.exit(1)
    given.echo(marked("Tout va bien."))
