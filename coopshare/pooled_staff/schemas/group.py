"""The JSON shapes of employers, posts, people and contracts."""

from typing import Any

from marshmallow import fields, post_load, validate

from coopshare.pooled_staff.commands import (
    AddWorker,
    SetContract,
    SetEmployer,
    SetPosition,
)
from coopshare.pooled_staff.kinds import Arrangement, ContractKind, EmployerKind
from coopshare.resources.kinds import VatMode
from coopshare.web.schemas import Day, Schema, Text, Whole

MONEY = 10_000_000
MINUTES = 7 * 24 * 60
WHOLE = 100_000
"""Basis points at most: ten times the whole."""


class SpanOfDaySchema(Schema):
    """Minutes of the local day."""

    opens = Whole(0, 1439, required=True)
    closes = Whole(1, 1440, required=True)

    @post_load
    def pair(self, data: dict[str, Any], **_options: Any) -> tuple[int, int]:
        """Return both ends."""
        return data["opens"], data["closes"]


class EmployerBodySchema(Schema):
    """Who employs for others, and under which rules. Rates in basis points."""

    organisation_id = fields.UUID(required=True)
    kind = fields.Enum(EmployerKind, by_value=True, required=True)
    agreement = Text(200)
    idcc = Text(4)
    idcc_declared_on = Day(load_default=None, allow_none=True)
    statutes_on = Day(load_default=None, allow_none=True)
    vat_mode = fields.Enum(VatMode, by_value=True, load_default=None, allow_none=True)
    vat_bp = Whole(0, 10_000, load_default=0)
    fee_bp = Whole(0, 10_000, load_default=0)
    morning = fields.Nested(SpanOfDaySchema, load_default=(540, 750))
    afternoon = fields.Nested(SpanOfDaySchema, load_default=(810, 1020))
    holidays_worked = fields.List(Text(80), load_default=list, validate=validate.Length(max=20))
    absent_weeks_count = fields.Boolean(load_default=False)

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> SetEmployer:
        """Return the command."""
        return SetEmployer(**data | {"holidays_worked": tuple(data["holidays_worked"])})


class EmployerSchema(Schema):
    """Who employs for others."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    kind = fields.Enum(EmployerKind, by_value=True, required=True)
    agreement = fields.String(required=True)
    idcc = fields.String(required=True)
    vat_mode = fields.Enum(VatMode, by_value=True, required=True, allow_none=True)
    vat_bp = fields.Integer(required=True)
    fee_bp = fields.Integer(required=True)
    holidays_worked = fields.List(fields.String(), required=True)
    version = fields.Integer(required=True)


class EmployerListSchema(Schema):
    """Every employer of the cooperative."""

    items = fields.List(fields.Nested(EmployerSchema), required=True)


class GroupMemberBodySchema(Schema):
    """An organisation that shares the people of the employer from a day on."""

    organisation_id = fields.UUID(required=True)
    since = Day(required=True)
    deposit_cents = Whole(0, MONEY, load_default=0)
    liability_weight = Whole(0, 1_000_000, load_default=1)


class GroupMemberSchema(Schema):
    """A member of a group."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    organisation = fields.String(required=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)


class GroupMemberListSchema(Schema):
    """The members of a group, past ones too."""

    items = fields.List(fields.Nested(GroupMemberSchema), required=True)


class SiteBodySchema(Schema):
    """A place of work at a member."""

    organisation_id = fields.UUID(required=True)
    name = Text(120, required=True)
    address = Text(300)
    contact = Text(200)


class SiteSchema(Schema):
    """A place of work."""

    id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    contact = fields.String(required=True)


class SiteListSchema(Schema):
    """The places of work of a group's members."""

    items = fields.List(fields.Nested(SiteSchema), required=True)


class PositionBodySchema(Schema):
    """A shared post."""

    employer_id = fields.UUID(required=True)
    title = Text(120, required=True)
    weekly_minutes = Whole(1, MINUTES, required=True)
    starts_on = Day(required=True)
    ends_on = Day(load_default=None, allow_none=True)
    qualification = Text(200)
    tasks = Text(2000, multiline=True)

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> SetPosition:
        """Return the command."""
        return SetPosition(**data)


