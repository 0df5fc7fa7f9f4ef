"""Settings come from the environment; what is wrong stops the start with one sentence."""

import stat
from pathlib import Path

import pytest

from coopshare.config import ConfigurationError, Settings

KEY = "a key for tests that is long enough to be accepted"


def settings(**environment: str) -> Settings:
    return Settings.from_env({f"COOPSHARE_{name}": value for name, value in environment.items()})


def test_the_defaults(tmp_path: Path) -> None:
    found = settings(DATA=str(tmp_path))
    assert found == Settings(
        data=tmp_path,
        database_url=f"sqlite:///{tmp_path}/coopshare.db",
        secret_key=(tmp_path / "secret_key").read_text().strip(),
        base_url="http://127.0.0.1:8070",
        trusted_hosts=(),
        mail_url=f"file:{tmp_path}/mail",
        mail_from="CoopShare <coopshare@localhost>",
        timezone="Europe/Paris",
        lang="fr",
        proxies=0,
        limits="on",
        metrics_token="",
        log="text",
        given=frozenset({"data"}),
    )


def test_the_key_is_made_once_and_kept_for_us_alone(tmp_path: Path) -> None:
    data = tmp_path / "var"
    first, second = settings(DATA=str(data)), settings(DATA=str(data))
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_real_address_is_the_only_one_answered(tmp_path: Path) -> None:
    found = settings(DATA=str(tmp_path), BASE_URL="https://phares.example.org/")
    assert found.base_url == "https://phares.example.org"
    assert found.trusted_hosts == ("phares.example.org", "127.0.0.1", "localhost", "[::1]")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "LANGUE",
            "fr",
            "Le réglage COOPSHARE_LANGUE n'existe pas. Vouliez-vous dire COOPSHARE_LANG ?",
        ),
        (
            "TZQXY",
            "",
            "Le réglage COOPSHARE_TZQXY n'existe pas. « coopshare config » les montre tous.",
        ),
        ("LANG", "de", "COOPSHARE_LANG vaut fr ou en."),
        (
            "TIMEZONE",
            "Mars/Olympus",
            "COOPSHARE_TIMEZONE doit être un fuseau horaire comme Europe/Paris.",
        ),
        (
            "DATABASE_URL",
            "mysql://x",
            (
                "COOPSHARE_DATABASE_URL doit commencer par sqlite:///chemin"
                " ou par postgresql+psycopg://."
            ),
        ),
        (
            "SECRET_KEY",
            "azerty",
            (
                "COOPSHARE_SECRET_KEY est trop faible : il faut au moins 32 caractères"
                " tirés au hasard. Sans ce réglage, CoopShare en fait une et la garde."
            ),
        ),
        (
            "SECRET_KEY",
            "a" * 50,
            (
                "COOPSHARE_SECRET_KEY est trop faible : il faut au moins 32 caractères"
                " tirés au hasard. Sans ce réglage, CoopShare en fait une et la garde."
            ),
        ),
        (
            "BASE_URL",
            "phares.example.org",
            "COOPSHARE_BASE_URL doit être une adresse comme https://phares.example.org.",
        ),
        (
            "MAIL_URL",
            "http://x",
            "COOPSHARE_MAIL_URL doit commencer par smtp://, smtps:// ou file:dossier.",
        ),
        ("MAIL_FROM", "a@b.example\nBcc: c@d.example", None),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, name: str, value: str, sentence: str | None) -> None:
    with pytest.raises(ConfigurationError) as refused:
        settings(**{"DATA": str(tmp_path), "SECRET_KEY": KEY, name: value})
    said = refused.value.say()
    assert said == (sentence or "COOPSHARE_MAIL_FROM doit être une adresse électronique.")
