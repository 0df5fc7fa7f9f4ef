"""Resources and what describes them: parts, opening hours, rules, tariffs, photos."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coopshare.db.base import Base, Key, Owned, Versioned
from coopshare.db.snapshots import Snapshotted
from coopshare.members.kinds import Standing
from coopshare.resources.kinds import ResourceKind, TariffUnit


def _of_resource(column: str = "resource_id") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["cooperative_id", column], ["resources.cooperative_id", "resources.id"]
    )


class Resource(Snapshotted, Owned, Versioned, Base):
    """A thing, a place, a service or a person that members may book."""

    __tablename__ = "resources"

    id: Mapped[Key]
    kind: Mapped[ResourceKind]
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str]
    search_text: Mapped[str] = mapped_column(Text)
    """Name, description, place and features without accents, in lower case."""
    description: Mapped[str] = mapped_column(String(4000), default="")
    owner_id: Mapped[uuid.UUID]
    """The organisation it belongs to."""
    manager_id: Mapped[uuid.UUID]
    """The organisation that looks after it and decides on bookings."""
    quantity: Mapped[int] = mapped_column(default=1)
    """How many of it may be in use at the same instant."""
    capacity: Mapped[int | None]
    """How many people it takes."""
    is_listed: Mapped[bool] = mapped_column(default=True)
    """Unlisted: kept for its history, cannot be booked."""
    location: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(300), default="")
    access_notes: Mapped[str] = mapped_column(String(1000), default="")
    timezone: Mapped[str] = mapped_column(String(60))
    features: Mapped[list[str]] = mapped_column(default=list)
    """Codes of `kinds.FEATURES`."""
    billed_by: Mapped[TariffUnit] = mapped_column(default=TariffUnit.HOUR)
    """For a service: by the hour or by the unit."""

    preparation_before: Mapped[int] = mapped_column(default=0)
    """Minutes held before each use."""
    preparation_after: Mapped[int] = mapped_column(default=0)
    """Minutes held after each use."""
    shortest: Mapped[int | None]
    """Minutes."""
    longest: Mapped[int | None]
    """Minutes."""
    step: Mapped[int] = mapped_column(default=15)
    """Minutes: starts and ends fall on multiples of it, in local time."""
    slots: Mapped[list[list[int]]] = mapped_column(default=list)
    """Fixed slots [[start, end], ...] in minutes of the local day; empty: free times."""
    notice: Mapped[int] = mapped_column(default=0)
    """Minutes between the booking and its start."""
    horizon: Mapped[int | None]
    """Days ahead that may be booked."""
    standings: Mapped[list[str]] = mapped_column(default=list)
    """Standings that may book; empty: all."""
    needs_approval: Mapped[bool] = mapped_column(default=False)
    option_longest: Mapped[int] = mapped_column(default=0)
    """Minutes an option may hold a slot before it is confirmed; 0: no options."""
    closed_on_holidays: Mapped[bool] = mapped_column(default=True)
    closed_in_school_holidays: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    hours: Mapped[list["OpeningHours"]] = relationship(
        lazy="selectin",
        order_by="OpeningHours.weekday, OpeningHours.opens",
        cascade="all, delete-orphan",
    )
    tariffs: Mapped[list["Tariff"]] = relationship(
        lazy="select", order_by="Tariff.position", cascade="all, delete-orphan"
    )
    photos: Mapped[list["Photo"]] = relationship(
        lazy="select", order_by="Photo.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        ForeignKeyConstraint(
            ["cooperative_id", "owner_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "manager_id"],
            ["memberships.cooperative_id", "memberships.organisation_id"],
        ),
        CheckConstraint("quantity >= 1", name="quantity"),
        Index("ix_resources_cooperative_id_sort_key", "cooperative_id", "sort_key"),
    )


class ResourcePart(Snapshotted, Owned, Base):
    """A resource is a part of a larger one: the whole is held by holding its leaf parts."""

    __tablename__ = "resource_parts"

    whole_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    part_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        _of_resource("whole_id"),
        _of_resource("part_id"),
        Index("ix_resource_parts_part_id", "part_id"),
        CheckConstraint("whole_id <> part_id", name="not_itself"),
    )


class OpeningHours(Snapshotted, Owned, Base):
    """A resource is open on a weekday between two minutes of the local day."""

    __tablename__ = "opening_hours"

    id: Mapped[Key]
    resource_id: Mapped[uuid.UUID] = mapped_column(index=True)
    weekday: Mapped[int]
    """0 Monday to 6 Sunday."""
    opens: Mapped[int]
    """Minute of the local day, 0 to 1439."""
    closes: Mapped[int]
    """Minute of the local day, 1 to 1440."""

    __table_args__ = (
        _of_resource(),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens >= 0 AND closes <= 1440 AND opens < closes", name="hours"),
    )


class Tariff(Snapshotted, Owned, Base):
    """A price for a standing and a unit; shown now, applied by the booking of a later release."""

    __tablename__ = "tariffs"

    id: Mapped[Key]
    resource_id: Mapped[uuid.UUID] = mapped_column(index=True)
    position: Mapped[int]
    standing: Mapped[Standing | None]
    """None: everyone without a line of their own."""
    unit: Mapped[TariffUnit]
    cents: Mapped[int]
    note: Mapped[str] = mapped_column(default="")

    __table_args__ = (_of_resource(), CheckConstraint("cents >= 0", name="cents"))


class Photo(Snapshotted, Owned, Base):
    """A picture of a resource, re-encoded and resized by us: never the bytes that were sent."""

    __tablename__ = "photos"

    id: Mapped[Key]
    resource_id: Mapped[uuid.UUID] = mapped_column(index=True)
    position: Mapped[int]
    description: Mapped[str]
    """What the picture shows, for those who do not see it."""
    width: Mapped[int]
    height: Mapped[int]
    content_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    thumbnail: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime]

    __table_args__ = (_of_resource(),)


class ClosedDay(Snapshotted, Owned, Base):
    """A local day the cooperative adds to public holidays: closes what closes on them."""

    __tablename__ = "closed_days"

    id: Mapped[Key]
    day: Mapped[date]
    reason: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("cooperative_id", "day"),)
