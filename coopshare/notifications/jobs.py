"""What the worker does again and again: reminders before things come, a digest each Monday."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span
from coopshare.kernel.notices import Due, Message, Words
from coopshare.kernel.text import Sentence, marked
from coopshare.members.models import Cooperative, Person
from coopshare.notifications import queries, services
from coopshare.notifications.models import A_DAY

log = logging.getLogger("coopshare.notifications")

WORKER = Actor(door="worker")
DIGEST_HOUR = time(7)
"""Local hour of Monday from which digests leave."""
LATEST = timedelta(days=2)
"""A digest that could not leave by then is not worth reading any more."""

SUBJECTS = (
    marked("Votre semaine : rien de réservé"),
    marked("Votre semaine : une réservation"),
    marked("Votre semaine : {count} réservations"),
)

Dues: TypeAlias = Callable[[Work], Iterable[Due]]
"""Gives what comes soon, in every cooperative."""
Coming: TypeAlias = Callable[[Work, UUID, Interval], Sequence[tuple[Words, Words]]]
"""Gives what a person has in a week of the cooperative of the unit: (when, what)."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Has people reminded of what comes, as long before as each wants; never twice."""

    sources: Sequence[Dues]

    def __call__(self, database: Database) -> int:
        """Look at what comes; return how many reminders will leave."""
        with database.read(WORKER) as work:
            now = work.now
            found = [due for source in self.sources for due in source(work)]
            known = queries.reminded(work, now) if found else set()
            chosen = queries.reminders(work) if found else {}
        sent = 0
        for due in found:
            hours = chosen.get(due.person_id, A_DAY) if due.person_id else A_DAY
            begins = due.at - timedelta(hours=hours)
            if not hours or now < begins or due.since > begins:
                continue
            if (due.job, due.object_id, due.at) in known:
                continue
            actor = Actor(door="worker", cooperative_id=due.cooperative_id)
            sent += database.write(actor, services.remind, due)
        return sent


def send_digests(database: Database) -> int:
    """Have the digests of the week sent whose hour has come; return how many will leave."""
    with database.read(WORKER) as work:
        now = work.now
        readers = queries.readers(work)
        known = queries.reminded(work, now - LATEST) if readers else set()
    sent = 0
    for reader in readers:
        monday = _monday(now, ZoneInfo(reader.timezone))
        if not monday <= now < monday + LATEST:
            continue
        if services.digest_key(reader, monday) in known:
            continue
        actor = Actor(door="worker", cooperative_id=reader.cooperative_id)
        sent += database.write(actor, services.begin_digest, reader, monday)
    return sent


def _monday(now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of this week's Monday at which digests leave."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return datetime.combine(monday, DIGEST_HOUR, zone).astimezone(UTC)


def forget(database: Database) -> None:
    """Forget what is long past."""
    database.write(WORKER, services.forget)


@dataclass(frozen=True, slots=True)
class Digest:
    """Says what a person's week holds, and what they would have been told one by one."""

    sources: Sequence[Coming]

    def __call__(self, database: Database, job: JobToDo) -> list[Message]:
        """Return the digest; none where there is nothing to say."""
        with database.read(job.actor) as work:
            person = work.session.get(Person, UUID(job.payload["person_id"]))
            cooperative = work.session.get(Cooperative, job.cooperative_id)
            if person is None or cooperative is None or person.is_suspended:
                return []
            zone = ZoneInfo(cooperative.timezone)
            monday = datetime.fromisoformat(job.payload["monday"]).astimezone(zone).date()
            week = day_span(monday, zone, 7)
            rows = [row for source in self.sources for row in source(work, person.id, week)]
            news = [str(one) for one in job.payload["news"]]
            if not rows and not news:
                return []
            return [self._message(work, person, cooperative, rows, news)]

    def _message(
        self,
        work: Work,
        person: Person,
        cooperative: Cooperative,
        rows: Sequence[tuple[Words, Words]],
        news: Sequence[str],
    ) -> Message:
        first = (
            Sentence(marked("Voici ce que vous avez réservé cette semaine."))
            if rows
            else Sentence(marked("Vous n'avez rien réservé cette semaine."))
        )
        happened: tuple[Words, ...] = ()
        if news:
            happened = (Sentence(marked("Depuis le dernier résumé :")), *(f"– {n}" for n in news))
        why = Sentence(
            marked(
                "Vous recevez ce résumé chaque lundi parce que vous l'avez choisi."
                " Pour changer : {address}"
            ),
            {"address": f"{work.address}/compte/messages"},
        )
        return Message(
            to=person.email,
            subject=Sentence(SUBJECTS[min(len(rows), 2)], {"count": len(rows)}),
            greeting=Sentence(marked("Bonjour {name},"), {"name": person.name}),
            paragraphs=(first,),
            details=tuple(rows),
            action=(Sentence(marked("Voir mes réservations")), f"{work.address}/reservations"),
            after=(*happened, why),
            sender=cooperative.name,
            language=person.language,
        )
