"""What people are told of bookings: who booked, and those who have to answer a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coopshare.bookings.agenda import place_of
from coopshare.bookings.facts import (
    Approved,
    Booked,
    Cancelled,
    Changed,
    Confirmed,
    Lapsed,
    Moved,
    NoShow,
    Offered,
    RefusedByManager,
    Released,
)
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.bookings.queries import names_of, resources_of
from coopshare.bookings.queue import was_offered
from coopshare.bookings.rules import LIVE
from coopshare.calendars.queries import event_file
from coopshare.db.models import AuditEntry
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.dates import LocalMoment, LocalSpan
from coopshare.kernel.intervals import Interval
from coopshare.kernel.notices import Message, Topic, Words
from coopshare.kernel.text import Sentence, marked
from coopshare.members.models import Affiliation, Cooperative, Organisation, Person
from coopshare.resources.models import Resource

KIND = "bookings.told"
"""The job that tells people of one thing that happened to a booking."""
WAITS = "waits"
OPTION_LAPSED = "option lapsed"
OPTION_SET = "option"
REMINDER = "option reminder"
OFFER_MISSED = "offer missed"
OFFER_REMINDER = "offer reminder"

SUBJECTS: Mapping[str, str] = {
    Booked.name: marked("Confirmé : {what}, {start}"),
    WAITS: marked("Demande envoyée : {what}, {start}"),
    Moved.name: marked("Déplacé : {what}, {start}"),
    Changed.name: marked("Modifié : {what}, {start}"),
    Cancelled.name: marked("Annulé : {what}, {start}"),
    Approved.name: marked("Accepté : {what}, {start}"),
    RefusedByManager.name: marked("Refusé : {what}, {start}"),
    Lapsed.name: marked("Demande sans réponse : {what}, {start}"),
    NoShow.name: marked("Place rendue, personne n'est venu : {what}, {start}"),
    Released.name: marked("Place rendue, personne n'est venu : {gone}, {start}"),
    OPTION_SET: marked("Option posée : {what}, {start}"),
    REMINDER: marked("Option à confirmer avant {until} : {what}, {start}"),
    Offered.name: marked("Une place s'est libérée : {what}, {start}"),
    OFFER_MISSED: marked("Place non acceptée à temps : {what}, {start}"),
    OFFER_REMINDER: marked("Place à accepter avant {until} : {what}, {start}"),
    Confirmed.name: marked("Confirmé : {what}, {start}"),
    OPTION_LAPSED: marked("Option terminée : {what}, {start}"),
}
FIRST_LINES: Mapping[str, str] = {
    Booked.name: marked("Votre réservation « {title} » est confirmée."),
    WAITS: marked(
        "Votre demande « {title} » est bien arrivée. La place vous est gardée jusqu'à la réponse."
    ),
    Moved.name: marked("La réservation « {title} » change d'horaire."),
    Changed.name: marked("La réservation « {title} » a été modifiée."),
    Cancelled.name: marked("La réservation « {title} » est annulée : la place est rendue."),
    Approved.name: marked("Votre demande « {title} » est acceptée : c'est réservé."),
    RefusedByManager.name: marked("Votre demande « {title} » n'a pas été acceptée."),
    Lapsed.name: marked(
        "Votre demande « {title} » n'a pas reçu de réponse à temps : elle prend fin et la place"
        " est rendue. Vous pouvez la refaire, ou appeler les personnes qui gèrent."
    ),
    NoShow.name: marked(
        "Personne n'a signalé son arrivée pour « {title} » : la place est rendue aux autres."
        " Vous étiez là ? Réservez de nouveau si c'est encore libre ; la prochaine fois, scannez"
        " le code à la porte en arrivant."
    ),
    Released.name: marked(
        "Personne n'a signalé son arrivée pour « {title} » : la place est rendue aux autres"
        " ({gone}). Le reste demeure réservé : annulez-le si vous n'en avez pas besoin."
    ),
    OPTION_SET: marked(
        "Votre option « {title} » est posée : la place vous est gardée jusqu'à {until}."
        " Confirmez-la d'ici là, sinon elle se libère d'elle-même."
    ),
    REMINDER: marked(
        "Votre option « {title} » se termine bientôt : confirmez-la avant {until},"
        " sinon la place se libère d'elle-même."
    ),
    Offered.name: marked(
        "La place que vous attendiez pour « {title} » s'est libérée. Elle vous est gardée jusqu'à"
        " {until} : acceptez-la d'ici là, sinon elle est proposée à la personne suivante."
    ),
    OFFER_MISSED: marked(
        "La place proposée pour « {title} » n'a pas été acceptée à temps : elle va à la personne"
        " suivante. Si elle est encore prise, vous pouvez reprendre place dans la liste."
    ),
    OFFER_REMINDER: marked(
        "La place qui s'est libérée pour « {title} » vous est encore gardée jusqu'à {until}."
        " Acceptez-la d'ici là, sinon elle est proposée à la personne suivante."
    ),
    Confirmed.name: marked("Votre option « {title} » est confirmée : c'est réservé."),
    OPTION_LAPSED: marked(
        "Votre option « {title} » est arrivée à son terme : la place est rendue."
        " Si elle est encore libre, vous pouvez la réserver de nouveau."
    ),
}
AGAIN = marked("Ce changement attend l'accord des personnes qui gèrent. La place est gardée.")
WHY_BOOKER = marked("Vous recevez ce message parce que vous avez fait cette réservation.")
WHY_MANAGER = marked(
    "Vous recevez ce message parce que vous gérez cette ressource ou la coopérative."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
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


def tell(database: Database, job: JobToDo) -> list[Message]:
    """Return the messages that follow one thing that happened to a booking, in a read-only unit.

    What is no longer true is not told: a booking cancelled meanwhile is not confirmed any more.
    """
    reader = Actor(door="worker", cooperative_id=job.cooperative_id)
    with database.read(reader) as work:
        told = look_up(work, UUID(job.payload["id"]), str(job.payload["fact"]))
        if told is None:
            return []
        if told.fact == Offered.name and told.booking.status is not BookingStatus.OPTION:
            return []
        is_over = told.fact in {
            Cancelled.name,
            RefusedByManager.name,
            Lapsed.name,
            NoShow.name,
        }
        if (told.booking.status in LIVE) == is_over:
            return []
        return [*_to_booker(told), *_to_managers(told)]


def look_up(work: Work, booking_id: UUID, fact: str) -> _Told | None:
    """Return what messages about a booking need; None when it or its house is gone."""
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
    return _Told(
        work=work,
        booking=booking,
        resources=resources_of(work, [booking]),
        organisation=organisation,
        cooperative=cooperative,
        fact=fact,
        by=by,
        is_offer=was_offered(work, booking.id),
        before=str(entry.changes.get("status", [""])[0]) if entry else "",
        gone=_gone(work, entry) if entry else (),
    )


def _gone(work: Work, entry: AuditEntry) -> tuple[str, ...]:
    ids = [f.removeprefix("line:") for f, (_, n) in entry.changes.items() if n == "0"]
    return tuple(names_of(work, ids).values())


def _to_booker(told: _Told) -> list[Message]:
    booking = told.booking
    person = work_person(told.work, booking.person_id)
    if person is None:
        return []
    waits = booking.status is BookingStatus.PENDING
    said = WAITS if waits and told.fact in {Booked.name, Confirmed.name} else told.fact
    if told.fact == Booked.name and booking.status is BookingStatus.OPTION:
        said = OPTION_SET
    if told.fact == Lapsed.name and told.before == BookingStatus.OPTION:
        said = OFFER_MISSED if told.is_offer else OPTION_LAPSED
    if told.fact == Offered.name:
        answer = (Sentence(marked("Accepter ou laisser passer")), told.address)
        sentence = Sentence(FIRST_LINES[said], told.data())
        return [message(told, person, SUBJECTS[said], [sentence], WHY_BOOKER, action=answer)]
    paragraphs = [Sentence(FIRST_LINES[said], told.data())]
    if waits and said != WAITS:
        paragraphs.append(Sentence(AGAIN))
    did_it = told.by is not None and told.by.id == person.id
    topic = Topic.NEWS if did_it else Topic.ALWAYS
    return [message(told, person, SUBJECTS[said], paragraphs, WHY_BOOKER, topic=topic)]


def remind(database: Database, job: JobToDo) -> list[Message]:
    """Return the reminder of an option that ends soon; none where it was confirmed or put off."""
    reader = Actor(door="worker", cooperative_id=job.cooperative_id)
    with database.read(reader) as work:
        told = look_up(work, UUID(job.payload["id"]), REMINDER)
        if told is None or told.booking.status is not BookingStatus.OPTION:
            return []
        until, person = told.booking.lapses_at, work_person(work, told.booking.person_id)
        if until is None or until.isoformat() != job.payload["until"] or person is None:
            return []
        if until <= work.now:
            return []
        said = OFFER_REMINDER if told.is_offer else REMINDER
        paragraphs = [Sentence(FIRST_LINES[said], told.data())]
        answer = marked("Accepter ou laisser passer")
        if not told.is_offer:
            answer = marked("Confirmer ou y renoncer")
        action = (Sentence(answer), told.address)
        return [
            message(
                told,
                person,
                SUBJECTS[said],
                paragraphs,
                WHY_BOOKER,
                action=action,
                topic=Topic.DEADLINE,
            )
        ]


def _to_managers(told: _Told) -> list[Message]:
    booking = told.booking
    asks = told.fact in {Booked.name, Confirmed.name, Moved.name, Changed.name}
    if booking.status is not BookingStatus.PENDING or not asks:
        return []
    sentence = Sentence(
        marked("{organisation} demande : « {title} ». La place est gardée jusqu'à votre réponse."),
        told.data(),
    )
    return [
        message(
            told,
            person,
            marked("À traiter : {what}, {start}"),
            [sentence],
            WHY_MANAGER,
            action=(Sentence(marked("Répondre à la demande")), f"{told.work.address}/a-traiter"),
        )
        for person in deciders(told.work, told.resources.values())
    ]


def work_person(work: Work, person_id: UUID | None) -> Person | None:
    """Return a person who can be written to, or None."""
    person = work.session.get(Person, person_id) if person_id is not None else None
    return None if person is None or person.is_suspended else person


def deciders(work: Work, resources: Iterable[Resource]) -> list[Person]:
    """Return who decides on resources that need approval: managers, else administrators."""
    managers = {r.manager_id for r in resources if r.needs_approval}
    found = work.session.scalars(
        select(Affiliation).where(
            Affiliation.organisation_id.in_(managers), Affiliation.role == Role.RESOURCE_MANAGER
        )
    ).all() or work.session.scalars(
        select(Affiliation).where(Affiliation.role == Role.ADMINISTRATOR)
    )
    people = {one.person.id: one.person for one in found if not one.person.is_suspended}
    return sorted(people.values(), key=lambda person: (person.sort_key, str(person.id)))


def message(
    told: _Told,
    person: Person,
    subject: str,
    paragraphs: Iterable[Sentence],
    why: str,
    *,
    action: tuple[Words, str] | None = None,
    topic: Topic = Topic.ALWAYS,
) -> Message:
    """Return a message about a booking to one person; without an action, with its event."""
    return Message(
        to=person.email,
        subject=Sentence(subject, told.data()),
        greeting=Sentence(marked("Bonjour {name},"), {"name": person.name}),
        paragraphs=tuple(paragraphs),
        details=told.details(),
        action=action or (Sentence(marked("Voir la réservation")), told.address),
        after=(Sentence(why),),
        sender=told.cooperative.name,
        language=person.language,
        calendar=None if action else event_file(told.work, told.booking.id),
        topic=topic,
    )
