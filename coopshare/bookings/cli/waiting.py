"""Waiting lists by the command line."""

from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from coopshare.bookings import queue, services
from coopshare.bookings.cli.options import (
    ends_option,
    line_option,
    lines_of,
    starts_option,
    times_of,
    which_option,
)
from coopshare.bookings.commands import Book
from coopshare.bookings.schemas import TextsSchema, loaded
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked
from coopshare.web.console import Console, console

id_argument = click.argument("wait_id", type=click.UUID, metavar="IDENTIFIANT")


@click.group(name="waiting", help="Attendre qu'une place prise se libère.")
def waiting() -> None:
    """Gather the commands."""


@waiting.command(help="Prendre place dans la liste d'attente. Écrit l'identifiant.")
@click.option("--title", required=True, metavar="TITRE", help="En quelques mots.")
@click.option("--note", default="", metavar="TEXTE", help="Précisions.")
@click.option("--people", type=int, metavar="N", help="Combien de personnes viennent.")
@line_option
@starts_option
@ends_option
@which_option
@console
def add(
    given: Console,
    title: str,
    note: str,
    people: int | None,
    things: tuple[str, ...],
    starts: str | None,
    ends: str | None,
    which: Literal["first", "second"] | None,
) -> None:
    """Take a place."""
    actor = given.actor()
    if actor.organisation_id is None:
        raise Invalid.field("organisation_id", marked("Dites pour quelle organisation."))
    with given.database.read(actor) as work:
        lines = lines_of(work, things)
    command = Book(
        organisation_id=actor.organisation_id,
        lines=lines,
        span=times_of(starts or "", ends or "", which),
        **loaded(TextsSchema(), {"title": title, "note": note, "people": people}),
    )
    click.echo(str(given.write(services.join, command).id))


@waiting.command(name="list", help="Lister les places en attente que l'on peut voir.")
@click.option("--mine", is_flag=True, help="Les miennes seulement.")
@console
def list_places(given: Console, *, mine: bool) -> None:
    """Print one place a line: id, state, rank, local start, local end, title."""
    actor = given.actor()
    with given.database.read(actor) as work:
        found = queue.waits(work, person_id=actor.person_id if mine else None)
        for one in queue.shown_waits(work, found, with_people=False):
            zone = ZoneInfo(one.wait.timezone)
            cells = (
                str(one.wait.id),
                str(one.wait.status),
                str(one.place or ""),
                one.wait.starts_at.astimezone(zone).isoformat(timespec="minutes"),
                one.wait.ends_at.astimezone(zone).isoformat(timespec="minutes"),
                one.wait.title,
            )
            click.echo("\t".join(cells))


@waiting.command(help="Accepter la place proposée. Écrit l'identifiant de la réservation.")
@id_argument
@console
def accept(given: Console, wait_id: UUID) -> None:
    """Make a booking of what is offered."""
    click.echo(str(given.write(services.accept, wait_id).id))


@waiting.command(help="Quitter la liste, ou laisser passer la place proposée.")
@id_argument
@console
def leave(given: Console, wait_id: UUID) -> None:
    """Give up a place."""
    click.echo(str(given.write(services.leave, wait_id).id))
