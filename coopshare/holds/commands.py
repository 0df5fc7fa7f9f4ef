"""What the verbs of closures are given."""

from dataclasses import dataclass
from uuid import UUID

from coopshare.holds.models import MaintenanceReason
from coopshare.kernel.intervals import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Close resources over a span, for a reason that everybody may read."""

    resource_ids: tuple[UUID, ...]
    span: Interval
    timezone: str
    """Where the span is said: the zone of the resources."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMaintenance:
    """Take some of a resource out of use until it is lifted."""

    resource_id: UUID
    quantity: int = 1
    reason: MaintenanceReason = MaintenanceReason.DAMAGED
    note: str = ""
    noticed_in: UUID | None = None
    """The booking in which it was noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftMaintenance:
    """Say that what was out of use works again, or was found."""

    maintenance_id: UUID
    note: str = ""
