"""A log entry is one line, whatever it quotes, and holds no address that could carry a token."""

import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from coopshare import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Give the loggers back as they were."""
    root, ours = logging.getLogger(), logging.getLogger("coopshare")
    handlers, levels = list(root.handlers), (root.level, ours.level)
    yield
    root.handlers = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_request_is_one_line_without_its_address(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure("json")
    logs.install(app)
    answer = app.test_client().get("/ical/a-secret-token/a.ics?key=another")
    (line,) = lines(capsys)
    assert (line["event"], line["method"], line["status"]) == ("request", "GET", 404)
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert "secret" not in json.dumps(line)
    assert "another" not in json.dumps(line)


def test_what_is_quoted_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("json")
    logging.getLogger("coopshare").warning('a\n{"event": "b"}\r\n%s', "x" * 5000)
    (line,) = lines(capsys)
    assert line["level"] == "warning"
    assert len(str(line["event"])) <= logs.LONGEST + 1
