"""The command speaks in sentences, with an exit code per family of refusals."""

import re
from pathlib import Path

import pytest

from coopshare import cli
from coopshare.demo.plans import PASSWORD


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the command work in a folder of its own."""
    monkeypatch.setenv("COOPSHARE_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("COOPSHARE_DATABASE_URL", raising=False)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(list(words))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["fly"], 2, "La commande « fly » n'existe pas."),
        (["upgrade", "--fast"], 2, "L'option --fast n'existe pas."),
        (["downgrade"], 2, "Il manque RÉVISION."),
        (
            ["run", "--port", "x"],
            2,
            "La valeur de --port ne convient pas : écrivez un nombre entier de 0 à 65535.",
        ),
        (["--lang", "de"], 2, "La valeur de --lang ne convient pas : choisissez parmi fr, en."),
        (["verify", "absent"], 3, "Le fichier absent n'existe pas."),
        (["demo", "--cases", "Z"], 2, "Le cas Z n'existe pas. Il y a : A, B."),
        (["upgrade", "9999"], 3, "La révision 9999 n'existe pas."),
    ],
)
def test_a_mistake_is_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    if words[0] == "demo":
        run(capsys, "upgrade")
    found, out, err = run(capsys, *words)
    assert (found, out) == (code, "")
    assert err.startswith(said)
    assert "Traceback" not in err


def test_a_wrong_setting_stops_the_start(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPSHARE_LANG", "de")
    assert run(capsys, "config") == (2, "", "COOPSHARE_LANG vaut fr ou en.\n")


def test_secrets_are_hidden(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPSHARE_MAIL_URL", "smtps://me:hunter2@mail.example.org")
    code, out, _ = run(capsys, "config")
    lines = dict(line.split("\t", 1) for line in out.splitlines())
    assert code == 0
    assert lines["COOPSHARE_MAIL_URL"] == "smtps://me:•••@mail.example.org\tenvironnement"
    assert lines["COOPSHARE_SECRET_KEY"] == "•••\tpar défaut"
    assert lines["COOPSHARE_LANG"] == "fr\tpar défaut"


def test_the_whole_life_of_an_installation(
    capsys: pytest.CaptureFixture[str], installation: Path
) -> None:
    assert run(capsys, "doctor")[:2] == (
        1,
        "La base est vide : lancez « coopshare upgrade ».\n",
    )
    assert run(capsys, "upgrade")[0] == 0
    code, _, err = run(capsys, "demo", "--scale", "300")
    assert (code, PASSWORD in err) == (0, True)
    assert "300 réservations générées." in err
    assert run(capsys, "demo")[2].startswith("La démonstration est déjà là : rien n'a changé.")
    copy = str(installation / "copy")
    assert run(capsys, "backup", copy)[0] == 0
    assert run(capsys, "verify", copy)[0] == 0
    assert run(capsys, "restore", copy)[0] == 5
    assert run(capsys, "restore", copy, "--replace")[0] == 0
    assert run(capsys, "doctor")[:2] == (0, "")
    assert run(capsys, "worker", "--once")[0] == 0


def test_accounts_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "demo", "--accounts")
    assert code == 0
    assert out.splitlines()[0] == (
        "coordination@phares.example.org\tadministrator\tSCIC Le Phares\tLe Phares"
    )


@pytest.mark.parametrize("words", [[], ["booking"], ["run"], ["user", "add"], ["demo"]])
def test_the_help_is_french(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    """With the words that click says by itself."""
    code, out, _err = run(capsys, *words, "--help")
    assert code == 0
    assert out.startswith(f"Emploi : {' '.join(['coopshare', *words])} [OPTIONS]")
    assert "Montrer cette aide." in out
    english = re.compile(r"Usage|Commands|COMMAND\b|Show this|default|TEXT\b|INTEGER|required")
    assert english.findall(out) == []


def test_mistakes_and_refusals_are_english_where_it_is_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(capsys, "--lang", "en", "fly")[2] == (
        "The command “fly” does not exist.\nFor help: coopshare --help\n"
    )
    assert run(capsys, "--lang=en", "verify", "absent") == (
        3,
        "",
        "The file absent does not exist.\n",
    )
    code, out, err = run(capsys, "--lang", "en", "doctor")
    assert (code, err) == (1, "")
    assert "The database is empty: run “coopshare upgrade”." in out.splitlines()
