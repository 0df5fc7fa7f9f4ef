"""The verb of notices: send what a job has to say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from coopshare.db.outbox import Handler, JobToDo
from coopshare.db.work import Database
from coopshare.kernel.notices import Message, Notice
from coopshare.kernel.text import Translate, same
from coopshare.notifications.layout import laid_out
from coopshare.notifications.mail import Carrier, carrier, compose

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
            for number, message in enumerate(list(tell(database, job))):
                self.send(database, job, message, number)

        return handle
