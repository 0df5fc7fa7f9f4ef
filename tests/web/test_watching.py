"""/metrics and /readyz: for this machine, or for who holds the token; never from outside."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient

from coopshare.app import create_app
from coopshare.config import Settings
from coopshare.db.models import Job
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import ANONYMOUS
from tests.conftest import NOW

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)

TOKEN = "un jeton assez long pour que personne ne le devine"
OUTSIDE: list[dict[str, Any]] = [
    {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}},
    {"environ_overrides": {"REMOTE_ADDR": "nulle part"}},
    {"headers": {"X-Forwarded-For": "127.0.0.1"}},
    {"headers": {"Forwarded": "for=127.0.0.1"}},
    {"headers": {"Host": "phares.example.org"}},
    {"headers": {"Authorization": "Bearer autre"}, "environ_overrides": {"REMOTE_ADDR": "::2"}},
]


def figures(client: FlaskClient, **options: Any) -> dict[str, str]:
    """Return the figures, by name and labels."""
    answer = client.get("/metrics", **options)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return dict(line.rsplit(" ", 1) for line in lines)


def test_the_figures(app: Flask, database: Database) -> None:
    def leave(work: Work) -> None:
        work.session.add(Job(kind="x", payload={}, created_at=NOW, run_at=NOW.replace(hour=8)))

    database.write(ANONYMOUS, leave)
    client = app.test_client()
    client.get("/ical/un-secret/agenda.ics")
    client.get("/connexion?suite=/un-secret")
    client.open("/healthz", method="ETRANGE")
    found = figures(client)
    route = "/ical/<token>/<slug>.ics"
    assert found[f'coopshare_requests_total{{method="GET",route="{route}",status="404"}}'] == "1"
    assert found['coopshare_requests_total{method="other",route="-",status="405"}'] == "1"
    assert found["coopshare_request_seconds_count"] == "3"
    assert found['coopshare_request_seconds_bucket{le="+Inf"}'] == "3"
    assert found["coopshare_database_up"] == "1"
    assert found['coopshare_jobs{state="waiting"}'] == "1"
    assert found["coopshare_jobs_late_seconds"] == "3600"
    assert not any("un-secret" in name for name in found)


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
@pytest.mark.parametrize("options", OUTSIDE, ids=[str(n) for n in range(len(OUTSIDE))])
def test_nothing_from_outside(app: Flask, path: str, options: dict[str, Any]) -> None:
    """The same answer as for a page that does not exist."""
    client = app.test_client()
    assert client.get(path).status_code == 200
    answer = client.get(path, **options)
    assert answer.status_code in {400, 404}
    assert "coopshare_" not in answer.text


def test_the_token_opens_them_from_elsewhere(settings: Settings, database: Database) -> None:
    app = create_app(replace(settings, metrics_token=TOKEN), database)
    options: dict[str, Any] = {
        "headers": {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "203.0.113.9"},
        "environ_overrides": {"REMOTE_ADDR": "203.0.113.1"},
    }
    client = app.test_client()
    assert figures(client, **options)["coopshare_database_up"] == "1"
    assert client.get("/readyz", **options).text == "ready\n"


def test_a_trusted_server_tells_who_comes(settings: Settings, database: Database) -> None:
    """Only as many as the settings say: what a visitor forged before them is not believed."""
    seen: list[str | None] = []

    def note(response: Response) -> Response:
        seen.append(request.remote_addr)
        return response

    for proxies in (0, 1):
        app = create_app(replace(settings, proxies=proxies), database)
        app.after_request(note)
        headers = {"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}
        app.test_client().get("/healthz", headers=headers)
    assert seen == ["127.0.0.1", "203.0.113.9"]
