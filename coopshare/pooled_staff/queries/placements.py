"""Reads of conventions: which version holds on a day, and what it commits to."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import undefer

from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.pooled_staff.models import Placement, PlacementVersion
from coopshare.pooled_staff.policies import visible_placements


def placements(
    work: Work, *, employer_id: UUID | None = None, organisation_id: UUID | None = None
) -> list[Placement]:
    """Return the conventions the actor may read, the latest number first."""
    query = select(Placement).where(visible_placements(work.actor))
    if employer_id is not None:
        query = query.where(Placement.employer_id == employer_id)
    if organisation_id is not None:
        query = query.where(Placement.organisation_id == organisation_id)
    return list(work.session.scalars(query.order_by(Placement.number.desc(), Placement.id)))


def placement(work: Work, placement_id: UUID) -> Placement:
    """Return a convention the actor may read; raises `NotFound`."""
    query = select(Placement).where(Placement.id == placement_id, visible_placements(work.actor))
    found = work.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def version_with_paper(work: Work, version_id: UUID) -> tuple[Placement, PlacementVersion]:
    """Return a version with its document, and its convention; raises `NotFound`."""
    found = work.session.scalar(
        select(PlacementVersion)
        .where(PlacementVersion.id == version_id)
        .options(undefer(PlacementVersion.pdf), undefer(PlacementVersion.data))
    )
    if found is None:
        raise NotFound
    return placement(work, found.placement_id), found


def all_in_force(work: Work, employer_ids: Collection[UUID]) -> list[Placement]:
    """Return every convention of employers, for what is computed of them: whoever asks."""
    if not employer_ids:
        return []
    query = select(Placement).where(Placement.employer_id.in_(employer_ids))
    return list(work.session.scalars(query.order_by(Placement.number, Placement.id)))


def in_force(found: Placement, day: date) -> PlacementVersion | None:
    """Return the version that holds on a day: the latest accepted by both that had begun."""
    if found.ended_on is not None and found.ended_on < day:
        return None
    begun = [one for one in found.accepted if one.starts_on <= day]
    if not begun:
        return None
    last = max(begun, key=lambda one: one.number)
    return None if last.ends_on is not None and last.ends_on < day else last


def latest(found: Placement) -> PlacementVersion:
    """Return the last version, whatever its state."""
    return found.versions[-1]
