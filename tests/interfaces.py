"""What the documents must say of settings, commands and routes, from the code.

`python -m tests.interfaces` writes it into docs/reglages.md and docs/interfaces.md.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask import Flask

from coopshare.app import create_app
from coopshare.cli import main_group
from coopshare.config import Settings, settings_fields
from coopshare.db.work import Database
from coopshare.web.console import EXIT_CODES
from coopshare.web.permissions import permission_of

DOCS = Path(__file__).resolve().parents[1] / "docs"
QUIET = frozenset({"HEAD", "OPTIONS"})


def settings_table() -> str:
    """Return the table of settings."""
    lines = ["| réglage | par défaut | ce qu'il fait |", "|---|---|---|"]
    for found in settings_fields():
        default = found.metadata["default"]
        said = f"`{default}`" if default else "aucun"
        lines.append(f"| `COOPSHARE_{found.name.upper()}` | {said} | {found.metadata['help']} |")
    return "\n".join(lines)


def commands(group: click.Group, *before: str) -> Iterator[tuple[str, str]]:
    """Return each command with its options, and what it does."""
    for name in sorted(group.commands):
        command = group.commands[name]
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)
            continue
        words = [*before, name]
        for parameter in command.params:
            if isinstance(parameter, click.Argument):
                words.append(parameter.make_metavar(click.Context(command)))
            else:
                words.append(f"[{parameter.opts[0]}]")
        yield " ".join(words), command.help or ""


def commands_table() -> str:
    """Return the table of commands."""
    lines = ["| commande | ce qu'elle fait |", "|---|---|"]
    for words, help_ in commands(main_group, "coopshare"):
        shown = words.replace("|", "\\|")
        lines.append(f"| `{shown}` | {' '.join(help_.split())} |")
    return "\n".join(lines)


def exit_codes_table() -> str:
    """Return the exit codes by family of refusals."""
    lines = ["| code | famille de refus |", "|---|---|", "| 0 | fait |"]
    lines += [f"| {code} | `{family.code}` |" for family, code in EXIT_CODES.items()]
    return "\n".join(lines)


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Return each route: path, verbs, and the permission it declares."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        verbs = " ".join(sorted((rule.methods or set()) - QUIET))
        yield rule.rule, verbs, permission_of(app, rule.endpoint) or ""


def routes_table(app: Flask) -> str:
    """Return the table of routes."""
    lines = ["| chemin | verbes | permission |", "|---|---|---|"]
    for path, verbs, permission in routes(app):
        lines.append(f"| `{path}` | {verbs} | {permission} |")
    return "\n".join(lines)


def any_app() -> Flask:
    """Return the application, on a database that is never asked anything."""
    settings = Settings.from_env(
        {"COOPSHARE_SECRET_KEY": "a key for documents that is long enough to be accepted"}
    )
    return create_app(settings, Database("sqlite://"))


def blocks() -> dict[tuple[str, str], str]:
    """Return what stands between two marks: (file, mark) -> text."""
    return {
        ("reglages.md", "reglages"): settings_table(),
        ("interfaces.md", "commandes"): commands_table(),
        ("interfaces.md", "codes"): exit_codes_table(),
        ("interfaces.md", "routes"): routes_table(any_app()),
    }


def marked_block(mark: str) -> re.Pattern[str]:
    """Return the pattern of a block: its beginning, its text, its end."""
    return re.compile(rf"(<!-- {mark} -->\n)(.*?)(\n<!-- fin -->)", re.DOTALL)


def main() -> None:
    """Write the blocks into the documents."""
    for (name, mark), text in blocks().items():
        path = DOCS / name
        found = path.read_text(encoding="utf-8")
        written, count = marked_block(mark).subn(
            lambda match, text=text: match[1] + text + match[3],  # type: ignore[misc]
            found,
        )
        if count != 1:
            sys.exit(f"{name}: no block {mark}")
        path.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
