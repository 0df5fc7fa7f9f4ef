"""Answer requests by the command line: yes, no, or something else instead."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import click

from coopshare.bookings import services
from coopshare.bookings.cli.options import (
    booking,
    ends_option,
    id_argument,
    line_option,
    lines_of,
    only_option,
    reason_option,
    scope_option,
    starts_option,
    times_of,
    version_of,
    which_option,
)
from coopshare.bookings.commands import (
    Answer,
    DecideSeries,
    Propose,
    Scope,
)
from coopshare.bookings.schemas import ReasonSchema, loaded
from coopshare.web.console import Console, console


def _decide(
    given: Console, booking_id: UUID, scope: str, things: Sequence[str], reason: str
) -> DecideSeries:
    chosen: frozenset[UUID] | None = None
    if things:
        with given.database.read(given.actor()) as work:
            chosen = frozenset(line.resource_id for line in lines_of(work, things))
    words = loaded(ReasonSchema(), {"reason": reason})
    version = version_of(given, booking_id)
    return DecideSeries(
        booking_id=booking_id,
        version=version,
        scope=Scope(scope),
        resource_ids=chosen,
        **words,
    )


@booking.command(help="Donner son accord à une demande.")
@id_argument
@scope_option
@only_option
@console
def approve(given: Console, booking_id: UUID, scope: str, things: tuple[str, ...]) -> None:
    """Say yes."""
    made = given.write(services.approve_series, _decide(given, booking_id, scope, things, ""))
    click.echo(str(made.id))


@booking.command(help="Refuser une demande, en disant pourquoi.")
@id_argument
@reason_option
@scope_option
@only_option
@console
def refuse(
    given: Console, booking_id: UUID, reason: str, scope: str, things: tuple[str, ...]
) -> None:
    """Say no."""
    made = given.write(services.refuse_series, _decide(given, booking_id, scope, things, reason))
    click.echo(str(made.id))


@booking.command(help="Proposer un autre moment ou autre chose, au lieu de ce qui est demandé.")
@id_argument
@line_option
@starts_option
@ends_option
@which_option
@click.option("--note", default="", metavar="TEXTE", help="Un mot à qui a demandé.")
@console
def propose(
    given: Console,
    booking_id: UUID,
    things: tuple[str, ...],
    starts: str | None,
    ends: str | None,
    which: Literal["first", "second"] | None,
    note: str,
) -> None:
    """Offer something else."""
    with given.database.read(given.actor()) as work:
        lines = lines_of(work, things) if things else None
    command = Propose(
        booking_id=booking_id,
        version=version_of(given, booking_id),
        lines=lines,
        span=times_of(starts or "", ends or "", which) if starts or ends else None,
        note=loaded(ReasonSchema(), {"reason": note})["reason"],
    )
    click.echo(str(given.write(services.propose, command).id))


@booking.command(help="Accepter ce qui est proposé au lieu de ce qu'on a demandé.")
@id_argument
@console
def accept(given: Console, booking_id: UUID) -> None:
    """Take what is proposed."""
    command = Answer(booking_id=booking_id, version=version_of(given, booking_id))
    click.echo(str(given.write(services.accept_proposal, command).id))


@booking.command(help="Décliner ce qui est proposé : la demande reste ce qu'elle était.")
@id_argument
@console
def decline(given: Console, booking_id: UUID) -> None:
    """Do without what is proposed."""
    command = Answer(booking_id=booking_id, version=version_of(given, booking_id))
    click.echo(str(given.write(services.decline_proposal, command).id))
