"""What people are told of things handed over: late, maybe lacking, out of use."""

from collections.abc import Iterable, Mapping
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coopshare.bookings.handing.panels import warnings
from coopshare.bookings.handing.queries import tally
from coopshare.bookings.models import Booking
from coopshare.bookings.queries import resources_of
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database, Work
from coopshare.holds.models import Maintenance, MaintenanceReason
from coopshare.holds.queries import Lacking, lacking
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.dates import LocalMoment, LocalSpan
from coopshare.kernel.notices import Message, Words
from coopshare.kernel.text import Sentence, marked
from coopshare.members.models import Affiliation, Cooperative, Organisation, Person
from coopshare.resources.models import Resource
from coopshare.resources.queries import catalogue

OUT_OF_USE = "bookings.out_of_use"
"""The job that tells of a maintenance: the fact `MaintenanceOpened` leads to it."""
WHY_BOOKER = marked("Vous recevez ce message parce que vous avez fait cette réservation.")
WHY_MANAGER = marked(
    "Vous recevez ce message parce que vous gérez cette ressource ou la coopérative."
)
SAID: Mapping[MaintenanceReason, str] = {
    MaintenanceReason.DAMAGED: marked("{count} × « {name} » est hors service : abîmé."),
    MaintenanceReason.MISSING: marked("{count} × « {name} » est hors service : manquant."),
    MaintenanceReason.UPKEEP: marked("{count} × « {name} » est hors service : entretien."),
}
MOST = 10
"""Bookings that lack, named in one message."""


def tell_late(database: Database, job: JobToDo) -> list[Message]:
    """Return the messages about things that are late; none where they came back meanwhile."""
    with database.read(_reader(job)) as work:
        booking = work.session.get(Booking, UUID(job.payload["id"]))
        if booking is None:
            return []
        resources = resources_of(work, [booking])
        outside = {k: t.out for k, t in tally(work, booking, resources).items() if t.out > 0}
        if not outside:
            return []
        data = _data(work, booking) | {
            "things": ", ".join(
                f"{resources[key].name} (× {count})" if count > 1 else resources[key].name
                for key, count in outside.items()
            )
        }
        address = f"{work.address}/reservations/{booking.id}"
        borrower = _person(work, booking.person_id)
        found: list[Message] = []
        if borrower is not None:
            found.append(
                _message(
                    work,
                    borrower,
                    marked("Pas encore rendu : {things}"),
                    data,
                    [
                        marked(
                            "« {title} » est terminée depuis {end}, et ceci n'est pas encore"
                            " rendu : {things}."
                        ),
                        marked(
                            "Rapportez-le dès que possible. Si c'est déjà fait, notez le retour :"
                            " un clic suffit."
                        ),
                    ],
                    (Sentence(marked("Noter le retour")), f"{address}/rendre"),
                    WHY_BOOKER,
                )
            )
        managers = managers_of(work, [resources[key] for key in outside])
        found += [
            _message(
                work,
                person,
                marked("Pas encore rendu : {things}"),
                data,
                [
                    marked(
                        "{organisation} n'a pas encore rendu : {things}. La réservation"
                        " « {title} » est terminée depuis {end}."
                    )
                ],
                (Sentence(marked("Voir la réservation")), address),
                WHY_MANAGER,
            )
            for person in managers
            if borrower is None or person.id != borrower.id
        ]
        return found


def tell_next(database: Database, job: JobToDo) -> list[Message]:
    """Return the warning of a booking to come; none where nothing lacks any more."""
    with database.read(_reader(job)) as work:
        return _to_next(work, UUID(job.payload["id"]))


def tell_out_of_use(database: Database, job: JobToDo) -> list[Message]:
    """Return the messages about a maintenance: to managers, and to the next who lacks."""
    with database.read(_reader(job)) as work:
        found = work.session.get(Maintenance, UUID(job.payload["id"]))
        if found is None or found.lifted_at is not None:
            return []
        resource = catalogue(work).resources[found.resource_id]
        short = lacking(work, resource)
        told = [
            _to_manager(work, person, found, resource, short)
            for person in managers_of(work, [resource])
            if person.id != found.opened_by
        ]
        return told + (_to_next(work, short[0].booking_id) if short else [])


