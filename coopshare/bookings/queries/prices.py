"""Reads of what bookings cost: tariffs, charges, quotas used."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from coopshare.bookings.models import (
    Booking,
    BookingCharge,
    BookingLine,
    ChargeUnit,
)
from coopshare.bookings.queries.reading import Shown
from coopshare.bookings.rules import COUNTED
from coopshare.db.work import Work
from coopshare.kernel.intervals import Interval
from coopshare.members.kinds import Standing
from coopshare.members.queries import roll
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue


def tariffs_for(
    standing: Standing | None, resources: Iterable[Resource]
) -> list[dict[str, object]]:
    """Return the tariffs that apply to a standing; one of its own comes before that of all."""
    found: list[dict[str, object]] = []
    for resource in resources:
        own = [t for t in resource.tariffs if t.standing == standing and standing is not None]
        found += [
            {
                "resource_id": resource.id,
                "unit": tariff.unit,
                "cents": tariff.cents,
                "note": tariff.note,
            }
            for tariff in own or [t for t in resource.tariffs if t.standing is None]
        ]
    return found


def tariffs_of(work: Work, found: Sequence[Shown]) -> dict[UUID, list[dict[str, object]]]:
    """Return the tariffs of each booking, for its organisation, in two statements for all."""
    if not found:
        return {}
    members = roll(work).memberships
    return {
        one.booking.id: tariffs_for(
            members[one.booking.organisation_id].standing, one.resources.values()
        )
        for one in found
    }


@dataclass(frozen=True, slots=True)
class QuotaUse:
    """A booking that counts in limits: whose, when, and its lines (resource, quantity)."""

    booking_id: UUID
    organisation_id: UUID
    person_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    timezone: str
    lines: list[tuple[UUID, int]]


def _theirs(organisation_id: UUID, person_id: UUID | None) -> ColumnElement[bool]:
    if person_id is None:
        return Booking.organisation_id == organisation_id
    return or_(Booking.organisation_id == organisation_id, Booking.person_id == person_id)


def quota_uses(
    work: Work, window: Interval, *, organisation_id: UUID, person_id: UUID | None
) -> list[QuotaUse]:
    """Return the bookings that count in limits and start in a window: one statement.

    Those of an organisation and, where one is given, those a person made for any other.
    """
    rows = work.session.execute(
        select(
            Booking.id,
            Booking.organisation_id,
            Booking.person_id,
            Booking.starts_at,
            Booking.ends_at,
            Booking.timezone,
            BookingLine.resource_id,
            BookingLine.quantity,
        )
        .join(BookingLine, BookingLine.booking_id == Booking.id)
        .where(
            _theirs(organisation_id, person_id),
            Booking.starts_at >= window.start,
            Booking.starts_at < window.end,
            Booking.status.in_(COUNTED),
        )
    )
    found: dict[UUID, QuotaUse] = {}
    for row in rows:
        use = found.setdefault(row.id, QuotaUse(*row[:6], lines=[]))
        use.lines.append((row.resource_id, row.quantity))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class QuotaTaking:
    """What a frozen price took of a free quota: minutes times quantity, or the booking."""

    booking_id: UUID
    organisation_id: UUID
    person_id: UUID | None
    starts_at: datetime
    timezone: str
    quota_id: UUID
    amount: int
    is_booking: bool


def quota_takings(
    work: Work,
    window: Interval,
    quota_ids: Collection[UUID],
    *,
    organisation_id: UUID,
    person_id: UUID | None,
) -> list[QuotaTaking]:
    """Return what bookings that start in a window took of free quotas: one statement."""
    rows = work.session.execute(
        select(
            Booking.id,
            Booking.organisation_id,
            Booking.person_id,
            Booking.starts_at,
            Booking.timezone,
            BookingCharge.quota_id,
            BookingCharge.units * BookingCharge.quantity,
            BookingCharge.unit == ChargeUnit.BOOKING,
        )
        .join(BookingCharge, BookingCharge.booking_id == Booking.id)
        .where(
            _theirs(organisation_id, person_id),
            Booking.starts_at >= window.start,
            Booking.starts_at < window.end,
            Booking.status.in_(COUNTED),
            BookingCharge.quota_id.in_(sorted(quota_ids)),
        )
    )
    return [
        QuotaTaking(*row[:5], quota_id=quota_id, amount=row[6], is_booking=row[7])
        for row in rows
        for quota_id in [row[5]]
        if quota_id is not None
    ]


def charges_of(work: Work, found: Sequence[Booking]) -> dict[UUID, list[BookingCharge]]:
    """Return the frozen charges of each booking, in their order; one statement, none unpriced."""
    lines: dict[UUID, list[BookingCharge]] = {booking.id: [] for booking in found}
    priced = [booking.id for booking in found if booking.price_cents is not None]
    if priced:
        query = (
            select(BookingCharge)
            .where(BookingCharge.booking_id.in_(sorted(priced)))
            .order_by(BookingCharge.booking_id, BookingCharge.position)
        )
        for charge in work.session.scalars(query):
            lines[charge.booking_id].append(charge)
    return lines


def names_of(work: Work, resource_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of resources by their written ids."""
    ids = [UUID(key) for key in resource_ids]
    if not ids:
        return {}
    known = catalogue(work).resources
    return {str(key): known[key].name for key in ids if key in known}
