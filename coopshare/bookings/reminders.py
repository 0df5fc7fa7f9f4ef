"""What bookings have coming: what people are reminded of, and what their week holds."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.notices import WHY_BOOKER
from coopshare.bookings.notices_of_requests import WHY_MANAGER, deciders
from coopshare.bookings.queries import resources_of
from coopshare.bookings.rules import LIVE
from coopshare.bookings.telling import look_up, message, work_person
from coopshare.db.outbox import JobToDo
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Database, Work
from coopshare.kernel.dates import LocalSpan
from coopshare.kernel.intervals import Interval
from coopshare.kernel.notices import Due, Message, Topic, Words
from coopshare.kernel.text import Sentence, marked

START = "bookings.start_soon"
"""The job that reminds who booked of the booking."""
ANSWER = "bookings.answer_due"
"""The job that reminds those who decide of a request that is about to lapse."""
AHEAD = timedelta(hours=48)
"""How long before it somebody may want to be reminded of a booking."""
A_DAY = timedelta(hours=24)


def due(work: Work) -> list[Due]:
    """Return the confirmed bookings that start soon, and the requests that lapse soon,
    everywhere.
    """
    soon = (
        (Booking.status == BookingStatus.CONFIRMED)
        & (Booking.starts_at > work.now)
        & (Booking.starts_at <= work.now + AHEAD)
        & Booking.person_id.is_not(None)
    )
    lapsing = (
        (Booking.status == BookingStatus.PENDING)
        & (Booking.lapses_at > work.now)
        & (Booking.lapses_at <= work.now + A_DAY)
    )
    rows = work.session.execute(
        select(
            Booking.cooperative_id,
            Booking.id,
            Booking.person_id,
            Booking.status,
            Booking.starts_at,
            Booking.lapses_at,
            Booking.changed_at,
        )
        .where(or_(soon, lapsing))
        .order_by(Booking.starts_at, Booking.id)
        .execution_options(**EVERYWHERE)
    )
    return [
        _due(row.cooperative_id, row.id, START, row.starts_at, row.changed_at, row.person_id)
        if row.status is BookingStatus.CONFIRMED
        else _due(row.cooperative_id, row.id, ANSWER, row.lapses_at, row.changed_at, None)
        for row in rows
    ]


def _due(
    cooperative_id: UUID,
    booking_id: UUID,
    job: str,
    at: datetime,
    since: datetime,
    person_id: UUID | None,
) -> Due:
    return Due(
        job=job,
        cooperative_id=cooperative_id,
        object_id=booking_id,
        person_id=person_id,
        at=at,
        since=since,
    )


def tell_start(database: Database, job: JobToDo) -> list[Message]:
    """Return the reminder of a booking; none where it was moved or given up meanwhile."""
    with database.read(job.actor) as work:
        told = look_up(work, UUID(job.payload["id"]), START)
        if told is None or told.booking.status is not BookingStatus.CONFIRMED:
            return []
        if told.booking.starts_at.isoformat() != job.payload["at"]:
            return []
        person = work_person(work, told.booking.person_id)
        if person is None or told.booking.starts_at <= work.now:
            return []
        sentence = Sentence(marked("C'est bientôt : « {title} »."), told.data())
        give_up = Sentence(
            marked("Vous n'en avez plus besoin ? Annulez : quelqu'un d'autre en profitera.")
        )
        return [
            message(
                told, person, marked("Rappel : {what}, {start}"), [sentence, give_up], WHY_BOOKER
            )
        ]


def tell_answer(database: Database, job: JobToDo) -> list[Message]:
    """Return the reminders of a request that nobody answered; none where it was meanwhile."""
    with database.read(job.actor) as work:
        told = look_up(work, UUID(job.payload["id"]), ANSWER)
        if told is None or told.booking.status is not BookingStatus.PENDING:
            return []
        lapses_at = told.booking.lapses_at
        if lapses_at is None or lapses_at.isoformat() != job.payload["at"]:
            return []
        sentence = Sentence(
            marked(
                "{organisation} attend votre réponse pour « {title} »."
                " Sans réponse avant {until}, la demande s'éteint et la place est rendue."
            ),
            told.data(),
        )
        action = (Sentence(marked("Répondre à la demande")), f"{work.address}/a-traiter")
        return [
            message(
                told,
                person,
                marked("Réponse attendue : {what}, {start}"),
                [sentence],
                WHY_MANAGER,
                action=action,
                topic=Topic.DEADLINE,
            )
            for person in deciders(work, told.resources.values())
        ]


def coming(work: Work, person_id: UUID, week: Interval) -> list[tuple[Words, Words]]:
    """Return what a person booked in a week: (when, what), in order."""
    found = list(
        work.session.scalars(
            select(Booking)
            .where(
                Booking.person_id == person_id,
                Booking.status.in_(LIVE),
                Booking.starts_at < week.end,
                Booking.ends_at > week.start,
            )
            .order_by(Booking.starts_at, Booking.id)
        )
    )
    resources = resources_of(work, found)
    return [
        (
            Sentence(
                marked("{when}"),
                {
                    "when": LocalSpan(
                        Interval(booking.starts_at, booking.ends_at),
                        ZoneInfo(booking.timezone),
                        booking.all_day,
                        work.now.year,
                    )
                },
            ),
            ", ".join([booking.title, *(resources[x.resource_id].name for x in booking.lines)]),
        )
        for booking in found
    ]
