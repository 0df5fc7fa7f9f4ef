"""What approvers are told of requests, once each; and what passes between them and who asked."""

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coopshare.bookings.facts import (
    Booked,
    ChangeAsked,
    Changed,
    ChangeRefused,
    Confirmed,
    Moved,
    ProposalAccepted,
    ProposalDeclined,
    Proposed,
)
from coopshare.bookings.models import BookingStatus, Proposal, ProposalKind, ProposalStatus
from coopshare.bookings.requests import Request, request
from coopshare.bookings.telling import Told, message, work_person
from coopshare.bookings.wording import SaidPrice
from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.dates import LocalMoment, LocalSpan
from coopshare.kernel.intervals import Interval
from coopshare.kernel.notices import Message, Words
from coopshare.kernel.text import Sentence, Several, marked
from coopshare.kernel.units import Money
from coopshare.members.models import Affiliation, Person
from coopshare.resources.models import Resource
from coopshare.resources.services import has_rules

ASKING = frozenset(
    {
        Booked.name,
        Confirmed.name,
        Moved.name,
        Changed.name,
        ChangeAsked.name,
        ProposalAccepted.name,
        ProposalDeclined.name,
    }
)
"""After these, approvers may have something to answer."""
ABOUT_PROPOSALS = frozenset(
    {
        Proposed.name,
        ProposalAccepted.name,
        ProposalDeclined.name,
        ChangeAsked.name,
        ChangeRefused.name,
    }
)
WHY_MANAGER = marked(
    "Vous recevez ce message parce que vous gérez cette ressource ou la coopérative."
)
WHY_APPROVER = marked(
    "Vous recevez ce message parce que les demandes pour cette ressource vous sont confiées."
)
WHY_PROPOSER = marked("Vous recevez ce message parce que vous avez fait cette proposition.")


def approvers(work: Work, resources: Iterable[Resource]) -> dict[Person, list[Resource]]:
    """Return who answers for what, each person once, by name.

    Those who are named for a resource; else those who manage it for the organisation in charge;
    else those who administer the cooperative.
    """
    asked = list(resources)
    named = {one.person_id for resource in asked for one in resource.approvers}
    managers = {resource.manager_id for resource in asked}
    rows = list(
        work.session.scalars(
            select(Affiliation).where(
                Affiliation.suspended_at.is_(None),
                (Affiliation.role == Role.ADMINISTRATOR)
                | (
                    (Affiliation.role == Role.RESOURCE_MANAGER)
                    & Affiliation.organisation_id.in_(sorted(managers))
                )
                | Affiliation.person_id.in_(sorted(named)),
            )
        )
    )
    rows = [one for one in rows if not one.person.is_suspended]
    found: dict[UUID, tuple[Person, list[Resource]]] = {}
    for resource in asked:
        for person in _of(resource, rows):
            found.setdefault(person.id, (person, []))[1].append(resource)
    in_order = sorted(found.values(), key=lambda pair: (pair[0].sort_key, str(pair[0].id)))
    return dict(in_order)


def deciders(work: Work, resources: Iterable[Resource]) -> list[Person]:
    """Return who decides on those of the resources that may need an approval."""
    return list(approvers(work, [one for one in resources if has_rules(one)]))


def _of(resource: Resource, rows: list[Affiliation]) -> list[Person]:
    """Return who answers for one resource."""
    named = {one.person_id for one in resource.approvers}
    by_name = {one.person_id: one.person for one in rows if one.person_id in named}
    managers = {
        one.person_id: one.person
        for one in rows
        if one.role is Role.RESOURCE_MANAGER and one.organisation_id == resource.manager_id
    }
    others = {one.person_id: one.person for one in rows if one.role is Role.ADMINISTRATOR}
    return list((by_name or managers or others).values())


def to_approvers(told: Told) -> list[Message]:
    """Tell each approver, once, of what waits for their answer, with all it takes to give it."""
    if told.fact not in ASKING or told.booking.lapses_at is None:
        return []
    if told.booking.status is BookingStatus.OPTION:
        return []
    asked = request(told.work, told.booking)
    waiting = [one.resource for one in asked.decisions if one.is_waiting]
    if not waiting or asked.counter is not None:
        return []
    by = told.work.session.get(Person, told.booking.person_id) if told.booking.person_id else None
    link = f"{told.work.address}/reservations/{told.booking.id}/repondre"
    return [
        message(
            told,
            person,
            marked("À traiter : {what}, {start}"),
            [_asked(told, asked), *_about(asked, things)],
            WHY_APPROVER if _is_named(person, things) else WHY_MANAGER,
            action=(Sentence(marked("Répondre à la demande")), link),
            more=_for_approvers(told, asked, by),
        )
        for person, things in approvers(told.work, waiting).items()
    ]


