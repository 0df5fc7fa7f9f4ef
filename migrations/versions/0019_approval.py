"""Keep which uses wait for an approver, what each one answered, and what is proposed instead.

Requests that wait already wait for the answer on what needs it: one row for each.
"""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ANSWER_DELAY = "4320"


def upgrade() -> None:
    _resources()
    _decisions()
    _proposals()
    _requests_that_wait()


def _resources() -> None:
    for column in (
        sa.Column(
            "approval_outside_hours", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
        sa.Column("approval_above", sa.Integer(), nullable=True),
        sa.Column("approval_quantity", sa.Integer(), nullable=True),
        sa.Column("approval_standings", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("approval_delay", sa.Integer(), nullable=False, server_default=ANSWER_DELAY),
    ):
        op.add_column("resources", column)
    op.create_table(
        "resource_approvers",
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_resource_approvers_cooperative_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_resource_approvers_cooperative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_resource_approvers_person_id")
        ),
        sa.PrimaryKeyConstraint("resource_id", "person_id", name=op.f("pk_resource_approvers")),
    )
    op.create_index("ix_resource_approvers_person_id", "resource_approvers", ["person_id"])


def _of_booking(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "booking_id"],
            ["bookings.cooperative_id", "bookings.id"],
            name=op.f(f"fk_{table}_cooperative_id_booking_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f(f"fk_{table}_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"fk_{table}_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _decisions() -> None:
    op.create_table(
        "booking_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        *_of_booking("booking_decisions"),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_booking_decisions_cooperative_id_resource_id"),
        ),
        sa.UniqueConstraint(
            "booking_id", "resource_id", name=op.f("uq_booking_decisions_booking_id_resource_id")
        ),
    )
    op.create_index(
        "ix_booking_decisions_waiting",
        "booking_decisions",
        ["resource_id", "booking_id"],
        sqlite_where=sa.text("status = 'waiting'"),
        postgresql_where=sa.text("status = 'waiting'"),
    )


def _proposals() -> None:
    op.create_table(
        "booking_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("agreed", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_booking_proposals_span")),
        *_of_booking("booking_proposals"),
    )
    op.create_index("ix_booking_proposals_booking_id", "booking_proposals", ["booking_id"])
    op.create_index(
        "ix_booking_proposals_open",
        "booking_proposals",
        ["booking_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )


def _requests_that_wait() -> None:
    """Ask for each line that needs an answer; for all of them where none does any more."""
    bookings = sa.table(
        "bookings",
        sa.column("id", sa.Uuid()),
        sa.column("cooperative_id", sa.Uuid()),
        sa.column("status", sa.String()),
        sa.column("changed_at", sa.DateTime(timezone=True)),
    )
    lines = sa.table(
        "booking_lines", sa.column("booking_id", sa.Uuid()), sa.column("resource_id", sa.Uuid())
    )
    resources = sa.table(
        "resources", sa.column("id", sa.Uuid()), sa.column("needs_approval", sa.Boolean())
    )
    rows = list(
        op.get_bind().execute(
            sa.select(
                bookings.c.id,
                bookings.c.cooperative_id,
                bookings.c.changed_at,
                lines.c.resource_id,
                resources.c.needs_approval,
            )
            .join(lines, lines.c.booking_id == bookings.c.id)
            .join(resources, resources.c.id == lines.c.resource_id)
            .where(bookings.c.status == "pending")
        )
    )
    guarded = {row.id for row in rows if row.needs_approval}
    decisions = sa.table(
        "booking_decisions",
        sa.column("id", sa.Uuid()),
        sa.column("cooperative_id", sa.Uuid()),
        sa.column("booking_id", sa.Uuid()),
        sa.column("resource_id", sa.Uuid()),
        sa.column("reasons", sa.JSON()),
        sa.column("status", sa.String()),
        sa.column("asked_at", sa.DateTime(timezone=True)),
    )
    asked = [
        {
            "id": uuid.uuid4(),
            "cooperative_id": row.cooperative_id,
            "booking_id": row.id,
            "resource_id": row.resource_id,
            "reasons": {"always": None},
            "status": "waiting",
            "asked_at": row.changed_at,
        }
        for row in rows
        if row.needs_approval or row.id not in guarded
    ]
    if asked:
        op.bulk_insert(decisions, asked)


def downgrade() -> None:
    op.drop_table("booking_proposals")
    op.drop_table("booking_decisions")
    op.drop_table("resource_approvers")
    for name in (
        "approval_delay",
        "approval_standings",
        "approval_quantity",
        "approval_above",
        "approval_outside_hours",
    ):
        op.drop_column("resources", name)
