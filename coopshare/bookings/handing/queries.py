"""Reads of what was handed over: sums by line, what is out, what was noted, what lacks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.orm import undefer

from coopshare.bookings.handing.models import (
    Condition,
    HandOver,
    HandOverKind,
    HandOverPhoto,
)
from coopshare.bookings.handing.rules import Tally
from coopshare.bookings.models import Booking
from coopshare.bookings.policies import Permission, allow, visible
from coopshare.bookings.queries import get, resources_of, stake_of
from coopshare.db.work import Work
from coopshare.kernel.errors import Forbidden, NotFound
from coopshare.members.queries import people
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One thing that was noted: so many, in which state, by whom, when."""

    row: HandOver
    person_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """Things of a booking that are with its borrower."""

    booking: Booking
    resource: Resource
    quantity: int

    def is_late(self, now: datetime) -> bool:
        """Tell whether the booking is over: they should be back."""
        return self.booking.ends_at <= now


def _of(kind: HandOverKind, *states: Condition) -> object:
    asked = HandOver.kind == kind
    if states:
        asked &= HandOver.state.in_(states)
    return func.coalesce(func.sum(case((asked, HandOver.quantity), else_=0)), 0)


def tallies(
    work: Work, bookings: Collection[Booking], resources: Mapping[UUID, Resource]
) -> dict[UUID, dict[UUID, Tally]]:
    """Return what each line that is handed over comes to, by booking and resource.

    One statement, none where nothing is handed over.
    """
    concerned = [b for b in bookings if any(resources[x.resource_id].hand_over for x in b.lines)]
    if not concerned:
        return {booking.id: {} for booking in bookings}
    query = (
        select(
            HandOver.booking_id,
            HandOver.resource_id,
            _of(HandOverKind.COLLECTED),  # type: ignore[call-overload]
            _of(HandOverKind.RETURNED),
            _of(HandOverKind.RETURNED, Condition.MISSING),
            _of(HandOverKind.RETURNED, Condition.DAMAGED),
        )
        .where(HandOver.booking_id.in_([booking.id for booking in concerned]))
        .group_by(HandOver.booking_id, HandOver.resource_id)
    )
    sums = {
        (row[0], row[1]): tuple(int(value) for value in row[2:])
        for row in work.session.execute(query)
    }
    found: dict[UUID, dict[UUID, Tally]] = {booking.id: {} for booking in bookings}
    for booking in concerned:
        for line in booking.lines:
            if resources[line.resource_id].hand_over:
                went, back, missing, damaged = sums.get((booking.id, line.resource_id), (0,) * 4)
                found[booking.id][line.resource_id] = Tally(
                    booked=line.quantity,
                    collected=went,
                    returned=back,
                    missing=missing,
                    damaged=damaged,
                )
    return found


def tally(work: Work, booking: Booking, resources: Mapping[UUID, Resource]) -> dict[UUID, Tally]:
    """Return what each line of one booking comes to, by resource."""
    return tallies(work, [booking], resources)[booking.id]


def noted(work: Work, booking_id: UUID) -> list[Noted]:
    """Return what was noted of a booking, the latest first; two statements."""
    query = (
        select(HandOver)
        .where(HandOver.booking_id == booking_id)
        .order_by(HandOver.at.desc(), HandOver.act_id, HandOver.state, HandOver.id)
        .limit(MOST)
    )
    rows = list(work.session.scalars(query))
    names = people(work, {row.person_id for row in rows if row.person_id is not None})
    return [
        Noted(
            row=row,
            person_name=names[row.person_id].name if row.person_id in names else "CoopShare",
        )
        for row in rows
    ]


def photo(work: Work, photo_id: UUID, *, is_small: bool) -> tuple[str, bytes]:
    """Return a picture: (media type, bytes); `NotFound` for whom it is not meant."""
    column = HandOverPhoto.thumbnail if is_small else HandOverPhoto.content
    found = work.session.scalars(
        select(HandOverPhoto).where(HandOverPhoto.id == photo_id).options(undefer(column))
    ).one_or_none()
    if found is None:
        raise NotFound
    booking = get(work, found.booking_id)
    resources = resources_of(work, [booking])
    stake = stake_of(booking.organisation_id, booking.person_id, resources.values())
    try:
        allow(work.actor, Permission.PHOTO, stake)
    except Forbidden:
        raise NotFound from None
    return found.content_type, found.thumbnail if is_small else found.content


def _balance() -> object:
    return func.sum(
        case(
            (HandOver.kind == HandOverKind.COLLECTED, HandOver.quantity),
            else_=-HandOver.quantity,
        )
    )


def out(
    work: Work,
    *,
    resource_ids: Collection[UUID] | None = None,
    ended_by: datetime | None = None,
    everyone: bool = False,
    limit: int = MOST,
) -> list[Out]:
    """Return what is out, the earliest end first, of the bookings one may see.

    `everyone`: of all bookings, for warnings that name nobody. Two statements.
    """
    query = (
        select(HandOver.booking_id, HandOver.resource_id, _balance())  # type: ignore[call-overload]
        .join(Booking, Booking.id == HandOver.booking_id)
        .group_by(HandOver.booking_id, HandOver.resource_id, Booking.ends_at)
        .having(_balance() > 0)  # type: ignore[operator]
        .order_by(Booking.ends_at, HandOver.booking_id, HandOver.resource_id)
        .limit(limit)
    )
    if not everyone:
        query = query.where(visible(work.actor))
    if resource_ids is not None:
        query = query.where(HandOver.resource_id.in_(list(resource_ids)))
    if ended_by is not None:
        query = query.where(Booking.ends_at <= ended_by)
    rows = list(work.session.execute(query))
    if not rows:
        return []
    ids = {row[0] for row in rows}
    bookings = {
        one.id: one for one in work.session.scalars(select(Booking).where(Booking.id.in_(ids)))
    }
    resources = _known(work, {row[1] for row in rows})
    return [
        Out(booking=bookings[row[0]], resource=resources[row[1]], quantity=int(row[2]))
        for row in rows
        if row[1] in resources and resources[row[1]].hand_over
    ]


def _known(work: Work, ids: Collection[UUID]) -> dict[UUID, Resource]:
    from_catalogue = catalogue(work).resources
    return {key: from_catalogue[key] for key in ids if key in from_catalogue}


def names(resources: Mapping[UUID, Resource]) -> dict[UUID, str]:
    """Return the names of resources by id."""
    return {key: resource.name for key, resource in resources.items()}


def count_of(parts: Sequence[Out]) -> int:
    """Return how many things that is in all."""
    return sum(one.quantity for one in parts)
