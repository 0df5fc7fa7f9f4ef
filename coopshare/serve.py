"""`coopshare run`: the server of pages, with its worker, in one process."""

import os
import signal
from dataclasses import replace

import click
import waitress

from coopshare import bodies, logs
from coopshare.app import create_app, make_worker, open_database
from coopshare.config import Settings
from coopshare.db import migrate
from coopshare.db.work import Database
from coopshare.demo import services
from coopshare.demo.plans import PASSWORD
from coopshare.kernel.errors import Conflict, Refused
from coopshare.kernel.text import marked
from coopshare.web.console import Console, console


@click.command(help="Servir le site, avec ce qu'il envoie et prépare.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Adresse d'écoute.")
@click.option(
    "--port", default=8070, show_default=True, type=click.IntRange(0, 65535), help="Port d'écoute."
)
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Demandes servies à la fois.",
)
@click.option(
    "--demonstration",
    is_flag=True,
    help="Mettre la base à jour, la remplir d'exemples si elle est vide, montrer les comptes.",
)
@console
def run(given: Console, host: str, port: int, threads: int, *, demonstration: bool) -> None:
    """Serve until stopped; CTRL+C or SIGTERM ends what is under way, then leaves."""
    settings = Settings.from_env(os.environ)
    if "base_url" not in settings.given:
        shown = f"[{host}]" if ":" in host else host
        shown = "127.0.0.1" if shown in {"0.0.0.0", "[::]"} else shown  # noqa: S104 - compared
        settings = replace(settings, base_url=f"http://{shown}:{port}")
    database = open_database(settings)
    try:
        prepare(database, demonstration=demonstration)
        if demonstration:
            fill(given, database)
        serve(given, settings, database, host=host, port=port, threads=threads)
    finally:
        database.close()


def prepare(database: Database, *, demonstration: bool) -> None:
    """Migrate an empty database, or any one in a demonstration; refuse one that is behind."""
    at, head = migrate.current(database.engine), migrate.head()
    if at == head:
        return
    if at is not None and not demonstration:
        raise Refused(
            message=marked(
                "La base de données est à la révision {at}, ce programme attend la {head} :"
                " lancez « coopshare upgrade »."
            ),
            at=at,
            head=head,
        )
    migrate.upgrade(database.engine)


def fill(given: Console, database: Database) -> None:
    """Load the demonstration into an empty database."""
    with database.read(services.DEMO) as work:
        empty = services.is_empty(work)
    if empty:
        given.echo(marked("Chargement de la démonstration…"))
        services.load(database)


def tell_accounts(given: Console, database: Database) -> None:
    """Print a few demonstration accounts, where there are some."""
    with database.read(services.DEMO) as work:
        if services.is_empty(work):
            given.echo(
                marked(
                    "Rien n'est encore là. Pour commencer : « coopshare cooperative add », puis"
                    " « coopshare user add » (docs/guide/premiers-pas.md)."
                )
            )
        if not services.is_demonstration(work):
            return
    lines: dict[tuple[str, str, str], list[str]] = {}
    for email, role, organisation, cooperative in services.accounts():
        if email in services.FIRST_ACCOUNTS:
            lines.setdefault((email, organisation, cooperative), []).append(
                services.described(role)
            )
    widest = max(len(email) for email, *_ in lines)
    given.echo(marked("Comptes de démonstration (mot de passe : {word}) :"), word=PASSWORD)
    for (email, organisation, cooperative), roles in lines.items():
        said = ", ".join(roles)
        click.echo(f"  {email:{widest}}  {said} – {organisation} ({cooperative})", err=True)
    given.echo(marked("Tous les comptes : « coopshare demo --accounts »."))


def serve(
    given: Console, settings: Settings, database: Database, *, host: str, port: int, threads: int
) -> None:
    """Answer requests until a signal ends it."""
    app = create_app(settings, database)
    logs.install(app)
    try:
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            url_scheme=settings.base_url.partition(":")[0],
            max_request_body_size=bodies.LARGEST,
            # Read only as the settings say; their presence tells that somebody is in between.
            clear_untrusted_proxy_headers=False,
        )
    except OSError as error:
        raise Conflict(
            message=marked(
                "L'adresse {host}:{port} ne peut pas servir : {why}."
                " Choisissez un autre port avec --port."
            ),
            host=host,
            port=port,
            why=error.strerror or error,
        ) from error
    bodies.refuse_heavy(server)
    signal.signal(signal.SIGTERM, _leave)
    given.echo(marked("CoopShare répond sur {address}"), address=settings.base_url)
    tell_accounts(given, database)
    worker = make_worker(settings, database)
    worker.start()
    try:
        server.run()
    finally:
        worker.stop()


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(0)
