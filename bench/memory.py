"""`python -m bench.memory`: what one worker holds after the work, in megabytes, on its own.

Reads on its input which database and which rooms; prints the resident memory of the process.
"""

import json
import resource
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

from bench.asking import Requests
from bench.baseline import make_bare_app
from coopshare.app import HANDLERS, create_app
from coopshare.config import Settings
from coopshare.db.work import Database

TIMES = 200
SHIFT = 20_000_000
"""Numbers of slots that no other part of the benchmark books."""


@dataclass(frozen=True, slots=True)
class Known:
    """The ids of the filled cooperative."""

    organisation_id: uuid.UUID
    rooms: tuple[uuid.UUID, ...]


def main() -> None:
    """Answer every request many times, then tell how much memory the process keeps."""
    given = json.load(sys.stdin)
    settings = Settings.from_env(given["environment"])
    app = create_app(settings, Database(settings.database_url, handlers=HANDLERS))
    rooms = tuple(uuid.UUID(room) for room in given["rooms"])
    bare = make_bare_app(settings.database_url)
    requests = Requests(bare, app, Known(uuid.UUID(given["organisation_id"]), rooms))
    for number in range(TIMES):
        requests.book(SHIFT + number)
    for _bare, ours, _goal in requests.pages().values():
        for number in range(TIMES):
            ours(number)
    print(resident())


def resident() -> float:
    """Return the megabytes of this process: what it keeps, else its highest.

    The highest, where only that is known, counts the 64 MB that one password takes while it is
    checked (RFC 9106).
    """
    now = Path("/proc/self/statm")
    if now.exists():
        return int(now.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1_000_000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000_000


if __name__ == "__main__":
    main()
