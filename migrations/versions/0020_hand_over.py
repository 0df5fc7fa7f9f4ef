"""Things handed over in person: labels, what went and came back, its pictures, maintenance."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "maintenances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("noticed_in", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_note", sa.String(length=500), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_maintenances_quantity")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_maintenances_cooperative_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_maintenances_cooperative_id")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["people.id"], name=op.f("fk_maintenances_lifted_by")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["people.id"], name=op.f("fk_maintenances_opened_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenances")),
    )
    op.create_index(
        "ix_maintenances_open",
        "maintenances",
        ["cooperative_id", "opened_at"],
        unique=False,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_index("ix_maintenances_resource_id", "maintenances", ["resource_id"], unique=False)
    op.create_table(
        "resource_labels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_resource_labels_cooperative_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_resource_labels_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource_labels")),
        sa.UniqueConstraint("code", name=op.f("uq_resource_labels_code")),
    )
    op.create_index(
        op.f("ix_resource_labels_resource_id"), "resource_labels", ["resource_id"], unique=False
    )
    op.create_table(
        "hand_over_follow_ups",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "booking_id"],
            ["bookings.cooperative_id", "bookings.id"],
            name=op.f("fk_hand_over_follow_ups_cooperative_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_hand_over_follow_ups_cooperative_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_follow_ups")),
        sa.UniqueConstraint(
            "booking_id",
            "kind",
            "about_id",
            "number",
            name=op.f("uq_hand_over_follow_ups_booking_id_kind_about_id_number"),
        ),
    )
    op.create_table(
        "hand_over_photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("thumbnail", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "booking_id"],
            ["bookings.cooperative_id", "bookings.id"],
            name=op.f("fk_hand_over_photos_cooperative_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_hand_over_photos_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_photos")),
        sa.UniqueConstraint(
            "cooperative_id", "id", name=op.f("uq_hand_over_photos_cooperative_id_id")
        ),
    )
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_hand_overs_quantity")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "booking_id"],
            ["bookings.cooperative_id", "bookings.id"],
            name=op.f("fk_hand_overs_cooperative_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "photo_id"],
            ["hand_over_photos.cooperative_id", "hand_over_photos.id"],
            name=op.f("fk_hand_overs_cooperative_id_photo_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_hand_overs_cooperative_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_hand_overs_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hand_overs_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
    )
    op.create_index("ix_hand_overs_booking_id", "hand_overs", ["booking_id"], unique=False)
    op.create_index(
        "ix_hand_overs_resource_id", "hand_overs", ["resource_id", "booking_id"], unique=False
    )
    op.add_column(
        "resources", sa.Column("hand_over", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "resources", sa.Column("out_of_order", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("resources", "out_of_order")
    op.drop_column("resources", "hand_over")
    op.drop_index("ix_hand_overs_resource_id", table_name="hand_overs")
    op.drop_index("ix_hand_overs_booking_id", table_name="hand_overs")
    op.drop_table("hand_overs")
    op.drop_table("hand_over_photos")
    op.drop_table("hand_over_follow_ups")
    op.drop_index(op.f("ix_resource_labels_resource_id"), table_name="resource_labels")
    op.drop_table("resource_labels")
    op.drop_index("ix_maintenances_resource_id", table_name="maintenances")
    op.drop_index(
        "ix_maintenances_open",
        table_name="maintenances",
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_table("maintenances")
