"""Keep who came, what was given back because nobody did, and the screens at doors.

No resource asks anybody to check in until its manager says so.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "resources", sa.Column("check_in_within", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "resources", sa.Column("check_in_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("bookings", sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("bookings", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_bookings_released_at",
        "bookings",
        ["cooperative_id", "released_at"],
        unique=False,
        sqlite_where=sa.text("released_at IS NOT NULL"),
        postgresql_where=sa.text("released_at IS NOT NULL"),
    )
    op.add_column(
        "cooperatives",
        sa.Column("door_names", sa.String(length=40), nullable=False, server_default="nothing"),
    )
    op.create_table(
        "door_screens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_door_screens_cooperative_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_door_screens_cooperative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_door_screens_created_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_screens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_door_screens_token_hash")),
    )
    op.create_index("ix_door_screens_resource_id", "door_screens", ["resource_id"], unique=False)


def downgrade() -> None:
    op.drop_table("door_screens")
    op.drop_column("cooperatives", "door_names")
    op.drop_index("ix_bookings_released_at", table_name="bookings")
    op.drop_column("bookings", "released_at")
    op.drop_column("bookings", "checked_in_at")
    op.drop_column("resources", "check_in_since")
    op.drop_column("resources", "check_in_within")
