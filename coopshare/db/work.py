"""The unit of work: the only place that begins, commits, retries or rolls back (decision 1)."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, Insert, Update, bindparam, insert, inspect, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from coopshare.db import guards
from coopshare.db.base import Base, Owned
from coopshare.db.engine import make_engines
from coopshare.db.models import AuditEntry, Job
from coopshare.db.scope import ScopedSession
from coopshare.db.snapshots import Snapshots, Snapshotted, changed, look_again, snapshot
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import Busy, Unavailable, VersionMismatch
from coopshare.kernel.facts import Fact

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 4
"""One try and three retries, with jitter."""
PATIENCE = 3.5
"""Seconds after which nothing is tried again: a request is answered within five."""
PASSING_SQLSTATES = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock not available: the same unit may succeed next time."""
SQLITE_PASSING = frozenset({5, 6})
"""SQLITE_BUSY and SQLITE_LOCKED."""
SQLITE_READONLY = 8
SQLITE_SPOILT = frozenset({11, 26})
"""SQLITE_CORRUPT and SQLITE_NOTADB: the file has to be restored."""
UNAVAILABLE_SQLSTATES = ("08", "53", "57", "58")
"""Connection, resources, operator intervention, system: the database is away or full."""

LOCAL_ADDRESS = "http://127.0.0.1:8070"
"""Where an instance answers when nothing else is set."""

Handlers = Mapping[type[Fact], Sequence[str]]
"""Which jobs follow each fact: filled by app.py."""


def utc_now() -> datetime:
    """Return the present instant: the only clock of CoopShare."""
    return datetime.now(UTC)  # noqa: TID251 - this is the one place


