"""What people are told of statements: once, when a month is closed."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database, Work
from coopshare.exchanges.models import Statement
from coopshare.exchanges.months import Month
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.notices import Message
from coopshare.kernel.text import Sentence, marked
from coopshare.kernel.units import Money
from coopshare.members.models import Affiliation, Person
from coopshare.members.queries import cooperative

KIND = "exchanges.month_told"
"""The job that tells each organisation of its statement."""
WHY = marked("Vous recevez ce message parce que vous représentez {organisation} dans {place}.")


def tell(database: Database, job: JobToDo) -> list[Message]:
    """Return the messages about the statements of a month, to who represents each organisation.

    An organisation that owes nothing, and is owed nothing, is not written to.
    """
    with database.read(Actor(door="worker", cooperative_id=job.cooperative_id)) as work:
        statements = [
            one
            for one in work.session.scalars(
                select(Statement)
                .where(Statement.month_id == UUID(job.payload["id"]))
                .order_by(Statement.number)
            )
            if one.total_cents
        ]
        return [
            _message(work, statement, person)
            for statement in statements
            for person in _told(work, statement.organisation_id)
        ]


def _told(work: Work, organisation_id: UUID) -> Sequence[Person]:
    """Return who manages an organisation; where nobody does, all who may read its statements."""
    rows = list(
        work.session.scalars(
            select(Affiliation).where(
                Affiliation.organisation_id == organisation_id, Affiliation.suspended_at.is_(None)
            )
        )
    )
    managers = [one for one in rows if one.role is Role.ORGANISATION_MANAGER]
    return _persons(managers or rows)


def _persons(rows: Iterable[Affiliation]) -> list[Person]:
    found = {one.person_id: one.person for one in rows if not one.person.is_suspended}
    return sorted(found.values(), key=lambda one: (one.sort_key, str(one.id)))


def _message(work: Work, statement: Statement, person: Person) -> Message:
    place = cooperative(work)
    organisation = str(statement.data["organisation"]["name"])
    data: dict[str, object] = {
        "number": statement.number,
        "month": Month.parse(statement.month),
        "organisation": organisation,
        "total": Money(statement.total_cents, statement.currency),
        "place": place.name,
    }
    return Message(
        to=person.email,
        subject=Sentence(marked("Relevé du mois ({month}) : {total}"), data),
        greeting=Sentence(marked("Bonjour {name},"), {"name": person.name}),
        paragraphs=(
            Sentence(
                marked(
                    "Le relevé de {organisation} pour {month} est établi : {total},"
                    " taxes comprises."
                ),
                data,
            ),
        ),
        details=((Sentence(marked("Relevé")), statement.number),),
        action=(
            Sentence(marked("Voir le relevé et ses lignes")),
            f"{work.address}/releves/{statement.id}",
        ),
        after=(Sentence(WHY, data),),
        sender=place.name,
        language=person.language,
    )
