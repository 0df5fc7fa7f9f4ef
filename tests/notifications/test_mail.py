"""Mails as they leave: parts, headers, calendars; nothing a person types becomes a header."""

import email
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller

from coopshare.db.outbox import GiveUp, JobToDo
from coopshare.db.work import Database
from coopshare.jobs.worker import WORKER, Worker
from coopshare.kernel.notices import Attachment, Message
from coopshare.notifications.layout import laid_out
from coopshare.notifications.mail import compose
from coopshare.notifications.services import Post
from tests.conftest import NOW
from tests.servers import free_port

JOB = JobToDo(
    id=UUID("11111111-2222-3333-4444-555555555555"), cooperative_id=None, kind="tell", payload={}
)
ICS = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"
SENDER = "Le Phares <phares@example.org>"

MESSAGE = Message(
    to="membre@atelier-nord.example.org",
    subject="Réservation confirmée : Salle Jaurès",
    greeting="Bonjour Nadia,",
    paragraphs=("Votre réservation est confirmée.",),
    details=(("Quand", "mardi 10 mars, 9 h – 12 h"), ("Où", "Salle <Jaurès> & co")),
    action=("Voir la réservation", "https://phares.example.org/reservations/1"),
    after=("À bientôt !",),
    sender="Le Phares",
    calendar=ICS,
)

TEXT = """\
Bonjour Nadia,

Votre réservation est confirmée.

Quand : mardi 10 mars, 9 h – 12 h
Où : Salle <Jaurès> & co

Voir la réservation :
https://phares.example.org/reservations/1

À bientôt !

--\N{SPACE}
Ce message est envoyé par CoopShare pour Le Phares. Personne ne lit les réponses.
"""


def composed(**changes: Any) -> EmailMessage:
    fields = {name: getattr(MESSAGE, name) for name in Message.__slots__} | changes
    return read(
        compose(
            laid_out(Message(**fields)), sender=SENDER, message_id=str(JOB.id), sent_at=NOW
        ).as_bytes()
    )


def read(content: bytes) -> EmailMessage:
    mail = email.message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_headers() -> None:
    mail = composed()
    headers = {name: str(value) for name, value in mail.items()}
    del headers["Content-Type"]
    assert headers == {
        "From": SENDER,
        "To": "membre@atelier-nord.example.org",
        "Subject": "Réservation confirmée : Salle Jaurès",
        "Date": "Mon, 01 Mar 2027 09:00:00 +0000",
        "Message-ID": f"<{JOB.id}@example.org>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "MIME-Version": "1.0",
    }


def test_text_html_and_calendar_say_the_same() -> None:
    mail = composed()
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    text, html, calendar, file = (p for p in mail.walk() if not p.is_multipart())
    assert isinstance(text, EmailMessage)
    assert text.get_content().replace("\r\n", "\n") == TEXT
    assert "Salle &lt;Jaurès&gt; &amp; co" in html.get_content()
    assert calendar.get_payload(decode=True) == ICS
    assert calendar["Content-Type"].params == {"charset": "utf-8", "method": "PUBLISH"}
    assert (file.get_filename(), file.get_payload(decode=True)) == ("reservation.ics", ICS)


def test_nothing_typed_becomes_a_header() -> None:
    mail = composed(
        subject="Salle\r\nBcc: tous@example.org\u2028X: y",
        calendar=None,
        attachments=(Attachment(filename="a\r\nb.txt", content_type="text/plain", content=b"x"),),
    )
    assert mail["Subject"] == "Salle Bcc: tous@example.org X: y"
    assert mail["Bcc"] is None
    assert [part.get_filename() for part in mail.iter_attachments()] == ["a b.txt"]


@pytest.mark.parametrize(
    "address",
    ["", "x", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "é@exam ple.org"],
)
def test_what_is_no_address_is_given_up(address: str) -> None:
    with pytest.raises(GiveUp):
        composed(to=address)


def test_a_folder_keeps_one_file_per_job(tmp_path: Path, database: Database) -> None:
    post = Post.named(f"file:{tmp_path}/mail", SENDER)
    worker = Worker(database, {"tell": post.handler(lambda _database, _job: [MESSAGE, MESSAGE])})
    database.write(WORKER, lambda work: work.enqueue("tell", {}))
    worker.drain()
    files = sorted((tmp_path / "mail").iterdir())
    assert [len(file.stem.split(".")) for file in files] == [2, 1]
    post.send(database, JOB, MESSAGE)
    post.send(database, JOB, MESSAGE)
    assert len(list((tmp_path / "mail").iterdir())) == 3
    kept = read((tmp_path / "mail" / f"{JOB.id}.eml").read_bytes())
    assert kept["To"] == MESSAGE.to


class Received:
    """What an SMTP server was given."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(read(envelope.content))
        return "250 OK"


@pytest.fixture
def server() -> Iterator[tuple[Received, str]]:
    received, port = Received(), free_port()
    controller = Controller(received, hostname="127.0.0.1", port=port)
    controller.start()
    yield received, f"smtp://127.0.0.1:{port}"
    controller.stop()


def test_a_server_is_given_the_mail(server: tuple[Received, str], database: Database) -> None:
    received, url = server
    Post.named(url, SENDER).send(database, JOB, MESSAGE)
    (mail,) = received.mails
    assert (mail["To"], mail["Subject"]) == (MESSAGE.to, MESSAGE.subject)


def test_an_address_refused_for_good_is_given_up(
    server: tuple[Received, str], database: Database
) -> None:
    received, url = server
    received.answer = "550 no such mailbox"
    with pytest.raises(GiveUp):
        Post.named(url, SENDER).send(database, JOB, MESSAGE)
    received.answer = "450 try later"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        Post.named(url, SENDER).send(database, JOB, MESSAGE)


def test_a_server_that_is_away_is_tried_again(database: Database) -> None:
    post = Post.named(f"smtp://127.0.0.1:{free_port()}", SENDER)
    with pytest.raises(ConnectionRefusedError):
        post.send(database, JOB, MESSAGE)
