"""Keep when a request or an option ends by itself.

The new states are words in a column of text: nothing to change there.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("bookings", sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_bookings_lapses_at",
        "bookings",
        ["lapses_at"],
        unique=False,
        sqlite_where=sa.text("lapses_at IS NOT NULL"),
        postgresql_where=sa.text("lapses_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_bookings_lapses_at", table_name="bookings")
    op.drop_column("bookings", "lapses_at")
