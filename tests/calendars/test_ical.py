"""Subscriptions by HTTP: who reads what, until when, and at what cost."""

import gzip
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from coopshare.calendars import services
from coopshare.calendars.models import Feed
from coopshare.calendars.uses import USES
from coopshare.db.work import Database, Work
from coopshare.holds.models import Hold
from coopshare.kernel.actor import Role
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Forbidden, NotFound
from coopshare.members.models import Affiliation, Membership, Person
from tests.calendars.conftest import House, Subscribe
from tests.conftest import Clock


def titles(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    parsed = Calendar.from_ical(answer.data)
    assert isinstance(parsed, Calendar)
    return [str(event["SUMMARY"]) for event in parsed.events]


def lives(client: FlaskClient, path: str) -> bool:
    answer = client.get(path)
    if answer.status_code == 200:
        return True
    unknown = client.get("/ical/never-existed/x.ics")
    assert (answer.status_code, answer.data) == (404, unknown.data)
    drop = {"X-Request-Id", "Date"}
    assert [h for h in answer.headers if h[0] not in drop] == [
        h for h in unknown.headers if h[0] not in drop
    ]
    return False


def test_each_feed_shows_what_its_reader_may_see(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    house.publish(house.member, utc(2027, 3, 2, 8), 2, house.left, title="Du nord")
    house.publish(house.other, utc(2027, 3, 3, 8), 2, house.right, title="Du sud")
    hall, mine = house.hall.id, house.north.id
    shown = {
        "mine": titles(client, subscribe(house.member, "my_bookings")),
        "organisation": titles(client, subscribe(house.member, "organisation")),
        "cooperative": titles(client, subscribe(house.member, "cooperative")),
        "hall": titles(client, subscribe(house.member, "resource", target=hall)),
        "part": titles(client, subscribe(house.member, "resource", target=house.left.id)),
        "busy": titles(client, subscribe(house.member, "my_bookings", "busy")),
        "manager": titles(client, subscribe(house.manager, "resource", target=hall)),
        "manager of all": titles(client, subscribe(house.manager, "cooperative")),
        "administrator": titles(client, subscribe(house.administrator, "cooperative")),
        "one organisation": titles(
            client, subscribe(house.administrator, "organisation", target=mine)
        ),
    }
    assert shown == {
        "mine": ["Du nord"],
        "organisation": ["Du nord"],
        "cooperative": ["Du nord", "Réservé"],
        "hall": ["Du nord", "Réservé"],
        "part": ["Du nord"],
        "busy": ["Réservé"],
        "manager": ["Du nord", "Du sud"],
        "manager of all": ["Réservé", "Du sud"],
        "administrator": ["Du nord", "Du sud"],
        "one organisation": ["Du nord"],
    }


def test_only_my_own_bookings_make_me_busy(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    house.publish(house.member, utc(2027, 3, 2, 8), 2, house.left)
    mine = client.get(subscribe(house.member, "my_bookings")).data
    room = client.get(subscribe(house.member, "resource", target=house.left.id)).data
    assert (mine.count(b"TRANSP:OPAQUE"), mine.count(b"BUSYSTATUS:FREE")) == (1, 0)
    assert (room.count(b"TRANSP:OPAQUE"), room.count(b"BUSYSTATUS:FREE")) == (0, 1)
    assert mine.count(b"BEGIN:VTIMEZONE") == room.count(b"BEGIN:VTIMEZONE") == 1
    assert b"PRODID:-//CoopShare//my_bookings//FR\r\n" in mine


def test_no_session_no_cookie_and_the_right_headers(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    path = subscribe(house.member, "my_bookings")
    client.set_cookie("coopshare", "anything")
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Content-Disposition" not in answer.headers
    assert "Content-Encoding" not in answer.headers
    assert path.split("/")[2].encode() not in answer.data
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(answer.data))
    assert head.headers["ETag"] == answer.headers["ETag"]
    assert len(f"https://{'a' * 60}.example.org{path}") <= 200
    assert client.post(path).status_code == 405


def test_the_same_bytes_until_something_changes(
    house: House, subscribe: Subscribe, client: FlaskClient, clock: Clock
) -> None:
    source = house.publish(house.member, utc(2027, 3, 2, 8), 2, house.left, title="Avant")
    path = subscribe(house.member, "resource", target=house.hall.id)
    clock.now += timedelta(minutes=5)
    first = client.get(path)
    again = client.get(path)
    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert not etag.startswith("W/")
    for header in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        assert client.get(path, headers={"If-None-Match": header}).status_code == 304
    known = client.get(path, headers={"If-Modified-Since": modified})
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", etag)
    stale = {"If-None-Match": '"other"', "If-Modified-Since": modified}
    assert client.get(path, headers=stale).status_code == 200

    clock.now += timedelta(minutes=5)
    house.publish(
        house.member, utc(2027, 3, 2, 8), 2, title="Après", source_id=source, tell=(house.left,)
    )
    changed = client.get(path, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert b"Apr\xc3\xa8s" in changed.data
    assert client.get(path, headers={"If-Modified-Since": modified}).status_code == 200

    etag = changed.headers["ETag"]
    clock.now += timedelta(days=1)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_a_304_costs_one_read(
    house: House, subscribe: Subscribe, client: FlaskClient, database: Database
) -> None:
    for day in range(1, 20):
        house.publish(house.member, utc(2027, 3, day, 8), 2, house.left)
    path = subscribe(house.member, "resource", target=house.hall.id)
    etag = client.get(path).headers["ETag"]
    seen: list[str] = []

    def see(*args: object) -> None:
        if str(args[2]).startswith("SELECT"):
            seen.append(str(args[2]))

    sa.event.listen(database.reading, "before_cursor_execute", see)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert len(seen) == 1
    seen.clear()
    assert client.get(path).status_code == 200
    assert len(seen) == 3


def test_gzip_only_when_asked_for(house: House, subscribe: Subscribe, client: FlaskClient) -> None:
    house.publish(house.member, utc(2027, 3, 2, 8), 2, house.left)
    path = subscribe(house.member, "my_bookings")
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for tag in (packed.headers["ETag"], plain.headers["ETag"]):
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    outlook = {"Accept-Encoding": "gzip", "User-Agent": "Microsoft Exchange/15.20"}
    assert client.get(path, headers=outlook).data == plain.data


def test_cancelled_events_stay_thirty_days(
    house: House, subscribe: Subscribe, client: FlaskClient, clock: Clock
) -> None:
    start = utc(2027, 4, 20, 8)
    source = house.publish(house.member, start, 2, house.left, title="Annulé")

    def cancel(work: Work) -> None:
        for hold in work.session.scalars(sa.select(Hold).where(Hold.source_id == source)):
            hold.live = False

    house.database.write(house.member, cancel)
    house.publish(
        house.member, start, 2, source_id=source, status="cancelled", changed_at=clock.now
    )
    paths = [
        subscribe(house.member, "my_bookings"),
        subscribe(house.member, "resource", target=house.hall.id),
    ]
    for path in paths:
        assert b"STATUS:CANCELLED" in client.get(path).data
    clock.now += timedelta(days=31)
    for path in paths:
        assert b"STATUS:CANCELLED" not in client.get(path).data


def test_an_event_leaves_a_room_it_no_longer_uses(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    source = house.publish(house.member, utc(2027, 4, 20, 8), 2, house.left, title="Déplacé")

    def leave(work: Work) -> None:
        for hold in work.session.scalars(sa.select(Hold).where(Hold.source_id == source)):
            hold.live = False

    house.database.write(house.member, leave)
    house.publish(house.member, utc(2027, 4, 20, 8), 2, house.chairs, source_id=source)
    assert titles(client, subscribe(house.member, "resource", target=house.left.id)) == []
    assert len(titles(client, subscribe(house.member, "resource", target=house.chairs.id))) == 1


def test_the_window_is_thirty_days_back_and_four_hundred_ahead(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    for title, day in {"vieux": utc(2027, 1, 29), "récent": utc(2027, 1, 31),
                       "loin": utc(2028, 4, 3), "trop loin": utc(2028, 4, 5)}.items():  # fmt: skip
        house.publish(house.member, day, 1, house.left, title=title)
    house.publish(house.member, utc(2027, 1, 1), 24 * 40, house.right, title="long")
    assert titles(client, subscribe(house.member, "my_bookings")) == ["long", "récent", "loin"]


def test_an_address_dies_with_the_right_to_read_it(
    house: House, subscribe: Subscribe, client: FlaskClient, clock: Clock
) -> None:
    def paths() -> list[str]:
        return [subscribe(house.member, "my_bookings"), subscribe(house.other, "cooperative")]

    mine, others = paths()
    assert lives(client, mine)
    person: UUID = house.member.person_id  # type: ignore[assignment]

    def suspend(work: Work, value: object) -> None:
        found = work.session.get(Person, person)
        assert found is not None
        found.is_suspended = bool(value)

    house.database.write(house.member, suspend, True)
    assert (lives(client, mine), lives(client, others)) == (False, True)
    house.database.write(house.member, suspend, False)
    assert lives(client, mine)

    def leave(work: Work) -> None:
        membership = work.session.scalars(
            sa.select(Membership).where(Membership.organisation_id == house.north.id)
        ).one()
        membership.until = clock.now.date()

    house.database.write(house.member, leave)
    assert (lives(client, mine), lives(client, others)) == (False, True)

    def dismiss(work: Work) -> None:
        for row in work.session.scalars(
            sa.select(Affiliation).where(Affiliation.person_id == house.other.person_id)
        ):
            work.session.delete(row)

    house.database.write(house.member, dismiss)
    assert not lives(client, others)


def test_the_calendar_of_another_organisation_dies_with_the_role(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    path = subscribe(house.administrator, "organisation", target=house.south.id)
    assert lives(client, path)

    def demote(work: Work) -> None:
        row = work.session.scalars(
            sa.select(Affiliation).where(Affiliation.person_id == house.administrator.person_id)
        ).one()
        row.role = Role.MEMBER

    house.database.write(house.member, demote)
    assert not lives(client, path)


def test_a_new_address_ends_the_former_and_revoking_ends_both(
    house: House, subscribe: Subscribe, client: FlaskClient, database: Database
) -> None:
    path = subscribe(house.member, "my_bookings")
    with database.read(house.member) as work:
        feed = work.session.scalars(sa.select(Feed)).one()
    assert path.split("/")[2] not in feed.token_hash
    _, token = database.write(house.member, services.rotate, feed.id)
    newer = f"/ical/{token}/x.ics"
    assert (lives(client, path), lives(client, newer)) == (False, True)
    with pytest.raises(NotFound):
        database.write(house.other, services.revoke_feed, feed.id)
    database.write(house.member, services.revoke_feed, feed.id)
    assert not lives(client, newer)


def test_an_unread_address_dies_after_180_days(
    house: House, subscribe: Subscribe, client: FlaskClient, clock: Clock, app: Flask
) -> None:
    path = subscribe(house.member, "my_bookings")
    clock.now += timedelta(days=179)
    USES.write(house.database)  # what other tests of this process left behind
    assert client.get(path, headers={"User-Agent": "vdirsyncer/0.21"}).status_code == 200
    with app.app_context():
        assert USES.write(house.database) == 1
        assert USES.write(house.database) == 0
    with house.database.read(house.member) as work:
        feed = work.session.scalars(sa.select(Feed)).one()
        assert (feed.last_used_on, feed.last_client) == (clock.now.date(), "vdirsyncer")
    clock.now += timedelta(days=179)
    assert lives(client, path)
    clock.now += timedelta(days=1)
    assert not lives(client, path)


def test_free_busy_tells_when_and_nothing_else(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    house.publish(house.member, utc(2027, 3, 2, 8), 2, house.left, prepare=15)
    house.publish(house.other, utc(2027, 3, 2, 10, 30), 1, house.left, status="tentative")
    room = subscribe(house.member, "resource", target=house.left.id).replace(".ics", ".ifb")
    answer = client.get(room)
    lines = answer.data.decode().split("\r\n")
    assert lines[:4] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CoopShare//free-busy//FR",
                         "METHOD:PUBLISH"]  # fmt: skip
    assert "DTSTART:20270130T000000Z" in lines
    assert "DTEND:20280404T000000Z" in lines
    assert "FREEBUSY;FBTYPE=BUSY:20270302T074500Z/20270302T101500Z" in lines
    assert "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270302T103000Z/20270302T113000Z" in lines
    whole = "".join(line.removeprefix(" ") for line in lines)
    assert "20270301T190000Z/20270302T070000Z" in whole  # closed from 20 h to 8 h
    assert b"SUMMARY" not in answer.data
    assert client.get(room, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    mine = subscribe(house.member, "my_bookings").replace(".ics", ".ifb")
    assert b"FBTYPE=BUSY:20270302T080000Z/20270302T100000Z" in client.get(mine).data
    everyone = subscribe(house.member, "cooperative").replace(".ics", ".ifb")
    assert not lives(client, everyone)


def test_chairs_are_taken_when_none_is_left(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    house.publish(house.member, utc(2027, 3, 2, 8), 4, house.chairs, quantity=30)
    house.publish(house.other, utc(2027, 3, 2, 9), 1, house.chairs, quantity=10)
    path = subscribe(house.member, "resource", target=house.chairs.id).replace(".ics", ".ifb")
    found = [line for line in client.get(path).data.decode().split("\r\n") if "FBTYPE" in line]
    assert found == ["FREEBUSY;FBTYPE=BUSY:20270302T090000Z/20270302T100000Z"]


def test_two_cooperatives_never_meet(
    house: House, subscribe: Subscribe, client: FlaskClient
) -> None:
    elsewhere = house.make.cooperative("Ailleurs")
    stranger = house.make.actor(elsewhere, house.make.organisation(elsewhere, "Loin"))
    house.publish(house.member, utc(2027, 3, 2, 8), 2, house.left)
    for kind, target in (("resource", house.left.id), ("organisation", house.north.id)):
        with pytest.raises(NotFound):
            subscribe(stranger, kind, target=target)
    with pytest.raises(Forbidden):
        subscribe(house.member, "organisation", target=house.south.id)
    assert titles(client, subscribe(stranger, "cooperative")) == []
