"""The code read as syntax trees, for the tests of this folder."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "coopshare"
SURFACES = frozenset(
    {
        "pages",
        "api",
        "cli",
        "schemas",
        "login",
        "app",
        "__main__",
        "quota_api",
        "quota_cli",
    }
)


@cache
def modules() -> tuple[Path, ...]:
    """Return every module of the package."""
    return tuple(sorted(p for p in PACKAGE.rglob("*.py") if "static" not in p.parts))


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"))


def package(path: Path) -> str:
    """Return the package of CoopShare a module belongs to: "bookings", "kernel", "app"..."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def part(path: Path) -> str:
    """Return the file of its package a module is, folders included: "services", "pages"..."""
    parts = path.relative_to(PACKAGE).parts
    return parts[min(1, len(parts) - 1)].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Return the full names of what a module imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Return the line and the last name of each call: ("commit", "now"...)."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.lineno, node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node.lineno, node.func.id


def where(path: Path, line: int = 0) -> str:
    """Return a place in the code, to be shown."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))
