"""`coopshare run` in a process of its own: loads the demonstration, answers, stops when told."""

import os
import signal
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
