"""`coopshare run` in a process of its own: loads the demonstration, answers, stops when told."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[1]


def start(folder: Path, port: int, *words: str) -> subprocess.Popen[str]:
    """Start a server on data of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COOPSHARE_")}
    return subprocess.Popen(
        [sys.executable, "-m", "coopshare", "run", "--port", str(port), *words],
        env={**environment, "COOPSHARE_DATA": str(folder), "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )


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
    server = start(tmp_path, port, "--demonstration")
    assert wait_for(port) == "ready\n"
    second = start(tmp_path, port)
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


def test_a_heavy_body_is_refused_at_its_announcement(tmp_path: Path) -> None:
    """Before it comes; to who sends it nevertheless too; in pieces of unknown number as well."""
    port = free_port()
    server = start(tmp_path, port)
    assert wait_for(port) == "ready\n"
    with announce(port, "/reserver") as connection:
        said = connection.recv(4096).decode()
    assert said.startswith("HTTP/1.1 413 ")
    assert said.endswith("Ce que vous envoyez est trop lourd (10 Mo au plus).\n")
    with announce(port, "/api/v1/bookings") as connection:
        for _ in range(HEAVY // 1024 // 1024):
            connection.sendall(b"[" * 1024 * 1024)
        said = connection.recv(4096).decode()
    assert said.startswith("HTTP/1.1 413 ")
    assert '"code": "unreadable"' in said
    with announce(port, "/reserver", "Transfer-Encoding: chunked") as connection:
        for _ in range(20):
            connection.sendall(b"100000\r\n" + b"[" * 1024 * 1024 + b"\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")
    with announce(port, "/connexion", "Content-Length: 2") as connection:
        connection.sendall(b"{}")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400 ")
    code, said = stop(server)
    assert code == 0
    assert "Traceback" not in said
