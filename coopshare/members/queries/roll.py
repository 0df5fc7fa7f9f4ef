"""The members of a cooperative as every request reads them: from memory while nothing changes.

Its rows are shared and read-only; verbs that change one load it through their session.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.members.models import Cooperative, Membership


@dataclass(frozen=True, slots=True)
class Roll:
    """A cooperative and its members, past and present."""

    cooperative: Cooperative
    memberships: Mapping[UUID, Membership]
    """By organisation, in the order of the organisations' names, each with its organisation."""

    names: Mapping[UUID, str]
    """The names of the organisations."""

    def __len__(self) -> int:
        return 1 + len(self.memberships)

    def __iter__(self) -> Iterator[Membership]:
        return iter(self.memberships.values())


def roll(work: Work) -> Roll:
    """Return the members of the cooperative of this unit; raises `NotFound` when none is chosen."""
    if work.session.cooperative_id is None:
        raise NotFound
    return work.snapshot("members", _load)


def _load(work: Work) -> Roll:
    cooperative = work.session.get(Cooperative, work.session.cooperative_id)
    if cooperative is None:
        raise NotFound
    found = sorted(
        work.session.scalars(select(Membership)),
        key=lambda one: (one.organisation.sort_key, one.organisation_id),
    )
    return Roll(
        cooperative,
        {one.organisation_id: one for one in found},
        {one.organisation_id: one.organisation.name for one in found},
    )
