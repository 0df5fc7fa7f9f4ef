"""Jobs are done at least once, whatever dies; tried again when they fail; purged when old."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from coopshare.db.models import Job, KeptAnswer, Throttle
from coopshare.db.outbox import GiveUp, Handler, JobToDo
from coopshare.db.work import Database, Work
from coopshare.jobs import services
from coopshare.jobs.worker import PURGE, WORKER, Worker
from tests.conftest import NOW, Clock

ROOT = Path(__file__).resolve().parents[2]


def leave(database: Database, *kinds: str) -> list[Job]:
    """Leave one job of each kind, numbered."""

    def enqueue(work: Work) -> None:
        for number, kind in enumerate(kinds):
            work.enqueue(kind, {"number": number})

    database.write(WORKER, enqueue)
    return jobs(database)


def jobs(database: Database) -> list[Job]:
    with database.read(WORKER) as work:
        found = list(work.session.scalars(select(Job).order_by(Job.run_at, Job.id)))
        work.session.expunge_all()
    return found


def states(database: Database) -> tuple[int, int, int]:
    """Return how many jobs wait, are done, are failed."""
    found = jobs(database)
    done = sum(job.done_at is not None for job in found)
    failed = sum(job.failed_at is not None for job in found)
    return len(found) - done - failed, done, failed


def test_a_job_is_done_once(database: Database) -> None:
    seen: list[JobToDo] = []
    worker = Worker(database, {"tell": lambda _database, job: seen.append(job)})
    (job,) = leave(database, "tell")
    assert worker.drain() == 1
    assert worker.drain() == 0
    assert seen == [JobToDo(id=job.id, cooperative_id=None, kind="tell", payload={"number": 0})]
    assert states(database) == (0, 1, 0)


def test_a_job_is_not_done_before_its_time(database: Database, clock: Clock) -> None:
    worker = Worker(database, {"tell": lambda _database, _job: None})

    def later(work: Work) -> None:
        work.enqueue("tell", {}, run_at=NOW + timedelta(minutes=10))

    database.write(WORKER, later)
    assert worker.drain() == 0
    clock.now += timedelta(minutes=10)
    assert worker.drain() == 1


def test_a_failing_job_waits_longer_each_time_then_is_failed(
    database: Database, clock: Clock
) -> None:
    attempts: list[float] = []

    def fail(_database: Database, job: JobToDo) -> None:
        attempts.append((clock.now - NOW).total_seconds())
        raise OSError(f"no route, attempt {job.attempt}")

    worker = Worker(database, {"tell": fail})
    leave(database, "tell")
    for _ in range(20):
        worker.drain()
        clock.now = max(clock.now, jobs(database)[0].run_at)
    assert attempts == [0, 10, 30, 70, 150, 310, 630, 1270, 2550, 5110]
    (job,) = jobs(database)
    assert job.error == "OSError: no route, attempt 10"
    assert states(database) == (0, 0, 1)


def test_what_can_never_succeed_is_given_up_at_once(database: Database) -> None:
    def refuse(_database: Database, _job: JobToDo) -> None:
        raise GiveUp("This is not a mail address.")

    worker = Worker(database, {"tell": refuse})
    leave(database, "tell", "nobody knows this one")
    worker.drain()
    assert sorted(str(job.error) for job in jobs(database)) == [
        "No handler for nobody knows this one.",
        "This is not a mail address.",
    ]
    assert states(database) == (0, 0, 2)


def test_a_failing_job_does_not_hold_up_the_others(database: Database) -> None:
    def fail(_database: Database, _job: JobToDo) -> None:
        raise OSError("down")

    done: list[int] = []
    handlers: dict[str, Handler] = {
        "bad": fail,
        "good": lambda _database, job: done.append(job.payload["number"]),
    }
    leave(database, "bad", "good", "bad", "good")
    Worker(database, handlers).drain()
    assert sorted(done) == [1, 3]


def test_a_job_whose_worker_is_silent_goes_to_another(database: Database, clock: Clock) -> None:
    leave(database, "tell")
    job = database.write(WORKER, services.claim)
    assert job is not None
    assert database.write(WORKER, services.claim) is None
    clock.now += services.LEASE
    again = database.write(WORKER, services.claim)
    assert again is not None
    assert (again.id, again.attempt) == (job.id, 2)


def test_the_thread_is_woken_by_the_unit_and_stops(database: Database) -> None:
    done = threading.Event()
    worker = Worker(database, {"tell": lambda _database, _job: done.set()}, poll=60)
    worker.start()
    leave(database, "tell")
    assert done.wait(10)
    worker.stop()
    assert not [t for t in threading.enumerate() if t.name == "coopshare-worker"]
    assert states(database) == (0, 1, 0)


def test_the_old_is_forgotten(database: Database, clock: Clock) -> None:
    def remember(work: Work) -> None:
        for days in (8, 6):
            at = work.now - timedelta(days=days)
            work.session.add(
                KeptAnswer(
                    person_id=uuid.uuid4(),
                    key=f"{days}",
                    fingerprint="",
                    result_id=uuid.uuid4(),
                    created_at=at,
                )
            )
        for hours in (25, 1):
            at = work.now - timedelta(hours=hours)
            work.session.add(Throttle(key=f"{hours}", window_starts_at=at, count=1))

    database.write(WORKER, remember)
    PURGE.act(database)
    with database.read(WORKER) as work:
        assert list(work.session.scalars(select(KeptAnswer.key))) == ["6"]
        assert list(work.session.scalars(select(Throttle.key))) == ["1"]
    leave(database, "tell")
    Worker(database, {"tell": lambda _database, _job: None}).drain()
    clock.now += timedelta(days=31)
    PURGE.act(database)
    assert jobs(database) == []


@pytest.mark.slow
def test_nothing_is_lost_nor_doubled_when_workers_are_killed(
    engine_name: str, new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """Two workers at a time, killed without warning again and again."""
    url, journal = new_url(engine_name), tmp_path / "journal"
    database = Database(url)
    count = 200
    ids = {job.id for job in leave(database, *["inside", "outside"] * (count // 2))}

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, str(ROOT / "tests/jobs/child.py"), url, str(journal)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
        )

    kills, deadline = 0, time.monotonic() + 40
    while states(database)[0] and time.monotonic() < deadline:
        workers = [start(), start()]
        for worker in workers:
            assert worker.stdout is not None
            worker.stdout.readline()
        time.sleep(0.2 if kills < 8 else 3)
        for worker in workers:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            assert worker.stdout is not None
            worker.stdout.close()
            kills += 1
    assert states(database) == (0, count, 0)
    assert kills >= 4
    with database.read(WORKER) as work:
        counted = work.session.execute(
            select(func.count(), func.min(Throttle.count), func.max(Throttle.count))
        ).one()
    assert tuple(counted) == (count // 2, 1, 1)
    written = set(journal.read_text().split())
    outside = {str(job.id) for job in jobs(database) if job.kind == "outside"}
    assert written == outside
    assert len(ids) == count
    database.close()
