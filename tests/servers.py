"""A real PostgreSQL for the tests, on any machine (decision 15): never a silent skip."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT_USERS = ("postgres", "nobody")
"""Who runs the server when the tests run as root, which PostgreSQL refuses."""


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


@contextmanager
def postgresql() -> Iterator[str]:
    """Give the URL of a PostgreSQL server's maintenance database; stop what was started."""
    given = os.environ.get("COOPSHARE_TEST_POSTGRES")
    if given:
        yield given
        return
    binaries, user, port = find_binaries(), _plain_user(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="coopshare-postgresql-"))
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def call(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(binaries / program), *arguments],
            check=True,
            capture_output=True,
            user=user,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)},
        )

    call("initdb", "-D", str(data), "-U", "coopshare", "-A", "trust", "-E", "UTF8", "-N")
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(
            f"listen_addresses = '127.0.0.1'\nport = {port}\nmax_connections = 300\n"
            f"unix_socket_directories = '{folder}'\nfsync = off\n"
        )
    call("pg_ctl", "-D", str(data), "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql+psycopg://coopshare@127.0.0.1:{port}/postgres"
    finally:
        call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
