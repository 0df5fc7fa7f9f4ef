"""The settings: read from the environment, each with its default and its help in French."""

import importlib.util
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from coopshare.kernel.errors import Invalid
from coopshare.kernel.text import Sentence, marked

PREFIX = "COOPSHARE_"
OTHERS = ("COOPSHARE_TEST_", "COOPSHARE_BENCH_")
"""Names that belong to the test suite and to the benchmarks, which may start this program."""
KEY_FILE = "secret_key"
LEAST_KEY = 32
"""Characters of the secret key."""
MOST_PROXIES = 5
LEAST_DIFFERENT = 10
"""Different characters of the secret key: "aaaa..." is no secret."""
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


class ConfigurationError(Invalid):
    """A setting is unknown or cannot be used: CoopShare does not start."""

    code = "configuration"
    message = marked("Un réglage est à corriger.")


def _refuse(setting: str, sentence: str, **data: object) -> ConfigurationError:
    told = Sentence(sentence, {"name": PREFIX + setting, **data})
    return ConfigurationError({setting: [told]})


def _path(_name: str, value: str) -> Path:
    return Path(value)


def _text(_name: str, value: str) -> str:
    return value


def _database_url(name: str, value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme in {"postgres", "postgresql"}:
        scheme = "postgresql+psycopg"
    if scheme not in {"sqlite", "postgresql+psycopg"} or not rest:
        raise _refuse(
            name,
            marked("{name} doit commencer par sqlite:///chemin ou par postgresql+psycopg://."),
        )
    if scheme.startswith("postgresql") and importlib.util.find_spec("psycopg") is None:
        raise _refuse(
            name,
            marked("{name} demande PostgreSQL : installez CoopShare avec son extra postgresql."),
        )
    return f"{scheme}://{rest}"


def _secret_key(name: str, value: str) -> str:
    if len(value) < LEAST_KEY or len(set(value)) < LEAST_DIFFERENT:
        raise _refuse(
            name,
            marked(
                "{name} est trop faible : il faut au moins {least} caractères tirés au hasard."
                " Sans ce réglage, CoopShare en fait une et la garde."
            ),
            least=LEAST_KEY,
        )
    return value


def _base_url(name: str, value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise _refuse(
            name, marked("{name} doit être une adresse comme https://phares.example.org.")
        )
    if parts.path not in {"", "/"}:
        raise _refuse(name, marked("{name} doit être l'adresse d'un site, sans chemin à sa fin."))
    return value.rstrip("/")


def _hosts(name: str, value: str) -> tuple[str, ...]:
    hosts = tuple(host.strip() for host in value.split(",") if host.strip())
    if any("/" in host or " " in host for host in hosts):
        raise _refuse(
            name, marked("{name} est une liste de noms d'hôtes séparés par des virgules.")
        )
    return hosts


def _mail_url(name: str, value: str) -> str:
    if value.startswith("file:") and len(value) > len("file:"):
        return value
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise _refuse(name, marked("{name} doit commencer par smtp://, smtps:// ou file:dossier."))
    return value


def _mail_from(name: str, value: str) -> str:
    if "@" not in value or "\n" in value or "\r" in value:
        raise _refuse(name, marked("{name} doit être une adresse électronique."))
    return value


def _metrics_token(name: str, value: str) -> str:
    return _secret_key(name, value) if value else ""


def _proxies(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > MOST_PROXIES:
        raise _refuse(name, marked("{name} est un nombre de 0 à {most}."), most=MOST_PROXIES)
    return int(value)


def _timezone(name: str, value: str) -> str:
    if value not in available_timezones():
        raise _refuse(name, marked("{name} doit être un fuseau horaire comme Europe/Paris."))
    return value


def _one_of(*allowed: str) -> Callable[[str, str], str]:
    def parse(name: str, value: str) -> str:
        if value not in allowed:
            raise _refuse(name, marked("{name} vaut {allowed}."), allowed=" ou ".join(allowed))
        return value

    return parse


def _setting(
    default: str, help_: str, parse: Callable[[str, str], Any] = _text, *, secret: bool = False
) -> Any:
    return field(metadata={"default": default, "help": help_, "parse": parse, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an installation may set: see docs/reglages.md."""

    data: Path = _setting(  # noqa: RUF009 - a field, made by our own function
        "./var", marked("Dossier des données : base SQLite, clé secrète, messages."), _path
    )
    database_url: str = _setting(
        "sqlite:///<DATA>/coopshare.db",
        marked("Base de données : sqlite:///chemin ou postgresql+psycopg://…"),
        _database_url,
        secret=True,
    )
    secret_key: str = _setting(
        "<DATA>/secret_key",
        marked("Clé qui signe les cookies ; faite au premier démarrage et gardée dans DATA."),
        _secret_key,
        secret=True,
    )
    base_url: str = _setting(
        "http://127.0.0.1:8070",
        marked("Adresse du site, telle qu'on la tape : elle sert aux liens et aux agendas."),
        _base_url,
    )
    trusted_hosts: tuple[str, ...] = _setting(
        "",
        marked(
            "Noms d'hôtes acceptés, séparés par des virgules ; par défaut celui de BASE_URL"
            " s'il est réglé, sinon tous."
        ),
        _hosts,
    )
    mail_url: str = _setting(
        "file:<DATA>/mail",
        marked("Courrier : smtp://…, smtps://… ou file:dossier, qui garde des fichiers .eml."),
        _mail_url,
        secret=True,
    )
    mail_from: str = _setting(
        "CoopShare <coopshare@localhost>", marked("Expéditeur des messages."), _mail_from
    )
    timezone: str = _setting(
        "Europe/Paris", marked("Fuseau horaire d'une nouvelle coopérative."), _timezone
    )
    lang: str = _setting(
        "fr", marked("Langue des visiteurs et des commandes : fr ou en."), _one_of("fr", "en")
    )
    proxies: int = _setting(
        "0",
        marked(
            "Nombre de serveurs de confiance placés devant (TLS) : l'adresse des visiteurs est lue"
            " dans ce qu'ils transmettent."
        ),
        _proxies,
    )
    limits: str = _setting(
        "on",
        marked("Rythme des demandes de chaque personne : on le borne, off non (mesures)."),
        _one_of("on", "off"),
    )
    metrics_token: str = _setting(
        "",
        marked("Jeton qui ouvre /metrics et /readyz d'ailleurs que de cette machine."),
        _metrics_token,
        secret=True,
    )
    log: str = _setting("text", marked("Journal : text ou json."), _one_of("text", "json"))
    given: frozenset[str] = frozenset()
    """The names of fields that the environment sets; the others have their default."""

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read the settings; make and keep the secret key where none is set.

        Raises `ConfigurationError`, one sentence, for an unknown name or a value of no use.
        """
        known = {PREFIX + found.name.upper(): found for found in settings_fields()}
        for name in sorted(environment):
            if name.startswith(PREFIX) and not name.startswith(OTHERS) and name not in known:
                raise _unknown(name, list(known))
        set_ = {known[name].name for name, value in environment.items() if name in known and value}
        data = environment.get(f"{PREFIX}DATA") or "./var"
        values: dict[str, Any] = {}
        for name, found in known.items():
            if found.name == "secret_key" and found.name not in set_:
                values[found.name] = kept_key(Path(data))
                continue
            written = environment.get(name) or found.metadata["default"].replace("<DATA>", data)
            values[found.name] = found.metadata["parse"](found.name.upper(), written)
        if "trusted_hosts" not in set_ and "base_url" in set_:
            host = urlsplit(values["base_url"]).hostname or ""
            values["trusted_hosts"] = (host, *(known for known in LOCAL_HOSTS if known != host))
        return cls(**values, given=frozenset(set_))


def settings_fields() -> list[Field[Any]]:
    """Return the fields that are settings, in the order in which they are documented."""
    return [found for found in fields(Settings) if "help" in found.metadata]


def _unknown(name: str, known: list[str]) -> ConfigurationError:
    written = name.removeprefix(PREFIX)
    close = get_close_matches(written, [k.removeprefix(PREFIX) for k in known], n=1)
    if close:
        return _refuse(
            written,
            marked("Le réglage {name} n'existe pas. Vouliez-vous dire {close} ?"),
            close=PREFIX + close[0],
        )
    return _refuse(
        written,
        marked("Le réglage {name} n'existe pas. « coopshare config » les montre tous."),
    )


def kept_key(data: Path) -> str:
    """Return the secret key kept under the data folder, made on the first run (mode 600)."""
    path = data / KEY_FILE
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _secret_key("SECRET_KEY", path.read_text(encoding="ascii").strip())
        with os.fdopen(handle, "w", encoding="ascii") as file:
            key = secrets.token_urlsafe(48)
            file.write(key + "\n")
    except OSError as error:
        raise _refuse(
            "DATA",
            marked("Le dossier de {name} ({folder}) ne peut pas être lu ou écrit : {why}."),
            folder=data,
            why=error.strerror or error,
        ) from error
    return key


def shown(settings: Settings, found: Field[Any]) -> str:
    """Return the value of a setting as it may be shown: what is secret in it is hidden."""
    value = getattr(settings, found.name)
    if found.name in {"secret_key", "metrics_token"}:
        return "•••" if value else ""
    if isinstance(value, tuple):
        return ", ".join(value)
    said = str(value)
    if found.metadata["secret"] and "@" in said:
        parts = urlsplit(said)
        if parts.password:
            said = said.replace(f":{parts.password}@", ":•••@")
    return said
