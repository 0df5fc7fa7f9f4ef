"""The wheel holds what it should and nothing else, and works where there is no checkout."""

import os
import shutil
import site
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("coopshare", "templates", "migrations", "frontend")
FILES = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "wsgi.py", ".gitignore")
SECRET = "templates/.env"
EXPLAINED = "/problems/slot_taken"
ASSET = "/statique/vendor/bootstrap.min.css"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what a build reads, with a private file such as a developer may have lying about."""
    folder = tmp_path_factory.mktemp("source")
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(ROOT / "docs", folder / "docs")
    for name in FILES:
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    (folder / SECRET).write_text("COOPSHARE_SECRET_KEY=private\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a release does."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel away from the checkout, beside the libraries of this Python.

    Return the folder of the programs of that environment.
    """
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    scheme = {"base": str(home), "platbase": str(home)}
    programs = Path(sysconfig.get_path("scripts", "venv", vars=scheme))
    library = Path(sysconfig.get_path("purelib", "venv", vars=scheme))
    # The lines of a .pth file are searched, but the .pth files found there are not obeyed:
    # the one of ./dev, which names the checkout, has no effect here.
    paths = "\n".join(site.getsitepackages())
    (library / "libraries.pth").write_text(f"{paths}\n", encoding="utf-8")
    run(programs / "python", "-m", "installer", str(wheel), cwd=home)
    return programs


def run(*command: str | Path, cwd: Path) -> str:
    """Run a program with no trace of the checkout in its environment; what it printed."""
    words = [str(word) for word in command]
    return subprocess.run(
        words, cwd=cwd, env=clean_environment(cwd), check=True, capture_output=True, text=True
    ).stdout


def clean_environment(folder: Path) -> dict[str, str]:
    """Give the environment of a user who has never seen the checkout; data goes to ``folder``."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("COOPSHARE_", "PYTHON", "COV_"))
    }
    return kept | {"COOPSHARE_DATA": str(folder / "var")}


def test_the_wheel_holds_what_the_manifest_says(wheel: Path) -> None:
    lines = (Path(__file__).parent / "wheel.txt").read_text(encoding="utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    files = zipfile.ZipFile(wheel).namelist()
    strangers = [file for file in files if not any(fnmatchcase(file, line) for line in patterns)]
    absent = [line for line in patterns if not any(fnmatchcase(file, line) for file in files)]
    assert (strangers, absent) == ([], [])


def test_nothing_of_the_checkout_is_lost(source: Path, wheel: Path) -> None:
    expected = {
        path.relative_to(source).as_posix()
        for part in ("coopshare", "templates", "migrations")
        for path in (source / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    } - {SECRET} | {"docs/erreurs.md"}
    inside = {
        file.removeprefix("coopshare/")
        if file.startswith(("coopshare/templates/", "coopshare/migrations/", "coopshare/docs/"))
        else file
        for file in zipfile.ZipFile(wheel).namelist()
        if ".dist-info/" not in file
    }
    assert inside == expected


def test_the_installed_package_is_the_one_imported(installed: Path) -> None:
    home = installed.parent
    shown = run(
        installed / "python",
        "-c",
        "import coopshare.paths as p; print(p.__file__); print(p.shipped('templates'))",
        cwd=home,
    )
    assert all(line.startswith(str(home)) for line in shown.splitlines())


def test_the_installed_command_upgrades_and_serves(installed: Path) -> None:
    home, port = installed.parent, free_port()
    run(installed / "coopshare", "upgrade", cwd=home)
    command = [str(installed / "coopshare"), "run", "--port", str(port)]
    with subprocess.Popen(command, cwd=home, env=clean_environment(home)) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            answers = {
                path: get(address + path) for path in ("/readyz", "/absent", EXPLAINED, ASSET)
            }
        finally:
            server.terminate()
    assert answers == {"/readyz": 200, "/absent": 404, EXPLAINED: 200, ASSET: 200}
    assert server.returncode == 0


def get(address: str) -> int:
    """Give the status of an answer, waiting up to 20 seconds for the server to start."""
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except urllib.error.URLError:
            time.sleep(0.1)
    message = f"Nothing answers at {address}"
    raise AssertionError(message)
