"""Each dependency has its line and reason in docs/dependances.md, and its hash in the locks."""

import ast
import json
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
NPM = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", line)[0].lower() for line in requirements}


def rows(title: str) -> dict[str, list[str]]:
    """Cells of each row of the tables under one second-level heading, by first cell."""
    page = (ROOT / "docs" / "dependances.md").read_text(encoding="utf-8")
    section = page.split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line] for line in lines]
    return {row[0]: row[1:] for row in cells if row[0] != "nom" and not row[0].startswith("--")}


def locked(name: str) -> set[str]:
    text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9._-]+)==", text, re.MULTILINE))


def test_every_dependency_has_its_line() -> None:
    extras = {name for extra, lines in EXTRAS.items() if extra != "dev" for name in names(lines)}
    assert set(rows("Pour fonctionner")) == names(PROJECT["dependencies"]) | extras
    assert set(rows("Dans les pages")) == set(NPM["dependencies"])
    assert set(rows("Pour développer et vérifier")) == names(EXTRAS["dev"]) | set(
        NPM["devDependencies"],
    )


def test_every_line_tells_what_why_and_licence() -> None:
    for title in ("Pour fonctionner", "Dans les pages", "Pour développer et vérifier"):
        for name, cells in rows(title).items():
            assert len(cells) == 3, name
            assert all(cells), name


def test_the_locks_hold_every_dependency() -> None:
    extras = {name for extra, lines in EXTRAS.items() if extra != "dev" for name in names(lines)}
    assert names(PROJECT["dependencies"]) | extras <= locked("run")
    assert locked("run") | names(EXTRAS["dev"]) <= locked("dev")


def test_no_lock_names_a_host() -> None:
    for path in (*(ROOT / "requirements").glob("*.lock"), ROOT / "frontend" / "package-lock.json"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        assert "--index-url" not in text, path.name
        assert "--find-links" not in text, path.name


def imported(folder: str) -> set[str]:
    """Distributions, of those installed here, whose modules are imported under a folder."""
    trees = [ast.parse(path.read_bytes()) for path in (ROOT / folder).rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    providers = packages_distributions()
    roots = {module.split(".")[0] for module in modules} - {"coopshare", "tests"}
    return {
        name.lower().replace("_", "-").replace(".", "-")
        for root in roots
        for name in providers.get(root, [])
    }


def test_what_is_imported_is_locked() -> None:
    """An import that only this machine's environment satisfies would fail on the next one."""
    assert imported("coopshare") - locked("run") == set()
    assert imported("tests") - locked("dev") == set()
