"""Resources by the command line: importing them, saying which requests wait for whom."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from coopshare.db.work import Work
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.text import Sentence, folded, marked
from coopshare.members.kinds import Standing
from coopshare.members.queries import person_by_email
from coopshare.resources import queries, services
from coopshare.resources.commands import Change
from coopshare.resources.models import Resource
from coopshare.resources.pages.importing import IMPORTER
from coopshare.resources.services import rules_said
from coopshare.web.console import Console, console


@click.group(name="import", help="Importer un tableau CSV ou XLSX : tout, ou rien.")
def import_() -> None:
    """Gather the imports."""


@import_.command("resources", help="Importer des ressources ; dit ce que devient chaque ligne.")
@click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FICHIER"
)
@click.option("--dry-run", is_flag=True, help="Dire ce qui serait fait, sans rien écrire.")
@console
def resources(given: Console, file: Path, *, dry_run: bool) -> None:
    """Import resources."""
    IMPORTER.command(given, file, dry_run=dry_run)


@click.group(name="resource", help="Régler une ressource.")
def resource() -> None:
    """Gather the commands."""


@resource.command(help="Dire quelles demandes attendent un accord, et de qui ; écrit la règle.")
@click.argument("name", metavar="CHOSE")
@click.option("--always/--not-always", default=None, help="Chaque demande.")
@click.option(
    "--outside-hours/--only-in-hours",
    default=None,
    help="Hors des heures d'ouverture, demander au lieu de refuser.",
)
@click.option("--above", type=int, metavar="MINUTES", help="Au-delà de cette durée ; 0 : jamais.")
@click.option("--quantity", type=int, metavar="N", help="Pour plus de tant ; 0 : jamais.")
@click.option(
    "--standing",
    "standings",
    type=click.Choice([*(one.value for one in Standing), "none"]),
    multiple=True,
    help="Pour cette catégorie ; plusieurs fois pour plusieurs.",
)
@click.option("--delay", type=int, metavar="MINUTES", help="Délai de réponse ; 0 : jusqu'au début.")
@click.option(
    "--approver",
    "approvers",
    multiple=True,
    metavar="ADRESSE",
    help="Qui décide, par son adresse ; « - » : les personnes qui gèrent.",
)
@console
def approval(
    given: Console,
    name: str,
    above: int | None,
    quantity: int | None,
    standings: tuple[str, ...],
    delay: int | None,
    approvers: tuple[str, ...],
    *,
    always: bool | None,
    outside_hours: bool | None,
) -> None:
    """Change what is said, and print the rules as they are then."""
    said = {
        "needs_approval": always,
        "approval_outside_hours": outside_hours,
        "approval_delay": delay,
    }
    values: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
    for key, limit in (("approval_above", above), ("approval_quantity", quantity)):
        if limit is not None:
            values[key] = limit or None
    if standings:
        values["approval_standings"] = [one for one in standings if one != "none"]
    if any(isinstance(limit, int) and limit < 0 for limit in values.values()):
        raise Invalid.field("approval", marked("Donnez un nombre positif."))
    with given.database.read(given.actor()) as work:
        found = _named(work, name)
        if approvers:
            values["approvers"] = [_person(work, one) for one in approvers if one != "-"]
    command = Change(resource_id=found.id, version=found.version, values=values)
    made = given.write(services.change, command) if values else found
    for sentence in rules_said(made) or [
        Sentence(marked("La réservation est confirmée tout de suite."))
    ]:
        click.echo(sentence.say())


def _named(work: Work, name: str) -> Resource:
    """Return a resource by its name or its id; raises `NotFound`."""
    try:
        return queries.get(work, UUID(name))
    except ValueError:
        pass
    wanted = folded(name.strip())
    known = queries.search(work, queries.ResourceFilter(with_unlisted=True))
    found = next((one for one in known if folded(one.name) == wanted), None)
    if found is None:
        raise NotFound(message=marked("Rien ne s'appelle « {name} » ici."), name=name.strip())
    return found


def _person(work: Work, address: str) -> UUID:
    """Return a person of the cooperative by their address; raises `NotFound`."""
    person = person_by_email(work, address)
    if person is None:
        raise NotFound(message=marked("Personne n'a l'adresse {email} ici."), email=address)
    return person.id


@click.group(help="Étiquettes à coller sur les choses : leur adresse courte.")
def label() -> None:
    """Gather the commands of labels."""


@label.command("show", help="Écrire l'adresse de l'étiquette, faite s'il n'y en a pas.")
@click.argument("thing", metavar="CHOSE")
@console
def show(given: Console, thing: str) -> None:
    """Print the address a label holds."""
    with given.database.read(given.actor()) as work:
        resource_id = _named(work, thing).id
    click.echo(
        given.write(
            lambda work: queries.label_address(work, services.label(work, [resource_id])[0])
        )
    )


@label.command("renew", help="Refaire l'étiquette : l'ancienne ne mène plus nulle part.")
@click.argument("thing", metavar="CHOSE")
@console
def renew(given: Console, thing: str) -> None:
    """Give up a label for another."""
    with given.database.read(given.actor()) as work:
        resource_id = _named(work, thing).id
    click.echo(
        given.write(
            lambda work: queries.label_address(work, services.renew_label(work, resource_id))
        )
    )


commands: Sequence[click.Command] = (import_, resource, label)
