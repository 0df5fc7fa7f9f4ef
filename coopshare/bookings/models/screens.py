"""The screens at the doors of rooms."""

import uuid
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from coopshare.db.base import Base, Key, Owned, Versioned


class DoorScreen(Owned, Versioned, Base):
    """The secret address of a screen beside a door: today of one resource, without login."""

    __tablename__ = "door_screens"

    id: Mapped[Key]
    resource_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(80))
    """Where it hangs, in the words of those who look after it."""
    language: Mapped[str] = mapped_column(String(2), default="fr")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token, which is shown once."""
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    """When it last asked, to a few minutes."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
        Index("ix_door_screens_resource_id", "resource_id"),
    )
