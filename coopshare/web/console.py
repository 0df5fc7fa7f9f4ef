"""What the commands of every package share: the database, who acts, refusals and exit codes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from coopshare.db.work import Database, Work
from coopshare.kernel import errors
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import CoopShareError, Invalid
from coopshare.kernel.text import Translate, marked, same

P = ParamSpec("P")
T = TypeVar("T")

EXIT_CODES: Mapping[type[CoopShareError], int] = {
    errors.Invalid: 2,
    errors.NotAuthenticated: 4,
    errors.Forbidden: 4,
    errors.NotFound: 3,
    errors.Conflict: 5,
    errors.Refused: 6,
    errors.TooMany: 75,
    errors.Busy: 75,
}
"""Family of refusals -> exit code (interfaces): 75 is "busy, try again"."""


def exit_code_of(error: CoopShareError) -> int:
    """Return the exit code of a refusal, by its nearest base class in the table."""
    for base in type(error).__mro__:
        if base in EXIT_CODES:
            return EXIT_CODES[base]
    return 1


FindActor = Callable[[Database, str, str | None, str | None], Actor]
"""(database, e-mail, cooperative's slug or None, organisation's name or None) -> who acts."""


@dataclass(slots=True)
class Console:
    """What a command is given (`@console`): opens the database when it is first needed."""

    open_database: Callable[[], Database]
    find_actor: FindActor
    make_worker: Callable[[Database], object]
    """Makes the worker of this installation (a jobs.worker.Worker)."""
    data: Path | None = None
    """The data folder of this installation."""
    language: str = "fr"
    translate: Translate = same
    acting: str | None = None
    """The e-mail of the person the command acts for (`--as`)."""
    cooperative: str | None = None
    """The slug of the cooperative (`--cooperative`), where the person has several."""
    organisation: str | None = None
    """The name of the organisation (`--organisation`), where the person has several."""
    _database: Database | None = None

    @property
    def database(self) -> Database:
        """Return the database of this installation."""
        if self._database is None:
            self._database = self.open_database()
        return self._database

    def close(self) -> None:
        """Give back the connections, if any was taken."""
        if self._database is not None:
            self._database.close()

    def actor(self) -> Actor:
        """Return the person `--as` names; raises `Invalid` when the option is missing."""
        if not self.acting:
            raise Invalid.field(
                "as",
                marked("Dites au nom de qui agir : « coopshare --as adresse@exemple.org … »."),
            )
        return self.find_actor(self.database, self.acting, self.cooperative, self.organisation)

    def write(
        self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Run a use case for the person `--as` names, in one kept unit."""
        return self.database.write(self.actor(), use_case, *args, **kw)

    def say(self, message: str, **data: object) -> str:
        """Say a French message in the language of the command."""
        return self.translate(message).format(**data)

    def echo(self, message: str, **data: object) -> None:
        """Print a sentence on the standard error: the standard output is for results."""
        click.echo(self.say(message, **data), err=True)


console = click.make_pass_decorator(Console)
"""Decorates a command so that it is given the `Console` first."""
