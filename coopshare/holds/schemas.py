"""The shapes of searches and closures, for pages and for programs."""

from marshmallow import EXCLUDE, fields, validate

from coopshare.holds.models import MaintenanceReason
from coopshare.kernel.text import marked
from coopshare.resources.kinds import FEATURES, ResourceKind
from coopshare.web.schemas import Day, Instant, Schema, Text, Whole

MOST_PEOPLE, MOST_OF_IT = 10_000, 100_000
MOST_MINUTES = 62 * 24 * 60
UNKNOWN = marked("Choisissez parmi les réponses proposées.")


def _features(**options: object) -> "fields.List[str]":
    return fields.List(
        fields.String(validate=validate.OneOf(sorted(FEATURES), error=UNKNOWN)),
        validate=validate.Length(max=len(FEATURES)),
        **options,  # type: ignore[arg-type]
    )


class SearchSchema(Schema):
    """The blanks of the sentence on the first page; what else stands in the address is ignored."""

    class Meta:
        """An address may carry marks of where it was found."""

        unknown = EXCLUDE

    quoi = fields.Enum(ResourceKind, by_value=True)
    personnes = Whole(1, MOST_PEOPLE)
    jour = Day(required=True)
    de = fields.Time(required=True)
    a = fields.Time(required=True)
    fin = Day()
    duree = Whole(1, MOST_MINUTES)
    quantite = Whole(1, MOST_OF_IT, load_default=1)
    mot = Text(80)
    avec = _features(load_default=list)
    laquelle = fields.String(validate=validate.OneOf(["first", "second"], error=UNKNOWN))


class ClosureFormSchema(Schema):
    """The form of a closure: local days, and hours where it is not whole days."""

    resource_ids = fields.List(fields.UUID(), load_default=list)
    day = Day(required=True)
    last_day = Day()
    starts_at = fields.Time()
    ends_at = fields.Time()
    reason = Text(120, required=True)


class AvailabilityQuerySchema(Schema):
    """What is looked for: over a span, or for a duration anywhere between two instants."""

    starts_at = Instant(required=True, data_key="from")
    ends_at = Instant(required=True, data_key="to")
    duration = Whole(1, MOST_MINUTES, metadata={"description": "Minutes."})
    kind = fields.Enum(ResourceKind, by_value=True)
    quantity = Whole(1, MOST_OF_IT, load_default=1)
    min_capacity = Whole(1, MOST_PEOPLE)
    features = _features(load_default=list)
    q = Text(80)
    resource_id = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=200))


class SpanSchema(Schema):
    """A half-open span in UTC, and the same in local time."""

    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    local_starts_at = fields.String(required=True)
    local_ends_at = fields.String(required=True)


class ReasonSchema(Schema):
    """Why a resource is not free, and what is possible."""

    code = fields.String(required=True)
    detail = fields.String(required=True)
    possible = fields.String(required=True, allow_none=True)


class OfferSchema(Schema):
    """A resource, and how it answers."""

    resource_id = fields.UUID(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    capacity = fields.Integer(required=True, allow_none=True)
    timezone = fields.String(required=True)
    is_free = fields.Boolean(required=True)
    free_quantity = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(ReasonSchema), required=True)
    nearest = fields.List(fields.Nested(SpanSchema), required=True)
    similar = fields.List(fields.UUID(), required=True)


class AvailabilitySchema(Schema):
    """Every resource: the free ones first, then those free nearby in time, then the others."""

    items = fields.List(fields.Nested(OfferSchema), required=True)


class BusyQuerySchema(Schema):
    """The window that is looked at."""

    starts_at = Instant(required=True, data_key="from")
    ends_at = Instant(required=True, data_key="to")


class BusySchema(Schema):
    """When not one of a resource can be had: merged spans, without saying by whom.

    `busy`: taken or closed for works, preparation included; `closed`: outside its hours, holidays
    and closed days. Together they are what its free/busy address gives.
    """

    resource_id = fields.UUID(required=True)
    timezone = fields.String(required=True)
    busy = fields.List(fields.Nested(SpanSchema), required=True)
    closed = fields.List(fields.Nested(SpanSchema), required=True)


class CloseSchema(Schema):
    """What closes, when and why."""

    resource_ids = fields.List(
        fields.UUID(), required=True, validate=validate.Length(min=1, max=100)
    )
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    timezone = Text(60)
    """Left out: that of the cooperative."""
    reason = Text(120, required=True)


class ClosureQuerySchema(Schema):
    """Which closures are listed."""

    limit = Whole(1, 100, load_default=50)
    after = Text(400)


class ClosureSchema(Schema):
    """A closure."""

    id = fields.UUID(required=True)
    reason = fields.String(required=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    local_starts_at = fields.String(required=True)
    local_ends_at = fields.String(required=True)
    timezone = fields.String(required=True)
    resource_ids = fields.List(fields.UUID(), required=True)
    """The leaf parts that are closed."""
    lifted_at = fields.String(required=True, allow_none=True)


class ClosurePageSchema(Schema):
    """Some closures, by start."""

    items = fields.List(fields.Nested(ClosureSchema), required=True)
    next = fields.String(required=True, allow_none=True)


class MaintenanceFormSchema(Schema):
    """Some of a resource is put out of use."""

    resource_id = fields.UUID(required=True)
    quantity = Whole(1, 100_000, load_default=1)
    reason = fields.Enum(MaintenanceReason, by_value=True, load_default=MaintenanceReason.DAMAGED)
    note = Text(500)


class LiftFormSchema(Schema):
    """What was done before it is put back in use."""

    note = Text(500)


class LackingSchema(Schema):
    """A booking to come that no longer fits."""

    booking_id = fields.UUID(required=True)
    title = fields.String(required=True)
    starts_at = fields.String(required=True)
    ends_at = fields.String(required=True)
    count = fields.Integer(required=True)


class MaintenanceSchema(Schema):
    """What is out of use."""

    id = fields.UUID(required=True)
    resource_id = fields.UUID(required=True)
    quantity = fields.Integer(required=True)
    reason = fields.Enum(MaintenanceReason, by_value=True, required=True)
    note = fields.String(required=True)
    opened_at = fields.String(required=True)
    lifted_at = fields.String(required=True, allow_none=True)
    lacking = fields.List(fields.Nested(LackingSchema), required=True)
    """The bookings to come that no longer fit, for whoever manages the resource."""


class MaintenancePageSchema(Schema):
    """Some maintenances, the oldest first."""

    items = fields.List(fields.Nested(MaintenanceSchema), required=True)
    next = fields.String(required=True, allow_none=True)
