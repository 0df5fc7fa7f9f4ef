"""What happened: past participles that carry ids and plain values, never ORM objects."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of what happened. `name` is stored in the audit trail and in jobs: never rename one."""

    name: ClassVar[str]
    object_kind: ClassVar[str]
    said: ClassVar[str] = ""
    """The sentence of the journal, with {who} and {what}; empty: the journal says it plainly."""

    object_id: UUID
    """The thing it happened to."""
    changes: tuple[tuple[str, str, str], ...] = ()
    """What changed: (field, before, after), codes and instants only, no free text."""
