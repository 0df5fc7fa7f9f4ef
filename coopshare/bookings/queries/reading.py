"""Reads of bookings: one, lists, what is shown of them, their history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import aliased

from coopshare.bookings.models import (
    Booking,
    BookingLine,
    BookingStatus,
    Proposal,
    ProposalKind,
    ProposalStatus,
    Wait,
)
from coopshare.bookings.policies import Permission, Stake, allows, decidable, visible
from coopshare.bookings.rules import LIVE
from coopshare.db.models import AuditEntry
from coopshare.db.work import Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval
from coopshare.members.models import Organisation, Person
from coopshare.members.queries import organisations, people
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue

MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFilter:
    """Which bookings are looked for; None: whatever."""

    window: Interval | None = None
    """Those that share an instant with it."""
    ended_by: datetime | None = None
    ends_after: datetime | None = None
    starts_before: datetime | None = None
    resource_id: UUID | None = None
    organisation_id: UUID | None = None
    person_id: UUID | None = None
    series_id: UUID | None = None
    statuses: frozenset[BookingStatus] = frozenset()
    is_to_decide: bool = False
    """Those of which something waits for the actor; not those where who asked has to answer."""
    is_to_answer: bool = False
    """Those that the actor asked for, and instead of which something is proposed."""
    latest_first: bool = False
    is_grouped: bool = False
    """Each series once: by its first (or latest) booking that holds its slot, where one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A booking with all it takes to show it."""

    booking: Booking
    resources: Mapping[UUID, Resource]
    organisation: Organisation
    person: Person | None
    stake: Stake
    actor: Actor

    def may(self, permission: str) -> bool:
        """Tell whether the reader may do something to it, whatever its state."""
        return allows(self.actor, Permission(permission), self.stake)

    @property
    def span(self) -> Interval:
        """Return its span."""
        return Interval(self.booking.starts_at, self.booking.ends_at)

    @property
    def is_live(self) -> bool:
        """Tell whether it holds its slot."""
        return self.booking.status in LIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that was done to a booking: who, what, when, through which door."""

    at: datetime
    person_name: str | None
    door: str
    action: str
    changes: Mapping[str, tuple[str, str]]


