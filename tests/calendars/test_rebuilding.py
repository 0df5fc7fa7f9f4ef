"""What changes elsewhere reaches calendars: names, places, closures; read through the feeds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from icalendar import Calendar

from coopshare.app import HANDLERS, JOBS
from coopshare.bookings import agenda as bookings_agenda
from coopshare.bookings import services as bookings
from coopshare.bookings.commands import Book, Cancel, Line
from coopshare.bookings.commands import Change as ChangeBooking
from coopshare.bookings.models import Booking
from coopshare.calendars import jobs, services
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import CalendarEntry, FeedDetail, FeedKind
from coopshare.calendars.rebuilding import rebuild
from coopshare.db.work import Database
from coopshare.holds.services import Close, close, lift
from coopshare.jobs.worker import Worker
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.members import services as members
from coopshare.members.commands import ChangeOrganisation
from coopshare.members.facts import OrganisationChanged
from coopshare.members.queries import membership
from coopshare.resources import services as resources
from coopshare.resources.commands import Change
from coopshare.resources.facts import ResourceRenamed
from coopshare.resources.models import Resource
from tests.conftest import Clock
from tests.make import Maker


@dataclass
class House:
    """A cooperative that books, renames and closes."""

    database: Database
    member: Actor
    manager: Actor
    hall: Resource
    left: Resource
    right: Resource
    chairs: Resource
    client: FlaskClient

    def book(self, start: datetime, *used: Resource, title: str = "Atelier CV") -> Booking:
        """Book for two hours."""
        assert self.member.organisation_id is not None
        command = Book(
            organisation_id=self.member.organisation_id,
            title=title,
            lines=tuple(Line(resource_id=one.id, quantity=1) for one in used),
            span=Interval(start, start + timedelta(hours=2)),
        )
        return self.database.write(self.member, bookings.book, command)

    def change(self, resource: Resource, **values: Any) -> None:
        """Change a resource as it stands, and have the worker do what follows."""
        with self.database.read(self.manager) as work:
            version = work.session.get_one(Resource, resource.id).version
        command = Change(resource_id=resource.id, version=version, values=values)
        self.database.write(self.manager, resources.change, command)
        self.drain()

    def drain(self) -> int:
        """Have the worker do all that is due."""
        return Worker(self.database, JOBS).drain()

    def close(self, start: datetime, hours: float, *closed: Resource, reason: str) -> UUID:
        """Close for some hours."""
        command = Close(
            resource_ids=tuple(one.id for one in closed),
            span=Interval(start, start + timedelta(hours=hours)),
            timezone="Europe/Paris",
            reason=reason,
        )
        return self.database.write(self.manager, close, command).id

    def feed(
        self, kind: str, target: Resource | None = None, detail: str = "full", who: Any = None
    ) -> "Subscribed":
        """Make a subscription."""
        command = CreateFeed(
            kind=FeedKind(kind),
            detail=FeedDetail(detail),
            target_id=target.id if target is not None else None,
        )
        made, token = self.database.write(who or self.member, services.create_feed, command)
        return Subscribed(self.client, f"/ical/{token}/{made.slug}.ics")


@dataclass
class Subscribed:
    """A calendar application that follows an address and keeps what it was told."""

    client: FlaskClient
    path: str
    etag: str = ""
    data: bytes = b""

    def poll(self) -> bool:
        """Ask again; tell whether there was something new."""
        answer = self.client.get(self.path, headers={"If-None-Match": self.etag})
        assert answer.status_code in {200, 304}
        if answer.status_code == 200:
            self.etag, self.data = answer.headers["ETag"], answer.data
        return answer.status_code == 200

    @property
    def events(self) -> list[Any]:
        """Return the events it knows."""
        parsed = Calendar.from_ical(self.data)
        assert isinstance(parsed, Calendar)
        return list(parsed.events)

    @property
    def titles(self) -> list[str]:
        """Return the titles it shows."""
        return [str(event["SUMMARY"]) for event in self.events]


@pytest.fixture
def house(database: Database, make: Maker, client: FlaskClient) -> House:
    place = make.cooperative()
    scic = make.organisation(place, "SCIC Le Phares")
    north = make.organisation(place, "Atelier Nord")
    hall = make.resource(place, scic, "Grande salle", location="Rez-de-chaussée")
    left, right = make.resource(place, scic, "Salle A"), make.resource(place, scic, "Salle B")
    make.part(hall, left)
    make.part(hall, right)
    followed = {OrganisationChanged: (jobs.REBUILD,), ResourceRenamed: (jobs.REBUILD,)}
    assert followed.items() <= HANDLERS.items()
    database.handlers = followed
    return House(
        database=database,
        member=make.actor(place, north, Role.MEMBER, Role.ORGANISATION_MANAGER),
        manager=make.actor(place, scic, Role.MEMBER, Role.RESOURCE_MANAGER),
        hall=hall,
        left=left,
        right=right,
        chairs=make.resource(place, scic, "Chaises", kind="equipment", quantity=40),
        client=client,
    )


def test_a_renamed_room_has_its_new_name_in_every_calendar(house: House, clock: Clock) -> None:
    house.book(utc(2027, 3, 10, 9), house.hall, house.chairs)
    house.book(utc(2027, 3, 11, 9), house.chairs, title="Sans la salle")
    mine, room, chairs, whole = (
        house.feed("my_bookings"),
        house.feed("resource", house.left),
        house.feed("resource", house.chairs),
        house.feed("organisation"),
    )
    feeds = (mine, room, chairs, whole)
    assert [one.poll() for one in feeds] == [True] * 4
    before = [{str(event["UID"]): event for event in feed.events} for feed in feeds]
    assert house.drain() == 0
    assert [one.poll() for one in feeds] == [False] * 4

    clock.now += timedelta(hours=1)
    house.change(house.hall, name="Salle Rosa-Parks", address="3, quai du Phare")
    assert [one.poll() for one in feeds] == [True] * 4
    for feed, known in zip(feeds, before, strict=True):
        (told,) = [e for e in feed.events if str(e["SUMMARY"]) == "Atelier CV"]
        assert str(told["LOCATION"]) == "Salle Rosa-Parks, 3, quai du Phare"
        old = known[str(told["UID"])]
        assert told["SEQUENCE"] == old["SEQUENCE"] + 1
        for stamp in ("DTSTAMP", "LAST-MODIFIED"):
            assert told[stamp].dt == clock.now
        assert (told["CREATED"].dt, told["DTSTART"].dt) == (old["CREATED"].dt, old["DTSTART"].dt)
        others = [e for e in feed.events if str(e["SUMMARY"]) != "Atelier CV"]
        assert all(e.to_ical() == known[str(e["UID"])].to_ical() for e in others)


def test_what_calendars_do_not_tell_changes_no_calendar(house: House) -> None:
    house.book(utc(2027, 3, 10, 9), house.left)
    feed = house.feed("resource", house.left)
    feed.poll()
    house.change(house.left, capacity=12, description="Claire et calme", notice=60)
    house.change(house.left, name="Salle A")
    assert not feed.poll()


def test_a_rebuild_done_twice_changes_nothing_more(house: House, clock: Clock) -> None:
    house.book(utc(2027, 3, 10, 9), house.left)
    feed = house.feed("my_bookings")
    house.change(house.left, name="Salle Verte")
    feed.poll()
    clock.now += timedelta(minutes=1)
    with house.database.read(house.manager) as work:
        found = bookings_agenda.coming(work, house.left.id, None, 10)
    assert house.database.write(house.manager, rebuild, found) == 0
    assert not feed.poll()


def test_a_change_after_a_rebuild_is_newer_than_it(house: House, clock: Clock) -> None:
    """SEQUENCE only ever rises, whatever the order of renames and moves."""
    booking = house.book(utc(2027, 3, 10, 9), house.left)
    feed = house.feed("my_bookings")
    seen = []
    for number in range(3):
        clock.now += timedelta(minutes=1)
        house.change(house.left, name=f"Salle {number}")
        feed.poll()
        seen.append(int(feed.events[0]["SEQUENCE"]))
        clock.now += timedelta(minutes=1)
        start = utc(2027, 3, 10, 10 + number)
        booking = house.database.write(
            house.member,
            bookings.change,
            ChangeBooking(
                booking_id=booking.id,
                version=booking.version,
                span=Interval(start, start + timedelta(hours=1)),
            ),
        )
        assert feed.poll()
        (event,) = feed.events
        assert event["DTSTAMP"].dt == clock.now
        assert str(event["LOCATION"]) == f"Salle {number}"
        seen.append(int(event["SEQUENCE"]))
    assert seen == [1, 2, 3, 4, 5, 6]
    gone = Cancel(booking_id=booking.id, version=booking.version, reason="")
    house.database.write(house.member, bookings.cancel, gone)
    assert feed.poll()
    assert (feed.events[0]["STATUS"], feed.events[0]["SEQUENCE"]) == ("CANCELLED", 7)


def test_past_and_cancelled_bookings_keep_what_they_told(house: House, clock: Clock) -> None:
    house.book(utc(2027, 3, 2, 9), house.left, title="Passé")
    gone = house.book(utc(2027, 3, 20, 9), house.left, title="Annulé")
    cancel = Cancel(booking_id=gone.id, version=gone.version, reason="")
    house.database.write(house.member, bookings.cancel, cancel)
    house.book(utc(2027, 3, 21, 9), house.left, title="À venir")
    clock.now = utc(2027, 3, 15)
    house.change(house.left, name="Salle Verte")
    feed = house.feed("my_bookings")
    feed.poll()
    assert [(str(e["SUMMARY"]), str(e["LOCATION"])) for e in feed.events] == [
        ("Passé", "Salle A"),
        ("Annulé", "Salle A"),
        ("À venir", "Salle Verte"),
    ]


def test_many_bookings_are_rebuilt_some_at_a_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    for day in range(10, 17):
        house.book(utc(2027, 3, day, 9), house.left)
    house.change(house.left, name="Salle Verte")
    feed = house.feed("my_bookings")
    feed.poll()
    assert [str(event["LOCATION"]) for event in feed.events] == ["Salle Verte"] * 7


def test_a_subscription_is_called_what_it_shows_is_called_now(house: House) -> None:
    room = house.feed("resource", house.left, detail="busy")
    mine, whole = house.feed("my_bookings"), house.feed("organisation")
    for feed in (room, mine, whole):
        feed.poll()
    house.change(house.left, name="Salle Verte")
    assert [feed.poll() for feed in (room, mine, whole)] == [True, False, False]
    assert "\r\nX-WR-CALNAME:Salle Verte (pris ou libre)\r\n" in room.data.decode()
    with house.database.read(house.member) as work:
        organisation = membership(work, house.member.organisation_id).organisation  # type: ignore[arg-type]
    command = ChangeOrganisation(
        organisation_id=organisation.id, version=organisation.version, name="Atelier du Nord"
    )
    house.database.write(house.member, members.change_organisation, command)
    house.drain()
    assert [feed.poll() for feed in (room, mine, whole)] == [False, True, True]
    assert "X-WR-CALNAME:Mes réservations – Atelier du Nord\r\n" in mine.data.decode()
    assert "X-WR-CALNAME:Atelier du Nord\r\n" in whole.data.decode()


def test_a_closure_is_in_the_calendars_of_what_it_closes(house: House) -> None:
    """Of the room, of the hall it is a part of, told to everybody; not in those of bookings."""
    followed = [
        house.feed("resource", house.left),
        house.feed("resource", house.hall),
        house.feed("resource", house.left, detail="busy", who=house.manager),
        house.feed("cooperative"),
    ]
    apart = [house.feed("resource", house.right), house.feed("my_bookings", who=house.manager),
             house.feed("organisation", who=house.manager)]  # fmt: skip
    for feed in (*followed, *apart):
        feed.poll()
    closure = house.close(utc(2027, 3, 9, 23), 48, house.left, reason="Peinture")
    assert [feed.poll() for feed in followed] == [True] * 4
    for feed in followed:
        (event,) = feed.events
        assert str(event["SUMMARY"]) == "Fermé : Peinture"
        assert (event["STATUS"], str(event["LOCATION"])) == ("CONFIRMED", "Salle A")
        assert [str(event[name].dt) for name in ("DTSTART", "DTEND")] == [
            "2027-03-10",
            "2027-03-12",
        ]
    assert [feed.titles for feed in apart] == [[], [], []]

    house.database.write(house.manager, lift, closure)
    assert [feed.poll() for feed in followed] == [True] * 4
    assert [feed.titles for feed in followed] == [[]] * 4


def test_a_closure_is_stored_as_an_event_that_takes_time(house: House) -> None:
    closure = house.close(utc(2027, 3, 10, 9), 3, house.left, reason="Contrôle ; sécurité")
    with house.database.read(house.member) as work:
        row = work.session.scalars(sa.select(CalendarEntry)).one()
    assert (row.source_id, row.source_kind, row.organisation_id) == (closure, "closure", None)
    assert row.full == row.busy
    assert row.full.endswith(b"TRANSP:OPAQUE\r\nEND:VEVENT\r\n")
    assert "SUMMARY:Fermé : Contrôle \\; sécurité\r\n" in row.full.decode()


def test_the_planning_shows_a_closure_until_it_is_lifted(
    house: House, login: Callable[[FlaskClient, Actor], None]
) -> None:
    login(house.client, house.manager)
    closure = house.close(utc(2027, 3, 10, 9), 3, house.left, reason="Peinture")

    def shown() -> list[tuple[str, str, bool]]:
        answer = house.client.get("/planning/donnees?from=2027-03-10&to=2027-03-11")
        return [(e["title"], e["state"], e["mine"]) for e in answer.json["events"]]  # type: ignore[index]

    assert shown() == [("Peinture", "closed", False)] * 2
    assert "Peinture" in house.client.get("/planning?date=2027-03-10").text
    house.database.write(house.manager, lift, closure)
    assert shown() == []


def test_a_renamed_room_is_renamed_in_its_closures(house: House) -> None:
    house.close(utc(2027, 3, 10, 9), 3, house.hall, reason="Peinture")
    feed = house.feed("resource", house.hall)
    house.change(house.right, name="Salle Bleue")
    feed.poll()
    (event,) = feed.events
    assert (str(event["LOCATION"]), event["SEQUENCE"]) == ("Salle A, Salle Bleue", 1)
