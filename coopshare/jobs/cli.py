"""`coopshare worker`: the worker in a process of its own."""

import signal

import click

from coopshare.jobs.worker import Worker
from coopshare.kernel.text import marked
from coopshare.web.console import Console, console


@click.command(help="Faire ce qui attend : messages, rappels. Plusieurs peuvent tourner.")
@click.option("--once", is_flag=True, help="Faire ce qui est prêt, puis s'arrêter.")
@console
def worker(given: Console, *, once: bool) -> None:
    """Do the jobs until stopped by a signal."""
    made = given.make_worker(given.database)
    if not isinstance(made, Worker):
        raise TypeError(made)
    if once:
        given.echo(marked("Fait : {count}."), count=made.drain())
        return

    def leave(_number: int, _frame: object) -> None:
        made.stop()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    given.echo(marked("Le travail de fond est en route. CTRL+C l'arrête."))
    made.run()


commands = (worker,)
