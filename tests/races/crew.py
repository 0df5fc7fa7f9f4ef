"""Four processes of sixteen threads that act at the same instant on one database.

The processes are started once and given one job after another; each opens a `Database` of its own.
"""

import multiprocessing
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from threading import BrokenBarrierError
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from coopshare.bookings import services as bookings
from coopshare.bookings.commands import Book, BookSeries, Line, Recurrence
from coopshare.bookings.services import counting
from coopshare.db.work import Database, Work
from coopshare.holds import queries, services, taking
from coopshare.holds.models import Hold, HoldSource
from coopshare.holds.rules import Demand
from coopshare.holds.services import Wanted
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import CoopShareError
from coopshare.kernel.intervals import Interval
from coopshare.kernel.recurrence import parse
from coopshare.models import metadata
from coopshare.resources.models import Quota, Resource

PROCESSES, THREADS = 4, 16
RIVALS = PROCESSES * THREADS
PATIENCE = 60
"""Seconds before a stuck crew is a failure."""

WON = "won"


@dataclass(frozen=True)
class Attempt:
    """What one rival tries in one round: all of it or nothing."""

    wanted: tuple[tuple[UUID, int], ...]
    start: datetime
    end: datetime
    raw: bool = False
    """By a bare INSERT, without any of our code."""
    title: str = ""
    """By a booking of that title for the actor's organisation, with all that goes with it."""
    rule: str = ""
    """By a series of such bookings: an RRULE, from the day of the start on."""


@dataclass(frozen=True)
class Job:
    """What every rival tries, round after round: `rounds[n][rival]`."""

    url: str
    actor: Actor
    rounds: tuple[tuple[Attempt, ...], ...]
    without: tuple[str, ...] = ()
    """The parts of the service taken out, as planted faults: "lock", "check", "quota"."""


def take(work: Work, attempt: Attempt) -> None:
    """Hold what an attempt wants, as a booking does."""
    ids = [resource_id for resource_id, _ in attempt.wanted]
    resources = work.session.scalars(sa.select(Resource).where(Resource.id.in_(ids))).all()
    services.hold(
        work,
        resources,
        [Wanted(resource_id, quantity) for resource_id, quantity in attempt.wanted],
        Interval(attempt.start, attempt.end),
        source_kind=HoldSource.BOOKING,
        source_id=uuid4(),
    )


def book(work: Work, attempt: Attempt) -> None:
    """Make a booking, or a series of them, of what an attempt wants."""
    assert work.actor.organisation_id is not None
    command = Book(
        organisation_id=work.actor.organisation_id,
        title=attempt.title,
        lines=tuple(Line(resource_id=key, quantity=count) for key, count in attempt.wanted),
        span=Interval(attempt.start, attempt.end),
    )
    if attempt.rule:
        recurrence = Recurrence(rule=parse(attempt.rule))
        bookings.book_series(work, BookSeries(book=command, recurrence=recurrence))
    else:
        bookings.book(work, command)


def insert(database: Database, actor: Actor, attempt: Attempt) -> None:
    """Write the holds of an attempt by a bare statement."""
    with database.engine.begin() as connection:
        for resource_id, quantity in sorted(attempt.wanted):
            connection.execute(
                sa.insert(Hold).values(
                    id=uuid4(),
                    cooperative_id=actor.cooperative_id,
                    resource_id=resource_id,
                    quantity=quantity,
                    starts_at=attempt.start,
                    ends_at=attempt.end,
                    live=True,
                    exclusive=False,
                    source_kind=HoldSource.BOOKING,
                    source_id=uuid4(),
                )
            )


def outcome(database: Database, actor: Actor, attempt: Attempt) -> str:
    """Try, and say in one word how it went: "won", the code of a refusal, or a crash."""
    try:
        if attempt.raw:
            insert(database, actor, attempt)
        else:
            database.write(actor, book if attempt.title else take, attempt)
    except CoopShareError as refusal:
        return refusal.code
    except DBAPIError as error:
        said = str(error.orig)
        guard = any(name in said for name in ("holds_within", "refused by the database"))
        return "guard" if attempt.raw and guard else f"crash: {said}"
    except Exception as error:  # noqa: BLE001 - told to the test, which expects none
        return f"crash: {error!r}"
    return WON


def _no_lock(work: Work, resource_ids: Any) -> dict[UUID, frozenset[UUID]]:
    return queries.leaf_parts(work, resource_ids)


def _no_check(work: Work, asked: Sequence[Demand], *, but: UUID | None = None) -> None:
    assert (work.actor.door, bool(asked), but) == ("web", True, None)


def _no_quota_lock(
    work: Work, organisation_id: UUID, person_id: UUID | None, binding: Iterable[Quota]
) -> None:
    assert work.actor.organisation_id == organisation_id
    assert person_id is None or list(binding)


def run(job: Job, number: int, barrier: Any) -> list[list[str]]:
    """Run a job in one process; return the outcomes of its threads, round by round."""
    assert "memberships" in metadata.tables  # every model is known
    database = Database(job.url)
    kept = queries.lock, taking.check, counting.lock_holders
    if "lock" in job.without:
        queries.lock = _no_lock
    if "check" in job.without:
        taking.check = _no_check
    if "quota" in job.without:
        counting.lock_holders = _no_quota_lock
    outcomes: list[list[str]] = [["late"] * THREADS for _ in job.rounds]

    def rival(thread: int) -> None:
        for outcome_of, attempts in zip(outcomes, job.rounds, strict=True):
            try:
                barrier.wait(PATIENCE)
            except BrokenBarrierError:
                return
            attempt = attempts[number * THREADS + thread]
            outcome_of[thread] = outcome(database, job.actor, attempt)

    threads = [threading.Thread(target=rival, args=(n,), daemon=True) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    queries.lock, taking.check, counting.lock_holders = kept
    database.close()
    return outcomes


def member(number: int, barrier: Any, pipe: Connection) -> None:
    """Do one job after another, until told to stop."""
    while (job := pipe.recv()) is not None:
        pipe.send(run(job, number, barrier))


class Crew:
    """The four processes."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.barrier = context.Barrier(RIVALS)
        self.pipes: list[Connection] = []
        self.processes = []
        for number in range(PROCESSES):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=member, args=(number, self.barrier, theirs), daemon=True
            )
            process.start()
            theirs.close()
            self.pipes.append(ours)
            self.processes.append(process)

    def race(
        self,
        database: Database,
        actor: Actor,
        rounds: Sequence[Sequence[Attempt]],
        *,
        without: tuple[str, ...] = (),
    ) -> list[Counter[str]]:
        """Have every rival try each round at the same instant; return how each round went."""
        url = database.engine.url.render_as_string(hide_password=False)
        job = Job(url, actor, tuple(tuple(attempts) for attempts in rounds), without)
        assert all(len(attempts) == RIVALS for attempts in job.rounds)
        for pipe in self.pipes:
            pipe.send(job)
        found: list[list[list[str]]] = [pipe.recv() for pipe in self.pipes]
        return [
            Counter(word for outcomes in found for word in outcomes[n])
            for n in range(len(job.rounds))
        ]

    def stop(self) -> None:
        """Send everybody home."""
        for pipe in self.pipes:
            pipe.send(None)
        for process in self.processes:
            process.join(10)
            if process.is_alive():
                process.terminate()
