"""What giving up late costs: what stays due of a booking that ends, shrinks or moves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from coopshare.bookings.charges import Charge, Late, after_change, late, total
from coopshare.bookings.models import Booking, BookingCharge, BookingStatus
from coopshare.bookings.queries import charges_of
from coopshare.bookings.services.pricing import Price, replace_charges
from coopshare.db.work import Work
from coopshare.resources.models import Resource


def due_after(
    work: Work,
    booking: Booking,
    resources: Mapping[UUID, Resource],
    status: BookingStatus = BookingStatus.CANCELLED,
    charges: Sequence[BookingCharge] | None = None,
) -> list[Charge]:
    """Return what stays due of a live booking that ends now; `charges` are its own, where known.

    Nothing more than what was due by then, unless a confirmed one is given up late by its own
    organisation: what others give up for it, and what only waited or was an option, costs nothing.
    """
    if status is not BookingStatus.CANCELLED:
        return []
    found = charges_of(work, [booking])[booking.id] if charges is None else charges
    used = [resources[line.resource_id] for line in booking.lines]
    terms = _binding_terms(work, booking, used)
    return late(found, terms, starts_at=booking.starts_at, now=work.now)


def _binding_terms(work: Work, booking: Booking, resources: Iterable[Resource]) -> dict[UUID, Late]:
    """Return what giving up late costs, where the actor is who gives up."""
    is_own = work.actor.organisation_id in {booking.organisation_id, None}
    binds = is_own and booking.status is BookingStatus.CONFIRMED
    return late_terms(resources) if binds else {}


def bound(
    work: Work,
    changed: Sequence[tuple[Booking, Mapping[UUID, Resource], Price]],
) -> list[Price]:
    """Return the prices of bookings that change, with what changing them late leaves due.

    Each comes with its resources as they were. One statement, where some had a price.
    """
    priced = [row for row, _, _ in changed if row.price_cents is not None]
    known = charges_of(work, priced) if priced else {}
    found = []
    for row, resources, after in changed:
        terms = _binding_terms(work, row, resources.values())
        charges = after_change(
            known.get(row.id, ()), after.charges, terms, starts_at=row.starts_at, now=work.now
        )
        found.append(replace(after, charges=tuple(charges)))
    return found


def settle(
    work: Work,
    rows: Sequence[Booking],
    resources: Mapping[UUID, Resource],
    status: BookingStatus,
) -> None:
    """Keep what stays due of live bookings that end now, before they are given that status.

    Nobody came: what was frozen stays due. No statement where none of them had a price.
    """
    priced = [row for row in rows if row.price_cents is not None]
    if not priced or status is BookingStatus.NO_SHOW:
        return
    known = charges_of(work, priced) if status is BookingStatus.CANCELLED else {}
    due = [(row, due_after(work, row, resources, status, known.get(row.id, []))) for row in priced]
    replace_charges(work, [(row.id, charges) for row, charges in due])
    for row, charges in due:
        row.price_cents = total(charges) if charges else None


def late_terms(resources: Iterable[Resource]) -> dict[UUID, Late]:
    """Return what giving up each resource late costs."""
    return {r.id: Late(r.late_before, r.late_share) for r in resources if r.late_share}
