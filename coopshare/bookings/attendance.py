"""Who is expected at a door, and who did not come: reads, of what the actor may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from coopshare.bookings.arriving import OPENS_BEFORE
from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.bookings.policies import visible
from coopshare.db.work import Work
from coopshare.kernel.text import Sentence, marked
from coopshare.resources.queries import catalogue

COUNTED = timedelta(days=90)
"""How far back no-shows are counted: they are shown, never punished."""
MOST = 50


@dataclass(frozen=True, slots=True)
class NoShows:
    """How often an organisation did not come of late, and the latest times."""

    organisation_id: UUID
    count: int
    latest: list[Booking]


def at_door(work: Work, resource_id: UUID) -> list[Booking]:
    """Return the actor's bookings that run at a door or are about to begin, by start."""
    near = catalogue(work).sharing([resource_id])
    query = (
        select(Booking)
        .where(
            visible(work.actor),
            Booking.status == BookingStatus.CONFIRMED,
            Booking.starts_at <= work.now + OPENS_BEFORE,
            Booking.ends_at > work.now,
            Booking.id.in_(
                select(BookingLine.booking_id).where(BookingLine.resource_id.in_(sorted(near)))
            ),
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST)
    )
    return list(work.session.scalars(query))


def counts(work: Work, organisation_id: UUID | None = None) -> Mapping[UUID, int]:
    """Return how often each organisation did not come in 90 days, as far as the actor sees."""
    query = (
        select(Booking.organisation_id, func.count())
        .where(Booking.released_at >= work.now - COUNTED, visible(work.actor))
        .group_by(Booking.organisation_id)
    )
    if organisation_id is not None:
        query = query.where(Booking.organisation_id == organisation_id)
    found = work.session.execute(query)
    return {one: count for one, count in found}  # noqa: C416 - its rows are no pairs to mypy


def no_shows(work: Work) -> list[NoShows]:
    """Return the organisations that did not come in 90 days, the most often first."""
    found = counts(work)
    query = (
        select(Booking)
        .where(Booking.released_at >= work.now - COUNTED, visible(work.actor))
        .order_by(Booking.released_at.desc(), Booking.id)
        .limit(MOST)
    )
    latest: dict[UUID, list[Booking]] = {}
    for booking in work.session.scalars(query):
        latest.setdefault(booking.organisation_id, []).append(booking)
    return [
        NoShows(one, count, latest.get(one, []))
        for one, count in sorted(found.items(), key=lambda pair: (-pair[1], str(pair[0])))
    ]


def said_of(work: Work, organisation_id: UUID) -> Sentence | None:
    """Say how often an organisation did not come; None where it always came."""
    count = counts(work, organisation_id).get(organisation_id, 0)
    if not count:
        return None
    return Sentence(
        marked(
            "Personne n'est venu à une réservation, en 90 jours. La place a été rendue aux autres."
        )
        if count == 1
        else marked(
            "Personne n'est venu à {count} réservations, en 90 jours. Les places ont été rendues"
            " aux autres."
        ),
        {"count": count},
    )
