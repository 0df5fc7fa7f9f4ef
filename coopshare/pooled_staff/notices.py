"""What people are told of their time: one message per person and publication."""

from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coopshare.db.models import AuditEntry
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import LocalSpan
from coopshare.kernel.intervals import Interval
from coopshare.kernel.notices import Message, Words
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import cooperative, organisations
from coopshare.pooled_staff.facts import RotaPublished
from coopshare.pooled_staff.kinds import STATES, AssignmentState
from coopshare.pooled_staff.models import Assignment, Worker
from coopshare.pooled_staff.queries.people import accounts

KIND = "pooled_staff.rota_told"
"""The job that tells somebody what changed of their half-days."""
MOST = 40
"""How many half-days a message lists; the page has them all."""
WHY = marked("Vous recevez ce message parce que votre temps est partagé dans {place}.")


def tell(database: Database, job: JobToDo) -> list[Message]:
    """Return the message about what was just published, moved or called off.

    Nobody is written to who has no account.
    """
    with database.read(Actor(door="worker", cooperative_id=job.cooperative_id)) as work:
        worker = work.session.get(Worker, UUID(job.payload["id"]))
        person = accounts(work, [worker]).get(worker.id) if worker is not None else None
        if worker is None or person is None or person.is_suspended:
            return []
        rows = _changed(work, worker)
        place = cooperative(work)
        data: dict[str, object] = {"name": person.name, "place": place.name, "count": len(rows)}
        return [
            Message(
                to=person.email,
                subject=Sentence(marked("Votre planning : {count} demi-journées changent"), data),
                greeting=Sentence(marked("Bonjour {name},"), data),
                paragraphs=(
                    Sentence(marked("Voici ce qui vient d'être publié, déplacé ou annulé.")),
                ),
                details=tuple(_line(work, row) for row in rows[:MOST]),
                action=(
                    Sentence(marked("Voir mes demi-journées")),
                    f"{work.address}/equipe/moi",
                ),
                after=(Sentence(WHY, data),),
                sender=place.name,
                language=person.language,
            )
        ]


def _changed(work: Work, worker: Worker) -> list[Assignment]:
    """Return what changed in the latest publication, by start."""
    at = work.session.scalar(
        select(AuditEntry.at)
        .where(AuditEntry.object_id == worker.id, AuditEntry.action == RotaPublished.name)
        .order_by(AuditEntry.at.desc())
        .limit(1)
    )
    query = select(Assignment).where(
        Assignment.worker_id == worker.id,
        Assignment.changed_at == at,
        Assignment.state != AssignmentState.DRAFT,
    )
    return list(work.session.scalars(query.order_by(Assignment.starts_at, Assignment.id)))


def _line(work: Work, row: Assignment) -> tuple[Words, Words]:
    place = ZoneInfo(row.timezone)
    year = work.now.astimezone(place).year
    span = LocalSpan(Interval(row.starts_at, row.ends_at), place, year=year)
    known = organisations(work, [row.organisation_id] if row.organisation_id else [])
    where: Words = (
        known[row.organisation_id].name
        if row.organisation_id in known
        else Sentence(marked("Temps commun"))
    )
    said = Sentence(
        marked("{where} ({state})"), {"where": where, "state": Sentence(STATES[row.state])}
    )
    return span, said
