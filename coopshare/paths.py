"""Finds templates/, migrations/ and docs/ in a checkout or in an installed wheel."""

from pathlib import Path


def shipped(name: str) -> Path:
    """Return a folder that travels with CoopShare: inside the package, else beside it.

    Raises FileNotFoundError, with a sentence, when it is in neither place.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / name, package.parent / name):
        if folder.is_dir():
            return folder
    message = f"CoopShare is not installed whole: its folder {name} is missing."
    raise FileNotFoundError(message)
