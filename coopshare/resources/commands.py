"""What the verbs of resources are given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from coopshare.resources.kinds import ResourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Declare a resource. `values` are columns of `Resource`, and `hours`, `tariffs`, `parts`,
    `approvers`.

    `hours`: (weekday, opens, closes) in minutes of the local day. `tariffs`: (standing or None,
    unit, cents, note). `parts`: ids of resources. `approvers`: ids of people.
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
