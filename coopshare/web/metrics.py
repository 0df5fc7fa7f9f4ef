"""/metrics for Prometheus, and who may see how the service is doing."""

import hmac
import ipaddress
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from coopshare import __version__
from coopshare.db.models import Job
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import Busy, NotFound
from coopshare.web.context import database, settings
from coopshare.web.permissions import public

blueprint = Blueprint("metrics", __name__)

EXTENSION = "coopshare-meter"
METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})
BOUNDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of the groups of durations, in seconds."""
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""What says that the request comes through another server."""
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Meter:
    """What this process answered since it started; patterns of addresses, never addresses."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, str, int]] = Counter()
        self._within: Counter[float] = Counter()
        self._seconds = 0.0

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Keep one answer."""
        verb = method if method in METHODS else "other"
        with self._lock:
            self._answers[verb, route, status] += 1
            self._seconds += seconds
            for bound in BOUNDS:
                if seconds <= bound:
                    self._within[bound] += 1

    def lines(self) -> Iterator[str]:
        """Give the figures in Prometheus' text format."""
        with self._lock:
            answers = sorted(self._answers.items())
            within, seconds = dict(self._within), self._seconds
        yield "# TYPE coopshare_requests_total counter"
        for (method, route, status), number in answers:
            labels = f'method="{method}",route="{_quoted(route)}",status="{status}"'
            yield f"coopshare_requests_total{{{labels}}} {number}"
        total = sum(number for _, number in answers)
        yield "# TYPE coopshare_request_seconds histogram"
        for bound in BOUNDS:
            yield f'coopshare_request_seconds_bucket{{le="{bound}"}} {within.get(bound, 0)}'
        yield f'coopshare_request_seconds_bucket{{le="+Inf"}} {total}'
        yield f"coopshare_request_seconds_sum {seconds:.6f}"
        yield f"coopshare_request_seconds_count {total}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def may_watch() -> bool:
    """Tell whether the request may see how the service is doing.

    With the token of the settings from anywhere; without, from this very machine, by its own
    name, and through no other server.
    """
    token = settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        is_local = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return is_local and urlsplit(f"//{request.host}").hostname in LOCAL_NAMES


def _queue(now: datetime) -> Iterator[str]:
    """Give the state of the queue of jobs, and whether the database answers."""
    waits = Job.done_at.is_(None) & Job.failed_at.is_(None)
    query = select(
        func.count().filter(waits),
        func.count().filter(Job.failed_at.is_not(None)),
        func.min(Job.run_at).filter(waits & (Job.run_at <= now)),
    ).select_from(Job)
    try:
        with database().read(Actor(door="web")) as work:
            found = work.session.execute(query).one()
    except Busy:
        yield "coopshare_database_up 0"
        return
    waiting, failed = found[:2]
    oldest: datetime | None = found[2]
    yield "coopshare_database_up 1"
    yield "# TYPE coopshare_jobs gauge"
    yield f'coopshare_jobs{{state="waiting"}} {waiting}'
    yield f'coopshare_jobs{{state="failed"}} {failed}'
    late = (now - oldest).total_seconds() if oldest is not None else 0
    yield "# TYPE coopshare_jobs_late_seconds gauge"
    yield f"coopshare_jobs_late_seconds {late:.0f}"


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Give the figures of this process and of the queue; what may not be seen does not exist."""
    if not may_watch():
        raise NotFound
    meter: Meter = current_app.extensions[EXTENSION]
    lines = [
        "# TYPE coopshare_info gauge",
        f'coopshare_info{{version="{__version__}"}} 1',
        "# TYPE coopshare_database_up gauge",
        *_queue(database().clock()),
        *meter.lines(),
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def install(app: Flask) -> None:
    """Measure each request."""
    meter = app.extensions[EXTENSION] = Meter()

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def note(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        route = request.url_rule.rule if request.url_rule else "-"
        meter.note(request.method, route, response.status_code, seconds)
        return response