def get(work: Work, booking_id: UUID) -> Booking:
    """Return a booking the actor may see; raises `NotFound` for any other."""
    found = work.session.scalars(
        select(Booking).where(Booking.id == booking_id, visible(work.actor))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_many(work: Work, booking_ids: Iterable[UUID]) -> list[Booking]:
    """Return those of the bookings that the actor may see."""
    query = select(Booking).where(Booking.id.in_(list(booking_ids)), visible(work.actor))
    return list(work.session.scalars(query))


def listing(
    work: Work,
    wanted: BookingFilter,
    *,
    limit: int = MOST,
    after: tuple[datetime, UUID] | None = None,
) -> list[Booking]:
    """Return bookings the actor may see, by start; `after` is where the last list ended."""
    query = select(Booking).where(visible(work.actor), *conditions(work.actor, wanted))
    if after is not None:
        starts_at, booking_id = after
        later = Booking.starts_at > starts_at
        same = and_(Booking.starts_at == starts_at, Booking.id > booking_id)
        if wanted.latest_first:
            later = Booking.starts_at < starts_at
            same = and_(Booking.starts_at == starts_at, Booking.id < booking_id)
        query = query.where(or_(later, same))
    if wanted.latest_first:
        query = query.order_by(Booking.starts_at.desc(), Booking.id.desc())
    else:
        query = query.order_by(Booking.starts_at, Booking.id)
    return list(work.session.scalars(query.limit(limit)))


def conditions(actor: Actor, wanted: BookingFilter) -> list[ColumnElement[bool]]:
    """Return a filter in SQL, apart from what the actor may see."""
    found: list[ColumnElement[bool]] = []
    if wanted.window is not None:
        found += [Booking.starts_at < wanted.window.end, Booking.ends_at > wanted.window.start]
    if wanted.ended_by is not None:
        found.append(Booking.ends_at <= wanted.ended_by)
    if wanted.ends_after is not None:
        found.append(Booking.ends_at > wanted.ends_after)
    if wanted.starts_before is not None:
        found.append(Booking.starts_at < wanted.starts_before)
    if wanted.resource_id is not None:
        lines = select(BookingLine.booking_id).where(BookingLine.resource_id == wanted.resource_id)
        found.append(Booking.id.in_(lines))
    if wanted.organisation_id is not None:
        found.append(Booking.organisation_id == wanted.organisation_id)
    if wanted.person_id is not None:
        found.append(Booking.person_id == wanted.person_id)
    if wanted.series_id is not None:
        found.append(Booking.series_id == wanted.series_id)
    if wanted.statuses:
        found.append(Booking.status.in_(wanted.statuses))
    if wanted.is_grouped:
        found.append(_is_first_of_its_series(wanted))
    found += _of_requests(actor, wanted)
    return found


def _is_first_of_its_series(wanted: BookingFilter) -> ColumnElement[bool]:
    """Tell whether no other booking of the same series, in the same window, stands for it."""
    other = aliased(Booking)
    is_live, other_live = Booking.status.in_(LIVE), other.status.in_(LIVE)
    key, other_key = (tuple_(one.starts_at, one.id) for one in (Booking, other))
    comes_first = other_key > key if wanted.latest_first else other_key < key
    found = [
        other.series_id == Booking.series_id,
        or_(and_(other_live, ~is_live), and_(or_(other_live, ~is_live), comes_first)),
    ]
    if wanted.ends_after is not None:
        found.append(other.ends_at > wanted.ends_after)
    if wanted.ended_by is not None:
        found.append(other.ends_at <= wanted.ended_by)
    rivals = select(other.id).where(*found).correlate(Booking).exists()
    return or_(Booking.series_id.is_(None), ~rivals)


def _of_requests(actor: Actor, wanted: BookingFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of what waits for the actor."""
    found: list[ColumnElement[bool]] = []
    if wanted.is_to_decide:
        found += [decidable(actor), Booking.id.not_in(_proposed())]
    if wanted.is_to_answer:
        found += [Booking.id.in_(_proposed()), Booking.person_id == actor.person_id]
    return found


def _proposed() -> Select[UUID]:
    """Return the bookings instead of which an approver proposes something."""
    return select(Proposal.booking_id).where(
        Proposal.status == ProposalStatus.OPEN, Proposal.kind == ProposalKind.COUNTER
    )


def resources_of(work: Work, bookings: Iterable[Booking | Wait]) -> dict[UUID, Resource]:
    """Return every resource of some bookings or waiting requests, those no longer listed too."""
    ids = {line.resource_id for booking in bookings for line in booking.lines}
    known = catalogue(work).resources
    return {key: known[key] for key in ids}


def stake_of(organisation_id: UUID, person_id: UUID | None, resources: Iterable[Resource]) -> Stake:
    """Return whose a booking is and who looks after what it takes."""
    used = list(resources)
    managers = frozenset(resource.manager_id for resource in used)
    return Stake(
        organisation_id=organisation_id,
        person_id=person_id,
        managers=managers,
        all_managers=managers if len(managers) == 1 else frozenset(),
        deciders=managers,
        approvers=frozenset(one.person_id for resource in used for one in resource.approvers),
    )


def shown(work: Work, bookings: Sequence[Booking], *, with_people: bool = True) -> list[Shown]:
    """Return bookings with all it takes to show them, in a constant number of statements.

    Without people, nobody's name is looked up.
    """
    resources = resources_of(work, bookings)
    owners = organisations(work, {booking.organisation_id for booking in bookings})
    asked = {b.person_id for b in bookings if b.person_id is not None} if with_people else set()
    persons = people(work, asked)
    return [
        Shown(
            booking=booking,
            resources={line.resource_id: resources[line.resource_id] for line in booking.lines},
            organisation=owners[booking.organisation_id],
            person=persons.get(booking.person_id) if booking.person_id else None,
            stake=stake_of(
                booking.organisation_id,
                booking.person_id,
                [resources[line.resource_id] for line in booking.lines],
            ),
            actor=work.actor,
        )
        for booking in bookings
    ]


def history(work: Work, booking: Booking) -> list[Happening]:
    """Return what was done to a booking the actor may see, the latest first."""
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.object_kind.in_(("booking", "occurrence")),
            AuditEntry.object_id == booking.id,
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
    )
    entries = list(work.session.scalars(query))
    names = people(work, {entry.person_id for entry in entries if entry.person_id is not None})
    return [
        Happening(
            at=entry.at,
            person_name=names[entry.person_id].name if entry.person_id in names else None,
            door=entry.door,
            action=entry.action,
            changes={field: (str(b), str(a)) for field, (b, a) in entry.changes.items()},
        )
        for entry in entries
    ]
