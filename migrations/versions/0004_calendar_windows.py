"""Find the events of a window by their end, whatever the number of past ones; version feeds.

An event also carries what a planning shows of it: status, title, address of its page.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = {
    "ix_calendar_entries_cooperative": ["cooperative_id"],
    "ix_calendar_entries_organisation": ["cooperative_id", "organisation_id"],
    "ix_calendar_entries_person": ["cooperative_id", "person_id"],
}

SHOWN = {"status": 20, "title": 200, "url": 300}


def _by(column: str) -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, table_name="calendar_entries")
        op.create_index(name, "calendar_entries", [*columns, column])


def upgrade() -> None:
    _by("ends_at")
    with op.batch_alter_table("calendar_entries") as batch_op:
        for name, length in SHOWN.items():
            batch_op.add_column(
                sa.Column(name, sa.String(length=length), nullable=False, server_default="")
            )
    with op.batch_alter_table("calendar_entries") as batch_op:
        for name, length in SHOWN.items():
            batch_op.alter_column(name, existing_type=sa.String(length=length), server_default=None)
    op.add_column("feeds", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("feeds") as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("feeds") as batch_op:
        batch_op.drop_column("version")
    with op.batch_alter_table("calendar_entries") as batch_op:
        for name in SHOWN:
            batch_op.drop_column(name)
    _by("starts_at")
