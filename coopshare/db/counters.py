"""Counters that rise in the transaction of a change, and rows that are kept once."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite

from coopshare.db.base import Base
from coopshare.db.work import Work


def raise_each(work: Work, model: type[Base], scope_ids: Iterable[UUID]) -> None:
    """Raise by one the `version` of each scope of this unit's cooperative, and its `changed_at`.

    `model` has the key (cooperative_id, scope_id). Their rows are locked in sorted
    order: two writers never wait for each other in a ring, and never both make the same counter.
    """
    rows = [
        {
            "cooperative_id": work.session.cooperative_id,
            "scope_id": scope_id,
            "version": 1,
            "changed_at": work.now,
        }
        for scope_id in sorted(set(scope_ids))
    ]
    if not rows:
        return
    connection = work.session.connection()
    connection.execute(_raising(connection.dialect.name, model), rows)


def is_first(work: Work, model: type[Base], **key: object) -> bool:
    """Keep a row that is nothing but its key; False where it was kept before, by whoever it was.

    Of several units at once, one is told True.
    """
    connection = work.session.connection()
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    table = model.__table__
    statement = insert(table).values(**key).on_conflict_do_nothing()
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


@cache
def _raising(dialect: str, model: type[Base]) -> Executable:
    """Return the statement that makes or raises one counter, sent for all of them in order."""
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(model.__table__)
    found: Executable = statement.on_conflict_do_update(
        index_elements=["cooperative_id", "scope_id"],
        set_={
            "version": model.__table__.c.version + 1,
            "changed_at": statement.excluded.changed_at,
        },
    )
    return found
