"""Isolation of cooperatives: every ORM statement of a session is limited to one (decision 5)."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.orm import LoaderCriteriaOption, ORMExecuteState, Session, with_loader_criteria

from coopshare.db.base import Owned

EVERYWHERE = {"every_cooperative": True}
"""Execution option of the few statements that look across cooperatives: who may enter where, whose
token this is, what the worker has to do. An architecture test lists the modules that use it."""


class UnscopedStatement(Exception):
    """A bug: a statement that could reach the rows of any cooperative."""


class ScopedSession(Session):
    """A session that reaches the rows of one cooperative only, and writes no other."""

    cooperative_id: UUID | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.snapshot_mark: tuple[UUID | None] | None = None
        """The mark this unit has read; see db/snapshots.py."""
        self.loaded_snapshots: dict[str, Any] = {}
        self.changed_snapshots: set[UUID] = set()
        """Cooperatives whose snapshotted rows this unit has changed."""


@event.listens_for(ScopedSession, "do_orm_execute")
def limit(state: ORMExecuteState) -> None:
    """Add the cooperative to every statement, or refuse the statement."""
    if not state.is_orm_statement:
        message = f"not an ORM statement: {state.statement}"
        raise UnscopedStatement(message)
    if state.execution_options.get("every_cooperative") or state.is_column_load:
        return
    session = state.session
    assert isinstance(session, ScopedSession)  # noqa: S101 - for the type checker
    cooperative_id = session.cooperative_id
    if cooperative_id is None and any(issubclass(m.class_, Owned) for m in state.all_mappers):
        message = f"no cooperative for: {state.statement}"
        raise UnscopedStatement(message)
    if state.is_insert:
        message = "ORM insert() statements go through Work.add_rows"
        raise UnscopedStatement(message)
    state.statement = state.statement.options(_only(cooperative_id))


@lru_cache(maxsize=1024)
def _only(cooperative_id: UUID | None) -> LoaderCriteriaOption:
    """Return the criterion of a cooperative, made once: every statement of it carries the same."""
    return with_loader_criteria(
        Owned,
        lambda cls: cls.cooperative_id == cooperative_id,
        include_aliases=True,
        track_closure_variables=True,
    )


@event.listens_for(ScopedSession, "before_flush")
def own(session: ScopedSession, _context: object, _instances: object) -> None:
    """Give each new row its cooperative; refuse a row of another one."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, Owned):
            _own(session, row)


def _own(session: ScopedSession, row: Any) -> None:
    if row.cooperative_id is None and session.cooperative_id is not None:
        row.cooperative_id = session.cooperative_id
    elif row.cooperative_id != session.cooperative_id or row.cooperative_id is None:
        message = (
            f"{type(row).__name__} of {row.cooperative_id} in a session of {session.cooperative_id}"
        )
        raise UnscopedStatement(message)
