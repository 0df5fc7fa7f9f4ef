"""Keep closed months, the statement of each organisation and its lines."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "closed_months",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_closed_months_cooperative_id_cooperatives"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_months")),
        sa.UniqueConstraint(
            "cooperative_id", "month", name=op.f("uq_closed_months_cooperative_id_month")
        ),
        sa.UniqueConstraint(
            "cooperative_id", "id", name=op.f("uq_closed_months_cooperative_id_id")
        ),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("month_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net_cents", sa.Integer(), nullable=False),
        sa.Column("vat_cents", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("csv", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("csv_sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_statements_cooperative_id_cooperatives"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "month_id"],
            ["closed_months.cooperative_id", "closed_months.id"],
            name=op.f("fk_statements_cooperative_id_month_id_closed_months"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_statements_cooperative_id_organisation_id_memberships"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("cooperative_id", "id", name=op.f("uq_statements_cooperative_id_id")),
        sa.UniqueConstraint(
            "cooperative_id", "number", name=op.f("uq_statements_cooperative_id_number")
        ),
        sa.UniqueConstraint(
            "month_id", "organisation_id", name=op.f("uq_statements_month_id_organisation_id")
        ),
    )
    op.create_index(
        "ix_statements_organisation_id",
        "statements",
        ["cooperative_id", "organisation_id", "month"],
    )
    op.create_table(
        "statement_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("resource", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("cents_each", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("vat_mode", sa.String(length=20), nullable=True),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_statement_lines_cooperative_id_cooperatives"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "statement_id"],
            ["statements.cooperative_id", "statements.id"],
            name=op.f("fk_statement_lines_cooperative_id_statement_id_statements"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_lines")),
    )
    op.create_index(
        "ix_statement_lines_statement_id", "statement_lines", ["statement_id", "position"]
    )
    op.create_index("ix_statement_lines_source_id", "statement_lines", ["source_id"])


def downgrade() -> None:
    op.drop_table("statement_lines")
    op.drop_table("statements")
    op.drop_table("closed_months")
