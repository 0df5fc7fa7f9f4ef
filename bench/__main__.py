"""`./dev bench [name]`: what CoopShare costs against a bare baseline, on both engines, in one run.

COOPSHARE_BENCH_SIZES says how many bookings, "100000,1000000" for both sizes of the goals.
"""

import json
import os
import re
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from rich.console import Console
from rich.table import Table
from sqlalchemy.engine import make_url

from bench.baseline import make_bare_app
from bench.data import FEED_TOKEN, PASSWORD, TOKEN, Site, fill
from bench.measure import Figure, interleaved, rate
from coopshare.app import HANDLERS, create_app
from coopshare.config import Settings
from coopshare.db import migrate
from coopshare.db.work import Database
from tests.servers import postgresql

ROUNDS = 60
RESULTS = Path(__file__).parent / "results"
SIZES = os.environ.get("COOPSHARE_BENCH_SIZES", "100000")


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
        return self.ours / self.bare


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


class Requests:
    """The measured requests, each sent to the baseline and to CoopShare alike."""

    def __init__(self, bare: Flask, ours: Flask, site: Site, now: datetime) -> None:
        self.bare, self.ours, self.site = bare, ours, site
        self.bearer = {"Authorization": f"Bearer {TOKEN}"}
        self.base = (now + timedelta(days=40)).replace(hour=0, minute=0, second=0, microsecond=0)
        self.browser = ours.test_client()
        self.log_in()

    def log_in(self) -> None:
        """Open the session that the pages ask for."""
        page = self.browser.get("/connexion").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        typed = {"email": "banc@example.org", "password": PASSWORD}
        typed["csrf_token"] = token[1] if token else ""
        answer = self.browser.post("/connexion", data=typed)
        if answer.status_code != 303:
            message = f"login: {answer.status_code}"
            raise RuntimeError(message)

    def page(self, path: str, **query: str) -> None:
        """Get a page as somebody who is logged in."""
        answer = self.browser.get(path, query_string=query)
        if answer.status_code != 200:
            message = f"{path}: {answer.status_code}"
            raise RuntimeError(message)

    def slot(self, number: int) -> tuple[uuid.UUID, datetime, datetime]:
        """Return a slot that no stored booking takes: between 20 h and 6 h, fifteen minutes."""
        room = self.site.rooms[number % len(self.site.rooms)]
        rest = number // len(self.site.rooms)
        start = self.base + timedelta(days=rest // 12, hours=20) + timedelta(minutes=rest % 12 * 15)
        return room, start, start + timedelta(minutes=15)

    def expect(self, app: Flask, status: int, method: str, path: str, **options: Any) -> Any:
        """Send a request and insist on its status."""
        answer = app.test_client().open(path, method=method, **options)
        if answer.status_code != status:
            message = f"{method} {path}: {answer.status_code} {answer.text[:300]}"
            raise RuntimeError(message)
        return answer

    def book_bare(self, number: int) -> None:
        """Book by the baseline."""
        room, start, end = self.slot(number)
        wanted = {"room": str(room), "from": start.isoformat(), "to": end.isoformat(), "title": "x"}
        self.expect(self.bare, 201, "POST", "/book", json=wanted)

    def book(self, number: int) -> None:
        """Book by the API: token, key, rules, holds, calendar, trace and outbox."""
        room, start, end = self.slot(number)
        wanted = {
            "title": "Réunion",
            "organisation_id": str(self.site.organisation_id),
            "lines": [{"resource_id": str(room), "quantity": 1}],
            "starts_at": start.isoformat(),
            "ends_at": end.isoformat(),
        }
        headers = self.bearer | {"Idempotency-Key": uuid.uuid4().hex}
        self.expect(self.ours, 201, "POST", "/api/v1/bookings", json=wanted, headers=headers)

    def pages(self) -> dict[str, tuple[Callable[[int], None], Callable[[int], None], str]]:
        """Return the reading requests by name: baseline, ours, goal."""
        day = (self.base - timedelta(days=40)).date().isoformat()
        span = {
            "from": (self.base - timedelta(days=30) + timedelta(hours=9)).isoformat(),
            "to": (self.base - timedelta(days=30) + timedelta(hours=10)).isoformat(),
        }
        room = self.site.rooms[0]
        feed = f"/ical/{FEED_TOKEN}/salle.ics"
        free = "/api/v1/availability"
        changed, same = (feed, {}), (feed, self._conditional(self.ours, feed))
        bare_feed = f"/feed/{room}"
        bare_same = self._conditional(self.bare, bare_feed)
        get = self.expect
        return {
            "day of 200 rooms, whole page": (
                lambda _n: get(self.bare, 200, "GET", "/day", query_string={"date": day}),
                lambda _n: self.page("/planning", date=day, vue="jour"),
                "<= 2",
            ),
            "which of 200 rooms is free": (
                lambda _n: get(self.bare, 200, "GET", "/free", query_string=span),
                lambda _n: get(
                    self.ours,
                    200,
                    "GET",
                    free,
                    query_string=span | {"kind": "place"},
                    headers=self.bearer,
                ),
                "<= 2.5",
            ),
            "feed of 500 events, changed": (
                lambda _n: get(self.bare, 200, "GET", bare_feed),
                lambda _n: get(self.ours, 200, "GET", changed[0]),
                "<= 1.5",
            ),
            "feed unchanged": (
                lambda _n: get(self.bare, 304, "GET", bare_feed, headers=bare_same),
                lambda _n: get(self.ours, 304, "GET", same[0], headers=same[1]),
                "<= 2",
            ),
        }

    def _conditional(self, app: Flask, path: str) -> dict[str, str]:
        return {"If-None-Match": self.expect(app, 200, "GET", path).headers["ETag"]}


def measure(engine: str, size: int, only: str) -> Iterator[Row]:
    """Fill one database and measure everything whose name contains `only`."""
    with databases(engine) as url, tempfile.TemporaryDirectory() as folder:
        database = Database(url, handlers=HANDLERS)
        migrate.upgrade(database.engine)
        site = fill(database, size)
        settings = Settings.from_env(
            {
                "COOPSHARE_DATABASE_URL": url,
                "COOPSHARE_DATA": folder,
                "COOPSHARE_LIMITS": "off",  # one person asks as much as a thousand
            }
        )
        requests = Requests(
            make_bare_app(url), create_app(settings, database), site, database.clock()
        )
        if only in "one booking":
            pair = {"bare": requests.book_bare, "ours": requests.book}
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


def _environment(url: str, folder: str) -> dict[str, str]:
    """Return the settings: as shipped, except that one person may ask without end."""
    return {
        "COOPSHARE_DATABASE_URL": url,
        "COOPSHARE_DATA": folder,
        "COOPSHARE_LIMITS": "off",
    }


def _pair(
    engine: str, size: int, name: str, actions: dict[str, Callable[[int], None]], goal: str
) -> Iterator[Row]:
    found: dict[str, Figure] = interleaved(actions, ROUNDS)
    yield Row(engine, size, name, found["bare"].cpu, found["ours"].cpu, "ms CPU", goal)
    yield Row(engine, size, name, found["bare"].wall, found["ours"].wall, "ms", "")


def show(rows: list[Row]) -> None:
    """Print the rows as a table and keep them."""
    table = Table(title="CoopShare against a bare baseline, same run")
    for column in ("engine", "bookings", "work", "bare", "CoopShare", "unit", "ratio", "goal"):
        table.add_column(column)
    for row in rows:
        table.add_row(
            row.engine,
            f"{row.size:,}",
            row.name,
            f"{row.bare:.2f}",
            f"{row.ours:.2f}",
            row.unit,
            f"{row.ratio:.2f}",
            row.goal,
        )
    Console(width=140).print(table)
    RESULTS.mkdir(exist_ok=True)
    kept = [
        {
            "engine": r.engine,
            "size": r.size,
            "name": r.name,
            "bare": r.bare,
            "ours": r.ours,
            "unit": r.unit,
            "ratio": r.ratio,
            "goal": r.goal,
        }
        for r in rows
    ]
    (RESULTS / "latest.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")


def main() -> None:
    """Run what was asked for: a part of a name, or everything."""
    only = " ".join(sys.argv[1:])
    rows = [
        row
        for size in (int(word) for word in SIZES.split(","))
        for engine in ("sqlite", "postgresql")
        for row in measure(engine, size, only)
    ]
    show(rows)


if __name__ == "__main__":
    main()
