"""Series by the command line: make one of a booking, see its dates, add one again, leave."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from coopshare.bookings import queries, services
from coopshare.bookings.cli.options import (
    booking,
    ends_option,
    id_argument,
    line_option,
    lines_of,
    moment_of,
    starts_option,
    times_of,
    version_of,
    which_option,
)
from coopshare.bookings.commands import (
    AddDate,
    Book,
    BookSeries,
    Choice,
    LeaveSeries,
    MakeSeries,
    Recurrence,
)
from coopshare.bookings.errors import NotInASeries
from coopshare.bookings.schemas import TextsSchema, loaded
from coopshare.bookings.series import get_series, left_out, shown_occurrences
from coopshare.kernel.errors import Invalid
from coopshare.kernel.recurrence import parse
from coopshare.kernel.text import marked
from coopshare.web.console import Console, console

holidays_option = click.option(
    "--except-school-holidays", "holidays", is_flag=True, help="Sauf vacances scolaires."
)
skip_option = click.option("--skip", multiple=True, metavar="JOUR", help="Sauter une date.")
plan_option = click.option(
    "--plan", "plans", is_flag=True, help="Montrer chaque date sans rien écrire."
)
rule_argument = click.argument("rule", metavar="RRULE")


def _recurrence(rule: str, *, holidays: bool) -> Recurrence:
    return Recurrence(rule=parse(rule), skip_school_holidays=holidays)


def _choices(skip: Sequence[str]) -> tuple[Choice, ...]:
    return tuple(Choice(day=moment_of("skip", day).date(), skip=True) for day in skip)


def _show(given: Console, command: BookSeries | MakeSeries) -> None:
    """Print one date a line: day, local start, local end, state, and why."""
    with given.database.read(given.actor()) as work:
        plan = services.plan_series(work, command)
    for one in plan.dates:
        place = ZoneInfo(one.what.timezone)
        start, end = (m.astimezone(place) for m in (one.span.start, one.span.end))
        cells = [
            one.day.isoformat(),
            start.isoformat(timespec="minutes"),
            end.isoformat(timespec="minutes"),
            "refused" if one.is_refused else str(one.why or "free"),
        ]
        if one.is_refused:
            cells.append(one.refused().why.say(given.language, given.translate))
        click.echo("\t".join(cells))


def _list(given: Console, series_id: UUID) -> None:
    with given.database.read(given.actor()) as work:
        for row in shown_occurrences(work, series_id):
            click.echo(str(row.id))


@booking.command(
    name="add-series",
    help="Réserver la même chose à plusieurs dates, par exemple FREQ=WEEKLY;UNTIL=20270630."
    " Écrit un identifiant par date.",
)
@rule_argument
@click.option("--title", required=True, metavar="TITRE", help="En quelques mots.")
@click.option("--note", default="", metavar="TEXTE", help="Précisions.")
@click.option("--people", type=int, metavar="N", help="Combien de personnes viennent.")
@line_option
@starts_option
@ends_option
@which_option
@holidays_option
@skip_option
@plan_option
@console
def add_series(
    given: Console,
    rule: str,
    title: str,
    note: str,
    people: int | None,
    things: tuple[str, ...],
    starts: str | None,
    ends: str | None,
    which: Literal["first", "second"] | None,
    skip: tuple[str, ...],
    *,
    holidays: bool,
    plans: bool,
) -> None:
    """Reserve every date of a rule, from the given first one on, or nothing."""
    actor = given.actor()
    if actor.organisation_id is None:
        raise Invalid.field("organisation_id", marked("Dites pour quelle organisation."))
    with given.database.read(actor) as work:
        lines = lines_of(work, things)
    words = loaded(TextsSchema(), {"title": title, "note": note, "people": people})
    command = BookSeries(
        book=Book(
            organisation_id=actor.organisation_id,
            lines=lines,
            span=times_of(starts or "", ends or "", which),
            **words,
        ),
        recurrence=_recurrence(rule, holidays=holidays),
        choices=_choices(skip),
    )
    if plans:
        _show(given, command)
        return
    with services.explained_series(given.database, actor, command):
        made = given.database.write(actor, services.book_series, command)
    _list(given, made.id)


@booking.command(help="Répéter une réservation : elle devient la première date d'une série.")
@id_argument
@rule_argument
@holidays_option
@skip_option
@plan_option
@console
def repeat(
    given: Console,
    booking_id: UUID,
    rule: str,
    skip: tuple[str, ...],
    *,
    holidays: bool,
    plans: bool,
) -> None:
    """Have a single booking come back."""
    actor = given.actor()
    command = MakeSeries(
        booking_id=booking_id,
        version=version_of(given, booking_id),
        recurrence=_recurrence(rule, holidays=holidays),
        choices=_choices(skip),
    )
    if plans:
        _show(given, command)
        return
    with services.explained_series(given.database, actor, command):
        made = given.database.write(actor, services.make_series, command)
    _list(given, made.id)


@booking.command(help="Lister les dates de la série d'une réservation, sautées comprises.")
@id_argument
@console
def dates(given: Console, booking_id: UUID) -> None:
    """Print one date a line: day of the rule, id, state, local start; then those left out."""
    with given.database.read(given.actor()) as work:
        found = queries.get(work, booking_id)
        if found.series_id is None:
            raise NotInASeries
        series = get_series(work, found.series_id)
        rows = shown_occurrences(work, series.id)
        for row in rows:
            start = row.starts_at.astimezone(ZoneInfo(row.timezone))
            day = row.occurrence.isoformat() if row.occurrence else ""
            cells = (day, str(row.id), str(row.status), start.isoformat(timespec="minutes"))
            click.echo("\t".join(cells))
        ended = {row.occurrence for row in rows}
        for day_left in left_out(series, rows):
            if day_left not in ended:
                click.echo(f"{day_left.isoformat()}\t\tskipped")


@booking.command(name="add-date", help="Réserver de nouveau une date sautée ou annulée.")
@id_argument
@click.argument("day", metavar="JOUR")
@starts_option
@ends_option
@which_option
@console
def add_date(
    given: Console,
    booking_id: UUID,
    day: str,
    starts: str | None,
    ends: str | None,
    which: Literal["first", "second"] | None,
) -> None:
    """Book a date again."""
    actor = given.actor()
    command = AddDate(
        booking_id=booking_id,
        day=moment_of("day", day).date(),
        span=times_of(starts or "", ends or "", which) if starts or ends else None,
    )
    with services.explained_series(given.database, actor, command):
        made = given.database.write(actor, services.add_date, command)
    click.echo(str(made.id))


@booking.command(name="leave-series", help="Sortir une date de sa série : elle reste, seule.")
@id_argument
@click.option("--cancel-others", is_flag=True, help="Annuler les autres dates à venir.")
@console
def leave_series(given: Console, booking_id: UUID, *, cancel_others: bool) -> None:
    """Make an occurrence a single booking again."""
    version = version_of(given, booking_id)
    made = given.write(
        services.leave_series,
        LeaveSeries(booking_id=booking_id, version=version, cancel_others=cancel_others),
    )
    click.echo(str(made.id))
