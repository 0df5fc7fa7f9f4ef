"""What one is told, by the command line."""

import click

from coopshare.notifications import queries, services
from coopshare.notifications.commands import Choose
from coopshare.notifications.models import News
from coopshare.web.console import Console, console


@click.command(help="Lire ou choisir les messages que reçoit la personne nommée par --as.")
@click.option("--news", type=click.Choice([str(one) for one in News]), help="Ce que je fais.")
@click.option(
    "--reminder",
    type=click.Choice([str(hours) for hours in services.REMINDERS]),
    help="Heures avant une réservation ; 0 : pas de rappel.",
)
@click.option("--deadlines/--no-deadlines", default=None, help="Rappel des réponses attendues.")
@click.option("--digest/--no-digest", default=None, help="Le résumé du lundi.")
@console
def messages(
    given: Console,
    news: str | None,
    reminder: str | None,
    *,
    deadlines: bool | None,
    digest: bool | None,
) -> None:
    """Show or change what one is told; what is not said stays."""
    actor = given.actor()
    with given.database.read(actor) as work:
        choice = queries.own(work)
    command = Choose(
        news=News(news) if news else choice.news,
        reminder=int(reminder) if reminder else choice.reminder,
        deadlines=choice.deadlines if deadlines is None else deadlines,
        digest=choice.digest if digest is None else digest,
    )
    if (news, reminder, deadlines, digest) != (None, None, None, None):
        choice = given.database.write(actor, services.choose, command)
    click.echo(
        f"news={choice.news} reminder={choice.reminder}"
        f" deadlines={choice.deadlines} digest={choice.digest}"
    )


commands = (messages,)
