"""Sort names by the value of their numbers: each number of a stored key becomes eight digits wide."""

import re
from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = ("organisations", "people", "resources")
NUMBER = re.compile("[0-9]+")


def _rewrite(change: Callable[[str], str]) -> None:
    """Give each key that holds a number its other form."""
    connection = op.get_bind()
    for name in TABLES:
        table = sa.table(name, sa.column("id"), sa.column("sort_key", sa.String()))
        rows = connection.execute(sa.select(table.c.id, table.c.sort_key)).all()
        changed = [
            {"row_id": row.id, "key": change(row.sort_key)}
            for row in rows
            if change(row.sort_key) != row.sort_key
        ]
        if changed:
            connection.execute(
                sa.update(table)
                .where(table.c.id == sa.bindparam("row_id"))
                .values(sort_key=sa.bindparam("key")),
                changed,
            )


def upgrade() -> None:
    _rewrite(lambda key: NUMBER.sub(lambda found: found[0].zfill(8), key)[:200])


def downgrade() -> None:
    _rewrite(lambda key: NUMBER.sub(lambda found: found[0].lstrip("0") or "0", key))
