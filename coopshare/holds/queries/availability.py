"""What is free: an answer for every resource, with the reason of each that is not.

The number of statements does not depend on the number of resources or of holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from heapq import nsmallest
from uuid import UUID

from coopshare.db.work import Work
from coopshare.holds.errors import Taken
from coopshare.holds.fitting import blocked, candidates
from coopshare.holds.queries.held import leaf_of, uses
from coopshare.holds.rules import HoldUse, Leaf, conflicts_of, demand_for
from coopshare.kernel.dates import Duration
from coopshare.kernel.errors import Invalid, Refused
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import Sentence, Several, marked
from coopshare.resources import errors as broken
from coopshare.resources import queries as catalogue
from coopshare.resources.kinds import FEATURES, ResourceKind
from coopshare.resources.models import Resource
from coopshare.resources.queries import ResourceFilter
from coopshare.resources.services import (
    ClosedCalendar,
    Use,
    breaches,
    is_managed_by,
    open_spans,
)

BACK, AHEAD = timedelta(days=2), timedelta(days=14)
"""How far before and after a wish a free span is looked for."""
NEARLY = timedelta(days=2)
"""A free span that near makes a resource nearly what was asked for."""
MOST_LOOKED_AT = 200
"""For how many resources that are not free a nearest span is looked for."""
MOST_SPANS = 3
MOST_SIMILAR = 2
LONGEST_WINDOW = timedelta(days=62)

WHENEVER = (
    broken.NotForYourStanding,
    broken.TooManyPeople,
    broken.MoreThanQuantity,
    broken.Unlisted,
    broken.TooLong,
)
"""Refusals that another moment would not change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is looked for: over a span, or for so many minutes anywhere within a window."""

    span: Interval | None = None
    window: Interval | None = None
    duration: int | None = None
    kind: ResourceKind | None = None
    quantity: int = 1
    min_capacity: int | None = None
    features: frozenset[str] = frozenset()
    q: str = ""
    resource_ids: tuple[UUID, ...] = ()

    def __post_init__(self) -> None:
        if self.span is None and (self.window is None or self.duration is None):
            raise Invalid.field("from", marked("Dites quand : un moment, ou une durée à placer."))
        if self.window is not None and self.window.end - self.window.start > LONGEST_WINDOW:
            raise Invalid.field("to", marked("Cherchez sur deux mois au plus."))
        if self.window is not None and not 1 <= (self.duration or 0) <= self.window.minutes:
            raise Invalid.field(
                "duration", marked("Cette durée ne tient pas dans la période demandée.")
            )

    @property
    def around(self) -> Interval:
        """Return the first span that would answer the wish."""
        if self.span is not None:
            return self.span
        assert self.window is not None  # noqa: S101 - see __post_init__
        start = self.window.start
        return Interval(start, start + timedelta(minutes=self.duration or 0))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a resource is not free: a code for programs, a sentence, and what is possible."""

    code: str
    sentence: Sentence
    possible: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A resource, and how it answers a wish."""

    resource: Resource
    is_free: bool
    reasons: tuple[Reason, ...] = ()
    nearest: tuple[Interval, ...] = ()
    """Free spans: those that answer a wish within a window; else the nearest to the wish."""
    free_quantity: int = 0
    """How many are left over the span of the wish."""
    similar: tuple[Resource, ...] = ()
    """Free resources that could do instead."""
    is_whenever: bool = False
    """Whether no other moment would do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Free first, then what is free nearby in time, then the others, each with its reason."""

    free: list[Offer] = field(default_factory=list)
    nearly: list[Offer] = field(default_factory=list)
    others: list[Offer] = field(default_factory=list)


@dataclass(slots=True)
class _Ground:
    """What the search stands on: resources, what they are made of, when they are closed."""

    work: Work
    resources: Sequence[Resource]
    leaves: Mapping[UUID, Sequence[Leaf]]
    calendar: ClosedCalendar
    rules: Mapping[UUID, int]
    """The same number for resources with the same rules of use."""
    harmless: set[tuple[object, ...]] = field(default_factory=set)
    """Uses that break no rule: those of a hundred rooms with the same rules are judged once."""
    held: Mapping[UUID, Sequence[HoldUse]] = field(default_factory=dict)

    @classmethod
    def of(cls, work: Work, resources: Sequence[Resource], window: Interval) -> "_Ground":
        """Read the ground of some resources: from memory, while nothing changes."""
        shared = catalogue.catalogue(work)
        leaves = shared.derived("holds.leaves", _leaves)
        return cls(work, resources, leaves, catalogue.calendar(work, window), shared.rules)

    def look(self, resources: Iterable[Resource], window: Interval) -> None:
        """Read what is held of some resources over a window: one statement."""
        wanted = {leaf.id for r in resources for leaf in self.leaves[r.id]}
        before = max((r.preparation_before for r in self.resources), default=0)
        after = max((r.preparation_after for r in self.resources), default=0)
        longest = max(
            (max(x.before, x.after) for r in self.resources for x in self.leaves[r.id]), default=0
        )
        margin = max(before, after, longest)
        found = uses(self.work, wanted, window.widened(margin, margin)) if wanted else {}
        self.held = {leaf_id: held for leaf_id, held in found.items() if held}

    def broken(self, resource: Resource, wish: Wish, span: Interval) -> list[Refused]:
        """Return the rules a use would break."""
        use = Use(
            span=span,
            quantity=wish.quantity,
            people=wish.min_capacity,
            made_by_manager=is_managed_by(self.work.actor, resource),
        )
        key = (self.rules[resource.id], span, use.made_by_manager)
        if key in self.harmless:
            return []
        found = breaches(
            resource,
            use,
            now=self.work.now,
            standing=self.work.actor.standing,
            calendar=self.calendar,
        )
        if not found:
            self.harmless.add(key)
        return found

    def taken(self, resource: Resource, quantity: int, span: Interval) -> list[Taken]:
        """Return what stands in the way of a use, each span once."""
        leaves = self.leaves[resource.id]
        if quantity == 1 and self.held.keys().isdisjoint(leaf.id for leaf in leaves):
            return []
        found: dict[Interval, Taken] = {}
        for leaf in leaves:
            if leaf.id not in self.held and quantity <= leaf.quantity:
                continue
            demand = demand_for(resource, leaf, quantity, span)
            for conflict in conflicts_of(demand, self.held.get(leaf.id, ())):
                found.setdefault(conflict.span, conflict)
        return sorted(found.values(), key=lambda conflict: conflict.span)

    def fitting(
        self, resource: Resource, wish: Wish, minutes: int, window: Interval, limit: int
    ) -> tuple[Interval, ...]:
        """Return the free spans of about so long in a window, nearest to its wish first."""
        start = max(window.start, self.work.now)
        if start >= window.end:
            return ()
        opening = open_spans(resource, Interval(start, window.end), self.calendar)
        held = [(leaf, self.held.get(leaf.id, ())) for leaf in self.leaves[resource.id]]
        taken = blocked(resource, held, wish.quantity)
        found: list[Interval] = []
        for span in candidates(resource, opening, taken, wish.around.start, minutes):
            if not window.contains(span) or self.broken(resource, wish, span):
                continue
            found.append(span)
            if len(found) == limit:
                break
        return tuple(found)


def _leaves(shared: catalogue.Catalogue) -> Mapping[UUID, Sequence[Leaf]]:
    known = {key: leaf_of(one) for key, one in shared.resources.items()}
    return {key: [known[i] for i in sorted(shared.leaves(key))] for key in shared.resources}


def answer(work: Work, wish: Wish) -> Answer:
    """Say of every resource whether it answers a wish, else why not and what is near.

    Raises `NotFound` when a resource asked for by id may not be seen.
    """
    if wish.resource_ids:
        resources = catalogue.get_many(work, wish.resource_ids)
    else:
        resources = catalogue.search(work, ResourceFilter(kind=wish.kind, q=wish.q))
    around = wish.window or wish.around
    ground = _Ground.of(work, resources, around)
    ground.look(resources, around)
    within = _within_window if wish.span is None else _over_span
    offers = [within(ground, wish, resource) for resource in resources]
    waiting = [o for o in offers if not o.is_free and not o.is_whenever][:MOST_LOOKED_AT]
    near = Interval(around.start - BACK, around.end + AHEAD)
    ground.look([offer.resource for offer in waiting], near)
    nearest = {
        offer.resource.id: ground.fitting(
            offer.resource, wish, wish.around.minutes, near, MOST_SPANS
        )
        for offer in waiting
    }
    return _sorted(wish, offers, nearest)


def nearest_free(
    work: Work,
    resource: Resource,
    duration: int,
    around: Interval,
    quantity: int = 1,
    limit: int = MOST_SPANS,
) -> list[Interval]:
    """Return the free spans of `duration` minutes nearest to the start of a wish, nearest first.

    All rules of the resource are respected, as the actor has to respect them.
    """
    near = Interval(around.start - BACK, around.end + AHEAD)
    ground = _Ground.of(work, [resource], near)
    ground.look([resource], near)
    wish = Wish(span=around, quantity=quantity)
    return list(ground.fitting(resource, wish, duration, near, limit))


def _over_span(ground: _Ground, wish: Wish, resource: Resource) -> Offer:
    span = wish.around
    refusals = ground.broken(resource, wish, span)
    conflicts = ground.taken(resource, wish.quantity, span)
    lacking = _lacking(resource, wish)
    year = ground.work.now.year
    reasons = [
        *lacking,
        *(Reason(r.code, r.sentence, r.possible) for r in refusals),
        *(Reason("slot_taken", c.sentence(year)) for c in conflicts[:1]),
    ]
    free = resource.quantity if not conflicts else max(0, min(c.free for c in conflicts))
    return Offer(
        resource=resource,
        is_free=not reasons,
        reasons=tuple(reasons),
        free_quantity=free,
        is_whenever=bool(lacking) or any(isinstance(r, WHENEVER) for r in refusals),
    )


def _within_window(ground: _Ground, wish: Wish, resource: Resource) -> Offer:
    assert wish.window is not None  # noqa: S101 - see Wish.__post_init__
    minutes = wish.duration or 0
    refusals = [r for r in ground.broken(resource, wish, wish.around) if isinstance(r, WHENEVER)]
    reasons = [*_lacking(resource, wish), *(Reason(r.code, r.sentence) for r in refusals)]
    is_whenever = bool(reasons)
    found: tuple[Interval, ...] = ()
    if not reasons:
        found = ground.fitting(resource, wish, minutes, wish.window, MOST_SPANS)
    if not reasons and not found:
        sentence = Sentence(
            marked("« {name} » n'a pas {duration} de libre dans cette période."),
            {"name": resource.name, "duration": Duration(minutes)},
        )
        reasons.append(Reason("no_free_span", sentence))
    return Offer(
        resource=resource,
        is_free=bool(found),
        reasons=tuple(reasons),
        nearest=found,
        free_quantity=wish.quantity if found else 0,
        is_whenever=is_whenever,
    )


def _lacking(resource: Resource, wish: Wish) -> list[Reason]:
    missing = sorted(wish.features - {*resource.features})
    if not missing:
        return []
    words = tuple(Sentence(FEATURES.get(code, code)) for code in missing)
    data = {"name": resource.name, "features": Several(words, last=marked("et"))}
    return [Reason("lacking", Sentence(marked("« {name} » n'a pas : {features}."), data))]


def _sorted(
    wish: Wish, offers: Sequence[Offer], nearest: Mapping[UUID, tuple[Interval, ...]]
) -> Answer:
    result = Answer(free=[offer for offer in offers if offer.is_free])
    if wish.min_capacity is not None:
        result.free.sort(key=lambda offer: offer.resource.capacity or 0)  # the snuggest first
    instead = [_Likeness.of(offer.resource) for offer in result.free]
    for offer in offers:
        if offer.is_free:
            continue
        near = nearest.get(offer.resource.id, ())
        more = replace(offer, nearest=near, similar=_similar(offer.resource, instead))
        is_near = bool(near) and abs(near[0].start - wish.around.start) <= NEARLY
        (result.nearly if is_near else result.others).append(more)
    result.nearly.sort(key=lambda offer: abs(offer.nearest[0].start - wish.around.start))
    return result


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What makes two resources alike, read once: it is compared again and again."""

    resource: Resource
    kind: ResourceKind
    features: frozenset[str]
    capacity: int
    sort_key: str

    @classmethod
    def of(cls, resource: Resource) -> "_Likeness":
        """Read it of a resource."""
        return cls(
            resource,
            resource.kind,
            frozenset(resource.features),
            resource.capacity or 0,
            resource.sort_key,
        )


def _similar(resource: Resource, free: Sequence[_Likeness]) -> tuple[Resource, ...]:
    """Return the free resources most like one: same kind, as many people, same features."""
    one = _Likeness.of(resource)
    alike = (
        (len(one.features - other.features), abs(other.capacity - one.capacity), other.sort_key, n)
        for n, other in enumerate(free)
        if other.kind is one.kind
    )
    return tuple(free[n].resource for *_, n in nsmallest(MOST_SIMILAR, alike))
