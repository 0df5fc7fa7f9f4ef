"""The statistics by the command line."""

from datetime import datetime
from pathlib import Path

import click

from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked
from coopshare.reports.exporting import ExportFormat, Table, export
from coopshare.reports.periods import Period
from coopshare.reports.queries import Wanted, report
from coopshare.resources.kinds import ResourceKind
from coopshare.web.console import Console, console

day = click.DateTime(formats=["%Y-%m-%d"])


@click.command(help="Compter l'usage d'une période, dans un fichier CSV, XLSX ou ODS.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER")
@click.option("--from", "first", type=day, required=True, metavar="JOUR", help="Premier jour.")
@click.option("--to", "last", type=day, required=True, metavar="JOUR", help="Dernier jour.")
@click.option(
    "--table",
    type=click.Choice([str(one) for one in Table]),
    default=str(Table.RESOURCES),
    help="Quel tableau.",
)
@click.option(
    "--kind", type=click.Choice([str(one) for one in ResourceKind]), help="Une sorte seulement."
)
@console
def statistics(
    given: Console, file: Path, first: datetime, last: datetime, table: str, kind: str | None
) -> None:
    """Write one table of a report; the same file as the page gives."""
    suffix = file.suffix.lower().removeprefix(".")
    if suffix not in set(ExportFormat):
        raise Invalid.field("format", marked("Finissez le nom du fichier par .csv, .xlsx ou .ods."))
    period = Period(first.date(), last.date())
    wanted = Wanted(kind=ResourceKind(kind) if kind else None)
    with given.database.read(given.actor()) as work:
        found = report(work, period, wanted)
    made = export(found, Table(table), ExportFormat(suffix), given.translate)
    with click.open_file(str(file), "wb") as target:
        target.write(made.content)


commands = (statistics,)
