"""List and export bookings by the command line; quotas, and who did not come."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from coopshare.bookings import attendance, exporting, queries, services
from coopshare.bookings.cli.options import booking, lines_of, moment_of
from coopshare.bookings.exporting import ExportFormat
from coopshare.bookings.queries import BookingFilter
from coopshare.kernel.errors import Invalid
from coopshare.kernel.localtime import day_span
from coopshare.kernel.text import marked
from coopshare.members.queries import organisations
from coopshare.web.console import Console, console


@booking.command(help="Dire ce que l'organisation a utilisé de ses quotas.")
@console
def quotas(given: Console) -> None:
    """Print a quota a line: name, used, amount, first and last day of the period."""
    actor = given.actor()
    if actor.organisation_id is None:
        return
    with given.database.read(actor) as work:
        for one in services.usage(work, actor.organisation_id):
            cells = (one.quota.name, one.used, one.quota.amount, one.period.first, one.period.last)
            click.echo("\t".join(str(cell) for cell in cells))


@booking.command(name="list", help="Lister les réservations à venir que l'on peut voir.")
@click.option("--past", is_flag=True, help="Celles qui sont terminées.")
@click.option("--mine", is_flag=True, help="Les miennes seulement.")
@click.option("--to-decide", is_flag=True, help="Celles qui attendent mon accord.")
@click.option("--to-answer", is_flag=True, help="Celles où l'on me propose autre chose.")
@console
def list_bookings(
    given: Console, *, past: bool, mine: bool, to_decide: bool, to_answer: bool
) -> None:
    """Print one booking a line: id, state, local start, local end, title."""
    actor = given.actor()
    with given.database.read(actor) as work:
        wanted = BookingFilter(
            person_id=actor.person_id if mine else None,
            ended_by=work.now if past else None,
            ends_after=None if past else work.now,
            latest_first=past,
            is_to_decide=to_decide,
            is_to_answer=to_answer,
        )
        for found in queries.listing(work, wanted):
            place = ZoneInfo(found.timezone)
            cells = (
                str(found.id),
                str(found.status),
                found.starts_at.astimezone(place).isoformat(timespec="minutes"),
                found.ends_at.astimezone(place).isoformat(timespec="minutes"),
                found.title,
            )
            click.echo("\t".join(cells))


@booking.command(
    help="Écrire les réservations que l'on peut voir dans un fichier (ou - : la sortie)."
)
@click.argument(
    "file",
    type=click.Path(path_type=Path, dir_okay=False, writable=True, allow_dash=True),
    metavar="FICHIER",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([one.value for one in ExportFormat]),
    help="Sinon, le suffixe.",
)
@click.option("--from", "first", metavar="JOUR", help="Premier jour : 2027-03-01.")
@click.option("--to", "last", metavar="JOUR", help="Dernier jour, compris.")
@click.option("--mine", is_flag=True, help="Les miennes seulement.")
@click.option("--resource", "thing", metavar="CHOSE", help="Une ressource, par son nom.")
@console
def export(
    given: Console,
    file: Path,
    form: str | None,
    first: str | None,
    last: str | None,
    thing: str | None,
    *,
    mine: bool,
) -> None:
    """Write a table or a calendar; the same file as the page and the API give."""
    suffix = file.suffix.lower().removeprefix(".")
    if form is None and suffix not in set(ExportFormat):
        raise Invalid.field(
            "format",
            marked("Dites le format (--format), ou finissez le nom par .csv, .xlsx, .ods ou .ics."),
        )
    actor = given.actor()
    place = ZoneInfo(actor.timezone)
    with given.database.read(actor) as work:
        wanted = BookingFilter(
            person_id=actor.person_id if mine else None,
            ends_after=day_span(moment_of("from", first).date(), place).start if first else None,
            starts_before=day_span(moment_of("to", last).date(), place).end if last else None,
            resource_id=lines_of(work, [thing])[0].resource_id if thing else None,
        )
        made = exporting.export(work, wanted, ExportFormat(form or suffix), given.translate)
    with click.open_file(str(file), "wb") as target:
        target.write(made.content)


@booking.command(name="no-shows", help="Dire qui n'est pas venu, en 90 jours.")
@console
def no_shows(given: Console) -> None:
    """Print one organisation a line: how often nobody came, its name."""
    with given.database.read(given.actor()) as work:
        found = attendance.counts(work)
        names = organisations(work, set(found))
    for organisation_id, count in sorted(found.items(), key=lambda p: (-p[1], str(p[0]))):
        click.echo(f"{count}\t{names[organisation_id].name}")
