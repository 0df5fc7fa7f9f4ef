"""Waiting lists: the requests that found their slot taken, in order."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "resources",
        sa.Column("waiting_delay", sa.Integer(), nullable=False, server_default="1440"),
    )
    op.create_table(
        "waits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_waits_span")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "booking_id"],
            ["bookings.cooperative_id", "bookings.id"],
            name=op.f("fk_waits_cooperative_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_waits_cooperative_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_waits_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_waits_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waits")),
        sa.UniqueConstraint("cooperative_id", "id", name=op.f("uq_waits_cooperative_id_id")),
    )
    op.create_index(
        "ix_waits_cooperative_id_status_starts_at",
        "waits",
        ["cooperative_id", "status", "starts_at"],
        unique=False,
    )
    op.create_index("ix_waits_booking_id", "waits", ["booking_id"], unique=False)
    op.create_index("ix_waits_person_id", "waits", ["person_id"], unique=False)
    op.create_table(
        "wait_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("wait_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_wait_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_wait_lines_cooperative_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "wait_id"],
            ["waits.cooperative_id", "waits.id"],
            name=op.f("fk_wait_lines_cooperative_id_wait_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_wait_lines_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wait_lines")),
        sa.UniqueConstraint(
            "wait_id", "resource_id", name=op.f("uq_wait_lines_wait_id_resource_id")
        ),
    )
    op.create_index("ix_wait_lines_resource_id", "wait_lines", ["resource_id"], unique=False)


def downgrade() -> None:
    op.drop_table("wait_lines")
    op.drop_table("waits")
    op.drop_column("resources", "waiting_delay")
