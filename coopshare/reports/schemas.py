"""The shapes of statistics, for the page and for programs."""

from marshmallow import EXCLUDE, fields, validate

from coopshare.kernel.text import marked
from coopshare.reports.exporting import ExportFormat, Table
from coopshare.reports.periods import Compared, Usual
from coopshare.resources.kinds import ResourceKind
from coopshare.web.schemas import Day, Schema

UNKNOWN = marked("Choisissez parmi les réponses proposées.")
ALL = "tout"
CHOSEN = "jours"
"""The period whose days are typed."""


class StatisticsFormSchema(Schema):
    """What the page asks for; what else stands in the address is ignored."""

    class Meta:
        """An address may carry marks of where it was found."""

        unknown = EXCLUDE

    periode = fields.String(
        validate=validate.OneOf([*(str(one) for one in Usual), CHOSEN], error=UNKNOWN),
        load_default=str(Usual.LAST_MONTH),
    )
    du = Day(load_default=None)
    au = Day(load_default=None)
    comparer = fields.Enum(Compared, by_value=True, load_default=None)
    quoi = fields.String(
        validate=validate.OneOf([*(str(one) for one in ResourceKind), ALL], error=UNKNOWN),
        load_default=str(ResourceKind.PLACE),
    )
    """Rooms unless said otherwise: hours of chairs and hours of rooms do not add up."""
    ressource = fields.UUID(load_default=None)
    format = fields.Enum(ExportFormat, by_value=True, load_default=None)
    tableau = fields.Enum(Table, by_value=True, load_default=Table.RESOURCES)


class StatisticsQuerySchema(Schema):
    """What a program asks for: local days of the cooperative, the last one included."""

    first = Day(required=True, data_key="from")
    last = Day(required=True, data_key="to")
    compare = fields.Enum(Compared, by_value=True, load_default=None)
    kind = fields.Enum(ResourceKind, by_value=True, load_default=None)
    resource_id = fields.UUID(load_default=None)


class ResourceUseSchema(Schema):
    """How one resource is used; `used_minutes` counts each unit, `minutes` the thing once."""

    resource_id = fields.UUID(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    minutes = fields.Integer(required=True)
    used_minutes = fields.Integer(required=True)
    open_minutes = fields.Integer(required=True)
    percent = fields.Integer(required=True, allow_none=True)
    bookings = fields.Integer(required=True)


class OrganisationUseSchema(Schema):
    """How much one organisation uses."""

    organisation_id = fields.UUID(required=True)
    name = fields.String(required=True)
    minutes = fields.Integer(required=True)
    bookings = fields.Integer(required=True)


class WeekHourSchema(Schema):
    """How full one hour of the week is."""

    weekday = fields.Integer(required=True, metadata={"description": "0: lundi."})
    hour = fields.Integer(required=True)
    used_minutes = fields.Integer(required=True)
    open_minutes = fields.Integer(required=True)


class LostSchema(Schema):
    """Time that nobody used."""

    bookings = fields.Integer(required=True)
    minutes = fields.Integer(required=True)


class RefusalSchema(Schema):
    """Requests that came to nothing."""

    resource_id = fields.UUID(required=True)
    status = fields.String(required=True)
    reason = fields.String(required=True)
    requests = fields.Integer(required=True)


class PeriodUseSchema(Schema):
    """The use of a period."""

    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")
    used_minutes = fields.Integer(required=True)
    open_minutes = fields.Integer(required=True)
    percent = fields.Integer(required=True, allow_none=True)
    bookings = fields.Integer(required=True)
    resources = fields.List(fields.Nested(ResourceUseSchema), required=True)
    organisations = fields.List(fields.Nested(OrganisationUseSchema), required=True)
    hours = fields.List(fields.Nested(WeekHourSchema), required=True)
    no_shows = fields.Nested(LostSchema, required=True)
    late_cancellations = fields.Nested(LostSchema, required=True)
    refusals = fields.List(fields.Nested(RefusalSchema), required=True)


class StatisticsSchema(Schema):
    """The use of a period, and of the one it is compared with."""

    period = fields.Nested(PeriodUseSchema, required=True)
    compared = fields.Nested(PeriodUseSchema, required=True, allow_none=True)
