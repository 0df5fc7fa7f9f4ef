"""What people are told of their places in waiting lists, beside the offers."""

from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.bookings.models import Wait, WaitStatus
from coopshare.bookings.queries import resources_of
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import LocalMoment, LocalSpan
from coopshare.kernel.intervals import Interval
from coopshare.kernel.notices import Message
from coopshare.kernel.text import Sentence, marked
from coopshare.members.models import Cooperative, Person

KIND = "bookings.wait_told"
"""The job that tells a person that what they waited for has begun without becoming free."""


def tell(database: Database, job: JobToDo) -> list[Message]:
    """Return the message about a wait that ended by itself, in a read-only unit."""
    reader = Actor(door="worker", cooperative_id=job.cooperative_id)
    with database.read(reader) as work:
        wait = work.session.get(Wait, UUID(job.payload["id"]))
        if wait is None or wait.status is not WaitStatus.ENDED or wait.person_id is None:
            return []
        person = work.session.get(Person, wait.person_id)
        cooperative = work.session.get(Cooperative, wait.cooperative_id)
        if person is None or person.is_suspended or cooperative is None:
            return []
        place = ZoneInfo(wait.timezone)
        year = work.now.astimezone(place).year
        names = [resource.name for resource in resources_of(work, [wait]).values()]
        data: dict[str, object] = {
            "title": wait.title,
            "what": ", ".join(sorted(names)),
            "start": LocalMoment(wait.starts_at, place, year),
            "when": LocalSpan(Interval(wait.starts_at, wait.ends_at), place, wait.all_day, year),
        }
        return [
            Message(
                to=person.email,
                subject=Sentence(marked("Rien ne s'est libéré : {what}, {start}"), data),
                greeting=Sentence(marked("Bonjour {name},"), {"name": person.name}),
                paragraphs=(
                    Sentence(
                        marked(
                            "La place que vous attendiez pour « {title} » ne s'est pas libérée à"
                            " temps : votre attente a pris fin d'elle-même."
                        ),
                        data,
                    ),
                ),
                details=(
                    (Sentence(marked("Quand")), Sentence(marked("{when}"), data)),
                    (Sentence(marked("Quoi")), str(data["what"])),
                ),
                action=(Sentence(marked("Chercher un autre moment")), f"{work.address}/"),
                after=(
                    Sentence(
                        marked(
                            "Vous recevez ce message parce que vous aviez pris place dans cette"
                            " liste d'attente."
                        )
                    ),
                ),
                sender=cooperative.name,
                language=person.language,
                calendar=None,
            )
        ]
