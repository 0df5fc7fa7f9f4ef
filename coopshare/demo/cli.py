"""`coopshare demo`: demonstration data, its accounts, and as many bookings as wanted."""

import click
from rich.console import Console as Terminal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from coopshare.demo import case_a_doors, services
from coopshare.demo.plans import PASSWORD
from coopshare.demo.scale import generate
from coopshare.kernel.text import marked
from coopshare.web.console import Console, console

COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeRemainingColumn(),
)


@click.command(help="Charger les données de démonstration. Deux fois de suite ne change rien.")
@click.option("--cases", default="", metavar="A,B,…", help="Quels cas (tous, par défaut).")
@click.option(
    "--scale",
    type=click.IntRange(1),
    metavar="N",
    help="Ajouter N réservations générées, dans une coopérative d'essai de 200 salles.",
)
@click.option(
    "--accounts", is_flag=True, help="Dire les comptes : adresse, rôle, organisation, coopérative."
)
@console
def demo(given: Console, cases: str, scale: int | None, *, accounts: bool) -> None:
    """Load the demonstration, or list its accounts."""
    wanted = [word.strip().upper() for word in cases.split(",") if word.strip()]
    wanted = wanted or list(services.CASES)
    if accounts:
        for line in services.accounts(wanted):
            click.echo("\t".join(line))
        if "A" in wanted:
            given.echo(
                marked("Écrans de la démonstration, sans se connecter : {paths}"),
                paths=" ".join(case_a_doors.paths()),
            )
        return
    came = services.load(given.database, wanted)
    if came:
        given.echo(marked("Démonstration chargée : {count} réservations de plus."), count=came)
    else:
        given.echo(marked("La démonstration est déjà là : rien n'a changé."))
    if scale:
        with Progress(*COLUMNS, console=Terminal(stderr=True)) as shown:
            task = shown.add_task("Réservations", total=scale)
            generate(given.database, scale, lambda done: shown.update(task, completed=done))
        given.echo(marked("{count} réservations générées."), count=scale)
    given.echo(marked("Mot de passe de chaque compte : {password}"), password=PASSWORD)


commands = (demo,)
