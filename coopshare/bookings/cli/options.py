"""What the commands of bookings share: their group, their options, how words are read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import click

from coopshare.bookings import queries
from coopshare.bookings.commands import (
    Line,
    LocalInstant,
    LocalTimes,
    Scope,
)
from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.text import folded, marked
from coopshare.resources import queries as catalogue
from coopshare.resources.queries import ResourceFilter
from coopshare.web.console import Console

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


def until_of(text: str) -> LocalInstant:
    """Return until when an option is kept; raises `Invalid` on `option_until`."""
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


def version_of(given: Console, booking_id: UUID) -> int:
    """Return the version of a booking as it is now."""
    with given.database.read(given.actor()) as work:
        return queries.get(work, booking_id).version


only_option = click.option(
    "--only",
    "things",
    multiple=True,
    metavar="CHOSE",
    help="Pour cette chose seulement, parmi celles dont on décide ; plusieurs fois pour plusieurs.",
)
