"""Resources and what describes them: parts, opening hours, rules, tariffs, photos."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
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
from coopshare.resources.kinds import (
    QuotaHolder,
    QuotaMeasure,
    QuotaPeriod,
    ResourceKind,
    TariffUnit,
    VatMode,
)

ANSWER_DELAY = 72 * 60
"""Minutes in which a request is answered, unless its resource says otherwise."""


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
    """Whether each request waits for an approver, whatever it is."""
    approval_outside_hours: Mapped[bool] = mapped_column(default=False)
    """Whether a use when it is closed becomes a request, instead of being refused."""
    approval_above: Mapped[int | None]
    """Minutes: a longer use waits for an approver."""
    approval_quantity: Mapped[int | None]
    """A use of more than so many waits for an approver."""
    approval_standings: Mapped[list[str]] = mapped_column(default=list)
    """Standings whose requests all wait for an approver."""
    approval_delay: Mapped[int] = mapped_column(default=ANSWER_DELAY)
    """Minutes in which a request is answered before it lapses; 0: until its start."""
    option_longest: Mapped[int] = mapped_column(default=0)
    """Minutes an option may hold a slot before it is confirmed; 0: no options."""
    waiting_delay: Mapped[int] = mapped_column(default=1440)
    """Minutes for which what became free is offered to the first who waits; 0: no waiting list."""
    check_in_within: Mapped[int] = mapped_column(default=0)
    """Minutes after the start within which somebody checks in, else it is given back; 0: never."""
    check_in_since: Mapped[datetime | None]
    """Since when check-in is asked for: what began before is not concerned."""
    hand_over: Mapped[bool] = mapped_column(default=False)
    """Handed over in person: collected and given back, with a state noted at both ends."""
    out_of_order: Mapped[int] = mapped_column(default=0)
    """How many are under maintenance now: the sum of those that stand."""
    closed_on_holidays: Mapped[bool] = mapped_column(default=True)
    closed_in_school_holidays: Mapped[bool] = mapped_column(default=False)
    deposit_cents: Mapped[int] = mapped_column(default=0)
    """Asked for with each unit, given back after use: no part of the price."""
    late_before: Mapped[int] = mapped_column(default=0)
    """Minutes before the start from which giving up is late; 0: never."""
    late_share: Mapped[int] = mapped_column(default=0)
    """Part of the price due for a late cancellation, in basis points."""
    vat_mode: Mapped[VatMode | None]
    """None: nothing was said, prices are shown without a word on tax."""
    vat_bp: Mapped[int] = mapped_column(default=0)
    """Rate of tax added to the price, in basis points, where it is taxable."""
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
    approvers: Mapped[list["ResourceApprover"]] = relationship(
        lazy="selectin", order_by="ResourceApprover.person_id", cascade="all, delete-orphan"
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


class ResourceApprover(Snapshotted, Owned, Base):
    """A person who decides on the requests for a resource, told instead of its managers."""

    __tablename__ = "resource_approvers"

    resource_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)

    __table_args__ = (_of_resource(), Index("ix_resource_approvers_person_id", "person_id"))


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
    """A price for a standing and a unit: `pricing.py` says how a booking is priced by it."""

    __tablename__ = "tariffs"

    id: Mapped[Key]
    resource_id: Mapped[uuid.UUID] = mapped_column(index=True)
    position: Mapped[int]
    standing: Mapped[Standing | None]
    """None: everyone without a line of their own."""
    unit: Mapped[TariffUnit]
    cents: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    beyond: Mapped[int] = mapped_column(default=0)
    """Holds for what comes after so many minutes (by the hour) or units (all else) of a booking."""
    weekdays: Mapped[list[int]] = mapped_column(default=list)
    """Days on which it holds, 0 Monday to 6 Sunday; empty: all."""
    opens: Mapped[int | None]
    """Minute of the local day from which it holds, by the hour only; None: all day."""
    closes: Mapped[int | None]
    """Minute of the local day until which it holds."""

    __table_args__ = (
        _of_resource(),
        CheckConstraint("cents >= 0", name="cents"),
        CheckConstraint("beyond >= 0", name="beyond"),
    )


class Quota(Snapshotted, Owned, Versioned, Base):
    """So many hours or bookings in a period: a limit, or what is free before prices begin.

    A booking counts whole in the period of the local day it starts on.
    """

    __tablename__ = "quotas"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120))
    """As people read it, in a price or a refusal."""
    is_free: Mapped[bool]
    """The first so many are free; else more than so many is refused."""
    measure: Mapped[QuotaMeasure]
    amount: Mapped[int]
    """Minutes for hours, else how many bookings."""
    period: Mapped[QuotaPeriod]
    first_day: Mapped[date | None]
    """The first local day of a season."""
    last_day: Mapped[date | None]
    """The last local day of a season, included."""
    holder: Mapped[QuotaHolder]
    standing: Mapped[Standing | None]
    """For organisations of this standing only; None: all."""
    resource_id: Mapped[uuid.UUID | None]
    """On this resource only."""
    kind: Mapped[ResourceKind | None]
    """On resources of this kind only; none of the two: on everything."""
    is_active: Mapped[bool] = mapped_column(default=True)
    """Ended: kept for the bookings that were priced by it, counts no more."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        _of_resource(),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("resource_id IS NULL OR kind IS NULL", name="scope"),
        CheckConstraint(
            "first_day IS NULL OR last_day IS NULL OR first_day <= last_day", name="season"
        ),
        Index("ix_quotas_resource_id", "resource_id"),
    )


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


class ResourceLabel(Owned, Base):
    """A short address to stick on a thing: `/etiquette/<code>`; given up when it is copied."""

    __tablename__ = "resource_labels"

    id: Mapped[Key]
    resource_id: Mapped[uuid.UUID] = mapped_column(index=True)
    code: Mapped[str] = mapped_column(String(16), unique=True)
    """Opaque: says nothing of the resource, and cannot be guessed."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (_of_resource(),)
