"""Bookings by the command line: the same verbs, as the person `--as` names."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from coopshare.bookings import attendance, exporting, queries, services
from coopshare.bookings.commands import (
    Answer,
    Book,
    CancelSeries,
    ChangeSeries,
    CheckIn,
    Confirm,
    DecideSeries,
    Leave,
    Line,
    LocalInstant,
    LocalTimes,
    Propose,
    Scope,
)
from coopshare.bookings.exporting import ExportFormat
from coopshare.bookings.queries import BookingFilter
from coopshare.bookings.schemas import ReasonSchema, TextsSchema, loaded
from coopshare.bookings.wording import said_price
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.localtime import day_span
from coopshare.kernel.text import Sentence, folded, marked
from coopshare.kernel.units import Money
from coopshare.members.queries import cooperative, organisations
from coopshare.resources import queries as catalogue
from coopshare.resources.queries import ResourceFilter
from coopshare.web.console import Console, console

WHICH: tuple[Literal["first"], Literal["second"]] = ("first", "second")
IS_DAY = 10
"""Length of a local day "2027-03-10"; a moment is longer."""

starts_option = click.option(
    "--from", "starts", metavar="DÉBUT", help="Début, à l'heure du lieu : 2027-03-10T09:00."
)
ends_option = click.option("--to", "ends", metavar="FIN", help="Fin, à l'heure du lieu.")
which_option = click.option(
    "--which", type=click.Choice(WHICH), help="Laquelle, si l'heure existe deux fois."
)
line_option = click.option(
    "--line",
    "things",
    multiple=True,
    metavar="CHOSE[*N]",
    help="Une chose à réserver, par son nom ou son identifiant ; plusieurs fois pour plusieurs.",
)
reason_option = click.option("--reason", default="", metavar="TEXTE", help="Pourquoi.")
scope_option = click.option(
    "--scope",
    type=click.Choice([one.value for one in Scope]),
    default=Scope.THIS.value,
    help="D'une série : cette date seule, celle-ci et les suivantes, ou toutes celles à venir.",
)
id_argument = click.argument("booking_id", type=click.UUID, metavar="IDENTIFIANT")


@click.group(name="booking", help="Réserver, déplacer, annuler.")
def booking() -> None:
    """Gather the commands."""


commands = (booking,)


def times_of(starts: str, ends: str, which: Literal["first", "second"] | None) -> LocalTimes:
    """Return local times as they were typed: moments, or whole days.

    Raises `Invalid` on `starts_at` or `ends_at` for what cannot be read.
    """
    first, last = moment_of("starts_at", starts), moment_of("ends_at", ends)
    if len(starts) == IS_DAY and len(ends) == IS_DAY:
        return LocalTimes(first=first.date(), last=last.date(), all_day=True)
    return LocalTimes(
        first=first.date(),
        last=last.date(),
        starts=first.time(),
        ends=last.time(),
        which=which,
    )


def moment_of(field: str, text: str) -> datetime:
    """Return a local moment or day as it was typed; raises `Invalid` on the field."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid.field(
            field, marked("Écrivez une date et une heure, par exemple 2027-03-10T09:00.")
        ) from error
    if found.tzinfo is not None:
        raise Invalid.field(field, marked("Donnez l'heure du lieu, sans décalage."))
    return found


def _until(text: str) -> LocalInstant:
    moment = moment_of("option_until", text)
    return LocalInstant(day=moment.date(), hour=None if len(text) == IS_DAY else moment.time())


def lines_of(work: Work, things: Sequence[str]) -> tuple[Line, ...]:
    """Return the lines; raises `NotFound` for a name nobody has, `Invalid` for a bad number."""
    by_name = {folded(r.name): r.id for r in catalogue.search(work, ResourceFilter())}
    found = []
    for thing in things:
        name, _, count = thing.partition("*")
        if count and not count.strip().isdecimal():
            raise Invalid.field("quantity", marked("Écrivez un nombre entier."))
        try:
            resource_id = UUID(name.strip())
        except ValueError as error:
            if folded(name.strip()) not in by_name:
                raise NotFound(
                    message=marked("Rien ne s'appelle « {name} » ici."), name=name.strip()
                ) from error
            resource_id = by_name[folded(name.strip())]
        found.append(Line(resource_id=resource_id, quantity=int(count or 1)))
    return tuple(found)


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
        option_until=_until(option_until) if option_until else None,
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


def version_of(given: Console, booking_id: UUID) -> int:
    """Return the version of a booking as it is now."""
    with given.database.read(given.actor()) as work:
        return queries.get(work, booking_id).version


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


only_option = click.option(
    "--only",
    "things",
    multiple=True,
    metavar="CHOSE",
    help="Pour cette chose seulement, parmi celles dont on décide ; plusieurs fois pour plusieurs.",
)


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


@booking.command(name="no-shows", help="Dire qui n'est pas venu, en 90 jours.")
@console
def no_shows(given: Console) -> None:
    """Print one organisation a line: how often nobody came, its name."""
    with given.database.read(given.actor()) as work:
        found = attendance.counts(work)
        names = organisations(work, set(found))
    for organisation_id, count in sorted(found.items(), key=lambda p: (-p[1], str(p[0]))):
        click.echo(f"{count}\t{names[organisation_id].name}")


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
