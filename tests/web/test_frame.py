"""What every answer has in common, before any feature."""

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/api/docs", "/problems/slot", "/absent"])
def test_every_answer_is_protected(client: FlaskClient, path: str) -> None:
    """Errors too carry the security headers, and nothing opens a session."""
    answer = client.get(path)
    assert answer.status_code in {200, 404}
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_address_is_a_page_or_a_problem(client: FlaskClient) -> None:
    """The same refusal for a person and for a program."""
    assert "Nous ne trouvons pas cette page" in client.get("/absent").text
    problem = client.get("/api/v1/absent")
    assert problem.content_type == "application/problem+json"
    assert problem.json is not None
    assert (problem.json["code"], problem.json["status"]) == ("not_found", 404)
    assert problem.json["type"] == "/problems/not_found"


def test_a_forged_request_changes_nothing(client: FlaskClient) -> None:
    """Another site, or no token: refused before any view."""
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://ailleurs.example"}, {}):
        answer = client.post("/connexion", data={}, headers=headers)
        assert answer.status_code in {400, 404, 405}


def test_the_description_says_openapi(client: FlaskClient) -> None:
    answer = client.get("/api/openapi.json")
    assert answer.json is not None
    assert answer.json["openapi"] == "3.1.0"
