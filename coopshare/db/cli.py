"""`coopshare backup`, `verify` and `restore`."""

from pathlib import Path

import click

from coopshare import __version__
from coopshare.db import backup as backups
from coopshare.kernel.text import marked
from coopshare.web.console import Console, console

FILE = click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path, dir_okay=False))
LAST_BACKUP = "last_backup"
"""In the data folder: when the last backup was made, for `coopshare doctor`."""


@click.command(help="Sauvegarder la base dans un fichier, même pendant qu'elle sert.")
@FILE
@console
def backup(given: Console, file: Path) -> None:
    """Write a checked copy of the database."""
    now = given.database.clock()
    made = backups.backup(given.database, file, version=__version__, now=now)
    if given.data is not None:
        (given.data / LAST_BACKUP).write_text(made.made_at + "\n", encoding="ascii")
    _tell(given, marked("Sauvegarde faite et vérifiée"), made)


@click.command(help="Vérifier une sauvegarde : lisible, entière, au complet.")
@FILE
@console
def verify(given: Console, file: Path) -> None:
    """Check a backup."""
    _tell(given, marked("Sauvegarde intacte"), backups.verify(file))


@click.command(help="Remettre une sauvegarde à la place de la base.")
@FILE
@click.option("--replace", is_flag=True, help="Remplacer la base qui est là.")
@console
def restore(given: Console, file: Path, *, replace: bool) -> None:
    """Put a backup in the place of the database."""
    url = given.database.url
    given.close()
    _tell(given, marked("Base restaurée"), backups.restore(url, file, replace=replace))
    given.echo(marked("Lancez maintenant « coopshare upgrade », puis « coopshare doctor »."))


def _tell(given: Console, what: str, manifest: backups.Manifest) -> None:
    given.echo(
        marked("{what} : {rows} lignes dans {tables} tables, révision {revision}, du {made_at}."),
        what=given.say(what),
        rows=sum(manifest.counts.values()),
        tables=len(manifest.counts),
        revision=manifest.revision,
        made_at=manifest.made_at,
    )


commands = (backup, verify, restore)
