"""The mail about a statement: to who represents the organisation, once, with its amount."""

import pytest
import sqlalchemy as sa

from coopshare.app import HANDLERS
from coopshare.db.models import Job
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database
from coopshare.exchanges.notices import KIND, tell
from coopshare.kernel.actor import Role
from coopshare.kernel.dates import utc
from coopshare.members.models import Affiliation
from tests.exchanges.test_services import JANUARY, Books
from tests.make import Maker

FIRST = utc(2027, 1, 5, 8)
pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


def test_who_represents_an_organisation_is_told(database: Database, make: Maker) -> None:
    """Its managers, else its members; nobody where nothing is due."""
    books = Books(database, make)
    database.handlers = HANDLERS
    boss = make.person("Ada Martin", email="ada@example.org")
    make.affiliate(books.phares, books.nord, boss, Role.MEMBER, Role.ORGANISATION_MANAGER)
    books.charge(books.booking(books.nord, FIRST), 2000)
    books.charge(books.booking(books.sud, FIRST), 1000)
    books.charge(books.booking(books.scic, FIRST), 0)
    books.close(JANUARY)
    with database.read(books.admin) as work:
        rows = work.session.scalars(sa.select(Affiliation).order_by(Affiliation.created_at))
        people = [row.person.email for row in rows if row.organisation_id == books.sud.id]
    with database.engine.connect() as connection:
        [row] = connection.execute(sa.select(Job.id, Job.payload).where(Job.kind == KIND))
    job = JobToDo(id=row.id, kind=KIND, payload=row.payload, cooperative_id=books.phares.id)
    assert [(one.to, one.subject) for one in (m.said() for m in tell(database, job))] == [
        ("ada@example.org", "Relevé du mois (janvier\u00a02027) : 24,00\u00a0€"),
        (people[0], "Relevé du mois (janvier\u00a02027) : 12,00\u00a0€"),
    ]
