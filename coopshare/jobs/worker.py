"""The worker: takes jobs one after the other, in the server's process or in its own.

A lease is taken in one short unit, the job is done with no transaction open, and the outcome is
marked in another unit. Several workers may run; a worker that dies leaves its job to another.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from coopshare.db.outbox import AlreadyDone, GiveUp, Handler, JobToDo
from coopshare.db.work import Database
from coopshare.jobs import services
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import Busy

log = logging.getLogger("coopshare.jobs")

WORKER = Actor(door="worker")
POLL = 5.0
"""Seconds between two looks at the queue when nothing woke the worker."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something done again and again by every worker, between jobs; safe to be done twice."""

    every: timedelta
    act: Callable[[Database], object]


def purge(database: Database) -> None:
    """Forget what is too old."""
    database.write(WORKER, services.purge)


PURGE = Periodic(timedelta(hours=1), purge)


class Worker:
    """Does the jobs of one database with the handlers of app.py."""

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        *,
        periodic: Sequence[Periodic] = (PURGE,),
        lease: timedelta = services.LEASE,
        poll: float = POLL,
    ) -> None:
        self.database = database
        self.handlers = handlers
        self.lease = lease
        self.poll = poll
        self._periodic: list[tuple[Periodic, datetime]] = [
            (thing, datetime.min.replace(tzinfo=database.clock().tzinfo)) for thing in periodic
        ]
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None

    def work_once(self) -> bool:
        """Do one job if one is due; tell whether one was."""
        job = self.database.write(WORKER, services.claim, self.lease)
        if job is None:
            return False
        if self._stopping.is_set():
            self.database.write(WORKER, services.give_back, job)
            return False
        self._do(job)
        return True

    def _do(self, job: JobToDo) -> None:
        try:
            handler = self.handlers.get(job.kind)
            if handler is None:
                raise GiveUp(f"No handler for {job.kind}.")  # noqa: TRY301 - told as any refusal
            handler(self.database, job)
        except AlreadyDone:
            return
        except GiveUp as error:
            log.warning("job %s (%s) given up: %s", job.id, job.kind, error)
            self.database.write(WORKER, services.put_off, job, str(error), for_good=True)
        except Exception as error:  # whatever a handler meets, the worker goes on
            log.exception("job %s (%s), attempt %d", job.id, job.kind, job.attempt)
            why = f"{type(error).__name__}: {error}"
            self.database.write(WORKER, services.put_off, job, why)
        else:
            self.database.write(WORKER, services.finish, job)

    def drain(self) -> int:
        """Do every job that is due, then return how many were done."""
        done = 0
        while self.work_once():
            done += 1
        return done

    def run(self) -> None:
        """Work until `stop`: a job under way is ended, the others stay for later."""
        while not self._stopping.is_set():
            self._woken.clear()
            try:
                worked = self.work_once()
                if not worked:
                    self._tend()
            except Busy:
                worked = False
            except Exception:  # a mistake of ours in the queue itself must not end the worker
                log.exception("the queue of jobs")
                worked = False
            if not worked and not self._stopping.is_set():
                self._woken.wait(self.poll)

    def _tend(self) -> None:
        now = self.database.clock()
        for place, (thing, last) in enumerate(self._periodic):
            if now - last >= thing.every:
                self._periodic[place] = (thing, now)
                thing.act(self.database)

    def wake(self) -> None:
        """Have the worker look at the queue now."""
        self._woken.set()

    def start(self) -> None:
        """Work in a thread of this process, woken by each unit that leaves jobs."""
        self.database.after_jobs.append(self.wake)
        self._thread = threading.Thread(target=self.run, name="coopshare-worker", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End after the job under way; wait for the thread, if there is one, some seconds."""
        self._stopping.set()
        self._woken.set()
        if self.wake in self.database.after_jobs:
            self.database.after_jobs.remove(self.wake)
        if self._thread is not None:
            self._thread.join(timeout)
