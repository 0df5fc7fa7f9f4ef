"""What the verbs of statements are given, and what those who sell tell them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coopshare.exchanges.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """One charge as it stands now: plain values, frozen by who sells, never computed again."""

    source_id: UUID
    """What it is charged for: a booking."""
    organisation_id: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    timezone: str
    resource_id: UUID
    resource: str
    """The name of the resource, as it was."""
    kind: str
    """A code: "use", "off_peak", "free_quota", "late_cancellation"..."""
    unit: str
    """A code: "hour" (its units are minutes), "half_day", "day", "unit", "person"..."""
    units: int
    quantity: int
    """How many of the resource."""
    cents_each: int
    cents: int
    """Before tax."""
    vat_mode: str | None
    vat_bp: int
    """Hundredths of a per cent: 2000 is 20 %."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMonth:
    """State a month to every organisation, for good."""

    month: Month
