"""One message per person and publication, listing what changed."""

from coopshare.app import HANDLERS
from coopshare.db.models import Job
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Database, Work
from coopshare.kernel.text import say
from coopshare.pooled_staff.models import Assignment
from coopshare.pooled_staff.notices import KIND, tell
from coopshare.pooled_staff.services import rota
from tests.conftest import Clock
from tests.make import Maker
from tests.pooled_staff.world import AFTERNOON, DAY, MONDAY, Group


def jobs(work: Work) -> list[Job]:
    """Return the jobs that tell of a rota, the oldest first."""
    return work.session.query(Job).filter(Job.kind == KIND).order_by(Job.created_at).all()


def test_what_changed_is_listed(database: Database, make: Maker, clock: Clock) -> None:
    database.handlers = HANDLERS
    world = Group(database, make)
    world.contract()
    row = world.assign(MONDAY)
    world.assign(MONDAY, AFTERNOON, world.relais)
    world.publish()
    clock.now += DAY
    world.do(rota.call_off, row.id, world.again(Assignment, row.id).version)
    found = world.read(jobs)
    assert len(found) == 2
    [message] = tell(database, _to_do(found[1]))
    assert message.to == "lea@example.org"
    said = [say(words) for line in message.details for words in line]
    assert len(said) == 2
    assert "8 mars" in said[0].replace("\u00a0", " ")
    assert said[1] == "Avenir (Annulé)"


def _to_do(job: Job) -> JobToDo:
    return JobToDo(id=job.id, cooperative_id=job.cooperative_id, kind=job.kind, payload=job.payload)
