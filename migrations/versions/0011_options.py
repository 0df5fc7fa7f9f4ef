"""Keep how long an option may hold each resource; none is offered until a manager says so."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "resources", sa.Column("option_longest", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("resources", "option_longest")
