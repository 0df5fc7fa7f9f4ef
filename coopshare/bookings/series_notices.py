"""What people are told of a series: one message for all of its dates, not one for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coopshare.bookings.agenda import place_of
from coopshare.bookings.facts import (
    SeriesApproved,
    SeriesBooked,
    SeriesCancelled,
    SeriesChanged,
    SeriesLapsed,
    SeriesRefusedByManager,
)
from coopshare.bookings.models import Booking, BookingSeries, BookingStatus
from coopshare.bookings.notices import WHY_BOOKER
from coopshare.bookings.notices_of_requests import WHY_MANAGER, deciders
from coopshare.bookings.queries import resources_of
from coopshare.bookings.rules import LIVE
from coopshare.bookings.series import occurrences, recurrence_of
from coopshare.bookings.telling import work_person
from coopshare.calendars.queries import events_file
from coopshare.db.models import AuditEntry
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import LocalSpan
from coopshare.kernel.intervals import Interval
from coopshare.kernel.notices import Message, Words
from coopshare.kernel.recurrence import sentence
from coopshare.kernel.text import Sentence, Several, marked
from coopshare.members.models import Cooperative, Organisation, Person
from coopshare.resources.models import Resource

KIND = "bookings.series_told"
"""The job that tells people of one thing that happened to a series."""
WAITS = "waits"
SAID = 12
"""How many dates a message names; the calendar in it has all of them."""
ENDED = frozenset({SeriesCancelled.name, SeriesRefusedByManager.name, SeriesLapsed.name})

SUBJECTS: Mapping[str, str] = {
    SeriesBooked.name: marked("Confirmé : {what}, {title} ({dates})"),
    WAITS: marked("Demande envoyée : {what}, {title} ({dates})"),
    SeriesChanged.name: marked("Modifié : {what}, {title} ({dates})"),
    SeriesCancelled.name: marked("Annulé : {what}, {title} ({dates})"),
    SeriesApproved.name: marked("Accepté : {what}, {title} ({dates})"),
    SeriesRefusedByManager.name: marked("Refusé : {what}, {title} ({dates})"),
    SeriesLapsed.name: marked("Demande sans réponse : {what}, {title} ({dates})"),
}
FIRST_LINES: Mapping[str, str] = {
    SeriesBooked.name: marked("Votre série « {title} » est réservée : {rule}."),
    WAITS: marked(
        "Votre demande « {title} » est bien arrivée : {rule}."
        " Les places vous sont gardées jusqu'à la réponse."
    ),
    SeriesChanged.name: marked(
        "La série « {title} » a été modifiée ; elle est maintenant : {rule}."
    ),
    SeriesCancelled.name: marked("Des dates de la série « {title} » sont annulées : {rule}."),
    SeriesApproved.name: marked("Votre demande « {title} » est acceptée : c'est réservé, {rule}."),
    SeriesRefusedByManager.name: marked("Votre demande « {title} » n'a pas été acceptée : {rule}."),
    SeriesLapsed.name: marked(
        "Votre demande « {title} » n'a pas reçu de réponse à temps : elle prend fin et les places"
        " sont rendues ({rule}). Vous pouvez la refaire, ou appeler les personnes qui gèrent."
    ),
}
AGAIN = marked("Ce changement attend l'accord des personnes qui gèrent. Les places sont gardées.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What all messages about one thing that happened to a series have in common."""

    work: Work
    series: BookingSeries
    rows: Sequence[Booking]
    """The dates it is about, in order."""
    resources: Mapping[UUID, Resource]
    organisation: Organisation
    cooperative: Cooperative
    fact: str
    by: Person | None

    @property
    def waits(self) -> bool:
        """Tell whether some of the dates wait for an answer."""
        return any(row.status is BookingStatus.PENDING for row in self.rows)

    def data(self) -> dict[str, object]:
        """Return the values of the named places of the sentences."""
        series, place = self.series, ZoneInfo(self.series.timezone)
        recurrence = recurrence_of(series)
        names = [self.resources[line.resource_id].name for line in self.rows[0].lines]
        rule = sentence(
            recurrence.rule,
            series.first_day,
            starts=series.starts,
            minutes=series.minutes,
            all_day=series.all_day,
            is_outside_school_holidays=recurrence.skip_school_holidays,
            school_zone=self.cooperative.school_zone,
            year=self.work.now.astimezone(place).year,
        )
        count = len(self.rows)
        said = marked("une date") if count == 1 else marked("{count} dates")
        return {
            "title": series.title,
            "what": names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}",
            "rule": rule,
            "organisation": self.organisation.name,
            "dates": Sentence(said, {"count": count}),
        }

    def details(self) -> tuple[tuple[Words, Words], ...]:
        """Return what a reader looks up."""
        used = {line.resource_id: line.quantity for row in self.rows for line in row.lines}
        things = ", ".join(
            f"{self.resources[key].name} (× {count})" if count > 1 else self.resources[key].name
            for key, count in used.items()
        )
        rows: list[tuple[Words, Words]] = [
            (Sentence(marked("Dates")), Sentence("{dates}", {"dates": self._dates()})),
            (Sentence(marked("Quoi")), things),
            (Sentence(marked("Où")), place_of([self.resources[key] for key in used])),
            (Sentence(marked("Pour")), self.organisation.name),
        ]
        if self.by is not None and self.by.id != self.series.person_id:
            rows.append((Sentence(marked("Par")), self.by.name))
        reason = next((row.cancel_reason for row in self.rows if row.cancel_reason), "")
        if reason and self.fact in ENDED:
            rows.append((Sentence(marked("Pourquoi")), reason))
        return tuple(rows)

    def _dates(self) -> Several:
        said = []
        for row in self.rows[:SAID]:
            place = ZoneInfo(row.timezone)
            year = self.work.now.astimezone(place).year
            when = LocalSpan(Interval(row.starts_at, row.ends_at), place, row.all_day, year)
            said.append(Sentence(marked("{when}"), {"when": when}))
        more = len(self.rows) - SAID
        if more > 0:
            said.append(Sentence(marked("et {more} de plus"), {"more": more}))
        return Several(tuple(said), " ; ")


