"""The unit of work: kept whole or not at all, read-only below Python, one cooperative at a time."""

import threading
import uuid

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from coopshare.db.engine import sqlite_driver
from coopshare.db.models import AuditEntry, Job, KeptAnswer
from coopshare.db.once import KeyReused, Request, once
from coopshare.db.scope import UnscopedStatement
from coopshare.db.throttle import Rate, attempt
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import ANONYMOUS, Actor
from coopshare.kernel.errors import Busy, Refused, TooMany, VersionMismatch
from coopshare.resources.models import Resource
from tests.conftest import Clock
from tests.make import Maker


@pytest.fixture
def room(make: Maker) -> Resource:
    """Return a room of a first cooperative."""
    cooperative = make.cooperative()
    return make.resource(cooperative, make.organisation(cooperative))


@pytest.fixture
def actor(room: Resource) -> Actor:
    """Return somebody of that cooperative."""
    return Actor(door="web", cooperative_id=room.cooperative_id, person_id=uuid.uuid4())


def names(work: Work) -> list[str]:
    """Return the names of the resources a unit reaches."""
    return list(work.session.scalars(sa.select(Resource.name).order_by(Resource.name)))


def test_a_refusal_keeps_nothing(database: Database, actor: Actor) -> None:
    """What was written before the refusal is gone, jobs included."""

    def rename_then_refuse(work: Work) -> None:
        for resource in work.session.scalars(sa.select(Resource)):
            resource.name = "Autre"
        work.enqueue("anything", {})
        work.session.flush()
        raise Refused

    with pytest.raises(Refused):
        database.write(actor, rename_then_refuse)
    with database.read(actor) as work:
        assert names(work) == ["Atelier"]
        assert list(work.session.scalars(sa.select(Job))) == []


def test_reading_cannot_write(database: Database, actor: Actor) -> None:
    """The database itself refuses."""

    def sneak() -> None:
        with database.read(actor) as work:
            work.session.execute(sa.update(Resource).values(name="Changé"))

    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        sneak()


def test_every_form_of_statement_is_scoped(
    database: Database, make: Maker, room: Resource, actor: Actor
) -> None:
    """Entities, columns, aliases, counts, subqueries, CTE, union, get: one cooperative only."""
    other = make.cooperative("Autre")
    stranger = make.resource(other, make.organisation(other), "Ailleurs")
    select = sa.select(Resource)
    alias = aliased(Resource)
    with database.read(actor) as work:
        session = work.session
        assert [r.id for r in session.scalars(select)] == [room.id]
        assert list(session.scalars(sa.select(Resource.id))) == [room.id]
        assert list(session.scalars(sa.select(alias.id))) == [room.id]
        assert session.scalar(sa.select(sa.func.count()).select_from(Resource)) == 1
        inner = sa.select(Resource.id).subquery()
        assert session.scalar(sa.select(sa.func.count()).select_from(inner)) == 1
        common = sa.select(Resource.id).cte()
        assert session.scalar(sa.select(sa.func.count()).select_from(common)) == 1
        union = sa.union(sa.select(Resource.id), sa.select(alias.id)).subquery()
        assert session.scalar(sa.select(sa.func.count()).select_from(union)) == 1
        assert session.get(Resource, stranger.id) is None
        assert session.get(Resource, room.id) is not None

    def rename(work: Work) -> None:
        work.session.execute(sa.update(Resource).values(name="Changé"))

    database.write(actor, rename)
    with database.read(Actor(door="web", cooperative_id=other.id)) as work:
        assert names(work) == ["Ailleurs"]


def test_what_could_reach_others_is_refused(
    database: Database, make: Maker, room: Resource, actor: Actor
) -> None:
    """No cooperative, a Core statement, a row of another cooperative: bugs, refused loudly."""
    other = make.cooperative("Autre")
    with database.read(ANONYMOUS) as work, pytest.raises(UnscopedStatement):
        names(work)
    with database.read(actor) as work, pytest.raises(UnscopedStatement):
        work.session.execute(sa.text("SELECT * FROM resources"))

    def intrude(work: Work) -> None:
        work.session.add(
            AuditEntry(
                cooperative_id=other.id,
                at=work.now,
                door="web",
                action="x",
                object_kind="x",
                object_id=room.id,
                changes={},
            )
        )

    with pytest.raises(UnscopedStatement):
        database.write(actor, intrude)


