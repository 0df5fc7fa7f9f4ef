"""What every request reads and few ever change, kept in memory until it changes.

The catalogue and the members of a cooperative are read at nearly every request and written a few
times a day. A written unit that touches such rows gives their cooperative another mark, in the
same transaction; a unit reads the mark first and loads again only when it is another one. So a
change acts at the very next request, in every process, and a unit sees its own changes.
"""

import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, QueryableAttribute

from coopshare.db.base import Base, Owned
from coopshare.db.models import SnapshotMark
from coopshare.db.scope import ScopedSession

MOST_ROWS = 20_000
"""How many rows a process keeps, over all cooperatives: those used longest ago go first."""


class ReadOnlyRow(TypeError):
    """A bug: a row of a snapshot, which every request shares, was about to be changed."""


class Snapshotted:
    """A row that snapshots hold: any change of it gives its cooperatives another mark."""

    def told(self, _session: ScopedSession) -> Iterable[UUID]:
        """Return the cooperatives whose snapshots hold this row."""
        assert isinstance(self, Owned)  # noqa: S101 - the others say it themselves
        return [self.cooperative_id]


MARKS = SnapshotMark.__table__


class Snapshots:
    """The snapshots of one process; safe to use from several threads."""

    def __init__(self, most: int = MOST_ROWS) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[UUID, str], tuple[UUID | None, Any]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: tuple[UUID, str], mark: UUID | None) -> Any:
        """Return what was kept under a key with this very mark, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found[0] != mark:
                return None
            self._kept.move_to_end(key)
            return found[1]

    def keep(self, key: tuple[UUID, str], mark: UUID | None, value: Any) -> None:
        """Keep a value; what was used longest ago makes room."""
        with self._lock:
            self._kept[key] = (mark, value)
            self._kept.move_to_end(key)
            rows = sum(len(one) for _, one in self._kept.values())
            while rows > self._most and len(self._kept) > 1:
                _, (_, gone) = self._kept.popitem(last=False)
                rows -= len(gone)


def mark_of(session: ScopedSession) -> UUID | None:
    """Return the present mark of the session's cooperative: one small statement."""
    found: UUID | None = (
        session.connection()
        .execute(select(MARKS.c.mark).where(MARKS.c.cooperative_id == session.cooperative_id))
        .scalar()
    )
    return found


def snapshot(
    session: ScopedSession, kept: Snapshots, name: str, load: Callable[[ScopedSession], Any]
) -> Any:
    """Return what `load` makes of snapshotted rows, from memory while nothing has changed.

    The value has a length, the number of its rows; they are detached and refuse to be changed.
    A unit that has changed such rows itself loads in its own session, for itself alone.
    """
    if session.autoflush and (session.new or session.dirty or session.deleted):
        session.flush()
    mine = session.loaded_snapshots
    if name in mine:
        return mine[name]
    if session.changed_snapshots:
        mine[name] = load(session)
        return mine[name]
    assert session.cooperative_id is not None  # noqa: S101 - callers have checked it
    if session.snapshot_mark is None:
        session.snapshot_mark = (mark_of(session),)
    (mark,) = session.snapshot_mark
    key = (session.cooperative_id, name)
    value = kept.find(key, mark)
    if value is None:
        with ScopedSession(
            session.connection(), autoflush=False, join_transaction_mode="rollback_only"
        ) as apart:
            apart.cooperative_id = session.cooperative_id
            value = load(apart)
            apart.expunge_all()
        kept.keep(key, mark, value)
    mine[name] = value
    return value


def look_again(session: ScopedSession) -> bool:
    """Read the mark anew, once locks are taken; tell whether something had changed meanwhile."""
    if session.changed_snapshots:
        session.loaded_snapshots.clear()
        return True
    if session.snapshot_mark is None:
        return False
    present = (mark_of(session),)
    if present == session.snapshot_mark:
        return False
    session.snapshot_mark = present
    session.loaded_snapshots.clear()
    return True


def changed(session: ScopedSession, cooperative_ids: Iterable[UUID]) -> None:
    """Have the snapshots of cooperatives loaded again once this unit is kept."""
    session.changed_snapshots.update(cooperative_ids)
    session.loaded_snapshots.clear()


@event.listens_for(ScopedSession, "after_flush")
def _note(session: ScopedSession, _context: object) -> None:
    rows = [row for row in (*session.new, *session.deleted) if isinstance(row, Snapshotted)]
    rows += [r for r in session.dirty if isinstance(r, Snapshotted) and session.is_modified(r)]
    if rows:
        with session.no_autoflush:
            changed(session, {one for row in rows for one in row.told(session)})


@event.listens_for(ScopedSession, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete):
        return
    if not any(issubclass(mapper.class_, Snapshotted) for mapper in state.all_mappers):
        return
    session = state.session
    assert isinstance(session, ScopedSession)  # noqa: S101 - for the type checker
    assert session.cooperative_id is not None  # noqa: S101 - such rows are changed within one
    changed(session, [session.cooperative_id])


@event.listens_for(ScopedSession, "before_commit")
def _give_marks(session: ScopedSession) -> None:
    """Give the changed cooperatives another mark: last, so that nobody waits for it long."""
    session.flush()
    if not session.changed_snapshots:
        return
    connection = session.connection()
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(MARKS).values(
        [{"cooperative_id": c, "mark": uuid.uuid4()} for c in sorted(session.changed_snapshots)]
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["cooperative_id"], set_={"mark": statement.excluded.mark}
        )
    )


@event.listens_for(Base, "attribute_instrument", propagate=True)
def _guard(kind: type, _key: str, attribute: QueryableAttribute[Any]) -> None:
    """Have each attribute of such a class refuse a change while its row is shared."""
    if not issubclass(kind, Snapshotted):
        return
    for what in ("set", "append", "remove") if attribute.impl.collection else ("set",):
        event.listen(attribute, what, _refuse)


def _refuse(row: object, *_arguments: object, **_options: object) -> None:
    if inspect(row).detached:
        message = f"{type(row).__name__} of a snapshot: load it through the session"
        raise ReadOnlyRow(message)
