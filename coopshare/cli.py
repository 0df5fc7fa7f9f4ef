"""The `coopshare` command: gathers the commands of every package; sentences, never tracebacks."""

import importlib
import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import click
from sqlalchemy.exc import SQLAlchemyError

from coopshare import __version__, logs
from coopshare.app import make_worker, open_database
from coopshare.catalogues import translation
from coopshare.config import Settings, settings_fields, shown
from coopshare.db import migrate
from coopshare.db.work import Database, is_unavailable
from coopshare.doctor import doctor
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import Busy, CoopShareError, NotFound
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import actor_named
from coopshare.serve import run
from coopshare.web import console_help
from coopshare.web.console import Console, console, exit_code_of

LANGUAGES = ("fr", "en")
PACKAGES = (
    "members",
    "resources",
    "holds",
    "calendars",
    "exchanges",
    "bookings",
    "bookings.handing",
    "reports",
    "jobs",
    "db",
    "demo",
)
"""Packages whose `cli.py`, where there is one, lists its commands in `commands`."""
MORE = ("resources.quota_cli",)
"""Other modules that do."""


def find_actor(
    database: Database, email: str, cooperative: str | None, organisation: str | None
) -> Actor:
    """Return the person of an address, where they may act; raises `NotFound`."""
    with database.read(Actor(door="cli")) as work:
        try:
            return actor_named(work, email, cooperative, organisation)
        except NotFound as error:
            raise NotFound(
                message=marked(
                    "Personne ne porte l'adresse {email} là où vous le demandez."
                    " Vérifiez --as, --cooperative et --organisation."
                ),
                email=email,
            ) from error


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Lister, réserver, partager et décompter ce qu'une coopérative met en commun.",
)
@click.version_option(__version__, prog_name="coopshare", help="Dire la version.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Langue des messages.")
@click.option("--as", "acting", metavar="ADRESSE", help="Au nom de qui agir.")
@click.option("--cooperative", metavar="NOM", help="Dans quelle coopérative (son nom court).")
@click.option("--organisation", metavar="NOM", help="Pour quelle organisation.")
@click.pass_context
def main_group(
    context: click.Context,
    lang: str | None,
    acting: str | None,
    cooperative: str | None,
    organisation: str | None,
) -> None:
    """Read the settings; give each command its console."""
    settings = Settings.from_env(os.environ)
    given = Console(
        open_database=lambda: open_database(settings),
        find_actor=find_actor,
        make_worker=lambda database: make_worker(settings, database),
        data=settings.data,
        language=lang or settings.lang,
        translate=translation(lang or settings.lang),
        acting=acting,
        cooperative=cooperative,
        organisation=organisation,
    )
    logs.configure(settings.log)
    context.obj = given
    context.call_on_close(given.close)


@main_group.command(help="Mettre la base de données à la version de ce programme.")
@click.argument("revision", default="head", metavar="[RÉVISION]")
@console
def upgrade(given: Console, revision: str) -> None:
    """Bring the database to a revision."""
    _move(given, revision, up=True)


@main_group.command(help="Revenir à une révision antérieure de la base de données.")
@click.argument("revision", metavar="RÉVISION")
@console
def downgrade(given: Console, revision: str) -> None:
    """Bring the database back to a revision."""
    _move(given, revision, up=False)


def _move(given: Console, revision: str, *, up: bool) -> None:
    engine = given.database.engine
    if revision not in {"head", "base"} and revision not in migrate.revisions():
        raise NotFound(
            message=marked("La révision {revision} n'existe pas. La plus récente est {head}."),
            revision=revision,
            head=migrate.head(),
        )
    (migrate.upgrade if up else migrate.downgrade)(engine, revision)
    given.echo(
        marked("La base de données est à la révision {revision}."),
        revision=migrate.current(engine) or "base",
    )


@main_group.command(help="Montrer chaque réglage, sa valeur et d'où elle vient.")
@console
def config(given: Console) -> None:
    """Print the settings, secrets hidden."""
    settings = Settings.from_env(os.environ)
    for found in settings_fields():
        name = f"COOPSHARE_{found.name.upper()}"
        is_given = found.name in settings.given
        source = given.say(marked("environnement") if is_given else marked("par défaut"))
        click.echo(f"{name}\t{shown(settings, found)}\t{source}")


