"""Keep how many people come to a booking; unknown for those made before."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("bookings", sa.Column("people", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("bookings", "people")
