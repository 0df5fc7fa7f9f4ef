"""An independent look at what was stored: no code of the holds is used here."""

from uuid import UUID

import sqlalchemy as sa

from coopshare.db.work import Database

SQL = "SELECT resource_id, starts_at, ends_at, quantity FROM holds WHERE live ORDER BY starts_at"


def most_used(database: Database) -> dict[UUID, int]:
    """Return the most that was ever held of each resource at one instant, by brute force."""
    with database.engine.connect() as connection:
        rows = connection.execute(sa.text(SQL)).all()
    held: dict[UUID, list[tuple[str, str, int]]] = {}
    for resource_id, start, end, quantity in rows:
        held.setdefault(UUID(str(resource_id)), []).append((str(start), str(end), quantity))
    return {
        resource_id: max(
            sum(q for start, end, q in uses if start <= instant < end) for instant, _, _ in uses
        )
        for resource_id, uses in held.items()
    }
