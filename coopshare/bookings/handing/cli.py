"""`coopshare booking hand-over`, `return`, `out`: the same verbs, as the person `--as` names."""

from pathlib import Path
from uuid import UUID

import click

from coopshare.bookings.cli.options import id_argument, lines_of
from coopshare.bookings.handing import queries as handing
from coopshare.bookings.handing import services
from coopshare.bookings.handing.commands import Collect, GiveBack, Part
from coopshare.bookings.handing.models import Condition
from coopshare.bookings.handing.schemas import CollectSchema
from coopshare.bookings.schemas import loaded
from coopshare.resources.services import MOST_BYTES
from coopshare.web.console import Console, console


@click.group(name="booking")
def booking() -> None:
    """Gather the commands: they join those of bookings."""


commands = (booking,)

line_option = click.option(
    "--line",
    "things",
    multiple=True,
    metavar="CHOSE[*N]",
    help="Une chose et combien ; plusieurs fois pour plusieurs. Sans elle : tout ce qui reste.",
)
note_option = click.option("--note", default="", metavar="TEXTE", help="Ce qu'il faut en dire.")
photo_option = click.option(
    "--photo",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FICHIER",
    help="Une photo de l'état.",
)


def _parts(given: Console, things: tuple[str, ...], state: Condition) -> tuple[Part, ...]:
    with given.database.read(given.actor()) as work:
        return tuple(
            Part(resource_id=line.resource_id, quantity=line.quantity, state=state)
            for line in (lines_of(work, things) if things else ())
        )


def _sent(photo: Path | None) -> bytes:
    if photo is None:
        return b""
    with photo.open("rb") as file:
        return file.read(MOST_BYTES + 1)


@booking.command(name="hand-over", help="Noter un départ de matériel.")
@id_argument
@line_option
@click.option(
    "--state",
    type=click.Choice(["good", "worn", "damaged"]),
    default="good",
    help="Dans quel état.",
)
@note_option
@photo_option
@console
def hand_over(
    given: Console,
    booking_id: UUID,
    things: tuple[str, ...],
    state: str,
    note: str,
    photo: Path | None,
) -> None:
    """Note that things leave."""
    words = loaded(CollectSchema(), {"note": note, "state": state})
    command = Collect(
        booking_id=booking_id,
        parts=_parts(given, things, words["state"]),
        state=words["state"],
        note=words["note"],
        photo=_sent(photo),
    )
    click.echo(str(given.write(services.collect, command).id))


@booking.command(name="return", help="Noter un retour de matériel, ou ce qui manque.")
@id_argument
@line_option
@click.option(
    "--state",
    type=click.Choice(["good", "worn", "damaged", "missing"]),
    default="good",
    help="Dans quel état.",
)
@note_option
@photo_option
@click.option("--release", is_flag=True, help="Libérer la fin de la réservation.")
@console
def give_back(
    given: Console,
    booking_id: UUID,
    things: tuple[str, ...],
    state: str,
    note: str,
    photo: Path | None,
    *,
    release: bool,
) -> None:
    """Note that things come back."""
    words = loaded(CollectSchema(), {"note": note, "state": state})
    command = GiveBack(
        booking_id=booking_id,
        parts=_parts(given, things, words["state"]),
        state=words["state"],
        note=words["note"],
        photo=_sent(photo),
        release=release,
    )
    click.echo(str(given.write(services.give_back, command).id))


@booking.command(name="out", help="Lister le matériel sorti, le plus tôt dû d'abord.")
@click.option("--overdue", is_flag=True, help="Seulement ce qui est en retard.")
@console
def out(given: Console, *, overdue: bool) -> None:
    """Print one line of a booking a line: booking, end, quantity, thing, title."""
    with given.database.read(given.actor()) as work:
        for one in handing.out(work, ended_by=work.now if overdue else None):
            cells = (
                str(one.booking.id),
                one.booking.ends_at.isoformat(timespec="minutes"),
                str(one.quantity),
                one.resource.name,
                one.booking.title,
            )
            click.echo("\t".join(cells))