def _is_named(person: Person, things: Iterable[Resource]) -> bool:
    return any(one.person_id == person.id for thing in things for one in thing.approvers)


def _asked(told: Told, asked: Request) -> Sentence:
    if told.fact == ProposalDeclined.name:
        return Sentence(
            marked(
                "{organisation} préfère ce qui était demandé à ce qui a été proposé : « {title} »"
                " attend de nouveau une réponse."
            ),
            told.data(),
        )
    if asked.wish is not None:
        return Sentence(
            marked(
                "{organisation} demande à changer « {title} », qui est confirmé. La réservation"
                " reste comme elle est, et la nouvelle place est gardée, jusqu'à votre réponse."
            ),
            told.data(),
        )
    return Sentence(
        marked("{organisation} demande : « {title} ». La place est gardée jusqu'à votre réponse."),
        told.data(),
    )


def _about(asked: Request, things: list[Resource]) -> list[Sentence]:
    """Say which part is for this person, where others answer for the rest; and why it waits."""
    found: list[Sentence] = []
    waiting = [one for one in asked.decisions if one.is_waiting]
    if len(things) < len(waiting):
        names = tuple(Sentence("{name}", {"name": thing.name}) for thing in things)
        found.append(
            Sentence(
                marked("Vous répondez pour : {names}. D'autres répondent pour le reste."),
                {"names": Several(names, last=marked("et"))},
            )
        )
    mine = [s for one in waiting if one.resource in things for s in one.sentences]
    if mine:
        why = Several(tuple(mine), marked(" ; "))
        found.append(Sentence(marked("Pourquoi votre accord : {why}."), {"why": why}))
    return found


def _for_approvers(told: Told, asked: Request, by: Person | None) -> list[tuple[Words, Words]]:
    booking = told.booking
    place = ZoneInfo(booking.timezone)
    year = told.work.now.astimezone(place).year
    rows: list[tuple[Words, Words]] = []
    if by is not None:
        rows.append((Sentence(marked("Qui demande")), by.name))
    if asked.wish is not None:
        rows.append((Sentence(marked("Deviendrait")), _proposed(asked.wish, place, year)))
    if booking.price_cents is not None:
        price = Money(booking.price_cents, told.cooperative.currency)
        rows.append(
            (Sentence(marked("Prix")), Sentence(marked("{after} hors taxes"), {"after": price}))
        )
    if booking.note:
        rows.append((Sentence(marked("Précisions")), booking.note))
    if asked.around:
        spans = tuple(
            Sentence("{name} : {when}", {"name": one.name, "when": LocalSpan(one.span, place)})
            for one in asked.around
        )
        rows.append((Sentence(marked("Déjà réservé autour")), Several(spans, marked(" ; "))))
    if booking.lapses_at is not None:
        until = LocalMoment(booking.lapses_at, place, year)
        rows.append((Sentence(marked("À répondre avant")), until))
    return rows


def _proposed(proposal: Proposal, place: ZoneInfo, year: int) -> LocalSpan:
    span = Interval(proposal.starts_at, proposal.ends_at)
    return LocalSpan(span, place, proposal.all_day, year)


def why_it_waits(told: Told) -> list[Sentence]:
    """Say why a request is not confirmed at once, to who asked."""
    asked = request(told.work, told.booking)
    found = tuple(s for one in asked.decisions if one.is_waiting for s in one.sentences)
    if not found:
        return []
    why = Several(found, marked(" ; "))
    return [Sentence(marked("Pourquoi cela se demande : {why}."), {"why": why})]


def to_requester(told: Told, person: Person, why: str) -> list[Message]:
    """Tell who asked of a proposal, and of a change that waits or is refused."""
    asked = request(told.work, told.booking)
    if told.fact == Proposed.name:
        return [_offer(told, person, asked, why)] if asked.counter is not None else []
    if told.fact == ProposalAccepted.name:
        is_done = told.booking.status is BookingStatus.CONFIRMED
        subject = (
            marked("Confirmé : {what}, {start}")
            if is_done
            else marked("Demande envoyée : {what}, {start}")
        )
        sentence = Sentence(
            marked("C'est entendu : « {title} » est réservé au moment proposé.")
            if is_done
            else marked(
                "C'est noté. D'autres personnes ont encore à donner leur accord à « {title} » :"
                " la place est gardée jusqu'à leur réponse."
            ),
            told.data(),
        )
        return [message(told, person, subject, [sentence], why)]
    if told.fact == ChangeAsked.name and asked.wish is not None:
        sentence = Sentence(
            marked(
                "Le changement que vous demandez pour « {title} » attend un accord. Votre"
                " réservation reste confirmée comme elle est, et la nouvelle place est gardée,"
                " jusqu'à la réponse, ou jusqu'à {until} si personne ne répond."
            ),
            told.data(),
        )
        subject = marked("Changement demandé : {what}, {start}")
        return [message(told, person, subject, [sentence, *why_it_waits(told)], why)]
    if told.fact == ChangeRefused.name:
        return [_refused_change(told, person, why)]
    return []


