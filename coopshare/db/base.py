"""Base of all tables: naming, types, ownership by a cooperative, versions."""

import enum
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, Boolean, DateTime, Dialect, Enum, ForeignKey, MetaData, String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, gives back UTC, on both engines.

    SQLite keeps it as text "YYYY-MM-DD HH:MM:SS.ffffff" in UTC, which sorts as time does.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value; hand the driver an instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"naive datetime: {value!r}"
            raise TypeError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every model."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[Mapping[Any, TypeEngine[Any]]] = {
        datetime: UTCDateTime(),
        uuid.UUID: Uuid(),
        bool: Boolean(),
        str: String(200),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[int]: JSON(),
        list[list[int]]: JSON(),
        enum.StrEnum: Enum(
            enum.StrEnum,
            values_callable=lambda members: [str(member.value) for member in members],
            native_enum=False,
            create_constraint=False,
            length=40,
        ),
    }


Key = Annotated[uuid.UUID, mapped_column(primary_key=True, default=uuid.uuid4)]
"""A random primary key."""

Text2000 = Annotated[str, mapped_column(String(2000))]
"""A paragraph written by a person."""


class Owned:
    """A row that belongs to one cooperative; sessions never reach those of another."""

    @declared_attr
    @classmethod
    def cooperative_id(cls) -> Mapped[uuid.UUID]:
        """Say which cooperative the row belongs to; filled in by the session."""
        return mapped_column(ForeignKey("cooperatives.id"), index=False)


class Versioned:
    """A row that people edit: `version` rises with each change, and a stale change is refused."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Have SQLAlchemy check and raise the version."""
        return {"version_id_col": cls.version}
