"""Keep the mark of what each cooperative's snapshots hold."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "snapshot_marks",
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("cooperative_id", name=op.f("pk_snapshot_marks")),
    )


def downgrade() -> None:
    op.drop_table("snapshot_marks")
