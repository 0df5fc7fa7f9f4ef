"""A real PostgreSQL for the tests, on any machine (decision 15): never a silent skip."""

import contextlib
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT_USERS = ("postgres", "nobody")
"""Who runs the server when the tests run as root, which PostgreSQL refuses."""
STARTS = 4
"""How often a server is started: somebody may take its port before it does."""
PATIENCE = 60
"""Seconds before a program of PostgreSQL is held for stuck."""


def find_binaries() -> Path:
    """Return the folder of a PostgreSQL server's programs; fails with a sentence when none is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    for site in (Path(entry) for entry in sys.path if entry.endswith("site-packages")):
        for program in site.glob("*postgres*/**/bin/initdb"):
            return program.parent
    message = (
        "No PostgreSQL server was found: set COOPSHARE_TEST_POSTGRES to the URL of one,"
        " or install one (on Debian: apt install postgresql)."
    )
    raise RuntimeError(message)


def _plain_user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in ROOT_USERS:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    message = "The tests run as root and no plain user can run PostgreSQL: use a plain user."
    raise RuntimeError(message)


def free_port() -> int:
    """Return a TCP port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server that runs, to be stopped by any process that knows it."""

    url: str
    """Of its maintenance database."""
    binaries: str = ""
    folder: str = ""
    """Of its data; empty: it was there before us, and stays."""
    user: str | None = None

    @classmethod
    def read(cls, text: str) -> "Server":
        """Return the server that `told` described."""
        return cls(**json.loads(text))

    def told(self) -> str:
        """Describe it, for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def start(cls) -> "Server":
        """Start one, unless `COOPSHARE_TEST_POSTGRES` names one; nothing stays when it fails."""
        given = os.environ.get("COOPSHARE_TEST_POSTGRES")
        if given:
            return cls(given)
        binaries, user = find_binaries(), _plain_user()
        folder = Path(tempfile.mkdtemp(prefix="coopshare-postgresql-"))
        server = cls("", str(binaries), str(folder), user)
        try:
            if user:
                shutil.chown(folder, user)
            server._call("initdb", *["-U", "coopshare", "-A", "trust", "-E", "UTF8", "-N"])
            with (folder / "data" / "postgresql.conf").open("a") as settings:
                settings.write(
                    f"listen_addresses = '127.0.0.1'\nmax_connections = 300\n"
                    f"unix_socket_directories = '{folder}'\nfsync = off\n"
                )
            port = server._listen()
        except BaseException:
            server.stop()
            raise
        url = f"postgresql+psycopg://coopshare@127.0.0.1:{port}/postgres"
        return cls(url, str(binaries), str(folder), user)

    def _listen(self) -> int:
        """Have it run, on a port that stays free until it takes it."""
        for attempt in range(1, STARTS + 1):
            port = free_port()
            log = str(Path(self.folder) / f"log-{attempt}")
            try:
                self._call("pg_ctl", "-o", f"-p {port}", "-l", log, "-w", "start")
            except subprocess.CalledProcessError as failed:
                said = Path(log).read_text() if Path(log).exists() else failed.stderr.decode()
                if attempt == STARTS or "in use" not in said:
                    raise RuntimeError(said) from failed
            else:
                return port
        raise AssertionError

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(Path(self.binaries) / program), "-D", f"{self.folder}/data", *arguments],
            check=True,
            capture_output=True,
            user=self.user,
            cwd=self.folder,
            timeout=PATIENCE,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": self.folder},
        )

    def stop(self) -> None:
        """Stop it if it is ours and runs, and remove its data."""
        if not self.folder:
            return
        with contextlib.suppress(subprocess.SubprocessError):
            self._call("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def postgresql() -> Iterator[str]:
    """Give the URL of a PostgreSQL server's maintenance database; stop what was started."""
    server = Server.start()
    try:
        yield server.url
    finally:
        server.stop()
