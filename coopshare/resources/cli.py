"""`coopshare import resources`: the same as the page and the operation."""

from collections.abc import Sequence
from pathlib import Path

import click

from coopshare.resources.pages.importing import IMPORTER
from coopshare.web.console import Console, console


@click.group(name="import", help="Importer un tableau CSV ou XLSX : tout, ou rien.")
def import_() -> None:
    """Gather the imports."""


@import_.command("resources", help="Importer des ressources ; dit ce que devient chaque ligne.")
@click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FICHIER"
)
@click.option("--dry-run", is_flag=True, help="Dire ce qui serait fait, sans rien écrire.")
@console
def resources(given: Console, file: Path, *, dry_run: bool) -> None:
    """Import resources."""
    IMPORTER.command(given, file, dry_run=dry_run)


commands: Sequence[click.Command] = (import_,)
