"""`coopshare statement`: the month's statements by the command line."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import click

from coopshare.exchanges import queries, services
from coopshare.exchanges.commands import CloseMonth
from coopshare.exchanges.errors import StatementAltered
from coopshare.exchanges.months import Month
from coopshare.exchanges.pages import paper_of
from coopshare.exchanges.policies import Permission, allow
from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import marked
from coopshare.members.queries import organisations
from coopshare.web.console import Console, console


@click.group(help="Les relevés du mois.")
def statement() -> None:
    """Gather the commands."""


@statement.command(help="Clore un mois (2026-10) : établir le relevé de chaque organisation.")
@click.argument("month", metavar="MOIS")
@click.option("--dry-run", is_flag=True, help="Dire ce qui serait établi, sans rien écrire.")
@console
def close(given: Console, month: str, *, dry_run: bool) -> None:
    """Close a month; print each statement: number, organisation, cents before tax, tax."""
    actor, command = given.actor(), CloseMonth(month=Month.parse(month))
    if dry_run:
        with given.database.read(actor) as work:
            for draft in services.drafts(work, command.month):
                cells = (draft.number, draft.organisation.name, draft.net_cents, draft.vat_cents)
                click.echo("\t".join(map(str, cells)))
        given.echo(marked("Rien n'est écrit."))
        return
    services.close(given.database, actor, command)
    _listed(given, str(command.month))


@statement.command(name="list", help="Lister les relevés que l'on peut lire.")
@click.option("--month", metavar="MOIS", help="D'un seul mois : 2026-10.")
@console
def list_statements(given: Console, month: str | None) -> None:
    """Print one statement a line: id, number, organisation, cents before tax, tax."""
    _listed(given, str(Month.parse(month)) if month else None)


def _listed(given: Console, month: str | None) -> None:
    with given.database.read(given.actor()) as work:
        allow(work.actor, Permission.READ)
        found, after = [], None
        while True:
            some = queries.listing(work, month=month, after=after)
            found += some[:100]
            if len(some) <= 100:  # noqa: PLR2004 - the limit of a list
                break
            after = (found[-1].number, found[-1].id)
        names = organisations(work, {one.organisation_id for one in found})
        for one in found:
            owner = names[one.organisation_id].name
            click.echo(
                "\t".join(map(str, (one.id, one.number, owner, one.net_cents, one.vat_cents)))
            )


@statement.command(help="Écrire un relevé dans un fichier : .pdf ou .csv.")
@click.argument("statement_id", type=click.UUID, metavar="IDENTIFIANT")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FICHIER")
@console
def write(given: Console, statement_id: UUID, file: Path) -> None:
    """Write a document of a statement, as it was issued."""
    form = file.suffix.lower().removeprefix(".")
    if form not in {"csv", "pdf"}:
        raise Invalid.field("file", marked("Finissez le nom du fichier par .pdf ou .csv."))
    with given.database.read(given.actor()) as work:
        content = paper_of(queries.get(work, statement_id), form).content
    with click.open_file(str(file), "wb") as target:
        target.write(content)


@statement.command(help="Refaire un relevé d'après ses données, et le comparer à l'original.")
@click.argument("statement_id", type=click.UUID, metavar="IDENTIFIANT")
@console
def verify(given: Console, statement_id: UUID) -> None:
    """Make the documents of a statement again and compare them, byte for byte."""
    with given.database.read(given.actor()) as work:
        found = queries.get(work, statement_id)
        wrong = services.unlike(found)
        number = found.number
    if wrong:
        raise StatementAltered(number=number, which=", ".join(wrong))
    given.echo(marked("Le relevé {number} est tel qu'il a été établi."), number=number)


commands: Sequence[click.Command] = (statement,)
