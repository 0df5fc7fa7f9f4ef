"""Four processes that act on waiting lists at the same instant, each in its own way."""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from coopshare.bookings import services
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import CoopShareError
from coopshare.models import metadata

PROCESSES = 4
PATIENCE = 60
"""Seconds before a stuck process is a failure."""

VERBS: Mapping[str, Callable[..., Any]] = {
    "book": services.book,
    "cancel": services.cancel,
    "change": services.change,
    "join": services.join,
    "leave": services.leave,
    "accept": services.accept,
    "lapse": services.lapse,
}


@dataclass(frozen=True)
class Act:
    """A verb, who does it, and what it is given."""

    verb: str
    actor: Actor
    given: Any


IDLE = None
Round = tuple[Act | None, ...]
"""What each process does."""


def outcome(database: Database, act: Act | None) -> str:
    """Act, and say in one word how it went: the verb, the code of a refusal, or a crash."""
    if act is None:
        return "idle"
    try:
        database.write(act.actor, VERBS[act.verb], act.given)
    except CoopShareError as refusal:
        return refusal.code
    except Exception as error:  # noqa: BLE001 - told to the test, which expects none
        return f"crash: {error!r}"
    return act.verb


def member(barrier: Any, pipe: Connection) -> None:
    """Do one list of acts after another, each at the same instant as the others."""
    assert "waits" in metadata.tables  # every model is known
    while (job := pipe.recv()) is not None:
        url, acts = job
        database = Database(url)
        found = []
        for act in acts:
            barrier.wait(PATIENCE)
            found.append(outcome(database, act))
        database.close()
        pipe.send(found)


class Queueing:
    """The four processes."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.barrier = context.Barrier(PROCESSES)
        self.pipes: list[Connection] = []
        self.processes = []
        for _ in range(PROCESSES):
            ours, theirs = context.Pipe()
            process = context.Process(target=member, args=(self.barrier, theirs), daemon=True)
            process.start()
            theirs.close()
            self.pipes.append(ours)
            self.processes.append(process)

    def race(self, database: Database, rounds: Sequence[Round]) -> list[list[str]]:
        """Have every process do its part of each round at once; return how each went."""
        url = database.engine.url.render_as_string(hide_password=False)
        for number, pipe in enumerate(self.pipes):
            pipe.send((url, [one[number] if number < len(one) else IDLE for one in rounds]))
        found = [pipe.recv() for pipe in self.pipes]
        return [[words[n] for words in found] for n in range(len(rounds))]

    def stop(self) -> None:
        """Send everybody home."""
        for pipe in self.pipes:
            pipe.send(None)
        for process in self.processes:
            process.join(10)
            if process.is_alive():
                process.terminate()
