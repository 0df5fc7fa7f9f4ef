"""What people choose to be told, what waits for a weekly digest, what was reminded of.

None of it is scoped to a cooperative: a choice is a person's, wherever they act.
"""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from coopshare.db.base import Base, Key, Versioned

A_DAY = 24


class News(StrEnum):
    """When one is told of what one does oneself."""

    NOW = "now"
    DIGEST = "digest"
    """Once a week, with the rest."""
    NEVER = "never"


class NoticeChoice(Versioned, Base):
    """What one person chose; who chose nothing has what the columns say by themselves."""

    __tablename__ = "notice_choices"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    news: Mapped[News] = mapped_column(default=News.NOW)
    reminder: Mapped[int] = mapped_column(default=A_DAY)
    """Hours before a booking; 0: no reminder."""
    deadlines: Mapped[bool] = mapped_column(default=True)
    """Whether one is reminded of an answer that is due."""
    digest: Mapped[bool] = mapped_column(default=False)
    """Whether one gets the coming week each Monday."""


class DigestItem(Base):
    """One piece of news that waits for the digest of a person, already in their language."""

    __tablename__ = "digest_items"

    id: Mapped[Key]
    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperatives.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    subject: Mapped[str] = mapped_column(String(300))

    __table_args__ = (Index("ix_digest_items_person_id", "person_id", "at"),)


class Reminded(Base):
    """That a reminder of something was sent: never two for one instant of one thing."""

    __tablename__ = "reminded"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    object_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    """The instant it was about: what is moved is reminded of again."""

    __table_args__ = (Index("ix_reminded_at", "at"),)
