"""`./dev bench [name]`: what CoopShare costs against a bare baseline, on both engines, in one run.

COOPSHARE_BENCH_SIZES says how many bookings, "100000,1000000" for both sizes of the goals;
COOPSHARE_BENCH_ENGINES which engines. `./dev bench planner [sizes]` measures the planner instead
(bench/planner.py): minutes of search, so only when asked for by its name.
"""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bench import planner
from bench.asking import Requests
from bench.baseline import make_bare_app
from bench.data import Site, fill
from bench.measure import Figure, interleaved, rate
from coopshare.app import HANDLERS, create_app
from coopshare.config import Settings
from coopshare.db import migrate
from coopshare.db.work import Database
from tests.servers import postgresql

ROUNDS = 60
MEMORY = "memory of one worker"
RESULTS = Path(__file__).parent / "results"
SIZES = os.environ.get("COOPSHARE_BENCH_SIZES", "100000")
ENGINES = os.environ.get("COOPSHARE_BENCH_ENGINES", "sqlite,postgresql")


Pair: TypeAlias = dict[str, Callable[[int], None]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a figure of each, and the goal for their ratio."""

    engine: str
    size: int
    name: str
    bare: float
    ours: float
    unit: str
    goal: str

    @property
    def ratio(self) -> float:
        """Return ours against the baseline."""
        return self.ours / self.bare if self.bare else float("nan")


@contextmanager
def databases(engine: str) -> Iterator[str]:
    """Give the URL of an empty database of an engine."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/bench.db"
        return
    with postgresql() as server:
        name = f"coopshare_bench_{uuid.uuid4().hex[:8]}"
        control = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with control.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name}"))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            with control.connect() as connection:
                connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


def measure(engine: str, size: int, only: str) -> Iterator[Row]:
    """Fill one database and measure everything whose name contains `only`."""
    with databases(engine) as url, tempfile.TemporaryDirectory() as folder:
        database = Database(url, handlers=HANDLERS)
        migrate.upgrade(database.engine)
        site = fill(database, size)
        settings = Settings.from_env(environment(url, folder))
        requests = Requests(make_bare_app(url), create_app(settings, database), site)
        if only in "one booking":
            pair: Pair = {"bare": requests.book_bare, "ours": requests.book}
            yield from _pair(engine, size, "one booking", pair, "<= 2.5")
        for name, (bare, ours, goal) in requests.pages().items():
            if only in name:
                yield from _pair(engine, size, name, {"bare": bare, "ours": ours}, goal)
        if only in "eight clients booking":
            shift = 10_000_000
            bare_rate = rate(lambda n: requests.book_bare(shift + n), clients=8, requests=40)
            our_rate = rate(lambda n: requests.book(shift + n), clients=8, requests=40)
            yield Row(engine, size, "eight clients booking", bare_rate, our_rate, "per s", ">= 0.4")
        database.close()
        if only in MEMORY:
            yield Row(engine, size, MEMORY, 0, memory(url, folder, site), "MB", "< 150")


def memory(url: str, folder: str, site: Site) -> float:
    """Return the megabytes a fresh worker holds once it has answered each request many times."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench.memory"],
        input=json.dumps(
            {
                "environment": environment(url, folder),
                "organisation_id": str(site.organisation_id),
                "rooms": [str(room) for room in site.rooms],
            }
        ),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(answer.stdout)


def environment(url: str, folder: str) -> dict[str, str]:
    """Return the settings: as shipped, except that one person may ask without end."""
    return {
        "COOPSHARE_DATABASE_URL": url,
        "COOPSHARE_DATA": folder,
        "COOPSHARE_LIMITS": "off",
    }


def _pair(engine: str, size: int, name: str, actions: Pair, goal: str) -> Iterator[Row]:
    found: dict[str, Figure] = interleaved(actions, ROUNDS)
    yield Row(engine, size, name, found["bare"].cpu, found["ours"].cpu, "ms CPU", goal)
    yield Row(engine, size, name, found["bare"].wall, found["ours"].wall, "ms", "")


COLUMNS = (
    ("engine", 11),
    ("bookings", 10),
    ("work", 30),
    ("bare", 9),
    ("CoopShare", 10),
    ("unit", 7),
    ("ratio", 7),
    ("goal", 7),
)


def say(*cells: str) -> None:
    """Print one line of the table at once: a long run shows what it has found so far."""
    print(*(cell.ljust(width) for cell, (_, width) in zip(cells, COLUMNS, strict=True)), flush=True)


def show(row: Row) -> None:
    """Print a row as soon as it is measured."""
    say(
        row.engine,
        f"{row.size:,}",
        row.name,
        f"{row.bare:.2f}" if row.bare else "",
        f"{row.ours:.2f}",
        row.unit,
        f"{row.ratio:.2f}" if row.bare else "",
        row.goal,
    )


def keep(rows: list[Row]) -> None:
    """Write everything that was measured so far."""
    RESULTS.mkdir(exist_ok=True)
    kept = [asdict(row) | {"ratio": row.ratio if row.bare else None} for row in rows]
    (RESULTS / "latest.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")


def main() -> None:
    """Run what was asked for: a part of a name, or everything."""
    if sys.argv[1:2] == ["planner"]:
        planner.main(sys.argv[2:])
        return
    only = " ".join(sys.argv[1:])
    rows: list[Row] = []
    say(*(name for name, _ in COLUMNS))
    for size in (int(word) for word in SIZES.split(",")):
        for engine in ENGINES.split(","):
            for row in measure(engine, size, only):
                rows.append(row)
                show(row)
                keep(rows)


if __name__ == "__main__":
    main()
