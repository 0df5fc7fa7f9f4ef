"""What all messages about bookings have in common: what happened, in short, and to whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coopshare.bookings.agenda import place_of
from coopshare.bookings.models import Booking
from coopshare.bookings.queries import names_of, resources_of
from coopshare.bookings.queue import was_offered
from coopshare.calendars.queries import event_file
from coopshare.db.models import AuditEntry
from coopshare.db.work import Work
from coopshare.kernel.dates import LocalMoment, LocalSpan
from coopshare.kernel.intervals import Interval
from coopshare.kernel.notices import Message, Topic, Words
from coopshare.kernel.text import Sentence, marked
from coopshare.members.models import Cooperative, Organisation, Person
from coopshare.resources.models import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What all messages about one thing that happened have in common."""

    work: Work
    booking: Booking
    resources: Mapping[UUID, Resource]
    organisation: Organisation
    cooperative: Cooperative
    fact: str
    by: Person | None
    before: str
    """The state it had before, where its state changed."""
    is_offer: bool
    """Whether it came from a waiting list."""
    gone: tuple[str, ...] = ()
    """What it had and has no more, where that is what happened."""

    @property
    def address(self) -> str:
        """Return the address of the booking's page."""
        return f"{self.work.address}/reservations/{self.booking.id}"

    @property
    def what(self) -> str:
        """Name the first thing, and how many more there are."""
        names = [self.resources[line.resource_id].name for line in self.booking.lines]
        return names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"

    def data(self) -> dict[str, object]:
        """Return the values of the named places of the sentences."""
        place = ZoneInfo(self.booking.timezone)
        year = self.work.now.astimezone(place).year
        span = Interval(self.booking.starts_at, self.booking.ends_at)
        return {
            "title": self.booking.title,
            "what": self.what,
            "start": LocalMoment(self.booking.starts_at, place, year),
            "when": LocalSpan(span, place, self.booking.all_day, year),
            "organisation": self.organisation.name,
            "gone": ", ".join(self.gone),
            "until": LocalMoment(self.booking.lapses_at, place, year)
            if self.booking.lapses_at
            else "",
        }

    def details(self) -> tuple[tuple[Words, Words], ...]:
        """Return what a reader looks up."""
        used = [self.resources[line.resource_id] for line in self.booking.lines]
        things = ", ".join(
            f"{resource.name} (× {line.quantity})" if line.quantity > 1 else resource.name
            for line, resource in zip(self.booking.lines, used, strict=True)
        )
        people: list[tuple[Words, Words]] = []
        if self.booking.people:
            people.append((Sentence(marked("Personnes")), str(self.booking.people)))
        rows: list[tuple[Words, Words]] = [
            (Sentence(marked("Quand")), Sentence(marked("{when}"), self.data())),
            (Sentence(marked("Quoi")), things),
            (Sentence(marked("Où")), place_of(used)),
            *people,
            (Sentence(marked("Pour")), self.organisation.name),
        ]
        if self.by is not None and self.by.id != self.booking.person_id:
            rows.append((Sentence(marked("Par")), self.by.name))
        if self.booking.cancel_reason:
            rows.append((Sentence(marked("Pourquoi")), self.booking.cancel_reason))
        return tuple(rows)


def look_up(work: Work, booking_id: UUID, fact: str) -> Told | None:
    """Return what happened to a booking, and who did it; None for one that is not there."""
    booking = work.session.get(Booking, booking_id)
    if booking is None:
        return None
    organisation = work.session.get(Organisation, booking.organisation_id)
    cooperative = work.session.get(Cooperative, booking.cooperative_id)
    if organisation is None or cooperative is None:
        return None
    entry = work.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.object_id == booking.id, AuditEntry.action == fact)
        .order_by(AuditEntry.at.desc())
        .limit(1)
    ).first()
    by = work.session.get(Person, entry.person_id) if entry and entry.person_id else None
    return Told(
        work=work,
        booking=booking,
        resources=resources_of(work, [booking]),
        organisation=organisation,
        cooperative=cooperative,
        fact=fact,
        by=by,
        before=str(entry.changes.get("status", [""])[0]) if entry else "",
        gone=_gone(work, entry) if entry else (),
        is_offer=was_offered(work, booking.id),
    )


def _gone(work: Work, entry: AuditEntry) -> tuple[str, ...]:
    ids = [f.removeprefix("line:") for f, (_, n) in entry.changes.items() if n == "0"]
    return tuple(names_of(work, ids).values())


def work_person(work: Work, person_id: UUID | None) -> Person | None:
    """Return a person who can be written to, or None."""
    person = work.session.get(Person, person_id) if person_id is not None else None
    return None if person is None or person.is_suspended else person


def message(
    told: Told,
    person: Person,
    subject: str,
    paragraphs: Iterable[Sentence],
    why: str,
    *,
    action: tuple[Words, str] | None = None,
    more: Iterable[tuple[Words, Words]] = (),
    topic: Topic = Topic.ALWAYS,
) -> Message:
    """Return what a person is told, with the booking in short; its calendar file where nothing is
    to be done.
    """
    return Message(
        to=person.email,
        subject=Sentence(subject, told.data()),
        greeting=Sentence(marked("Bonjour {name},"), {"name": person.name}),
        paragraphs=tuple(paragraphs),
        details=(*told.details(), *more),
        action=action or (Sentence(marked("Voir la réservation")), told.address),
        after=(Sentence(why),),
        sender=told.cooperative.name,
        language=person.language,
        calendar=None if action else event_file(told.work, told.booking.id),
        topic=topic,
    )
