"""Events that were rendered again after a change elsewhere, and events of no organisation: closures."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("calendar_entries") as batch_op:
        batch_op.alter_column("organisation_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.add_column(sa.Column("rebuilds", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("rebuilt_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("calendar_entries") as batch_op:
        batch_op.alter_column("rebuilds", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM calendar_entries WHERE organisation_id IS NULL")
    with op.batch_alter_table("calendar_entries") as batch_op:
        batch_op.drop_column("rebuilt_at")
        batch_op.drop_column("rebuilds")
        batch_op.alter_column("organisation_id", existing_type=sa.Uuid(), nullable=False)
