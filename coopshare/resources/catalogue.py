"""The catalogue of a cooperative as every request reads it: from memory while nothing changes.

Its rows are shared and read-only; verbs that change one load it through their session.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import selectinload

from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.models import ClosedDay, Quota, Resource, ResourcePart

T = TypeVar("T")
Edges = Mapping[UUID, list[UUID]]


@dataclass(frozen=True)
class Catalogue:
    """The resources of a cooperative with hours, tariffs, photos; parts; closed days; quotas."""

    resources: Mapping[UUID, Resource]
    """By id, in the order of their names; unlisted ones too."""
    parts: tuple[tuple[UUID, UUID], ...]
    """(whole, part), in a stable order."""
    closed: Mapping[date, str]
    """The closed days the cooperative added itself, in order."""
    quotas: tuple[Quota, ...] = ()
    """Those that count, the narrowest first: of a resource, of a kind, of everything."""
    _leaves: dict[UUID, frozenset[UUID]] = field(default_factory=dict)
    _calendars: dict[tuple[object, ...], ClosedCalendar] = field(default_factory=dict)
    _derived: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.resources)

    def derived(self, name: str, make: "Callable[[Catalogue], T]") -> T:
        """Return what a pure function makes of the catalogue, made once while nothing changes."""
        if name not in self._derived:
            self._derived[name] = make(self)
        found: T = self._derived[name]
        return found

    @cached_property
    def rules(self) -> Mapping[UUID, int]:
        """Return a number for each resource: the same for those with the same rules of use.

        A use that breaks no rule of one breaks none of the others with that number.
        """
        numbers: dict[str, int] = {}
        return {
            key: numbers.setdefault(_rules_of(one), len(numbers))
            for key, one in self.resources.items()
        }

    @cached_property
    def below(self) -> Edges:
        """Return the direct parts of each whole."""
        found: dict[UUID, list[UUID]] = {}
        for whole, part in self.parts:
            found.setdefault(whole, []).append(part)
        return found

    @cached_property
    def above(self) -> Edges:
        """Return the direct wholes of each part."""
        found: dict[UUID, list[UUID]] = {}
        for whole, part in self.parts:
            found.setdefault(part, []).append(whole)
        return found

    def leaves(self, resource_id: UUID) -> frozenset[UUID]:
        """Return the leaf parts of a resource: itself when it has no part."""
        if resource_id not in self._leaves:
            reached = reach(self.below, resource_id) | {resource_id}
            self._leaves[resource_id] = frozenset(r for r in reached if r not in self.below)
        return self._leaves[resource_id]

    def sharing(self, ids: Iterable[UUID]) -> frozenset[UUID]:
        """Return the resources that share a leaf with some of these, themselves among them."""
        given = frozenset(ids)
        leaves = frozenset[UUID]().union(*(self.leaves(one) for one in given))
        wholes = {whole for whole in self.below if self.leaves(whole) & leaves}
        return given | leaves | wholes

    def named(self, ids: Collection[UUID]) -> list[Resource]:
        """Return resources sorted by id; raises `NotFound` if one is not of the cooperative."""
        try:
            return [self.resources[key] for key in sorted(set(ids))]
        except KeyError:
            raise NotFound from None

    def calendar(
        self, years: range, area: str, school_zone: str | None, managers: Mapping[UUID, str]
    ) -> ClosedCalendar:
        """Return the closed days of some years; `managers` names who sets the rules."""
        key = (years, area, school_zone)
        found = self._calendars.get(key)
        if found is None or found.managers is not managers:
            if len(self._calendars) > MOST_CALENDARS:
                self._calendars.clear()
            found = self._calendars[key] = ClosedCalendar.of(
                years, area=area, school_zone=school_zone, own=self.closed, managers=managers
            )
        return found


MOST_CALENDARS = 16
NO_RULES = frozenset(
    {
        "id",
        "cooperative_id",
        "version",
        "kind",
        "name",
        "sort_key",
        "search_text",
        "description",
        "owner_id",
        "manager_id",
        "location",
        "address",
        "access_notes",
        "features",
        "billed_by",
        "preparation_before",
        "preparation_after",
        "needs_approval",
        "option_longest",
        "deposit_cents",
        "late_before",
        "late_share",
        "vat_mode",
        "vat_bp",
        "waiting_delay",
        "check_in_within",
        "check_in_since",
        "approval_above",
        "approval_quantity",
        "approval_standings",
        "approval_delay",
        "hand_over",
        "out_of_order",
        "created_at",
        "changed_at",
    }
)
"""Columns on which no rule of use depends: one that is added counts until it is named here."""


def _rules_of(resource: Resource) -> str:
    columns = [c.key for c in inspect(Resource).column_attrs if c.key not in NO_RULES]
    hours = [(h.weekday, h.opens, h.closes) for h in resource.hours]
    return repr([getattr(resource, name) for name in columns] + hours)


def catalogue(work: Work) -> Catalogue:
    """Return the catalogue of the cooperative of this unit; `NotFound` when none is chosen."""
    if work.session.cooperative_id is None:
        raise NotFound
    return work.snapshot("resources", _load)


def _load(work: Work) -> Catalogue:
    found = work.session.scalars(
        select(Resource)
        .order_by(Resource.sort_key, Resource.id)
        .options(selectinload(Resource.tariffs), selectinload(Resource.photos))
    )
    parts = work.session.execute(
        select(ResourcePart.whole_id, ResourcePart.part_id).order_by(
            ResourcePart.whole_id, ResourcePart.part_id
        )
    )
    quotas = work.session.scalars(select(Quota).where(Quota.is_active).order_by(Quota.id))
    days = work.session.execute(select(ClosedDay.day, ClosedDay.reason).order_by(ClosedDay.day))
    return Catalogue(
        resources={resource.id: resource for resource in found},
        parts=tuple((row.whole_id, row.part_id) for row in parts),
        closed={row.day: row.reason for row in days},
        quotas=tuple(sorted(quotas, key=_narrowness)),
    )


def _narrowness(quota: Quota) -> tuple[bool, bool, datetime, UUID]:
    return quota.resource_id is None, quota.kind is None, quota.created_at, quota.id


def reach(edges: Edges, start: UUID) -> frozenset[UUID]:
    """Return all that can be reached from a node, itself excepted unless it lies in a circle."""
    found: set[UUID] = set()
    waiting = list(edges.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(edges.get(node, ()))
    return frozenset(found)


def words_found(resource: Resource, words: Iterable[str]) -> bool:
    """Tell whether all words are in what a resource is searched by."""
    return all(word in resource.search_text for word in words)