main_group.add_command(run)
main_group.add_command(doctor)


def gather(group: click.Group) -> None:
    """Add the commands of every package; groups of one name are joined."""
    for module in (*(f"{package}.cli" for package in PACKAGES), *MORE):
        name = f"coopshare.{module}"
        if importlib.util.find_spec(name) is None:
            continue
        for command in importlib.import_module(name).commands:
            known = group.commands.get(command.name)
            if isinstance(known, click.Group) and isinstance(command, click.Group):
                for inner in command.commands.values():
                    known.add_command(inner)
            else:
                group.add_command(command)


gather(main_group)
console_help.install()


@dataclass(frozen=True, slots=True)
class _Said:
    """A mistake in the words of a command."""

    sentence: Sentence
    code: int = 2


def _usage(error: click.ClickException) -> _Said:
    """Say what is wrong with the words of a command."""
    match error:
        case click.exceptions.NoSuchOption():
            message = marked("L'option {name} n'existe pas.")
            return _Said(Sentence(message, {"name": error.option_name}))
        case click.exceptions.MissingParameter() if error.param is not None:
            name = (
                error.param.opts[0]
                if error.param.param_type_name == "option"
                else (error.param.make_metavar(error.ctx or click.Context(main_group)))
            )
            return _Said(Sentence(marked("Il manque {name}."), {"name": name}))
        case click.exceptions.BadParameter() if error.param is not None:
            data = {"name": error.param.opts[0], "wanted": console_help.expected(error)}
            return _Said(Sentence(marked("La valeur de {name} ne convient pas : {wanted}"), data))
        case click.exceptions.UsageError() if error.message.startswith("No such command"):
            message = marked("La commande « {name} » n'existe pas.")
            return _Said(Sentence(message, {"name": error.message.split("'")[1]}))
        case click.exceptions.FileError():
            message = marked("Le fichier {name} ne peut pas être ouvert.")
            return _Said(Sentence(message, {"name": error.ui_filename}), 3)
        case _:
            return _Said(Sentence("{said}", {"said": error.format_message()}), error.exit_code)


def main(
    arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None
) -> int:
    """Run a command; print refusals as one sentence on stderr, and return the exit code."""
    if environment is not None:
        os.environ.update(environment)
    try:
        code = main_group.main(
            list(arguments) if arguments is not None else None,
            prog_name="coopshare",
            standalone_mode=False,
        )
    except click.exceptions.NoArgsIsHelpError as shown_help:
        click.echo(shown_help.format_message())
        return 2
    except click.ClickException as error:
        said, language = _usage(error), _language(arguments)
        sentences = [said.sentence]
        if isinstance(error, click.UsageError) and error.ctx is not None:
            path = {"command": error.ctx.command_path}
            sentences.append(Sentence(marked("Pour l'aide : {command} --help"), path))
        for sentence in sentences:
            click.echo(sentence.say(language, translation(language)), err=True)
        return said.code
    except click.Abort:
        return 130
    except CoopShareError as error:
        language = _language(arguments)
        click.echo(error.say(language, translation(language)), err=True)
        return exit_code_of(error)
    except SQLAlchemyError as error:
        if not is_unavailable(error):
            raise
        language = _language(arguments)
        click.echo(Busy().say(language, translation(language)), err=True)
        return exit_code_of(Busy())
    return code if isinstance(code, int) else 0


def _language(arguments: Sequence[str] | None) -> str:
    """Return the language to refuse in, whatever could be read before."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for place, word in enumerate(words):
        if word == "--lang" and words[place + 1 :]:
            return _known(words[place + 1])
        if word.startswith("--lang="):
            return _known(word.removeprefix("--lang="))
    return _known(os.environ.get("COOPSHARE_LANG", "fr"))


def _known(language: str) -> str:
    return language if language in LANGUAGES else "fr"


def entry() -> None:
    """Run the command and leave with its exit code."""
    sys.exit(main())
