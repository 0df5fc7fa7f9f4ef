"""A worker process that the tests kill without warning."""

import sys
import time
from datetime import timedelta
from pathlib import Path

import coopshare.models  # noqa: F401 - every table, as the application has
from coopshare.db.models import Throttle
from coopshare.db.outbox import JobToDo, mark_done
from coopshare.db.work import Database, Work
from coopshare.jobs.worker import Worker

JOURNAL = Path(sys.argv[2])


def inside(database: Database, job: JobToDo) -> None:
    """Count in the database, in the unit that marks the job done."""

    def count(work: Work) -> None:
        mark_done(work, job)
        key = f"job:{job.payload['number']}"
        row = work.session.get(Throttle, key)
        if row is None:
            work.session.add(Throttle(key=key, window_starts_at=work.now, count=1))
        else:
            row.count += 1

    time.sleep(0.002)
    database.write(job.actor, count)
    time.sleep(0.002)


def outside(_database: Database, job: JobToDo) -> None:
    """Write a line outside the database."""
    with JOURNAL.open("a", encoding="ascii") as file:
        file.write(f"{job.id}\n")


def main() -> None:
    """Work until killed, or until nothing is left."""
    database = Database(sys.argv[1])
    worker = Worker(
        database,
        {"inside": inside, "outside": outside},
        periodic=(),
        lease=timedelta(seconds=1),
        poll=0.05,
    )
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    worker.run()


main()
