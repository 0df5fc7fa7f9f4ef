"""Shared posts, the people who hold them, and their contracts: one row a version, never edited."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coopshare.db.base import Base, Key, Owned, Versioned
from coopshare.pooled_staff.kinds import Arrangement, ContractKind
from coopshare.pooled_staff.models.group import of_employer, of_member


class Position(Owned, Versioned, Base):
    """A post that members share: filled by one person after another."""

    __tablename__ = "positions"

    id: Mapped[Key]
    employer_id: Mapped[uuid.UUID]
    title: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str]
    qualification: Mapped[str] = mapped_column(default="")
    tasks: Mapped[str] = mapped_column(String(2000), default="")
    weekly_minutes: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    """The last day, included; None: until further notice."""
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        of_employer(),
        CheckConstraint("weekly_minutes > 0", name="weekly_minutes"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="days"),
    )


class Worker(Owned, Versioned, Base):
    """Somebody who works for several members, employed by one."""

    __tablename__ = "workers"

    id: Mapped[Key]
    employer_id: Mapped[uuid.UUID]
    email: Mapped[str] = mapped_column(String(254))
    """In lower case. The account of that address is theirs, now or once there is one."""
    resource_id: Mapped[uuid.UUID]
    """The resource of kind "person" whose time is held: nobody is in two places."""
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str]
    born_on: Mapped[date | None]
    """Private: only whether they are of age is ever told."""
    wishes: Mapped[str] = mapped_column(String(1000), default="")
    """Private: read by the person and by who plans."""
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        UniqueConstraint("employer_id", "email"),
        of_employer(),
        ForeignKeyConstraint(
            ["cooperative_id", "resource_id"], ["resources.cooperative_id", "resources.id"]
        ),
    )

    @property
    def tone(self) -> int:
        """A colour of the eight-tone set, always the same for the person."""
        return self.id.int % 8


class Contract(Owned, Base):
    """A version of somebody's contract: the signed one is never edited, an avenant follows it."""

    __tablename__ = "contracts"

    id: Mapped[Key]
    worker_id: Mapped[uuid.UUID]
    position_id: Mapped[uuid.UUID]
    number: Mapped[int]
    """1 for the contract, 2 and more for its amendments."""
    kind: Mapped[ContractKind]
    starts_on: Mapped[date]
    """The first day this version holds; it holds until the next one begins."""
    ends_on: Mapped[date | None]
    """The last day of the contract, included; None: until further notice."""
    weekly_minutes: Mapped[int]
    is_part_time: Mapped[bool]
    arrangement: Mapped[Arrangement] = mapped_column(default=Arrangement.NONE)
    slots: Mapped[list[list[int]]] = mapped_column(default=list)
    """When they may work: [weekday 0 to 6, opens, closes] in minutes of the local day."""
    gross_hourly_cents: Mapped[int]
    charge_bp: Mapped[int] = mapped_column(default=0)
    """Employer's contributions on gross pay, in basis points."""
    other_jobs_minutes: Mapped[int] = mapped_column(default=0)
    """A week in other employment, as the person declared it: seen by who plans only."""
    signed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime]

    users: Mapped[list["ContractUser"]] = relationship(
        lazy="selectin", order_by="ContractUser.organisation_id", cascade="all, delete-orphan"
    )
    places: Mapped[list["ContractPlace"]] = relationship(
        lazy="selectin", order_by="ContractPlace.site_id", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        UniqueConstraint("worker_id", "number"),
        UniqueConstraint("worker_id", "starts_on"),
        ForeignKeyConstraint(
            ["cooperative_id", "worker_id"], ["workers.cooperative_id", "workers.id"]
        ),
        ForeignKeyConstraint(
            ["cooperative_id", "position_id"], ["positions.cooperative_id", "positions.id"]
        ),
        CheckConstraint("weekly_minutes > 0 AND gross_hourly_cents >= 0", name="amounts"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="days"),
        Index("ix_contracts_worker_id", "worker_id", "starts_on"),
    )


class ContractUser(Owned, Base):
    """A potential user that a contract names (L1253-9)."""

    __tablename__ = "contract_users"

    contract_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "contract_id"], ["contracts.cooperative_id", "contracts.id"]
        ),
        of_member(),
    )


class ContractPlace(Owned, Base):
    """A place of work that a contract names (L1253-9)."""

    __tablename__ = "contract_places"

    contract_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["cooperative_id", "contract_id"], ["contracts.cooperative_id", "contracts.id"]
        ),
        ForeignKeyConstraint(["cooperative_id", "site_id"], ["sites.cooperative_id", "sites.id"]),
    )