def tell(database: Database, job: JobToDo) -> list[Message]:
    """Return the messages that follow one thing that happened to a series, in a read-only unit.

    What is no longer true is not told: dates given up meanwhile are not confirmed any more.
    """
    reader = Actor(door="worker", cooperative_id=job.cooperative_id)
    with database.read(reader) as work:
        told = _look_up(work, UUID(job.payload["id"]), str(job.payload["fact"]))
        if told is None:
            return []
        return [*_to_booker(told), *_to_managers(told)]


def _look_up(work: Work, series_id: UUID, fact: str) -> _Told | None:
    series = work.session.get(BookingSeries, series_id)
    entry = work.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.object_id == series_id, AuditEntry.action == fact)
        .order_by(AuditEntry.at.desc())
        .limit(1)
    ).first()
    if series is None or entry is None:
        return None
    rows = _concerned(occurrences(work, series.id), fact, entry.at)
    organisation = work.session.get(Organisation, series.organisation_id)
    cooperative = work.session.get(Cooperative, series.cooperative_id)
    if organisation is None or cooperative is None or not rows:
        return None
    return _Told(
        work=work,
        series=series,
        rows=rows,
        resources=resources_of(work, rows),
        organisation=organisation,
        cooperative=cooperative,
        fact=fact,
        by=work.session.get(Person, entry.person_id) if entry.person_id else None,
    )


def _concerned(rows: Sequence[Booking], fact: str, at: datetime) -> list[Booking]:
    """Return the dates that changed then and are still as it left them: live, or ended."""
    found = [
        row
        for row in rows
        if (row.status in LIVE) != (fact in ENDED)
        and (fact == SeriesBooked.name or row.changed_at == at)
    ]
    return sorted(found, key=lambda row: (row.starts_at, row.id))


def _to_booker(told: _Told) -> list[Message]:
    person = work_person(told.work, told.series.person_id)
    if person is None:
        return []
    said = WAITS if told.waits and told.fact == SeriesBooked.name else told.fact
    paragraphs = [Sentence(FIRST_LINES[said], told.data())]
    if told.waits and said != WAITS:
        paragraphs.append(Sentence(AGAIN))
    action = (
        Sentence(marked("Voir la série")),
        f"{told.work.address}/reservations/{told.rows[0].id}",
    )
    calendar = events_file(told.work, [row.id for row in told.rows], told.series.title)
    return [_message(told, person, SUBJECTS[said], paragraphs, WHY_BOOKER, action, calendar)]


def _to_managers(told: _Told) -> list[Message]:
    if not told.waits or told.fact not in {SeriesBooked.name, SeriesChanged.name}:
        return []
    asked = Sentence(
        marked(
            "{organisation} demande une série : « {title} », {rule}."
            " Les places sont gardées jusqu'à votre réponse."
        ),
        told.data(),
    )
    action = (Sentence(marked("Répondre à la demande")), f"{told.work.address}/a-traiter")
    subject = marked("À traiter : {what}, {title} ({dates})")
    return [
        _message(told, person, subject, [asked], WHY_MANAGER, action, None)
        for person in deciders(told.work, told.resources.values())
    ]


def _message(
    told: _Told,
    person: Person,
    subject: str,
    paragraphs: Iterable[Sentence],
    why: str,
    action: tuple[Words, str],
    calendar: bytes | None,
) -> Message:
    return Message(
        to=person.email,
        subject=Sentence(subject, told.data()),
        greeting=Sentence(marked("Bonjour {name},"), {"name": person.name}),
        paragraphs=tuple(paragraphs),
        details=told.details(),
        action=action,
        after=(Sentence(why),),
        sender=told.cooperative.name,
        language=person.language,
        calendar=calendar,
    )
