"""Shared posts: who employs, who shares, contracts, conventions, half-days, absences."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "employers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("idcc", sa.String(length=4), nullable=False),
        sa.Column("idcc_declared_on", sa.Date(), nullable=True),
        sa.Column("statutes_on", sa.Date(), nullable=True),
        sa.Column("vat_mode", sa.String(length=40), nullable=True),
        sa.Column("vat_bp", sa.Integer(), nullable=False),
        sa.Column("fee_bp", sa.Integer(), nullable=False),
        sa.Column("morning_opens", sa.Integer(), nullable=False),
        sa.Column("morning_closes", sa.Integer(), nullable=False),
        sa.Column("afternoon_opens", sa.Integer(), nullable=False),
        sa.Column("afternoon_closes", sa.Integer(), nullable=False),
        sa.Column("holidays_worked", sa.JSON(), nullable=False),
        sa.Column("absent_weeks_count", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "morning_opens < morning_closes AND morning_closes <= afternoon_opens AND afternoon_opens < afternoon_closes AND afternoon_closes <= 1440",
            name=op.f("ck_employers_half_days"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_employers_cooperative_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_employers_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employers")),
        sa.UniqueConstraint("cooperative_id", "id", name=op.f("uq_employers_cooperative_id_id")),
        sa.UniqueConstraint(
            "cooperative_id",
            "organisation_id",
            name=op.f("uq_employers_cooperative_id_organisation_id"),
        ),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_sites_cooperative_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_sites_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("cooperative_id", "id", name=op.f("uq_sites_cooperative_id_id")),
    )
    op.create_index(
        "ix_sites_organisation_id", "sites", ["cooperative_id", "organisation_id"], unique=False
    )
    op.create_table(
        "employer_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("rule_id", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("agreement", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "employer_id"],
            ["employers.cooperative_id", "employers.id"],
            name=op.f("fk_employer_rules_cooperative_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_employer_rules_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employer_rules")),
    )
    op.create_index(
        "ix_employer_rules_employer_id", "employer_rules", ["employer_id"], unique=False
    )
    op.create_table(
        "group_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("deposit_cents", sa.Integer(), nullable=False),
        sa.Column("liability_weight", sa.Integer(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "deposit_cents >= 0 AND liability_weight >= 0", name=op.f("ck_group_members_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "employer_id"],
            ["employers.cooperative_id", "employers.id"],
            name=op.f("fk_group_members_cooperative_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_group_members_cooperative_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_group_members_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
        sa.UniqueConstraint(
            "employer_id",
            "organisation_id",
            name=op.f("uq_group_members_employer_id_organisation_id"),
        ),
    )
    op.create_table(
        "journeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "from_id < to_id AND minutes >= 0 AND metres >= 0", name=op.f("ck_journeys_once")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "from_id"],
            ["sites.cooperative_id", "sites.id"],
            name=op.f("fk_journeys_cooperative_id_from_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "to_id"],
            ["sites.cooperative_id", "sites.id"],
            name=op.f("fk_journeys_cooperative_id_to_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_journeys_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journeys")),
        sa.UniqueConstraint("from_id", "to_id", name=op.f("uq_journeys_from_id_to_id")),
    )
    op.create_table(
        "positions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("qualification", sa.String(length=200), nullable=False),
        sa.Column("tasks", sa.String(length=2000), nullable=False),
        sa.Column("weekly_minutes", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_positions_days")
        ),
        sa.CheckConstraint("weekly_minutes > 0", name=op.f("ck_positions_weekly_minutes")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "employer_id"],
            ["employers.cooperative_id", "employers.id"],
            name=op.f("fk_positions_cooperative_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_positions_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
        sa.UniqueConstraint("cooperative_id", "id", name=op.f("uq_positions_cooperative_id_id")),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sort_key", sa.String(length=200), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("wishes", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "employer_id"],
            ["employers.cooperative_id", "employers.id"],
            name=op.f("fk_workers_cooperative_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "resource_id"],
            ["resources.cooperative_id", "resources.id"],
            name=op.f("fk_workers_cooperative_id_resource_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_workers_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
        sa.UniqueConstraint("cooperative_id", "id", name=op.f("uq_workers_cooperative_id_id")),
        sa.UniqueConstraint("employer_id", "email", name=op.f("uq_workers_employer_id_email")),
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("pause_minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("ground", sa.String(length=500), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("pause_minutes >= 0", name=op.f("ck_assignments_pause_minutes")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_assignments_span")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_assignments_cooperative_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "site_id"],
            ["sites.cooperative_id", "sites.id"],
            name=op.f("fk_assignments_cooperative_id_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "worker_id"],
            ["workers.cooperative_id", "workers.id"],
            name=op.f("fk_assignments_cooperative_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_assignments_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint("cooperative_id", "id", name=op.f("uq_assignments_cooperative_id_id")),
    )
    op.create_index(
        "ix_assignments_organisation_id",
        "assignments",
        ["cooperative_id", "organisation_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        "ix_assignments_starts_at", "assignments", ["cooperative_id", "starts_at"], unique=False
    )
    op.create_index(
        "ix_assignments_worker_id", "assignments", ["worker_id", "starts_at"], unique=False
    )
    op.create_table(
        "contracts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("weekly_minutes", sa.Integer(), nullable=False),
        sa.Column("is_part_time", sa.Boolean(), nullable=False),
        sa.Column("arrangement", sa.String(length=40), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("gross_hourly_cents", sa.Integer(), nullable=False),
        sa.Column("charge_bp", sa.Integer(), nullable=False),
        sa.Column("other_jobs_minutes", sa.Integer(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_contracts_days")
        ),
        sa.CheckConstraint(
            "weekly_minutes > 0 AND gross_hourly_cents >= 0", name=op.f("ck_contracts_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "position_id"],
            ["positions.cooperative_id", "positions.id"],
            name=op.f("fk_contracts_cooperative_id_position_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "worker_id"],
            ["workers.cooperative_id", "workers.id"],
            name=op.f("fk_contracts_cooperative_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_contracts_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("cooperative_id", "id", name=op.f("uq_contracts_cooperative_id_id")),
        sa.UniqueConstraint("worker_id", "number", name=op.f("uq_contracts_worker_id_number")),
        sa.UniqueConstraint(
            "worker_id", "starts_on", name=op.f("uq_contracts_worker_id_starts_on")
        ),
    )
    op.create_index("ix_contracts_worker_id", "contracts", ["worker_id", "starts_on"], unique=False)
    op.create_table(
        "leaves",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_leaves_span")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "worker_id"],
            ["workers.cooperative_id", "workers.id"],
            name=op.f("fk_leaves_cooperative_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_leaves_cooperative_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_leaves_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
        sa.UniqueConstraint("cooperative_id", "id", name=op.f("uq_leaves_cooperative_id_id")),
    )
    op.create_index("ix_leaves_worker_id", "leaves", ["worker_id", "starts_at"], unique=False)
    op.create_table(
        "pattern_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("first_monday", sa.Date(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("half", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "week >= 0 AND week < weeks AND weeks <= 12", name=op.f("ck_pattern_lines_cycle")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_pattern_lines_weekday")),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_pattern_lines_cooperative_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "site_id"],
            ["sites.cooperative_id", "sites.id"],
            name=op.f("fk_pattern_lines_cooperative_id_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "worker_id"],
            ["workers.cooperative_id", "workers.id"],
            name=op.f("fk_pattern_lines_cooperative_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_pattern_lines_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern_lines")),
        sa.UniqueConstraint(
            "worker_id",
            "week",
            "weekday",
            "half",
            name=op.f("uq_pattern_lines_worker_id_week_weekday_half"),
        ),
    )
    op.create_table(
        "placements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("employer_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "employer_id"],
            ["employers.cooperative_id", "employers.id"],
            name=op.f("fk_placements_cooperative_id_employer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_placements_cooperative_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "position_id"],
            ["positions.cooperative_id", "positions.id"],
            name=op.f("fk_placements_cooperative_id_position_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "worker_id"],
            ["workers.cooperative_id", "workers.id"],
            name=op.f("fk_placements_cooperative_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_placements_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        sa.UniqueConstraint("cooperative_id", "id", name=op.f("uq_placements_cooperative_id_id")),
        sa.UniqueConstraint("employer_id", "number", name=op.f("uq_placements_employer_id_number")),
    )
    op.create_index(
        "ix_placements_organisation_id",
        "placements",
        ["cooperative_id", "organisation_id"],
        unique=False,
    )
    op.create_index("ix_placements_position_id", "placements", ["position_id"], unique=False)
    op.create_table(
        "contract_places",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "contract_id"],
            ["contracts.cooperative_id", "contracts.id"],
            name=op.f("fk_contract_places_cooperative_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "site_id"],
            ["sites.cooperative_id", "sites.id"],
            name=op.f("fk_contract_places_cooperative_id_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_contract_places_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("contract_id", "site_id", name=op.f("pk_contract_places")),
    )
    op.create_table(
        "contract_users",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "contract_id"],
            ["contracts.cooperative_id", "contracts.id"],
            name=op.f("fk_contract_users_cooperative_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_contract_users_cooperative_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperatives.id"], name=op.f("fk_contract_users_cooperative_id")
        ),
        sa.PrimaryKeyConstraint("contract_id", "organisation_id", name=op.f("pk_contract_users")),
    )
    op.create_table(
        "placement_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("tolerance_minutes", sa.Integer(), nullable=False),
        sa.Column("is_firm", sa.Boolean(), nullable=False),
        sa.Column("wished", sa.JSON(), nullable=False),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("sites", sa.JSON(), nullable=False),
        sa.Column("price_mode", sa.String(length=40), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("notice_months", sa.Integer(), nullable=False),
        sa.Column("terms", sa.String(length=4000), nullable=False),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "amount > 0 AND price >= 0 AND tolerance_minutes >= 0",
            name=op.f("ck_placement_versions_amounts"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_placement_versions_days")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "placement_id"],
            ["placements.cooperative_id", "placements.id"],
            name=op.f("fk_placement_versions_cooperative_id_placement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_placement_versions_cooperative_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_versions")),
        sa.UniqueConstraint(
            "cooperative_id", "id", name=op.f("uq_placement_versions_cooperative_id_id")
        ),
        sa.UniqueConstraint(
            "placement_id", "number", name=op.f("uq_placement_versions_placement_id_number")
        ),
    )
    op.create_table(
        "placement_signatures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("quality", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scan", sa.LargeBinary(), nullable=True),
        sa.Column("cooperative_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "organisation_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
            name=op.f("fk_placement_signatures_cooperative_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id", "version_id"],
            ["placement_versions.cooperative_id", "placement_versions.id"],
            name=op.f("fk_placement_signatures_cooperative_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperatives.id"],
            name=op.f("fk_placement_signatures_cooperative_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_placement_signatures_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_signatures")),
        sa.UniqueConstraint(
            "version_id", "side", name=op.f("uq_placement_signatures_version_id_side")
        ),
    )


def downgrade() -> None:
    op.drop_table("placement_signatures")
    op.drop_table("placement_versions")
    op.drop_table("contract_users")
    op.drop_table("contract_places")
    op.drop_index("ix_placements_position_id", table_name="placements")
    op.drop_index("ix_placements_organisation_id", table_name="placements")
    op.drop_table("placements")
    op.drop_table("pattern_lines")
    op.drop_index("ix_leaves_worker_id", table_name="leaves")
    op.drop_table("leaves")
    op.drop_index("ix_contracts_worker_id", table_name="contracts")
    op.drop_table("contracts")
    op.drop_index("ix_assignments_worker_id", table_name="assignments")
    op.drop_index("ix_assignments_starts_at", table_name="assignments")
    op.drop_index("ix_assignments_organisation_id", table_name="assignments")
    op.drop_table("assignments")
    op.drop_table("workers")
    op.drop_table("positions")
    op.drop_table("journeys")
    op.drop_table("group_members")
    op.drop_index("ix_employer_rules_employer_id", table_name="employer_rules")
    op.drop_table("employer_rules")
    op.drop_index("ix_sites_organisation_id", table_name="sites")
    op.drop_table("sites")
    op.drop_table("employers")
