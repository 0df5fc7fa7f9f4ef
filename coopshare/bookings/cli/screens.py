"""Screens at doors by the command line."""

from uuid import UUID

import click

from coopshare.bookings import screens as queries
from coopshare.bookings import services
from coopshare.bookings.cli.options import lines_of
from coopshare.bookings.commands import AddScreen
from coopshare.bookings.schemas import ScreenFormSchema, loaded
from coopshare.kernel.text import marked
from coopshare.web.console import Console, console

id_argument = click.argument("screen_id", type=click.UUID, metavar="IDENTIFIANT")
room_argument = click.argument("room", metavar="SALLE")


@click.group(name="screen", help="Les écrans aux portes des salles.")
def screen() -> None:
    """Gather the commands."""


def _address(given: Console, token: str) -> str:
    return f"{given.database.address.rstrip('/')}/ecran/{token}"


@screen.command(help="Créer l'adresse d'un écran, écrite cette seule fois.")
@room_argument
@click.option("--name", required=True, metavar="NOM", help="Où il est accroché.")
@click.option("--language", default="fr", metavar="LANGUE", help="Sa langue : fr ou en.")
@console
def add(given: Console, room: str, name: str, language: str) -> None:
    """Make a screen; print its id and its address."""
    with given.database.read(given.actor()) as work:
        resource_id = lines_of(work, [room])[0].resource_id
    words = loaded(ScreenFormSchema(), {"name": name, "language": language})
    made, token = given.write(services.add_screen, AddScreen(resource_id=resource_id, **words))
    click.echo(f"{made.id}\t{_address(given, token)}")


@screen.command(name="list", help="Lister les écrans d'une salle.")
@room_argument
@console
def list_screens(given: Console, room: str) -> None:
    """Print one screen a line: id, when it was last seen, name."""
    with given.database.read(given.actor()) as work:
        resource = services.managed(work, lines_of(work, [room])[0].resource_id)
        for found in queries.of_resource(work, resource.id):
            seen = found.last_seen_at.isoformat(timespec="minutes") if found.last_seen_at else "-"
            click.echo(f"{found.id}\t{seen}\t{found.name}")


@screen.command(help="Donner une autre adresse à un écran ; l'ancienne ne répond plus.")
@id_argument
@console
def renew(given: Console, screen_id: UUID) -> None:
    """Print the new address."""
    _, token = given.write(services.renew_screen, screen_id)
    click.echo(_address(given, token))


@screen.command(help="Arrêter un écran : son adresse ne répond plus.")
@id_argument
@console
def stop(given: Console, screen_id: UUID) -> None:
    """Take a screen down."""
    found = given.write(services.stop_screen, screen_id)
    given.echo(marked("L'écran « {name} » est arrêté."), name=found.name)
