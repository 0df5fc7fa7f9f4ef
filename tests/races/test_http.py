"""The same race through HTTP: several servers on one database, sixty-four clients."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from coopshare.db.work import Database
from coopshare.kernel.dates import utc
from coopshare.members import tokens
from coopshare.members.commands import CreateToken
from coopshare.members.services import create_token
from tests.make import Maker
from tests.races.stored import most_used

ROOT = Path(__file__).resolve().parents[2]
SERVERS, CLIENTS, ROUNDS = 3, 64, 10
PATIENCE = 60


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def server(database: Database, data: Path) -> Iterator[int]:
    """Run `coopshare run` in a process of its own and give its port."""
    port = free_port()
    url = database.engine.url.render_as_string(hide_password=False)
    kept = {name: v for name, v in os.environ.items() if not name.startswith("COOPSHARE_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "coopshare", "run", "--port", str(port), "--threads", "16"],
        cwd=ROOT,
        env=kept
        | {
            "COOPSHARE_DATABASE_URL": url,
            "COOPSHARE_DATA": str(data),
            "COOPSHARE_LIMITS": "off",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return once a server answers; fail when it ended or takes too long."""
    for _ in range(300):
        assert process.poll() is None, "the server ended"
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_one_slot_through_http(database: Database, make: Maker, tmp_path: Path) -> None:
    """One client has it; every other is told, cleanly, that it is taken."""
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    room = make.resource(cooperative, owner)
    keys = []
    for _ in range(4):
        key = tokens.new()
        command = CreateToken(name="course", token_hash=tokens.hashed(key))
        database.write(make.actor(cooperative, owner), create_token, command)
        keys.append(key)
    outcomes: list[list[Any]] = [[None] * CLIENTS for _ in range(ROUNDS)]
    barrier = threading.Barrier(CLIENTS)

    def client(number: int, port: int) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as opened:
            try_each_round(number, opened)

    def try_each_round(number: int, connection: http.client.HTTPConnection) -> None:
        headers = {
            "Authorization": f"Bearer {keys[number % len(keys)]}",
            "Content-Type": "application/json",
        }
        for n in range(ROUNDS):
            start = utc(2040, 3, 14, 9) + timedelta(days=n)
            body = {
                "title": f"Client {number}",
                "lines": [{"resource_id": str(room.id), "quantity": 1}],
                "starts_at": start.isoformat(),
                "ends_at": (start + timedelta(hours=2)).isoformat(),
            }
            barrier.wait(PATIENCE)
            key = {"Idempotency-Key": uuid.uuid4().hex}
            connection.request("POST", "/api/v1/bookings", json.dumps(body), headers | key)
            answer = connection.getresponse()
            said = json.loads(answer.read())
            outcomes[n][number] = (answer.status, said.get("code"))

    with ExitStack() as stack:
        ports = [stack.enter_context(server(database, tmp_path)) for _ in range(SERVERS)]
        threads = [
            threading.Thread(target=client, args=(n, ports[n % SERVERS]), daemon=True)
            for n in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    expected = Counter({(409, "slot_taken"): CLIENTS - 1, (201, None): 1})
    assert [Counter(found) for found in outcomes] == [expected] * ROUNDS
    assert most_used(database) == {room.id: 1}
