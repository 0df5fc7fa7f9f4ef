"""Runs the migrations on the connection it is given, or on COOPSHARE_DATABASE_URL in a checkout."""

import os
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from coopshare.db.base import UTCDateTime
from coopshare.models import metadata


def render_item(kind: str, item: object, _autogen: AutogenContext) -> str | Literal[False]:
    """Write plain types: migrations never import coopshare."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


def compare_type(
    _context: object, _column: object, _meta: object, _old: object, new: object
) -> bool | None:
    """Hold our own types for what they are stored as."""
    return False if isinstance(new, UTCDateTime | sa.Enum) else None


def run(connection: Connection) -> None:
    """Run what was asked, all in one transaction."""
    options: dict[str, Any] = {"render_as_batch": True, "transaction_per_migration": False}
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL lock_timeout = '4s'"))
        connection.execute(sa.text("SET LOCAL statement_timeout = '60s'"))
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(20261122)"))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render_item,
        compare_type=compare_type,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = sa.create_engine(os.environ["COOPSHARE_DATABASE_URL"])
    with engine.connect() as opened, opened.begin():
        run(opened)
