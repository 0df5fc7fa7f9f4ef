"""Reads of closures."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from coopshare.db.work import Work
from coopshare.holds.models import Closure, Hold
from coopshare.kernel.errors import NotFound
from coopshare.resources.models import Resource


@dataclass(frozen=True, slots=True)
class ClosureLine:
    """A closure, and what it closes, by name."""

    closure: Closure
    resources: tuple[tuple[UUID, str], ...]


def closure(work: Work, closure_id: UUID) -> Closure:
    """Return a closure; raises `NotFound`."""
    found = work.session.scalar(select(Closure).where(Closure.id == closure_id))
    if found is None:
        raise NotFound
    return found


def closures(
    work: Work,
    *,
    since: datetime | None = None,
    limit: int = 100,
    after: tuple[datetime, UUID] | None = None,
) -> list[ClosureLine]:
    """Return the closures that stand and end after `since`, by start: two statements."""
    query = (
        select(Closure)
        .where(Closure.lifted_at.is_(None))
        .order_by(Closure.starts_at, Closure.id)
        .limit(limit)
    )
    if since is not None:
        query = query.where(Closure.ends_at > since)
    if after is not None:
        query = query.where(
            (Closure.starts_at > after[0])
            | ((Closure.starts_at == after[0]) & (Closure.id > after[1]))
        )
    return described_closures(work, work.session.scalars(query).all())


def described_closures(work: Work, found: Sequence[Closure]) -> list[ClosureLine]:
    """Return what each closure closes: one statement."""
    rows = work.session.execute(
        select(Hold.source_id, Resource.id, Resource.name, Resource.sort_key)
        .join(Resource, Resource.id == Hold.resource_id)
        .join(Closure, Closure.id == Hold.source_id)
        .where(or_(Hold.live, Closure.lifted_at.is_not(None)))
        .where(Hold.source_id.in_([one.id for one in found]))
        .distinct()
        .order_by(Resource.sort_key, Resource.id)
    )
    names: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for source_id, resource_id, name, _ in rows:
        names[source_id].append((resource_id, name))
    return [ClosureLine(one, tuple(names[one.id])) for one in found]
