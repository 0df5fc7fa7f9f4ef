"""Series of bookings: the rule, its lines, and which bookings are its occurrences."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "booking_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("skip_school_holidays", sa.Boolean(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("split_from", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts BETWEEN 0 AND 1439", name=op.f("ck_booking_series_starts")),
        sa.CheckConstraint("minutes >= 1", name=op.f("ck_booking_series_minutes")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_booking_series_cooperative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_booking_series_cooperative_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "split_from"],
            ["booking_series.cooperative_id", "booking_series.id"],
            name=op.f("fk_booking_series_cooperative_id_split_from"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_booking_series_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_series")),
        sa.UniqueConstraint(
            "cooperative_id", "id", name=op.f("uq_booking_series_cooperative_id_id")
        ),
    )
    op.create_table(
        "booking_series_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_booking_series_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_booking_series_lines_cooperative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_booking_series_lines_cooperative_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "series_id"],
            ["booking_series.cooperative_id", "booking_series.id"],
            name=op.f("fk_booking_series_lines_cooperative_id_series_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_series_lines")),
        sa.UniqueConstraint(
            "series_id", "resource_id", name=op.f("uq_booking_series_lines_series_id_resource_id")
        ),
    )
    # Named inline: SQLite adds a reference only together with its column.
    op.add_column(
        "bookings",
        sa.Column(
            "series_id",
            sa.Uuid(),
            sa.ForeignKey("booking_series.id", name=op.f("fk_bookings_series_id")),
            nullable=True,
        ),
        inline_references=True,
    )
    op.add_column("bookings", sa.Column("occurrence", sa.Date(), nullable=True))
    op.add_column(
        "bookings",
        sa.Column("own_changes", sa.String(length=60), nullable=False, server_default=""),
    )
    op.create_index(
        "ix_bookings_series_id",
        "bookings",
        ["series_id", "occurrence"],
        unique=False,
        sqlite_where=sa.text("series_id IS NOT NULL"),
        postgresql_where=sa.text("series_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_bookings_series_id", table_name="bookings")
    op.drop_column("bookings", "own_changes")
    op.drop_column("bookings", "occurrence")
    op.drop_column("bookings", "series_id")
    op.drop_table("booking_series_lines")
    op.drop_table("booking_series")
