"""Who employs the people that members share: the group, its members, its sites."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from coopshare.db.base import Base, Key, Owned, Versioned
from coopshare.pooled_staff.kinds import EmployerKind
from coopshare.resources.kinds import VatMode


def of_member(column: str = "organisation_id") -> ForeignKeyConstraint:
    """Return the key of an organisation that is or was a member of the cooperative."""
    return ForeignKeyConstraint(
        ["cooperative_id", column], ["memberships.cooperative_id", "memberships.organisation_id"]
    )


def of_employer() -> ForeignKeyConstraint:
    """Return the key of the employer a row belongs to."""
    return ForeignKeyConstraint(
        ["cooperative_id", "employer_id"], ["employers.cooperative_id", "employers.id"]
    )


class Employer(Owned, Versioned, Base):
    """Who employs people that other organisations share time of."""

    __tablename__ = "employers"

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID]
    kind: Mapped[EmployerKind]
    agreement: Mapped[str] = mapped_column(default="")
    """The collective agreement, as people call it."""
    idcc: Mapped[str] = mapped_column(String(4), default="")
    """Its number; four digits."""
    idcc_declared_on: Mapped[date | None]
    """When the choice was declared to the labour inspectorate (L1253-6)."""
    statutes_on: Mapped[date | None]
    """When a cooperative's statutes named the activity and the joint liability (R1253-35)."""
    vat_mode: Mapped[VatMode | None]
    vat_bp: Mapped[int] = mapped_column(default=0)
    """Rate of tax in basis points, where it is taxable."""
    fee_bp: Mapped[int] = mapped_column(default=0)
    """Management fee on the cost, in basis points; none where the law forbids one."""
    morning_opens: Mapped[int] = mapped_column(default=540)
    """Minutes of the local day: the usual half-days."""
    morning_closes: Mapped[int] = mapped_column(default=750)
    afternoon_opens: Mapped[int] = mapped_column(default=810)
    afternoon_closes: Mapped[int] = mapped_column(default=1020)
    holidays_worked: Mapped[list[str]] = mapped_column(default=list)
    """Names of the public holidays that are worked; all others are off (L3133-1)."""
    absent_weeks_count: Mapped[bool] = mapped_column(default=False)
    """Whether a week of absence lowers the average over twelve weeks."""
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        UniqueConstraint("cooperative_id", "organisation_id"),
        of_member(),
        CheckConstraint(
            "morning_opens < morning_closes AND morning_closes <= afternoon_opens"
            " AND afternoon_opens < afternoon_closes AND afternoon_closes <= 1440",
            name="half_days",
        ),
    )


class EmployerRule(Owned, Base):
    """What a collective agreement changes of a legal rule, from a day on."""

    __tablename__ = "employer_rules"

    id: Mapped[Key]
    employer_id: Mapped[uuid.UUID]
    rule_id: Mapped[str] = mapped_column(String(40))
    value: Mapped[int]
    """Minutes, days or basis points, as the rule counts."""
    agreement: Mapped[str]
    """The agreement, with its date."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    __table_args__ = (of_employer(), Index("ix_employer_rules_employer_id", "employer_id"))


class GroupMember(Owned, Base):
    """An organisation that shares the people of an employer."""

    __tablename__ = "group_members"

    id: Mapped[Key]
    employer_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    since: Mapped[date]
    until: Mapped[date | None]
    """First day on which it shares no more."""
    deposit_cents: Mapped[int] = mapped_column(default=0)
    """What it left with the guarantee fund."""
    liability_weight: Mapped[int] = mapped_column(default=1)
    """Its weight in the joint liability towards employees (L1253-8), as the statutes say."""

    __table_args__ = (
        UniqueConstraint("employer_id", "organisation_id"),
        of_employer(),
        of_member(),
        CheckConstraint("deposit_cents >= 0 AND liability_weight >= 0", name="amounts"),
    )


class Site(Owned, Base):
    """A place of work at a member, as contracts and conventions name it."""

    __tablename__ = "sites"

    id: Mapped[Key]
    organisation_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(300), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    """Who to ask for on arrival."""
    is_active: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        UniqueConstraint("cooperative_id", "id"),
        of_member(),
        Index("ix_sites_organisation_id", "cooperative_id", "organisation_id"),
    )


class Journey(Owned, Base):
    """How long, and how far, from one site to another: the same both ways."""

    __tablename__ = "journeys"

    id: Mapped[Key]
    from_id: Mapped[uuid.UUID]
    to_id: Mapped[uuid.UUID]
    minutes: Mapped[int]
    metres: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("from_id", "to_id"),
        ForeignKeyConstraint(["cooperative_id", "from_id"], ["sites.cooperative_id", "sites.id"]),
        ForeignKeyConstraint(["cooperative_id", "to_id"], ["sites.cooperative_id", "sites.id"]),
        CheckConstraint("from_id < to_id AND minutes >= 0 AND metres >= 0", name="once"),
    )