class PositionSchema(Schema):
    """A shared post."""

    id = fields.UUID(required=True)
    employer_id = fields.UUID(required=True)
    title = fields.String(required=True)
    qualification = fields.String(required=True)
    tasks = fields.String(required=True)
    weekly_minutes = fields.Integer(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)


class PositionListSchema(Schema):
    """The shared posts of the cooperative."""

    items = fields.List(fields.Nested(PositionSchema), required=True)


class WorkerBodySchema(Schema):
    """Somebody who works for several members; their account is the one of the address."""

    employer_id = fields.UUID(required=True)
    name = Text(120, required=True)
    email = fields.Email(required=True, validate=validate.Length(max=254))
    born_on = fields.Date(load_default=None, allow_none=True)
    wishes = Text(1000, multiline=True)

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> AddWorker:
        """Return the command."""
        return AddWorker(**data)


class WorkerSchema(Schema):
    """Somebody who is shared: their name, and whose time is held; nothing private."""

    id = fields.UUID(required=True)
    employer_id = fields.UUID(required=True)
    resource_id = fields.UUID(required=True)
    name = fields.String(required=True)


class WorkerListSchema(Schema):
    """The people one may know of."""

    items = fields.List(fields.Nested(WorkerSchema), required=True)


class SlotSchema(Schema):
    """When somebody may work: 0 is Monday, minutes of the local day."""

    weekday = Whole(0, 6, required=True)
    opens = Whole(0, 1439, required=True)
    closes = Whole(1, 1440, required=True)

    @post_load
    def slot(self, data: dict[str, Any], **_options: Any) -> tuple[int, int, int]:
        """Return the three numbers."""
        return data["weekday"], data["opens"], data["closes"]


class ContractBodySchema(Schema):
    """A contract, or its next version. Minutes, cents, basis points."""

    worker_id = fields.UUID(required=True)
    position_id = fields.UUID(required=True)
    kind = fields.Enum(ContractKind, by_value=True, required=True)
    starts_on = Day(required=True)
    ends_on = Day(load_default=None, allow_none=True)
    weekly_minutes = Whole(1, MINUTES, required=True)
    is_part_time = fields.Boolean(required=True)
    arrangement = fields.Enum(Arrangement, by_value=True, load_default=Arrangement.NONE)
    slots = fields.List(
        fields.Nested(SlotSchema), load_default=list, validate=validate.Length(max=60)
    )
    gross_hourly_cents = Whole(0, MONEY, required=True)
    charge_bp = Whole(0, WHOLE, load_default=0)
    other_jobs_minutes = Whole(0, MINUTES, load_default=0)
    users = fields.List(fields.UUID(), required=True, validate=validate.Length(max=500))
    places = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=500))
    signed_on = Day(load_default=None, allow_none=True)
    note = Text(1000, multiline=True)

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> SetContract:
        """Return the command."""
        return SetContract(
            **data
            | {
                "slots": tuple(data["slots"]),
                "users": frozenset(data["users"]),
                "places": frozenset(data["places"]),
            }
        )


class ContractQuerySchema(Schema):
    """Whose contract is read."""

    worker_id = fields.UUID(required=True)


class ContractSchema(Schema):
    """A version of a contract: read by its person and by who plans."""

    id = fields.UUID(required=True)
    worker_id = fields.UUID(required=True)
    position_id = fields.UUID(required=True)
    number = fields.Integer(required=True)
    kind = fields.Enum(ContractKind, by_value=True, required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True, allow_none=True)
    weekly_minutes = fields.Integer(required=True)
    is_part_time = fields.Boolean(required=True)
    arrangement = fields.Enum(Arrangement, by_value=True, required=True)
    gross_hourly_cents = fields.Integer(required=True)
    charge_bp = fields.Integer(required=True)
    users = fields.List(fields.UUID(), required=True)
    places = fields.List(fields.UUID(), required=True)


class ContractListSchema(Schema):
    """The versions of somebody's contract, the first one first."""

    items = fields.List(fields.Nested(ContractSchema), required=True)
