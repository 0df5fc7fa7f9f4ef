"""From an empty installation to a person with a key, by the command line alone."""

from pathlib import Path

import pytest

from coopshare import cli


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPSHARE_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("COOPSHARE_DATABASE_URL", raising=False)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = cli.main(list(words))
    out, err = capsys.readouterr()
    return code, out, err


def test_a_new_installation(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(capsys, "upgrade")[0] == 0
    begun = run(capsys, "cooperative", "add", "gard", "--name", "Le Gard", "--kind", "ptce")
    assert begun[0] == 0, begun
    here = ("--cooperative", "gard")
    added = run(
        capsys, *here, "user", "add", "Ana@Example.org", "--name", "Ana", "--role", "administrator"
    )
    assert added[0] == 0, added
    assert "ana@example.org" in added[2]
    code, key, err = run(capsys, "token", "create", "ana@example.org", "--name", "Tableur")
    assert (code, len(key.strip())) == (0, 43)
    assert "Le Gard" in err
    assert run(capsys, "worker", "--once")[0] == 0
    mails = list((tmp_path / "var" / "mail").glob("*.eml"))
    assert len(mails) == 1
    assert "mot-de-passe/" in mails[0].read_text().replace("=\n", "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["user", "add", "pas-une-adresse"], 2),
        (["--cooperative", "absente", "user", "add", "a@example.org"], 3),
        (["token", "create", "personne@example.org", "--name", "x"], 3),
        (["cooperative", "add", "deux", "--name", "Y", "--timezone", "Lune/Mer"], 2),
    ],
)
def test_a_mistake_is_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], code: int
) -> None:
    run(capsys, "upgrade")
    found, out, err = run(capsys, *words)
    assert (found, out) == (code, "")
    assert "Traceback" not in err
    assert err.strip()


def test_an_address_has_one_account(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "upgrade")
    assert run(capsys, "user", "add", "a@example.org")[0] == 0
    code, _, err = run(capsys, "user", "add", "A@example.org")
    assert (code, err.strip()) == (5, "Un compte existe déjà avec cette adresse.")
