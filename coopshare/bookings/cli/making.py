"""Book, price, move, change and cancel by the command line."""

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
    reason_option,
    scope_option,
    starts_option,
    times_of,
    until_of,
    version_of,
    which_option,
)
from coopshare.bookings.commands import (
    Book,
    CancelSeries,
    ChangeSeries,
    CheckIn,
    Confirm,
    Leave,
    Scope,
)
from coopshare.bookings.schemas import ReasonSchema, TextsSchema, loaded
from coopshare.bookings.wording import said_price
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import Sentence, marked
from coopshare.kernel.units import Money
from coopshare.members.queries import cooperative
from coopshare.web.console import Console, console


@booking.command(help="Réserver : tout ensemble, ou rien. Écrit l'identifiant.")
@click.option("--title", required=True, metavar="TITRE", help="En quelques mots.")
@click.option("--note", default="", metavar="TEXTE", help="Précisions.")
@click.option("--people", type=int, metavar="N", help="Combien de personnes viennent.")
@click.option(
    "--option-until",
    metavar="DATE",
    help="Poser une option, gardée jusque-là sans engagement : 2027-03-08 ou 2027-03-08T18:00.",
)
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
    option_until: str | None,
    things: tuple[str, ...],
    starts: str | None,
    ends: str | None,
    which: Literal["first", "second"] | None,
) -> None:
    """Make a booking."""
    actor = given.actor()
    if actor.organisation_id is None:
        raise Invalid.field("organisation_id", marked("Dites pour quelle organisation."))
    with given.database.read(actor) as work:
        lines = lines_of(work, things)
    words = loaded(TextsSchema(), {"title": title, "note": note, "people": people})
    command = Book(
        organisation_id=actor.organisation_id,
        lines=lines,
        span=times_of(starts or "", ends or "", which),
        option_until=until_of(option_until) if option_until else None,
        **words,
    )
    with services.explained(given.database, actor, command):
        made = given.database.write(actor, services.book, command)
    click.echo(str(made.id))


@booking.command(help="Dire ce que coûterait une réservation, ligne à ligne. N'écrit rien.")
@click.option("--people", type=int, metavar="N", help="Combien de personnes viennent.")
@line_option
@starts_option
@ends_option
@which_option
@console
def price(
    given: Console,
    people: int | None,
    things: tuple[str, ...],
    starts: str | None,
    ends: str | None,
    which: Literal["first", "second"] | None,
) -> None:
    """Print a line of the price a line: cents, what, how; then the total before tax."""
    actor = given.actor()
    if actor.organisation_id is None:
        raise Invalid.field("organisation_id", marked("Dites pour quelle organisation."))
    with given.database.read(actor) as work:
        command = Book(
            organisation_id=actor.organisation_id,
            title="",
            lines=lines_of(work, things),
            span=times_of(starts or "", ends or "", which),
            people=people,
        )
        found = said_price(services.estimate(work, command).charges, cooperative(work).currency)
        if found is None:
            click.echo(given.translate(marked("Rien de tout cela n'a de prix.")))
            return
        for line in (*found.lines, *found.deposits):
            said = line.how.say("fr", given.translate)
            click.echo(f"{line.cents}\t{line.name}\t{said}")
        message = marked("Total : {net} hors taxes, {gross} à payer.")
        sums = {"net": found.totals.net, "gross": found.totals.gross}
        data = {name: Money(cents, found.currency) for name, cents in sums.items()}
        click.echo(Sentence(message, data).say("fr", given.translate))


@booking.command(help="Déplacer, raccourcir ou prolonger une réservation.")
@id_argument
@starts_option
@ends_option
@which_option
@scope_option
@console
def move(
    given: Console,
    booking_id: UUID,
    starts: str | None,
    ends: str | None,
    which: Literal["first", "second"] | None,
    scope: str,
) -> None:
    """Give a booking another span."""
    actor = given.actor()
    command = ChangeSeries(
        scope=Scope(scope),
        booking_id=booking_id,
        version=version_of(given, booking_id),
        span=times_of(starts or "", ends or "", which),
    )
    with services.explained_series(given.database, actor, command):
        made = given.database.write(actor, services.change_series, command)
    click.echo(str(made.id))


@booking.command(name="change", help="Changer le titre, les précisions, combien de personnes.")
@id_argument
@click.option("--title", metavar="TITRE", help="En quelques mots.")
@click.option("--note", metavar="TEXTE", help="Précisions.")
@click.option(
    "--people", type=int, metavar="N", help="Combien de personnes viennent ; 0 : non dit."
)
@scope_option
@console
def change(
    given: Console,
    booking_id: UUID,
    title: str | None,
    note: str | None,
    people: int | None,
    scope: str,
) -> None:
    """Change what a booking says; its span and its lines stay."""
    typed = {"title": title, "note": note, "people": people or None}
    said = {name: value for name, value in typed.items() if value is not None}
    words = loaded(TextsSchema(partial=True), said)
    if people == 0:
        words["people"] = None
    actor = given.actor()
    command = ChangeSeries(
        booking_id=booking_id,
        version=version_of(given, booking_id),
        scope=Scope(scope),
        **words,
    )
    with services.explained_series(given.database, actor, command):
        made = given.database.write(actor, services.change_series, command)
    click.echo(str(made.id))


@booking.command(help="Annuler une réservation.")
@id_argument
@reason_option
@scope_option
@console
def cancel(given: Console, booking_id: UUID, reason: str, scope: str) -> None:
    """Give a booking up."""
    version = version_of(given, booking_id)
    words = loaded(ReasonSchema(), {"reason": reason})
    command = CancelSeries(booking_id=booking_id, version=version, scope=Scope(scope), **words)
    made = given.write(services.cancel_series, command)
    click.echo(str(made.id))


@booking.command(help="Confirmer une option : elle devient une réservation.")
@id_argument
@console
def confirm(given: Console, booking_id: UUID) -> None:
    """Make a booking of an option."""
    version = version_of(given, booking_id)
    made = given.write(services.confirm, Confirm(booking_id=booking_id, version=version))
    click.echo(str(made.id))


@booking.command(name="check-in", help="Dire que l'on est là.")
@id_argument
@console
def check_in(given: Console, booking_id: UUID) -> None:
    """Say that one is there."""
    click.echo(str(given.write(services.check_in, CheckIn(booking_id=booking_id)).id))


@booking.command(help="Partir avant l'heure : le reste est rendu aux autres.")
@id_argument
@console
def leave(given: Console, booking_id: UUID) -> None:
    """End a booking that runs."""
    click.echo(str(given.write(services.leave_early, Leave(booking_id=booking_id)).id))
