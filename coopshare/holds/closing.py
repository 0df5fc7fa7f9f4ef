"""The verbs of closures."""

from collections.abc import Callable, Collection
from uuid import UUID, uuid4

from coopshare.db.work import Work
from coopshare.holds import queries
from coopshare.holds.commands import Close
from coopshare.holds.errors import AlreadyLifted, ClosureBlocked, Taken
from coopshare.holds.facts import ClosureLifted, ClosureMade
from coopshare.holds.maintenance import give_way, settle
from coopshare.holds.models import Closure, Hold, HoldSource
from coopshare.holds.policies import allow_close
from coopshare.holds.rules import Demand, conflicts_of
from coopshare.holds.taking import insert, release, whole_minutes
from coopshare.kernel.errors import Invalid
from coopshare.kernel.localtime import zone
from coopshare.kernel.text import Sentence, marked
from coopshare.resources import queries as catalogue

FOLLOWERS: list[Callable[[Work, Closure, Collection[UUID]], None]] = []
"""What follows a closure that was made, widened or lifted, given the leaf parts it closes, in the
same unit: plugged in by app.py."""

MOST = 100
"""Resources closed at once."""


def close(work: Work, command: Close) -> Closure:
    """Close resources over a span: all there is of each of their leaf parts is held.

    Raises `Forbidden` unless the actor manages all of them, parts included, and `ClosureBlocked`
    with what stands in the way: nothing is cancelled by a closure.
    """
    if not command.resource_ids:
        raise Invalid.field("resource_ids", marked("Choisissez ce qui ferme."))
    if len(command.resource_ids) > MOST:
        raise Invalid.field("resource_ids", marked("Fermez cent ressources au plus à la fois."))
    resources = catalogue.get_many(work, command.resource_ids)
    parts = queries.leaf_parts(work, [resource.id for resource in resources])
    leaf_ids = {leaf for found in parts.values() for leaf in found}
    allow_close(work.actor, [*resources, *catalogue.get_many(work, leaf_ids)])
    zone(command.timezone)
    whole_minutes(command.span)
    if command.span.end <= work.now:
        raise Invalid.field("ends_at", marked("Cette période est déjà passée."))
    queries.lock(work, [resource.id for resource in resources])
    asked = [
        Demand(leaf, leaf.quantity, command.span, leaf.id, leaf.name)
        for _, leaf in sorted(queries.described(work, leaf_ids).items())
    ]
    _check(work, asked, command)
    closure = Closure(
        id=uuid4(),
        reason=command.reason,
        starts_at=command.span.start,
        ends_at=command.span.end,
        timezone=command.timezone,
        created_by=work.actor.person_id,
        created_at=work.now,
    )
    work.session.add(closure)
    work.session.flush()
    under = [one for one in catalogue.get_many(work, leaf_ids) if one.out_of_order]
    give_way(work, under)
    insert(work, asked, HoldSource.CLOSURE, closure.id)
    settle(work, [one.id for one in under])
    for follow in FOLLOWERS:
        follow(work, closure, leaf_ids)
    work.record(ClosureMade(object_id=closure.id))
    return closure


def _check(work: Work, asked: list[Demand], command: Close) -> None:
    held = queries.uses(work, [demand.leaf.id for demand in asked], command.span)
    blocking: list[Taken] = []
    for demand in asked:
        others = [u for u in held[demand.leaf.id] if u.source_kind is not HoldSource.MAINTENANCE]
        blocking += conflicts_of(demand, others)
    if blocking:
        raise ClosureBlocked(
            sorted(blocking, key=lambda taken: (taken.span.start, taken.name)),
            year=work.now.year,
            possible=Sentence(
                marked("Déplacez ou annulez d'abord ces réservations, puis fermez.")
                if any(not taken.is_closed for taken in blocking)
                else marked("Levez d'abord l'autre fermeture, ou choisissez une autre période.")
            ),
        )


def lift(work: Work, closure_id: UUID) -> Closure:
    """Give up a closure: what it held is free again. Raises `AlreadyLifted`."""
    closure = queries.closure(work, closure_id)
    held: list[Hold] = queries.holds_of(work, closure.id)
    leaf_ids = {row.resource_id for row in held}
    allow_close(work.actor, catalogue.get_many(work, leaf_ids))
    if closure.lifted_at is not None:
        raise AlreadyLifted
    queries.lock(work, leaf_ids)
    closure.lifted_at = work.now
    release(work, closure.id)
    settle(work, [one.id for one in catalogue.get_many(work, leaf_ids) if one.out_of_order])
    for follow in FOLLOWERS:
        follow(work, closure, leaf_ids)
    work.record(ClosureLifted(object_id=closure.id))
    return closure