def test_a_stale_change_is_refused(database: Database, room: Resource, actor: Actor) -> None:
    """Somebody changed the row between our reading and our writing."""

    def late(work: Work) -> None:
        mine = work.session.get_one(Resource, room.id)
        work.session.execute(
            sa.update(Resource)
            .where(Resource.id == room.id)
            .values(version=Resource.version + 1)
            .execution_options(synchronize_session=False)
        )
        mine.name = "Trop tard"

    with pytest.raises(VersionMismatch):
        database.write(actor, late)


def test_a_locked_database_says_busy(database: Database, actor: Actor) -> None:
    """Another writer that never ends: 503 later, nothing kept, and writing works again after."""
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    path = database.engine.url.database
    assert path is not None
    # The same library as ours: two libraries in one process do not see each other's locks.
    blocker = sqlite_driver().connect(path, isolation_level=None)
    blocker.execute("PRAGMA busy_timeout = 100")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 10")
    blocker.execute("BEGIN IMMEDIATE")

    def work_of_nothing(work: Work) -> None:
        work.session.flush()

    with pytest.raises(Busy):
        database.write(actor, names)
    blocker.execute("ROLLBACK")
    blocker.close()
    database.write(actor, work_of_nothing)


def test_the_audit_trail_cannot_be_rewritten(
    database: Database, room: Resource, actor: Actor
) -> None:
    def trace(work: Work) -> None:
        work.session.add(
            AuditEntry(
                at=work.now,
                door="web",
                action="x",
                object_kind="x",
                object_id=room.id,
                changes={},
            )
        )

    database.write(actor, trace)
    for statement in (sa.update(AuditEntry).values(action="y"), sa.delete(AuditEntry)):
        with pytest.raises(DBAPIError), database.engine.begin() as connection:
            connection.execute(statement)


def test_a_key_acts_once(database: Database, room: Resource, actor: Actor) -> None:
    """The same request again gets the same outcome; another request under the key is refused."""

    def act(work: Work) -> uuid.UUID:
        work.session.get_one(Resource, room.id).description += "+"
        return room.id

    request = Request("key", "fingerprint")
    first = once(database, actor, request, act, lambda _work, made: f"shown {made}")
    again = once(database, actor, request, act, lambda _work, made: f"shown {made}")
    assert (first.id, first.shown) == (room.id, f"shown {room.id}")
    assert (again.id, again.shown) == (room.id, None)
    with pytest.raises(KeyReused):
        once(database, actor, Request("key", "another"), act)
    with database.read(actor) as work:
        assert work.session.get_one(Resource, room.id).description == "+"


def test_a_key_remembers_success_only(database: Database, room: Resource, actor: Actor) -> None:
    """What was refused is tried anew; what was done is answered, even if it would be refused."""
    refuses = [True, False, True]

    def act(_work: Work) -> uuid.UUID:
        if refuses.pop(0):
            raise Refused
        return room.id

    request = Request("key", "fingerprint")
    with pytest.raises(Refused):
        once(database, actor, request, act)
    assert once(database, actor, request, act).id == room.id
    assert once(database, actor, request, act).id == room.id
    assert refuses == []


def test_a_key_acts_once_in_parallel(database: Database, room: Resource, actor: Actor) -> None:
    """Eight threads send the same request at once: one change, eight equal answers."""
    gate = threading.Barrier(8)
    answers: list[object] = []

    def act(work: Work) -> uuid.UUID:
        work.session.get_one(Resource, room.id, with_for_update=True).description += "+"
        return room.id

    def send() -> None:
        gate.wait()
        try:
            answers.append(once(database, actor, Request("key", "same"), act).id)
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            answers.append(error)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [room.id] * 8
    with database.read(actor) as work:
        assert work.session.get_one(Resource, room.id).description == "+"
        assert len(list(work.session.scalars(sa.select(KeptAnswer)))) == 1


def test_attempts_are_counted(database: Database, clock: Clock) -> None:
    """Past the rate an attempt is refused, with the time to wait; later it is heard again."""
    rate = Rate(2, 10)
    for _ in range(2):
        database.write(ANONYMOUS, attempt, "login:a", rate)
    with pytest.raises(TooMany) as refused:
        database.write(ANONYMOUS, attempt, "login:a", rate)
    assert refused.value.retry_after == 600
    assert str(refused.value) == "Trop d'essais en peu de temps. Réessayez dans 10\u202fmin."
    database.write(ANONYMOUS, attempt, "login:b", rate)
    clock.now = clock.now.replace(minute=10)
    database.write(ANONYMOUS, attempt, "login:a", rate)
