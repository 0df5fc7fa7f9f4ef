"""Which resources of a list are free over a span."""

from uuid import UUID

from coopshare.db.work import Work
from coopshare.holds.queries.availability import Wish, answer
from coopshare.kernel.intervals import Interval
from coopshare.resources.queries import ResourceFilter


def free_over(work: Work, wanted: ResourceFilter, span: Interval) -> frozenset[UUID]:
    """Return the resources of a filter that the actor could book over a whole span."""
    wish = Wish(
        span=span,
        kind=wanted.kind,
        min_capacity=wanted.min_capacity,
        features=wanted.features,
        q=wanted.q,
    )
    return frozenset(offer.resource.id for offer in answer(work, wish).free)
