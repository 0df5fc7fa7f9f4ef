"""What people are told, and when."""

import email
import email.policy
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from coopshare.app import HANDLERS, make_worker
from coopshare.bookings import services
from coopshare.bookings.facts import Approved, Booked, Cancelled, Moved, RefusedByManager
from coopshare.bookings.models import Booking
from coopshare.bookings.notices import KIND, tell
from coopshare.catalogues import translation
from coopshare.config import Settings
from coopshare.db.models import Job
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Work
from coopshare.holds.errors import SlotTaken
from coopshare.kernel.actor import Actor
from coopshare.kernel.notices import Message
from coopshare.members.models import Person
from coopshare.notifications.layout import laid_out
from coopshare.resources.models import Resource
from tests.bookings.conftest import House, hours


def told(house: House, booking: Booking, fact: str) -> list[Message]:
    job = JobToDo(
        id=uuid4(),
        cooperative_id=house.phares.id,
        kind=KIND,
        payload={"id": str(booking.id), "fact": fact},
        attempt=1,
    )
    return [message.said() for message in tell(house.database, job)]


def test_a_confirmation(house: House) -> None:
    """Subject that says all, the fact first, one link, the event."""
    booking = house.book((house.room, 1), (house.chairs, 6), note="Prévoir le café")
    [message] = told(house, booking, Booked.name)
    assert message.to.startswith("samira.haddad")
    assert message.subject == "Confirmé : Verrière + 1, mercredi 10\u00a0mars, 10\u202fh"
    assert message.paragraphs == ("Votre réservation « Réunion d'équipe » est confirmée.",)
    details = dict(message.details)
    assert details["Quand"] == "mercredi 10\u00a0mars, 10\u202fh\u00a0–\u00a012\u202fh"
    assert details["Quoi"] == "Verrière, Chaises (× 6)"
    assert message.action is not None
    assert message.action[1].endswith(f"/reservations/{booking.id}")
    assert message.calendar is not None
    assert b"METHOD:PUBLISH" in message.calendar


def test_a_confirmation_in_english(house: House) -> None:
    """Whoever reads English gets the sentences, the labels, the day and the hours in English."""
    booking = house.book((house.room, 1), (house.chairs, 6))

    def read_english(work: Work) -> None:
        person = work.session.get_one(Person, booking.person_id)
        person.language = "en"

    house.database.write(Actor(door="web"), read_english)
    job = JobToDo(
        id=uuid4(),
        cooperative_id=house.phares.id,
        kind=KIND,
        payload={"id": str(booking.id), "fact": Booked.name},
        attempt=1,
    )
    [message] = tell(house.database, job)
    notice = laid_out(message, translation("en"))
    assert notice.subject == "Confirmed: Verrière + 1, Wednesday 10\u00a0March, 10:00"
    assert notice.text.splitlines()[:6] == [
        f"Hello {house.member.person_name},",
        "",
        "Your booking “Réunion d'équipe” is confirmed.",
        "",
        "When: Wednesday 10\u00a0March, 10:00\u00a0–\u00a012:00",
        "What: Verrière, Chaises (× 6)",
    ]
    assert "See the booking:\nhttp" in notice.text
    assert '<html lang="en">' in notice.html


def test_what_is_no_longer_true_is_not_told(house: House) -> None:
    booking = house.book()
    house.cancel(booking, actor=house.coordinator, reason="Fuite d'eau")
    assert told(house, booking, Booked.name) == []
    [message] = told(house, booking, Cancelled.name)
    assert str(message.subject).startswith("Annulé : Verrière")
    assert dict(message.details)["Pourquoi"] == "Fuite d'eau"
    assert dict(message.details)["Par"] == "Lou Martin"
    assert message.calendar is not None
    assert b"STATUS:CANCELLED" in message.calendar


@pytest.fixture
def guarded(house: House, make: Any) -> Resource:
    room: Resource = make.resource(house.phares, house.scic, "Plateau", needs_approval=True)
    return room


def test_a_request_is_told_to_those_who_answer(house: House, guarded: Resource) -> None:
    booking = house.book((guarded, 1))
    asked, manager = told(house, booking, Booked.name)
    assert str(asked.subject).startswith("Demande envoyée : Plateau")
    assert manager.to.startswith("noe.blanc")
    assert str(manager.subject).startswith("À traiter : Plateau")
    assert manager.action is not None
    assert manager.action[1].endswith(f"/reservations/{booking.id}/repondre")
    approved = house.decide(services.approve, booking, house.keeper)
    [message] = told(house, approved, Approved.name)
    assert str(message.subject).startswith("Accepté : Plateau")


def test_no_answer_is_a_refusal_with_its_reason(house: House, guarded: Resource) -> None:
    booking = house.decide(services.refuse, house.book((guarded, 1)), house.keeper)
    [message] = told(house, booking, RefusedByManager.name)
    assert dict(message.details)["Pourquoi"] == "Complet"


def test_mail_follows_the_commit_and_only_it(house: House) -> None:
    """A refused booking leaves no job behind; a kept one leaves one per fact."""
    house.database.handlers = {Booked: (KIND,), Moved: (KIND,)}
    booking = house.book()
    with pytest.raises(SlotTaken):
        house.book(title="Perdante")
    house.change(booking, span=hours(12, 13))
    with house.database.read(house.coordinator) as work:
        found = [
            job.payload
            for job in work.session.query(Job)
            .filter(Job.kind == KIND)
            .order_by(Job.created_at, Job.id)
        ]
    assert sorted(x["fact"] for x in found) == ["booking.booked", "booking.moved"]
    assert {x["id"] for x in found} == {str(booking.id)}


def test_the_mail_leaves_by_the_worker(house: House, settings: Settings, tmp_path: Path) -> None:
    """What app.py plugs in: a booking, a job, a mail in the folder with its event."""
    house.database.handlers = HANDLERS
    folder = tmp_path / "courriels"
    worker = make_worker(replace(settings, mail_url=f"file:{folder}"), house.database)
    house.book()
    assert worker.work_once()
    [sent] = folder.glob("*.eml")
    mail = email.message_from_bytes(sent.read_bytes(), policy=email.policy.default)
    assert str(mail["Subject"]).startswith("Confirmé : Verrière")
    kinds = [part.get_content_type() for part in mail.walk()]
    assert {"text/plain", "text/html", "text/calendar"} <= set(kinds)
