"""Subscriptions, the fragments they are made of, and the counters that tell of changes."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from coopshare.db.base import Base, Key, Owned, Versioned


class FeedKind(StrEnum):
    """What a subscription shows."""

    MY_BOOKINGS = "my_bookings"
    MY_SHIFTS = "my_shifts"
    """Where one works, for all members, and one's absences."""
    RESOURCE = "resource"
    ORGANISATION = "organisation"
    COOPERATIVE = "cooperative"


class FeedDetail(StrEnum):
    """How much a subscription tells."""

    FULL = "full"
    BUSY = "busy"


class Feed(Versioned, Base):
    """A subscription address of a person. Not scoped: the token alone says whose it is."""

    __tablename__ = "feeds"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token, which is shown once."""
    cooperative_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cooperatives.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisations.id"))
    """For which organisation the person acted when it was made."""
    kind: Mapped[FeedKind]
    target_id: Mapped[uuid.UUID | None]
    """The scope of its version: a resource, an organisation, the cooperative or the person."""
    detail: Mapped[FeedDetail]
    name: Mapped[str] = mapped_column(String(120))
    slug: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_on: Mapped[date | None]
    last_client: Mapped[str | None] = mapped_column(String(40))


class CalendarEntry(Owned, Base):
    """One event as calendars read it: two VEVENTs made when it was written, full and busy."""

    __tablename__ = "calendar_entries"

    source_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """The booking or the closure it comes from."""
    source_kind: Mapped[str] = mapped_column(String(40))
    uid: Mapped[str]
    """Made when it was first written; never another one, never another event's (RFC 7986, 5.3)."""
    organisation_id: Mapped[uuid.UUID | None]
    """None for a closure: everybody's."""
    person_id: Mapped[uuid.UUID | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(60))
    cancelled_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(String(20))
    title: Mapped[str]
    url: Mapped[str] = mapped_column(String(300))
    """Address of its page."""
    rebuilds: Mapped[int] = mapped_column(default=0)
    """How often it was rendered again for a change elsewhere: added to SEQUENCE."""
    rebuilt_at: Mapped[datetime | None]
    full: Mapped[bytes] = mapped_column(LargeBinary)
    busy: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("ix_calendar_entries_cooperative", "cooperative_id", "ends_at"),
        Index("ix_calendar_entries_organisation", "cooperative_id", "organisation_id", "ends_at"),
        Index("ix_calendar_entries_person", "cooperative_id", "person_id", "ends_at"),
    )


class CalendarVersion(Owned, Base):
    """Rises in the transaction that changes what a scope shows: the ETag of its feeds."""

    __tablename__ = "calendar_versions"

    cooperative_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("cooperatives.id"), primary_key=True
    )
    scope_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    """A person, an organisation, a resource or the cooperative."""
    version: Mapped[int]
    changed_at: Mapped[datetime]
