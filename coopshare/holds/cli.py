"""`coopshare maintenance`: what is out of use, by the command line."""

from uuid import UUID

import click

from coopshare.holds import queries, services
from coopshare.holds.commands import LiftMaintenance, OpenMaintenance
from coopshare.holds.models import MaintenanceReason
from coopshare.kernel.errors import NotFound
from coopshare.kernel.text import folded, marked
from coopshare.resources import queries as catalogue
from coopshare.web.console import Console, console

note_option = click.option("--note", default="", metavar="TEXTE", help="Ce qu'il faut en dire.")


@click.group(help="Mettre du matériel hors service, et le remettre en service.")
def maintenance() -> None:
    """Gather the commands."""


commands = (maintenance,)


def _named(given: Console, thing: str) -> UUID:
    with given.database.read(given.actor()) as work:
        for resource in catalogue.catalogue(work).resources.values():
            if thing == str(resource.id) or folded(thing) == folded(resource.name):
                return resource.id
    raise NotFound(message=marked("Rien ne s'appelle « {name} » ici."), name=thing)


@maintenance.command(name="list", help="Lister ce qui est hors service, le plus ancien d'abord.")
@console
def list_maintenances(given: Console) -> None:
    """Print one a line: id, how many, why, thing, note."""
    with given.database.read(given.actor()) as work:
        known = catalogue.catalogue(work).resources
        for one in queries.maintenances(work):
            cells = (
                str(one.id),
                str(one.quantity),
                str(one.reason),
                known[one.resource_id].name,
                one.note,
            )
            click.echo("\t".join(cells))


@maintenance.command(name="open", help="Mettre hors service. Écrit l'identifiant.")
@click.argument("thing", metavar="CHOSE")
@click.option("--quantity", type=click.IntRange(1), default=1, metavar="N", help="Combien.")
@click.option(
    "--reason",
    type=click.Choice([str(one) for one in MaintenanceReason]),
    default="damaged",
    help="Pourquoi.",
)
@note_option
@console
def open_(given: Console, thing: str, quantity: int, reason: str, note: str) -> None:
    """Take some of a resource out of use."""
    command = OpenMaintenance(
        resource_id=_named(given, thing),
        quantity=quantity,
        reason=MaintenanceReason(reason),
        note=note[:500],
    )
    click.echo(str(given.write(services.open_maintenance, command).id))


@maintenance.command(help="Remettre en service.")
@click.argument("maintenance_id", type=click.UUID, metavar="IDENTIFIANT")
@note_option
@console
def lift(given: Console, maintenance_id: UUID, note: str) -> None:
    """Say that it works again."""
    command = LiftMaintenance(maintenance_id=maintenance_id, note=note[:500])
    click.echo(str(given.write(services.lift_maintenance, command).id))