def _offer(told: Told, person: Person, asked: Request, why: str) -> Message:
    proposal = asked.counter
    assert proposal is not None  # noqa: S101 - see to_requester
    place = ZoneInfo(proposal.timezone)
    year = told.work.now.astimezone(place).year
    things = Several(
        tuple(
            Sentence(
                "{name} (× {quantity})" if n > 1 else "{name}", {"name": r.name, "quantity": n}
            )
            for r, n in asked.offered
        )
    )
    data = told.data() | {
        "who": told.by.name if told.by is not None else told.cooperative.name,
        "last": LocalMoment(proposal.lapses_at, place, year),
    }
    sentence = Sentence(
        marked(
            "{who} vous propose autre chose pour « {title} ». Les deux places sont gardées jusqu'à"
            " votre réponse, ou jusqu'à {last} sans réponse."
        ),
        data,
    )
    rows: list[tuple[Words, Words]] = [
        (Sentence(marked("Proposé")), _proposed(proposal, place, year)),
        (Sentence(marked("Avec")), things),
    ]
    if asked.price is not None:
        rows.append((Sentence(marked("Prix")), _cost(told, asked.price)))
    if proposal.note:
        rows.append((Sentence(marked("Son mot")), proposal.note))
    link = f"{told.work.address}/reservations/{told.booking.id}/proposition"
    return message(
        told,
        person,
        marked("Une proposition pour : {what}, {start}"),
        [sentence],
        why,
        action=(Sentence(marked("Voir la proposition et répondre")), link),
        more=rows,
    )


def _cost(told: Told, price: SaidPrice) -> Sentence:
    """Say what is proposed costs, and what was asked for where that is another price."""
    before = told.booking.price_cents
    data: dict[str, object] = {"after": Money(price.cents, price.currency)}
    if before is None or before == price.cents:
        return Sentence(marked("{after} hors taxes"), data)
    data["before"] = Money(before, price.currency)
    return Sentence(marked("{after} hors taxes, au lieu de {before}"), data)


def _refused_change(told: Told, person: Person, why: str) -> Message:
    query = (
        select(Proposal)
        .where(
            Proposal.booking_id == told.booking.id,
            Proposal.kind == ProposalKind.CHANGE,
            Proposal.status == ProposalStatus.DECLINED,
        )
        .order_by(Proposal.answered_at.desc())
        .limit(1)
    )
    refused = told.work.session.scalars(query).first()
    more: list[tuple[Words, Words]] = []
    if refused is not None and refused.answer:
        more.append((Sentence(marked("Pourquoi")), refused.answer))
    sentence = Sentence(
        marked(
            "Le changement que vous demandiez pour « {title} » n'est pas accepté. Votre réservation"
            " reste confirmée, comme elle était."
        ),
        told.data(),
    )
    subject = marked("Changement refusé : {what}, {start}")
    return message(told, person, subject, [sentence], why, more=more)


def to_proposer(told: Told) -> list[Message]:
    """Tell who proposed what was answered; whoever has to answer again is told of that instead."""
    if told.fact != ProposalAccepted.name:
        return []
    query = (
        select(Proposal)
        .where(Proposal.booking_id == told.booking.id, Proposal.status == ProposalStatus.ACCEPTED)
        .order_by(Proposal.answered_at.desc())
        .limit(1)
    )
    found = told.work.session.scalars(query).first()
    person = work_person(told.work, found.person_id) if found is not None else None
    if person is None:
        return []
    sentence = Sentence(
        marked("{organisation} accepte votre proposition pour « {title} »."), told.data()
    )
    return [
        message(
            told,
            person,
            marked("Proposition acceptée : {what}, {start}"),
            [sentence],
            WHY_PROPOSER,
            action=(Sentence(marked("Voir la réservation")), told.address),
        )
    ]
