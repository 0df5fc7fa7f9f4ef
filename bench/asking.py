"""What is asked of both: the same work, as a client asks for it."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol

from flask import Flask

from bench.data import FEED_TOKEN, PASSWORD, TOKEN
from coopshare.db.work import utc_now


class Asked(Protocol):
    """What of a filled cooperative the requests name."""

    @property
    def organisation_id(self) -> uuid.UUID:
        """Return who books."""

    @property
    def rooms(self) -> tuple[uuid.UUID, ...]:
        """Return what is booked."""


class Requests:
    """The measured requests, each sent to the baseline and to CoopShare alike."""

    def __init__(self, bare: Flask, ours: Flask, site: Asked) -> None:
        self.bare, self.ours, self.site = bare, ours, site
        self.bearer = {"Authorization": f"Bearer {TOKEN}"}
        today = datetime.combine(utc_now().date(), time(), UTC)
        self.base = today + timedelta(days=40)
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
        same = self._conditional(self.ours, feed)
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
                lambda _n: get(self.ours, 200, "GET", feed),
                "<= 1.5",
            ),
            "feed unchanged": (
                lambda _n: get(self.bare, 304, "GET", bare_feed, headers=bare_same),
                lambda _n: get(self.ours, 304, "GET", feed, headers=same),
                "<= 2",
            ),
        }

    def _conditional(self, app: Flask, path: str) -> dict[str, str]:
        return {"If-None-Match": self.expect(app, 200, "GET", path).headers["ETag"]}
