"""The verbs of notices: send what a job has to say, choose, remind, keep for the digest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID, uuid5

from sqlalchemy import delete, select

from coopshare.db.counters import is_first
from coopshare.db.outbox import Handler, JobToDo
from coopshare.db.work import Database, Work
from coopshare.kernel.errors import Invalid, VersionMismatch
from coopshare.kernel.notices import Due, Message, Notice, Topic
from coopshare.kernel.text import Translate, marked, same
from coopshare.notifications import queries
from coopshare.notifications.commands import Choose
from coopshare.notifications.layout import laid_out
from coopshare.notifications.mail import Carrier, carrier, compose
from coopshare.notifications.models import DigestItem, News, NoticeChoice, Reminded
from coopshare.notifications.queries import Reader

DIGEST = "notifications.digest"
"""The job that sends the digest of a week to one person."""
REMINDERS = (0, 2, 24, 48)
"""Hours before a booking at which one may be reminded; 0: not at all."""
MOST_NEWS = 40
KEEP_REMINDED = timedelta(days=60)

Tell: TypeAlias = Callable[[Database, JobToDo], Iterable[Message]]
"""What people are told after a fact: reads the database, sends nothing itself."""


@dataclass(frozen=True, slots=True)
class Post:
    """How this installation writes to people."""

    carrier: Carrier
    sender: str
    translate: Callable[[str], Translate] = lambda _language: same
    """Language -> translation of the few words of the layout."""

    @classmethod
    def named(
        cls,
        url: str,
        sender: str,
        translate: Callable[[str], Translate] = lambda _language: same,
    ) -> "Post":
        """Return the post office that COOPSHARE_MAIL_URL and COOPSHARE_MAIL_FROM name."""
        return cls(carrier(url), sender, translate)

    def send(
        self, database: Database, job: JobToDo, notice: Notice | Message, number: int = 0
    ) -> None:
        """Send one notice of a job; `number` tells apart the notices of one job."""
        if isinstance(notice, Message):
            notice = laid_out(notice, self.translate(notice.language))
        name = f"{job.id}.{number}" if number else str(job.id)
        self.carrier.carry(
            compose(notice, sender=self.sender, message_id=name, sent_at=database.clock())
        )

    def handler(self, tell: Tell) -> Handler:
        """Return the handler of a job that only tells people something."""

        def handle(database: Database, job: JobToDo) -> None:
            messages = list(tell(database, job))
            choices = _choices(database, job, messages)
            for number, message in enumerate(messages):
                choice = choices.get(message.to)
                if choice is None or message.topic is Topic.ALWAYS:
                    self.send(database, job, message, number)
                elif message.topic is Topic.DEADLINE:
                    if choice.deadlines:
                        self.send(database, job, message, number)
                elif choice.news is News.NOW:
                    self.send(database, job, message, number)
                elif choice.news is News.DIGEST:
                    said = message.said(self.translate(message.language))
                    item = uuid5(job.id, str(number))
                    database.write(job.actor, keep, item, choice.person_id, str(said.subject))

        return handle


def _choices(
    database: Database, job: JobToDo, messages: Sequence[Message]
) -> Mapping[str, NoticeChoice]:
    """Return what the people who are told chose; nothing is read where nothing can be chosen."""
    asked = {message.to for message in messages if message.topic is not Topic.ALWAYS}
    if not asked:
        return {}
    with database.read(job.actor) as work:
        return queries.by_address(work, asked)


def keep(work: Work, item_id: UUID, person_id: UUID, subject: str) -> None:
    """Keep a piece of news for the digest of a person; done twice, it is kept once."""
    if work.session.get(DigestItem, item_id) is None:
        work.session.add(
            DigestItem(
                id=item_id,
                cooperative_id=work.actor.cooperative_id,
                person_id=person_id,
                at=work.now,
                subject=subject[:300],
            )
        )


def choose(work: Work, command: Choose) -> NoticeChoice:
    """Choose what one is told. News for the digest bring the digest with them.

    Raises `NotAuthenticated`; `Invalid` for a reminder nobody can ask for; `VersionMismatch`.
    """
    choice = queries.own(work)
    if command.reminder not in REMINDERS:
        raise Invalid.field("reminder", marked("Choisissez parmi les réponses proposées."))
    if command.version is not None and command.version != choice.version:
        raise VersionMismatch
    if choice.version == 0:
        choice.version = 1
        work.session.add(choice)
    choice.news, choice.reminder = command.news, command.reminder
    choice.deadlines = command.deadlines
    choice.digest = command.digest or command.news is News.DIGEST
    work.session.flush()
    return choice


def remind(work: Work, due: Due) -> bool:
    """Have a reminder sent, unless it was already; tell whether it will be."""
    if not is_first(work, Reminded, job=due.job, object_id=due.object_id, at=due.at):
        return False
    work.enqueue(due.job, {"id": str(due.object_id), "at": due.at.isoformat()})
    return True


def digest_key(reader: Reader, monday: datetime) -> tuple[str, UUID, datetime]:
    """Return what tells the digest of a week of one person in one cooperative from any other."""
    return DIGEST, uuid5(reader.cooperative_id, str(reader.person_id)), monday


def begin_digest(work: Work, reader: Reader, monday: datetime) -> bool:
    """Have the digest of a week sent, with the news that wait for it; tell whether it will be."""
    job, object_id, at = digest_key(reader, monday)
    if not is_first(work, Reminded, job=job, object_id=object_id, at=at):
        return False
    items = work.session.scalars(
        select(DigestItem)
        .where(
            DigestItem.person_id == reader.person_id,
            DigestItem.cooperative_id == reader.cooperative_id,
        )
        .order_by(DigestItem.at, DigestItem.id)
    ).all()
    payload = {
        "person_id": str(reader.person_id),
        "monday": monday.isoformat(),
        "news": [item.subject for item in items[-MOST_NEWS:]],
    }
    for item in items:
        work.session.delete(item)
    work.enqueue(DIGEST, payload)
    return True


def forget(work: Work) -> None:
    """Forget reminders of what is long past."""
    work.session.execute(delete(Reminded).where(Reminded.at < work.now - KEEP_REMINDED))
