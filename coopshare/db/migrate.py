"""Upgrade, downgrade and check the schema, without any ini file."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData

from coopshare.paths import shipped


def configuration(connection: Connection | None = None, metadata: MetaData | None = None) -> Config:
    """Return Alembic's configuration for the shipped migrations."""
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def head() -> str:
    """Return the newest revision."""
    found = ScriptDirectory.from_config(configuration()).get_current_head()
    return found or ""


def revisions() -> list[str]:
    """Return every revision, the newest first."""
    found = ScriptDirectory.from_config(configuration()).walk_revisions()
    return [revision.revision for revision in found]


def current(engine: Engine) -> str | None:
    """Return the revision a database is at, or None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring a database to a revision, all or nothing."""
    with engine.connect() as connection, connection.begin():
        command.upgrade(configuration(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Bring a database back to an earlier revision ("base": empty)."""
    with engine.connect() as connection, connection.begin():
        command.downgrade(configuration(connection), revision)


def differences(engine: Engine, metadata: MetaData) -> list[object]:
    """Return how the schema differs from the models: nothing when all is well."""
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": metadata}
        )
        return list(compare_metadata(context, metadata))
