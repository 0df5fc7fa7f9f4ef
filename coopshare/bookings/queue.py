"""Reads of waiting lists: one place, one's own, those for a resource, and how far each has come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from coopshare.bookings.models import Booking, Wait, WaitLine, WaitStatus
from coopshare.bookings.policies import Permission, Stake, allows, visible_waits
from coopshare.bookings.queries import resources_of, stake_of
from coopshare.db.work import Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval
from coopshare.members.models import Organisation, Person
from coopshare.members.queries import organisations, people
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitShown:
    """A place in a list with all it takes to show it."""

    wait: Wait
    resources: Mapping[UUID, Resource]
    organisation: Organisation
    person: Person | None
    stake: Stake
    actor: Actor
    place: int | None
    """1: the next to be served; None: it no longer waits."""
    offered_until: datetime | None

    def may(self, permission: str) -> bool:
        """Tell whether the reader may do something to it, whatever its state."""
        return allows(self.actor, Permission(permission), self.stake)

    @property
    def id(self) -> UUID:
        """Return the id of the place."""
        return self.wait.id

    @property
    def span(self) -> Interval:
        """Return its span."""
        return Interval(self.wait.starts_at, self.wait.ends_at)


def get_wait(work: Work, wait_id: UUID) -> Wait:
    """Return a place in a list that the actor may see; raises `NotFound` for any other."""
    found = work.session.scalars(
        select(Wait).where(Wait.id == wait_id, visible_waits(work.actor))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def offer_of(work: Work, booking_id: UUID) -> Wait | None:
    """Return the place in a list that an option is the offer of, while it is open."""
    return work.session.scalars(
        select(Wait).where(Wait.booking_id == booking_id, Wait.status == WaitStatus.OFFERED)
    ).one_or_none()


def was_offered(work: Work, booking_id: UUID) -> bool:
    """Tell whether a booking came from a waiting list."""
    found = work.session.scalar(select(Wait.id).where(Wait.booking_id == booking_id).limit(1))
    return found is not None


def waits(
    work: Work,
    *,
    person_id: UUID | None = None,
    organisation_id: UUID | None = None,
    resource_id: UUID | None = None,
) -> list[Wait]:
    """Return the open places that the actor may see, in the order of what they wait for.

    Of a resource: those of what shares a part with it too.
    """
    query = select(Wait).where(
        Wait.status.in_([WaitStatus.WAITING, WaitStatus.OFFERED]), visible_waits(work.actor)
    )
    if person_id is not None:
        query = query.where(Wait.person_id == person_id)
    if organisation_id is not None:
        query = query.where(Wait.organisation_id == organisation_id)
    if resource_id is not None:
        wide = sorted(catalogue(work).sharing([resource_id]))
        lines = select(WaitLine.wait_id).where(WaitLine.resource_id.in_(wide))
        query = query.where(Wait.id.in_(lines))
    return list(
        work.session.scalars(query.order_by(Wait.starts_at, Wait.position, Wait.id).limit(MOST))
    )


def count_waits(work: Work, *, is_ours: bool) -> dict[WaitStatus, int]:
    """Return how many open places the actor has, or their organisation: by state."""
    who = work.actor
    mine = (
        Wait.organisation_id == who.organisation_id if is_ours else Wait.person_id == who.person_id
    )
    query = (
        select(Wait.status, func.count())
        .where(Wait.status.in_([WaitStatus.WAITING, WaitStatus.OFFERED]), mine)
        .group_by(Wait.status)
    )
    return {row[0]: row[1] for row in work.session.execute(query)}


def shown_waits(work: Work, found: Sequence[Wait], *, with_people: bool = True) -> list[WaitShown]:
    """Return places with all it takes to show them, in a constant number of statements."""
    if not found:
        return []
    resources = resources_of(work, found)
    owners = organisations(work, {wait.organisation_id for wait in found})
    asked = {w.person_id for w in found if w.person_id is not None} if with_people else set()
    persons = people(work, asked)
    places = _places(work, found)
    ids = [wait.booking_id for wait in found if wait.booking_id is not None]
    offers = select(Booking.id, Booking.lapses_at).where(Booking.id.in_(ids))
    untils = {row.id: row.lapses_at for row in work.session.execute(offers)} if ids else {}
    return [
        WaitShown(
            wait=wait,
            resources={line.resource_id: resources[line.resource_id] for line in wait.lines},
            organisation=owners[wait.organisation_id],
            person=persons.get(wait.person_id) if wait.person_id else None,
            stake=stake_of(
                wait.organisation_id,
                wait.person_id,
                [resources[line.resource_id] for line in wait.lines],
            ),
            actor=work.actor,
            place=places.get(wait.id),
            offered_until=untils.get(wait.booking_id)
            if wait.booking_id and wait.status is WaitStatus.OFFERED
            else None,
        )
        for wait in found
    ]


def _places(work: Work, found: Iterable[Wait]) -> dict[UUID, int]:
    """Return how many wait before each for some of the same at the same time, plus one."""
    mine = [wait for wait in found if wait.status is WaitStatus.WAITING]
    if not mine:
        return {}
    every = work.session.execute(
        select(Wait.id, Wait.position, Wait.starts_at, Wait.ends_at, WaitLine.resource_id)
        .join(WaitLine, WaitLine.wait_id == Wait.id)
        .where(
            Wait.status == WaitStatus.WAITING,
            Wait.starts_at < max(wait.ends_at for wait in mine),
            Wait.ends_at > min(wait.starts_at for wait in mine),
            Wait.position < max(wait.position for wait in mine),
        )
    ).all()
    shared = catalogue(work)
    places: dict[UUID, int] = {}
    for wait in mine:
        leaves = frozenset[UUID]().union(*(shared.leaves(x.resource_id) for x in wait.lines))
        before = {
            row.id
            for row in every
            if row.position < wait.position
            and row.starts_at < wait.ends_at
            and row.ends_at > wait.starts_at
            and shared.leaves(row.resource_id) & leaves
        }
        places[wait.id] = len(before) + 1
    return places
