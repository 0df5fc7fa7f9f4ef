"""Keep the UID of each event, made once; count the versions of a scope in each cooperative.

A person or an organisation may belong to several cooperatives: each has its own counter. Counters
begin again, which costs subscribers one full reading.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def _versions(*key: str) -> None:
    op.drop_table("calendar_versions")
    op.create_table(
        "calendar_versions",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_calendar_versions_cooperative_id"),
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_calendar_versions")),
    )


def upgrade() -> None:
    _versions("cooperative_id", "scope_id")
    with op.batch_alter_table("calendar_entries") as batch_op:
        batch_op.add_column(sa.Column("uid", sa.String(length=200), nullable=True))
    op.execute("UPDATE calendar_entries SET uid = CAST(source_id AS VARCHAR(36)) || '@coopshare'")
    with op.batch_alter_table("calendar_entries") as batch_op:
        batch_op.alter_column("uid", existing_type=sa.String(length=200), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("calendar_entries") as batch_op:
        batch_op.drop_column("uid")
    _versions("scope_id")
