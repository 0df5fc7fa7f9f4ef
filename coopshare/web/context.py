"""What every surface needs of the present request: who acts, the database, the settings."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from flask import current_app, g

from coopshare.db.work import Database, Work
from coopshare.kernel.actor import ANONYMOUS, Actor

P = ParamSpec("P")
T = TypeVar("T")


class SiteSettings(Protocol):
    """The settings the surfaces use: `coopshare.config.Settings` has them."""

    @property
    def base_url(self) -> str:
        """Return the address people type, without a slash at its end."""
        ...

    @property
    def lang(self) -> str:
        """Return the language of visitors."""
        ...

    @property
    def secret_key(self) -> str:
        """Return the key that signs cookies."""
        ...

    @property
    def limits(self) -> str:
        """Return "on" when the requests of each person are counted, else "off"."""
        ...

    @property
    def metrics_token(self) -> str:
        """Return what opens /metrics from elsewhere; empty: nothing does."""
        ...

    @property
    def proxies(self) -> int:
        """Return how many servers of ours stand before this one."""
        ...

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """Return the host names that are answered; none: all."""
        ...


@dataclass(frozen=True, slots=True)
class Navigation:
    """One entry of the menu."""

    endpoint: str
    label: str
    icon: str
    group: str = "main"
    """"main" or "admin"."""
    is_for: Callable[[Actor], bool] = lambda actor: actor.cooperative_id is not None
    counts: bool = False
    """Whether it says how much waits for whoever asks."""


@dataclass(slots=True)
class Site:
    """What app.py plugs into the toolbox."""

    settings: SiteSettings
    database: Database
    current_actor: Callable[[], Actor] = lambda: ANONYMOUS
    places: Callable[[Actor], Sequence[object]] = lambda _actor: ()
    """The organisations and cooperatives the person may act for."""
    keep_theme: Callable[[str], None] = lambda _theme: None
    """Keeps the colours a person chose with the account, so that every device follows."""
    refused: Callable[[Actor, str, str], None] = lambda _actor, _route, _method: None
    """Told of each request that goes beyond the role of who asks: route pattern, verb."""
    navigation: Sequence[Navigation] = ()
    only_for: Mapping[str, Callable[[Actor], bool]] = field(default_factory=dict)
    """Pages that are not for everybody who is in, beside those of the menu -> for whom."""


def site() -> Site:
    """Return what app.py plugged in."""
    return cast("Site", current_app.extensions["coopshare"])


def settings() -> SiteSettings:
    """Return the settings."""
    return site().settings


def database() -> Database:
    """Return the database."""
    return site().database


def actor() -> Actor:
    """Return who acts, looked up once per request."""
    if "actor" not in g:
        g.actor = site().current_actor()
    return cast("Actor", g.actor)


def reading() -> AbstractContextManager[Work]:
    """Open a read-only unit for the actor."""
    return database().read(actor())


def write(use_case: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a use case for the actor in one kept unit."""
    return database().write(actor(), use_case, *args, **kwargs)
