"""`coopshare run` in a process of its own: loads the demonstration, answers, stops when told."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPResponse
from pathlib import Path

import pytest

from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def started(folder: Path, port: int, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a server on data of its own; none outlives its test, even one that fails."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COOPSHARE_")}
    with subprocess.Popen(
        [sys.executable, "-m", "coopshare", "run", "--port", str(port), *words],
        env={**environment, "COOPSHARE_DATA": str(folder), "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            yield server
        finally:
            server.kill()


def wait_for(port: int) -> str:
    """Return what /readyz answers, once it does."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
                return str(answer.read().decode())
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError


def stop(server: subprocess.Popen[str]) -> tuple[int, str]:
    """Stop a server as a service manager does; return its exit code and what it said."""
    server.send_signal(signal.SIGTERM)
    _, said = server.communicate(timeout=30)
    return server.returncode, said


@pytest.mark.slow
def test_a_demonstration_from_nothing(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, port, "--demonstration") as server:
        assert wait_for(port) == "ready\n"
        with started(tmp_path, port) as second:
            _, refused = second.communicate(timeout=30)
        assert (second.returncode, refused.count("\n")) == (5, 1)
        code, said = stop(server)
    assert code == 0
    assert f"CoopShare répond sur http://127.0.0.1:{port}" in said
    assert "membre@atelier-nord.example.org" in said
    assert "phare-mutualise-2026" in said
    assert "Traceback" not in said


HEAVY = 50 * 1024 * 1024


def announce(port: int, path: str, length: str = f"Content-Length: {HEAVY}") -> socket.socket:
    """Open a connection and announce a body."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n".encode())
    return connection


def heard(connection: socket.socket) -> tuple[int, str]:
    """Return the status and the body of an answer, in as many pieces as the network likes."""
    with closing(HTTPResponse(connection, method="POST")) as answer:
        answer.begin()
        return answer.status, answer.read().decode()


def test_a_heavy_body_is_refused_at_its_announcement(tmp_path: Path) -> None:
    """Before it comes; to who sends it nevertheless too; in pieces of unknown number as well."""
    port = free_port()
    with started(tmp_path, port) as server:
        assert wait_for(port) == "ready\n"
        with announce(port, "/reserver") as connection:
            refused = heard(connection)
        assert refused == (413, "Ce que vous envoyez est trop lourd (10 Mo au plus).\n")
        with announce(port, "/api/v1/bookings") as connection:
            for _ in range(HEAVY // 1024 // 1024):
                connection.sendall(b"[" * 1024 * 1024)
            status, said = heard(connection)
        assert status == 413
        assert '"code": "unreadable"' in said
        with announce(port, "/reserver", "Transfer-Encoding: chunked") as connection:
            for _ in range(20):
                connection.sendall(b"100000\r\n" + b"[" * 1024 * 1024 + b"\r\n")
            assert heard(connection)[0] == 413
        with announce(port, "/connexion", "Content-Length: 2") as connection:
            connection.sendall(b"{}")
            assert heard(connection)[0] == 400
        code, said = stop(server)
    assert code == 0
    assert "Traceback" not in said