@dataclass(slots=True)
class Work:
    """What one use case may touch: the session, who acts, what time it is."""

    session: ScopedSession
    actor: Actor
    now: datetime
    handlers: Handlers = field(default_factory=dict)
    address: str = LOCAL_ADDRESS
    """Where this instance answers, without a slash at its end: for links in calendars and mails."""
    left_jobs: bool = False
    """Whether the worker has something to do once this unit is kept."""
    remembered: dict[str, Any] = field(default_factory=dict)
    """What was loaded once for the whole unit."""
    snapshots: Snapshots = field(default_factory=Snapshots)
    """What this process keeps in memory; see db/snapshots.py."""

    def snapshot(self, name: str, load: "Callable[[Work], T]") -> T:
        """Return what `load` reads of snapshotted rows, from memory while they do not change.

        For what every request reads and few ever change. The value has a length, its number of
        rows; these are shared by all requests and refuse to be changed. Needs a cooperative.
        """
        found: T = snapshot(
            self.session,
            self.snapshots,
            name,
            lambda session: load(Work(session, self.actor, self.now)),
        )
        return found

    def look_again(self) -> bool:
        """Tell whether what snapshots hold has changed since this unit began; it is read anew.

        For a verb that has just taken its locks.
        """
        return look_again(self.session)

    def remember(self, name: str, load: Callable[[], T]) -> T:
        """Return what this unit loaded under a name before, or load it now.

        For what several verbs of one unit ask alike, and none of them changes.
        """
        if name not in self.remembered:
            self.remembered[name] = load()
        found: T = self.remembered[name]
        return found

    def record(self, *facts: Fact) -> None:
        """Keep what happened: an audit row, and one job per handler of each fact, in this unit."""
        actor = self.actor
        self.session.flush()
        self.add_rows(
            AuditEntry,
            [
                {
                    "at": self.now,
                    "person_id": actor.person_id,
                    "organisation_id": actor.organisation_id,
                    "door": actor.door,
                    "action": fact.name,
                    "object_kind": fact.object_kind,
                    "object_id": fact.object_id,
                    "changes": {name: [before, after] for name, before, after in fact.changes},
                }
                for fact in facts
            ],
        )
        jobs = [
            self._job(kind, {"id": str(fact.object_id), "fact": fact.name})
            for fact in facts
            for kind in self.handlers.get(type(fact), ())
        ]
        self.left_jobs = self.left_jobs or bool(jobs)
        self.add_rows(Job, jobs)

    def enqueue(self, kind: str, payload: dict[str, Any], run_at: datetime | None = None) -> None:
        """Have a job done by the worker once this unit is kept, not before `run_at`."""
        self.left_jobs = True
        self.session.flush()
        self.add_rows(Job, [self._job(kind, payload, run_at)])

    def _job(
        self, kind: str, payload: dict[str, Any], run_at: datetime | None = None
    ) -> dict[str, Any]:
        return {
            "cooperative_id": self.actor.cooperative_id,
            "kind": kind,
            "payload": payload,
            "created_at": self.now,
            "run_at": run_at or self.now,
        }

    def insert(self, *rows: Base) -> None:
        """Insert new rows as they are: for rows of the busiest verbs, at half the cost of a flush.

        The rows stay outside of the session; those of one model have the same columns set.
        """
        for model in dict.fromkeys(type(row) for row in rows):
            columns = _columns(model)
            found = [r.__dict__ for r in rows if type(r) is model]
            self.add_rows(model, [{c: row[c] for c in columns & row.keys()} for row in found])

    def add_rows(self, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows at once, each given the cooperative of this unit."""
        if not rows:
            return
        extra = {"cooperative_id": self.session.cooperative_id} if issubclass(model, Owned) else {}
        if issubclass(model, Snapshotted) and self.session.cooperative_id is not None:
            changed(self.session, [self.session.cooperative_id])
        self.session.connection().execute(_insert(model), [{**row, **extra} for row in rows])

    def change_rows(self, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """Change many rows of this unit's cooperative at once, in one statement.

        Each row names its `id` and the same columns. Objects of the session are not told, and a
        `version` is neither looked at nor raised: the caller holds the rows locked and says it.
        """
        if not rows:
            return
        named = [{f"_{name}": value for name, value in row.items()} for row in rows]
        extra = {"_cooperative_id": self.session.cooperative_id}
        statement = _update(model, tuple(rows[0]))
        self.session.connection().execute(statement, [{**row, **extra} for row in named])


class Database:
    """One database: read-only units, and written units that are kept whole or not at all.

    `durable`: what is kept outlives a machine that falls; tests go without, for speed.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], datetime] = utc_now,
        handlers: Handlers | None = None,
        address: str = LOCAL_ADDRESS,
        durable: bool = True,
    ) -> None:
        self.url = url
        self.address = address
        self.clock = clock
        self.handlers: Handlers = handlers or {}
        self.reading, self.writing = make_engines(url, durable=durable)
        self._read = sessionmaker(self.reading, class_=ScopedSession, autoflush=False)
        self._write = sessionmaker(self.writing, class_=ScopedSession, expire_on_commit=False)
        self.snapshots = Snapshots()
        self.after_jobs: list[Callable[[], None]] = []
        """Called after a unit that left jobs is kept: wakes the worker."""

    @property
    def engine(self) -> Engine:
        """Return the engine for writing, for migrations and checks."""
        return self.writing

    def close(self) -> None:
        """Give back every connection."""
        self.reading.dispose()
        self.writing.dispose()

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Work]:
        """Open a unit in which the database itself refuses to write.

        Raises `Busy` when the database does not answer, `Unavailable` when it cannot.
        """
        with self._read() as session:
            session.cooperative_id = actor.cooperative_id
            try:
                yield self._work(session, actor)
                # Ended by a commit, with nothing in the session: after a rollback the driver for
                # PostgreSQL forgets the plans it had prepared, which cost more than the reading.
                session.expunge_all()
                session.commit()
            except (DBAPIError, PoolTimeoutError) as error:
                if is_passing(error):
                    raise Busy from error
                if is_unavailable(error) and not _wrote(error):
                    raise Unavailable from error
                raise

    def write(
        self,
        actor: Actor,
        use_case: Callable[Concatenate[Work, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a use case in one transaction, again when the database asks for it, and keep it.

        The use case has no effect outside its session: it may run several times. Raises what the
        use case refuses (nothing is kept then), the refusal of a database guard, `Busy` when
        others are in the way too long, or `Unavailable`.
        """
        began = time.monotonic()
        for attempt in range(ATTEMPTS):
            try:
                return self._once(actor, use_case, *args, **kwargs)
            except StaleDataError as error:
                raise VersionMismatch from error
            except (DBAPIError, PoolTimeoutError) as error:
                refusal = guards.refusal(error)
                if refusal is not None:
                    raise refusal from error
                if not is_passing(error):
                    if is_unavailable(error):
                        raise Unavailable from error
                    raise
                if attempt == ATTEMPTS - 1 or time.monotonic() - began > PATIENCE:
                    raise Busy from error
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - jitter
        raise AssertionError  # pragma: no cover - the loop returns or raises

    def _work(self, session: ScopedSession, actor: Actor) -> Work:
        return Work(
            session,
            actor,
            self.clock(),
            self.handlers,
            self.address,
            snapshots=self.snapshots,
        )

    def _once(
        self,
        actor: Actor,
        use_case: Callable[Concatenate[Work, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        with self._write() as session:
            session.cooperative_id = actor.cooperative_id
            work = self._work(session, actor)
            result = use_case(work, *args, **kwargs)
            session.commit()
        if work.left_jobs:
            for wake in self.after_jobs:
                wake()
        return result


@cache
def _columns(model: type[Base]) -> frozenset[str]:
    return frozenset(attribute.key for attribute in inspect(model).column_attrs)


@cache
def _update(model: type[Base], names: tuple[str, ...]) -> Update:
    columns = inspect(model).columns
    values = {n: bindparam(f"_{n}", type_=columns[n].type) for n in names if n != "id"}
    mine = columns["cooperative_id"] == bindparam("_cooperative_id")
    found: Update = update(model).where(columns["id"] == bindparam("_id"), mine).values(values)
    return found


@cache
def _insert(model: type[Base]) -> Insert:
    return insert(model)


def _wrote(error: Exception) -> bool:
    """Tell whether a read-only unit tried to write: a bug, not a passing trouble."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return code is not None and code & 0xFF == SQLITE_READONLY


def is_passing(error: Exception) -> bool:
    """Tell whether the same unit may succeed if it is tried again."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return isinstance(error, PoolTimeoutError)
    if getattr(error.orig, "sqlstate", None) in PASSING_SQLSTATES:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in SQLITE_PASSING


def is_unavailable(error: Exception) -> bool:
    """Tell whether the database is away, full, damaged or read-only: nothing to do but wait."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error, InterfaceError):  # psycopg: the connection; SQLite: a value of ours
        return "sqlite" not in type(error.orig).__module__
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(UNAVAILABLE_SQLSTATES)
    code = getattr(error.orig, "sqlite_errorcode", None)
    return isinstance(error, OperationalError) or (
        code is not None and code & 0xFF in SQLITE_SPOILT
    )