def _to_manager(
    work: Work, person: Person, found: Maintenance, resource: Resource, short: list[Lacking]
) -> Message:
    data: dict[str, object] = {"name": resource.name, "count": found.quantity, "note": found.note}
    year = work.now.astimezone(ZoneInfo(resource.timezone)).year
    said = [Sentence(SAID[found.reason], data)]
    if found.note:
        said.append(Sentence(marked("Remarque : « {note} »"), data))
    said.append(
        Sentence(
            marked(
                "Personne de nouveau ne peut le réserver tant que vous ne le remettez pas en"
                " service."
            )
        )
    )
    said += [
        Sentence(
            marked("Il en manque pour : {who}, « {title} », {when}."),
            {
                "who": one.who,
                "title": one.title,
                "when": LocalSpan(one.span, ZoneInfo(one.timezone), year=year),
            },
        )
        for one in short[:MOST]
    ]
    return _built(
        work,
        person,
        Sentence(marked("Hors service : {name} (× {count})"), data),
        said,
        (
            Sentence(marked("Voir ce qui est hors service")),
            f"{work.address}/administration/hors-service",
        ),
        WHY_MANAGER,
    )


def _to_next(work: Work, booking_id: UUID) -> list[Message]:
    booking = work.session.get(Booking, booking_id)
    if booking is None:
        return []
    person = _person(work, booking.person_id)
    resources = resources_of(work, [booking])
    said = warnings(work, booking, resources)
    if not said or person is None:
        return []
    names = ", ".join(str(one.data["name"]) for one in said)
    subject = marked("Peut manquer : {things}, pour « {title} »")
    return [
        _built(
            work,
            person,
            Sentence(subject, _data(work, booking) | {"things": names}),
            said,
            (
                Sentence(marked("Voir la réservation")),
                f"{work.address}/reservations/{booking.id}",
            ),
            WHY_BOOKER,
        )
    ]


def managers_of(work: Work, resources: Iterable[Resource]) -> list[Person]:
    """Return who looks after resources: their managers, else the administrators."""
    ids = {resource.manager_id for resource in resources}
    found = work.session.scalars(
        select(Affiliation).where(
            Affiliation.organisation_id.in_(ids), Affiliation.role == Role.RESOURCE_MANAGER
        )
    ).all() or work.session.scalars(
        select(Affiliation).where(Affiliation.role == Role.ADMINISTRATOR)
    )
    people = {one.person.id: one.person for one in found if not one.person.is_suspended}
    return sorted(people.values(), key=lambda person: (person.sort_key, str(person.id)))


def _reader(job: JobToDo) -> Actor:
    return Actor(door="worker", cooperative_id=job.cooperative_id)


def _person(work: Work, person_id: UUID | None) -> Person | None:
    person = work.session.get(Person, person_id) if person_id is not None else None
    return None if person is None or person.is_suspended else person


def _data(work: Work, booking: Booking) -> dict[str, object]:
    place = ZoneInfo(booking.timezone)
    organisation = work.session.get(Organisation, booking.organisation_id)
    year = work.now.astimezone(place).year
    return {
        "title": booking.title,
        "end": LocalMoment(booking.ends_at, place, year),
        "organisation": organisation.name if organisation is not None else "",
    }


def _message(
    work: Work,
    person: Person,
    subject: str,
    data: Mapping[str, object],
    paragraphs: Iterable[str],
    action: tuple[Words, str],
    why: str,
) -> Message:
    said = [Sentence(one, dict(data)) for one in paragraphs]
    return _built(work, person, Sentence(subject, dict(data)), said, action, why)


def _built(
    work: Work,
    person: Person,
    subject: Sentence,
    paragraphs: Iterable[Sentence],
    action: tuple[Words, str],
    why: str,
) -> Message:
    cooperative = work.session.scalars(
        select(Cooperative).where(Cooperative.id == work.session.cooperative_id)
    ).one()
    return Message(
        to=person.email,
        subject=subject,
        greeting=Sentence(marked("Bonjour {name},"), {"name": person.name}),
        paragraphs=tuple(paragraphs),
        action=action,
        after=(Sentence(why),),
        sender=cooperative.name,
        language=person.language,
    )
