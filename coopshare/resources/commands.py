"""What the verbs of resources are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from coopshare.members.kinds import Standing
from coopshare.resources.kinds import (
    QuotaHolder,
    QuotaMeasure,
    QuotaPeriod,
    ResourceKind,
    TariffUnit,
)


class TariffLine(NamedTuple):
    """A price of a resource, as `models.Tariff` has it."""

    standing: Standing | None
    unit: TariffUnit
    cents: int
    note: str = ""
    beyond: int = 0
    weekdays: Sequence[int] = ()
    opens: int | None = None
    closes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRule:
    """What a quota says, as `models.Quota` has it."""

    name: str
    is_free: bool
    measure: QuotaMeasure
    amount: int
    period: QuotaPeriod
    holder: QuotaHolder
    first_day: date | None = None
    last_day: date | None = None
    standing: Standing | None = None
    resource_id: UUID | None = None
    kind: ResourceKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuota:
    """Set a quota; with an id, change that one, on the version that was seen."""

    rule: QuotaRule
    quota_id: UUID | None = None
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Declare a resource. `values` are columns of `Resource`, and `hours`, `tariffs`, `parts`,
    `approvers`.

    `hours`: (weekday, opens, closes) in minutes of the local day. `tariffs`: those of `TariffLine`
    in their order, the last ones may be left out. `parts`: ids of resources. `approvers`: ids of
    people.
    """

    name: str
    kind: ResourceKind
    owner_id: UUID
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Change what is named in `values` (as in `Create`), on the version that was seen."""

    resource_id: UUID
    version: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPhoto:
    """Show a picture of a resource: any bytes a person sends, and what it shows."""

    resource_id: UUID
    content: bytes
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddClosedDay:
    """Close, one day, whatever closes on public holidays."""

    day: date
    reason: str
