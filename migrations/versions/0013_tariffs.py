"""Tariffs in steps and by hours, quotas, deposits, tax, and the frozen price of bookings."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TERMS = ("deposit_cents", "late_before", "late_share", "vat_bp")


def upgrade() -> None:
    for name in TERMS:
        op.add_column(
            "resources", sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        )
    op.add_column("resources", sa.Column("vat_mode", sa.String(length=40), nullable=True))
    with op.batch_alter_table("tariffs") as batch:
        batch.add_column(sa.Column("beyond", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("weekdays", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("opens", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("closes", sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f("ck_tariffs_beyond"), "beyond >= 0")
    op.add_column("bookings", sa.Column("price_cents", sa.Integer(), nullable=True))
    _quotas()
    _charges()


def _quotas() -> None:
    op.create_table(
        "quotas",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("standing", sa.String(length=40), nullable=True),
        sa.Column("resource_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_quotas_amount")),
        sa.CheckConstraint("resource_id IS NULL OR kind IS NULL", name=op.f("ck_quotas_scope")),
        sa.CheckConstraint(
            "first_day IS NULL OR last_day IS NULL OR first_day <= last_day",
            name=op.f("ck_quotas_season"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_quotas_cooperative_id")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_quotas_cooperative_id_resource_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotas")),
    )
    op.create_index("ix_quotas_resource_id", "quotas", ["resource_id"], unique=False)


def _charges() -> None:
    op.create_table(
        "booking_charges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("cents_each", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("vat_mode", sa.String(length=40), nullable=True),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.Column("quota_id", sa.Uuid(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint("cents >= 0", name=op.f("ck_booking_charges_cents")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_booking_charges_cooperative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "booking_id"],
            ["bookings.cooperative_id", "bookings.id"],
            name=op.f("fk_booking_charges_cooperative_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_booking_charges_cooperative_id_resource_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_charges")),
    )
    op.create_index(
        "ix_booking_charges_booking_id",
        "booking_charges",
        ["booking_id", "position"],
        unique=False,
    )
    op.create_index(
        "ix_booking_charges_resource_id", "booking_charges", ["resource_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("booking_charges")
    op.drop_table("quotas")
    op.drop_column("bookings", "price_cents")
    with op.batch_alter_table("tariffs") as batch:
        batch.drop_constraint(op.f("ck_tariffs_beyond"), type_="check")
        for name in ("closes", "opens", "weekdays", "beyond"):
            batch.drop_column(name)
    op.drop_column("resources", "vat_mode")
    for name in reversed(TERMS):
        op.drop_column("resources", name)
