"""The JSON shapes of half-days and absences."""

from typing import Any

from marshmallow import fields, post_load, validate

from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.commands import Assign, Publish
from coopshare.pooled_staff.kinds import AssignmentState, LeaveKind, LeaveState, Origin
from coopshare.pooled_staff.rules import StintKind
from coopshare.web.schemas import Day, Instant, Schema, Text, Whole


class AssignSchema(Schema):
    """Who works where, and when. `pause_minutes` are not worked, in the middle."""

    worker_id = fields.UUID(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    kind = fields.Enum(StintKind, by_value=True, load_default=StintKind.MEMBER)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    site_id = fields.UUID(load_default=None, allow_none=True)
    pause_minutes = Whole(0, 600, load_default=0)
    note = Text(500, multiline=True)
    is_pinned = fields.Boolean(load_default=False)

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> Assign:
        """Return the command."""
        return Assign(span=Interval(data.pop("starts_at"), data.pop("ends_at")), **data)


class ReassignSchema(Schema):
    """A half-day as it is to be, in whole; and the ground where a rule that blocks is passed."""

    to = fields.Nested(AssignSchema, required=True)
    ground = Text(500)


class PublishSchema(Schema):
    """What is published: the drafts of an employer between two local days, both included."""

    employer_id = fields.UUID(required=True)
    first = Day(required=True)
    last = Day(required=True)
    worker_ids = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=500))
    ground = Text(500)

    @post_load
    def command(self, data: dict[str, Any], **_options: Any) -> Publish:
        """Return the command."""
        return Publish(**data | {"worker_ids": frozenset(data["worker_ids"])})


class SpanQuerySchema(Schema):
    """Which span is listed, and of whom."""

    starts_at = Instant(required=True, data_key="from")
    ends_at = Instant(required=True, data_key="to")
    worker_id = fields.UUID(load_default=None)
    limit = Whole(1, 100, load_default=50)
    after = fields.String(load_default=None, validate=validate.Length(max=400))


class BreachSchema(Schema):
    """A rule that is not kept: its figure, its limit, its excess, its source and its sentence."""

    rule = fields.String(required=True)
    rule_set = fields.String(required=True)
    article = fields.String(required=True)
    level = fields.String(required=True)
    worker_id = fields.String(required=True)
    day = fields.String(required=True)
    done = fields.Integer(required=True)
    limit = fields.Integer(required=True)
    excess = fields.Integer(required=True)
    assignments = fields.List(fields.String(), required=True)
    sentence = fields.String(required=True)


class AssignmentSchema(Schema):
    """A half-day, as whoever asks may read it."""

    id = fields.UUID(required=True)
    worker_id = fields.UUID(required=True)
    worker = fields.String(required=True)
    kind = fields.Enum(StintKind, by_value=True, required=True)
    organisation_id = fields.UUID(required=True, allow_none=True)
    organisation = fields.String(required=True, allow_none=True)
    site_id = fields.UUID(required=True, allow_none=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    local_starts_at = fields.String(required=True)
    local_ends_at = fields.String(required=True)
    timezone = fields.String(required=True)
    pause_minutes = fields.Integer(required=True)
    state = fields.Enum(AssignmentState, by_value=True, required=True)
    origin = fields.Enum(Origin, by_value=True, required=True)
    is_pinned = fields.Boolean(required=True)
    note = fields.String(required=True)
    ground = fields.String(required=True)
    version = fields.Integer(required=True)


class JudgedSchema(AssignmentSchema):
    """A half-day that was planned or changed, what it newly breaks and what it mends."""

    breaks = fields.List(fields.Nested(BreachSchema), required=True)
    mends = fields.List(fields.Nested(BreachSchema), required=True)


class AssignmentPageSchema(Schema):
    """Some half-days, and where the next ones begin."""

    items = fields.List(fields.Nested(AssignmentSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class PublishedSchema(Schema):
    """What was published."""

    items = fields.List(fields.Nested(AssignmentSchema), required=True)


class AskLeaveSchema(Schema):
    """An absence: asked for by the person, or (`is_decided`) written by who plans."""

    worker_id = fields.UUID(required=True)
    kind = fields.Enum(LeaveKind, by_value=True, required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    note = Text(500, multiline=True)
    is_decided = fields.Boolean(load_default=False)


class DecideLeaveSchema(Schema):
    """The answer to a leave, on the version that was seen."""

    version = Whole(1, required=True)
    is_accepted = fields.Boolean(required=True)
    answer = Text(500)


class LeaveQuerySchema(Schema):
    """Whose leaves are listed."""

    worker_id = fields.UUID(load_default=None)
    limit = Whole(1, 100, load_default=50)
    after = fields.String(load_default=None, validate=validate.Length(max=400))


class LeaveSchema(Schema):
    """An absence, as the person and who plans read it."""

    id = fields.UUID(required=True)
    worker_id = fields.UUID(required=True)
    kind = fields.Enum(LeaveKind, by_value=True, required=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    timezone = fields.String(required=True)
    state = fields.Enum(LeaveState, by_value=True, required=True)
    note = fields.String(required=True)
    answer = fields.String(required=True)
    version = fields.Integer(required=True)


class LeavePageSchema(Schema):
    """Some absences, and where the next ones begin."""

    items = fields.List(fields.Nested(LeaveSchema), required=True)
    next = fields.String(required=True, allow_none=True)
