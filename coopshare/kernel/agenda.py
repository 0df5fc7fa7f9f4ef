"""What calendars show: an entry, and the source it comes from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from coopshare.kernel.intervals import Interval

EntryStatus: TypeAlias = Literal["confirmed", "tentative", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that takes time, as calendars need it: plain values, instants in UTC."""

    source_kind: str
    source_id: UUID
    organisation_id: UUID | None
    """None: it belongs to everybody, as a closure does."""
    person_id: UUID | None
    span: Interval
    timezone: str
    all_day: bool
    status: EntryStatus
    title: str
    place: str
    note: str
    categories: tuple[str, ...]
    url: str
    sequence: int
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry, and the resources whose calendars show it."""

    entry: Entry
    resource_ids: frozenset[UUID]
