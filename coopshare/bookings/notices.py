"""What people are told of bookings: who booked, and those who have to answer a request."""

from collections.abc import Mapping
from uuid import UUID

from coopshare.bookings.facts import (
    Approved,
    Booked,
    Cancelled,
    Changed,
    ChangeLapsed,
    Confirmed,
    Lapsed,
    Moved,
    NoShow,
    Offered,
    RefusedByManager,
    Released,
)
from coopshare.bookings.models import BookingStatus
from coopshare.bookings.notices_of_requests import (
    ABOUT_PROPOSALS,
    to_approvers,
    to_proposer,
    to_requester,
    why_it_waits,
)
from coopshare.bookings.rules import LIVE
from coopshare.bookings.telling import Told, look_up, message, work_person
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.notices import Message, Topic
from coopshare.kernel.text import Sentence, marked

KIND = "bookings.told"
"""The job that tells people of one thing that happened to a booking."""
WAITS = "waits"
CHANGE_AGREED = "change agreed"
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
    CHANGE_AGREED: marked("Changement accepté : {what}, {start}"),
    ChangeLapsed.name: marked("Changement sans réponse : {what}, {start}"),
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
        "Votre demande « {title} » est bien arrivée. La place vous est gardée jusqu'à la réponse,"
        " ou jusqu'à {until} si personne ne répond."
    ),
    Moved.name: marked("La réservation « {title} » change d'horaire."),
    Changed.name: marked("La réservation « {title} » a été modifiée."),
    Cancelled.name: marked("La réservation « {title} » est annulée : la place est rendue."),
    Approved.name: marked("Votre demande « {title} » est acceptée : c'est réservé."),
    RefusedByManager.name: marked("Votre demande « {title} » n'a pas été acceptée."),
    CHANGE_AGREED: marked("Le changement que vous demandiez pour « {title} » est accepté."),
    ChangeLapsed.name: marked(
        "Le changement que vous demandiez pour « {title} » n'a pas reçu de réponse à temps."
        " Votre réservation reste confirmée, comme elle était."
    ),
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
        return [*_to_booker(told), *to_approvers(told), *to_proposer(told)]


def _to_booker(told: Told) -> list[Message]:
    booking = told.booking
    person = work_person(told.work, booking.person_id)
    if person is None:
        return []
    if told.fact in ABOUT_PROPOSALS:
        return to_requester(told, person, WHY_BOOKER)
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
    if told.fact == Approved.name and told.before != BookingStatus.PENDING:
        said = CHANGE_AGREED
    paragraphs = [Sentence(FIRST_LINES[said], told.data())]
    if waits:
        paragraphs += why_it_waits(told)
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
