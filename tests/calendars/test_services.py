"""Publishing: fragments stored, versions raised, in each cooperative apart."""

import threading
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from coopshare.calendars import services
from coopshare.calendars.models import CalendarEntry, CalendarVersion
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from tests.calendars.entries import ORGANISATION, PERSON, SOURCE, entry
from tests.make import Maker


@pytest.fixture
def actor(make: Maker) -> Actor:
    cooperative = make.cooperative()
    return make.actor(cooperative, make.organisation(cooperative))


def versions(database: Database, actor: Actor) -> dict[UUID, int]:
    with database.read(actor) as work:
        return {row.scope_id: row.version for row in work.session.scalars(select(CalendarVersion))}


def stored(database: Database, actor: Actor) -> CalendarEntry:
    with database.read(actor) as work:
        return work.session.scalars(select(CalendarEntry)).one()


def test_a_change_keeps_the_uid_and_raises_each_scope_once(
    database: Database, actor: Actor
) -> None:
    room, other = uuid4(), uuid4()
    database.write(actor, services.publish, [entry()], [room])
    first = stored(database, actor)
    assert actor.cooperative_id is not None
    scopes = {actor.cooperative_id, ORGANISATION, PERSON, room}
    assert versions(database, actor) == dict.fromkeys(scopes, 1)
    database.write(actor, services.publish, [entry(title="Autre", url="/reservations/1")], [other])
    second = stored(database, actor)
    assert versions(database, actor) == {**dict.fromkeys(scopes, 2), room: 1, other: 1}
    assert second.uid == first.uid == f"{SOURCE}@127.0.0.1"
    assert b"SUMMARY:Autre\r\n" in second.full
    assert b"URL:http://127.0.0.1:8070/reservations/1\r\n" in second.full
    assert b"Autre" not in second.busy


def test_the_day_of_a_cancellation_is_kept(database: Database, actor: Actor) -> None:
    database.write(actor, services.publish, [entry()], [])
    gone = entry(status="cancelled", sequence=3, changed_at=utc(2027, 3, 2))
    database.write(actor, services.publish, [gone], [])
    database.write(actor, services.publish, [entry(status="cancelled")], [])
    row = stored(database, actor)
    assert row.cancelled_at == utc(2027, 3, 2)
    assert row.full.endswith(
        b"TRANSP:TRANSPARENT\r\nX-MICROSOFT-CDO-BUSYSTATUS:FREE\r\nEND:VEVENT\r\n"
    )


def test_a_person_of_two_cooperatives_has_two_counters(database: Database, make: Maker) -> None:
    actors = []
    for name in ("Le Phares", "La Coop"):
        cooperative = make.cooperative(name)
        actors.append(make.actor(cooperative, make.organisation(cooperative)))
    database.write(actors[0], services.publish, [entry()], [])
    database.write(actors[1], services.publish, [entry(source_id=uuid4())], [])
    database.write(actors[1], services.publish, [entry(source_id=uuid4())], [])
    assert [versions(database, actor)[PERSON] for actor in actors] == [1, 2]


def test_writers_that_raise_the_same_counters_do_not_block_each_other(
    database: Database, actor: Actor
) -> None:
    rooms = [uuid4() for _ in range(6)]
    failures: list[Exception] = []

    def write(number: int) -> None:
        mine = rooms if number % 2 else rooms[::-1]
        try:
            database.write(actor, services.publish, [entry(source_id=uuid4())], mine)
        except Exception as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {versions(database, actor)[room] for room in rooms} == {8}


def test_a_file_of_one_event_has_the_uid_of_a_first_publication() -> None:
    data = services.event_file(entry())
    assert f"UID:{SOURCE}@phares.example.org\r\n".encode() in data
    assert data.count(b"METHOD:PUBLISH") == 1
