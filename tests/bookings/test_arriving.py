"""Being there, leaving early, and what happens to a room nobody came to."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from coopshare.app import HANDLERS
from coopshare.bookings import attendance, jobs, services
from coopshare.bookings.commands import CheckIn, Leave
from coopshare.bookings.errors import (
    AlreadyCancelled,
    AlreadyEnded,
    AlreadyReleased,
    CheckInNotOpen,
    NotConfirmedYet,
    NotStarted,
)
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.calendars.models import CalendarEntry, CalendarVersion
from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Forbidden
from coopshare.resources.commands import Change
from coopshare.resources.models import Resource
from coopshare.resources.services import change as change_resource
from tests.bookings.conftest import Doors, House, hours
from tests.bookings.test_notices import told
from tests.conftest import Clock
from tests.statements import counted

START = utc(2027, 3, 10, 9)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def door(house: House, make: Any) -> Resource:
    """Return a room that is given back a quarter of an hour after the start."""
    room: Resource = make.resource(house.phares, house.scic, "Plateau", check_in_within=15)
    return room


def state(house: House, booking: Booking) -> tuple[BookingStatus, bool, bool]:
    """Return where a booking stands: (status, somebody came, something was given back)."""
    with house.database.read(house.coordinator) as work:
        row = work.session.get_one(Booking, booking.id)
        return row.status, row.checked_in_at is not None, row.released_at is not None


def arrive(house: House, booking: Booking, **fields: Any) -> Booking:
    actor = fields.pop("actor", house.member)
    return house.database.write(actor, services.check_in, CheckIn(booking_id=booking.id, **fields))


def leave(house: House, booking: Booking) -> Booking:
    return house.database.write(house.member, services.leave_early, Leave(booking_id=booking.id))


def version_of(house: House, scope_id: UUID) -> int:
    with house.database.read(house.coordinator) as work:
        row = work.session.get(CalendarVersion, (house.phares.id, scope_id))
        return row.version if row is not None else 0


def test_a_room_nobody_came_to(house: House, door: Resource, clock: Clock) -> None:
    """Not a minute before the delay; then all of it is free, and calendars and people know."""
    house.database.handlers = HANDLERS
    booking = house.book((door, 1))
    clock.now = START + 14 * MINUTE
    assert jobs.release(house.database) == 0
    clock.now = START + 15 * MINUTE
    assert jobs.release(house.database) == 1
    assert jobs.release(house.database) == 0
    assert state(house, booking) == (BookingStatus.NO_SHOW, False, True)
    assert [live for *_, live in house.holds(booking)] == [False]
    with house.database.read(house.coordinator) as work:
        assert work.session.get_one(CalendarEntry, booking.id).status == "cancelled"
    rest = hours(10, 11)
    assert house.book((door, 1), actor=house.stranger, span=rest).status == "confirmed"


def test_who_booked_is_told(house: House, door: Resource, clock: Clock) -> None:
    booking = house.book((door, 1))
    clock.now = START + 15 * MINUTE
    jobs.release(house.database)
    (message,) = told(house, booking, "booking.no_show")
    assert message.subject == (
        "Place rendue, personne n'est venu : Plateau, mercredi 10\u00a0mars, 10\u202fh"
    )


def test_whoever_checks_in_keeps_the_room(house: House, door: Resource, clock: Clock) -> None:
    """From a quarter of an hour before; a colleague too; twice is once; late is not too late."""
    early, late = house.book((door, 1)), house.book((door, 1), span=hours(14, 15))
    clock.now = START - 16 * MINUTE
    with pytest.raises(CheckInNotOpen) as told_why:
        arrive(house, early)
    assert "9\u202fh\u202f45" in told_why.value.say()
    clock.now = START - 15 * MINUTE
    arrive(house, early, actor=house.colleague)
    before = version_of(house, door.id)
    assert arrive(house, early).checked_in_at == clock.now
    assert version_of(house, door.id) == before
    clock.now = START + 15 * MINUTE
    assert jobs.release(house.database) == 0
    clock.now = utc(2027, 3, 10, 14, 20)
    assert arrive(house, late).checked_in_at == clock.now
    assert jobs.release(house.database) == 0
    assert [state(house, b) for b in (early, late)] == [(BookingStatus.CONFIRMED, True, False)] * 2


def test_the_door_is_told(house: House, door: Resource, clock: Clock) -> None:
    """What shows the room has to read it again."""
    booking = house.book((door, 1))
    before = version_of(house, door.id), version_of(house, house.phares.id)
    clock.now = START
    arrive(house, booking)
    after = version_of(house, door.id), version_of(house, house.phares.id)
    assert after == (before[0] + 1, before[1] + 1)


def test_who_may_not(house: House, door: Resource, clock: Clock) -> None:
    booking = house.book((door, 1))
    clock.now = START
    with pytest.raises(Exception, match="existe pas"):
        arrive(house, booking, actor=house.stranger)
    assert arrive(house, booking, actor=house.keeper).checked_in_at == START
    reader = house.make.actor(house.phares, house.scic, Role.NETWORK_ADMINISTRATOR)
    with pytest.raises(Forbidden):
        arrive(house, booking, actor=reader)


def test_too_late_or_nothing_to_come_to(
    house: House, door: Resource, make: Any, clock: Clock
) -> None:
    guarded = make.resource(house.phares, house.scic, "Sur demande", needs_approval=True)
    released, ended = house.book((door, 1)), house.book(span=hours(9, 10))
    cancelled, asked = house.cancel(house.book((house.chairs, 1))), house.book((guarded, 1))
    clock.now = START + 20 * MINUTE
    jobs.release(house.database)
    with pytest.raises(AlreadyReleased):
        arrive(house, released)
    with pytest.raises(AlreadyCancelled):
        arrive(house, cancelled)
    with pytest.raises(NotConfirmedYet):
        arrive(house, asked)
    clock.now = utc(2027, 3, 10, 10)
    with pytest.raises(AlreadyEnded):
        arrive(house, ended)


def test_a_rule_does_not_look_back(house: House, clock: Clock) -> None:
    """What began before the rule was set is left alone; what is booked already follows it after."""
    running, coming = house.book(), house.book(span=hours(14, 16))
    clock.now = START + 30 * MINUTE
    rule = Change(resource_id=house.room.id, version=1, values={"check_in_within": 15})
    house.database.write(house.keeper, change_resource, rule)
    assert jobs.release(house.database) == 0
    clock.now = utc(2027, 3, 10, 14, 15)
    assert jobs.release(house.database) == 1
    assert state(house, running)[0] is BookingStatus.CONFIRMED
    assert state(house, coming)[0] is BookingStatus.NO_SHOW


def test_what_is_approved_late_has_its_whole_delay(house: House, make: Any, clock: Clock) -> None:
    room = make.resource(
        house.phares, house.scic, "Sur demande", needs_approval=True, check_in_within=15
    )
    booking = house.book((room, 1))
    clock.now = START + 30 * MINUTE
    assert jobs.release(house.database) == 0
    house.decide(services.approve, booking, house.keeper)
    clock.now = START + 44 * MINUTE
    assert jobs.release(house.database) == 0
    clock.now = START + 45 * MINUTE
    assert jobs.release(house.database) == 1


def test_what_does_not_ask_stays_booked(house: House, door: Resource, clock: Clock) -> None:
    """A room that is given back leaves the chairs to who booked them, unless they ask as well."""
    booking = house.book((door, 1), (house.chairs, 4))
    clock.now = START + 15 * MINUTE
    assert jobs.release(house.database) == 1
    assert jobs.release(house.database) == 0
    assert state(house, booking) == (BookingStatus.CONFIRMED, False, True)
    with house.database.read(house.coordinator) as work:
        row = work.session.get_one(Booking, booking.id)
        assert [(x.resource_id, x.quantity, x.position) for x in row.lines] == [
            (house.chairs.id, 4, 0)
        ]
        assert work.session.get_one(CalendarEntry, booking.id).status == "confirmed"
    assert sorted((quantity, live) for _, quantity, _, _, live in house.holds(booking)) == [
        (1, False),
        (4, True),
    ]
    (message,) = told(house, booking, "booking.released")
    assert str(message.paragraphs[0]).startswith(
        "Personne n'a signalé son arrivée pour « Réunion d'équipe » : la place est rendue aux"
        " autres (Plateau)."
    )
    with pytest.raises(AlreadyReleased):
        arrive(house, booking)


def test_the_longest_delay_holds_for_all(
    house: House, door: Resource, make: Any, clock: Clock
) -> None:
    other = make.resource(house.phares, house.scic, "Canal", check_in_within=30)
    booking = house.book((door, 1), (other, 1))
    clock.now = START + 29 * MINUTE
    assert jobs.release(house.database) == 0
    clock.now = START + 30 * MINUTE
    assert jobs.release(house.database) == 1
    assert state(house, booking)[0] is BookingStatus.NO_SHOW


def test_leaving_early(house: House, make: Any, clock: Clock) -> None:
    """The rest is free from the next minute, and the time to tidy up stays after it."""
    room = make.resource(house.phares, house.scic, "Cuisine", preparation_after=30)
    booking = house.book((room, 1))
    with pytest.raises(NotStarted):
        leave(house, booking)
    clock.now = START + timedelta(minutes=40, seconds=12)
    left = leave(house, booking)
    ends_at = START + 41 * MINUTE
    assert (left.ends_at, left.status, left.sequence) == (ends_at, BookingStatus.CONFIRMED, 1)
    ((_, _, starts, ends, live),) = house.holds(booking)
    assert (starts, ends, live) == (START, ends_at + 30 * MINUTE, True)
    with house.database.read(house.coordinator) as work:
        assert work.session.get_one(CalendarEntry, booking.id).ends_at == ends_at
    again = house.command((room, 1), span=hours(11, 12)).span
    assert house.book((room, 1), actor=house.stranger, span=again).status == "confirmed"
    clock.now = ends_at
    with pytest.raises(AlreadyEnded):
        leave(house, booking)


@pytest.mark.parametrize("way", ["release", "leave"])
def test_what_is_given_back_goes_to_who_waits(
    house: House, door: Resource, clock: Clock, way: str
) -> None:
    """The rest of a morning nobody uses is offered to the first of the list, at once."""
    booking = house.book((door, 1), span=hours(9, 13))
    wanted = house.command(
        (door, 1), organisation_id=house.cantine.id, span=hours(11, 12), title="Atelier"
    )
    house.database.write(house.stranger, services.join, wanted)
    if way == "release":
        clock.now = START + 15 * MINUTE
        assert jobs.release(house.database) == 1
    else:
        clock.now = START
        arrive(house, booking)
        clock.now = START + 20 * MINUTE
        leave(house, booking)
    with house.database.read(house.coordinator) as work:
        offered = work.session.scalars(
            select(Booking).where(Booking.organisation_id == house.cantine.id)
        ).all()
        assert [(one.status, one.starts_at) for one in offered] == [
            (BookingStatus.OPTION, utc(2027, 3, 10, 11))
        ]


def test_nobody_is_late_where_nothing_asks(house: House, clock: Clock) -> None:
    """Costs one small statement, whatever is booked."""
    house.book()
    clock.now = START + 60 * MINUTE
    with counted(house.database) as seen:
        assert jobs.release(house.database) == 0
    assert len(seen) == 1


def test_no_shows_are_counted(house: House, door: Resource, clock: Clock) -> None:
    """By organisation, over 90 days, to those who may see them."""
    for day in (10, 11, 12):
        who = house.stranger if day == 12 else house.member
        house.book((door, 1), actor=who, span=hours(9, 11, day))
        clock.now = utc(2027, 3, day, 9, 15)
        jobs.release(house.database)

    def seen(work: Work) -> dict[UUID, int]:
        return dict(attendance.counts(work))

    with house.database.read(house.keeper) as work:
        assert seen(work) == {house.atelier.id: 2, house.cantine.id: 1}
        assert [(n.organisation_id, n.count) for n in attendance.no_shows(work)] == [
            (house.atelier.id, 2),
            (house.cantine.id, 1),
        ]
    with house.database.read(house.stranger) as work:
        assert seen(work) == {house.cantine.id: 1}
        sentence = attendance.said_of(work, house.cantine.id)
        assert sentence is not None
        assert sentence.say().startswith("Personne n'est venu à une réservation, en 90 jours.")
    clock.now += timedelta(days=90, minutes=1)
    with house.database.read(house.keeper) as work:
        assert seen(work) == {}


def test_each_door_does_it(house: House, door: Resource, doors: Doors, clock: Clock) -> None:
    """By page, by API and by command: the same verbs, the same refusals."""
    one, two, three = (house.book((door, 1), span=hours(h, h + 2)) for h in (9, 11, 13))
    early = doors.api("POST", f"/{one.id}/check-in")
    assert (early.status_code, early.json["code"]) == (422, "check_in_not_open")  # type: ignore[index]
    assert doors.command("check-in", str(one.id))[0] == 6
    assert doors.fill(f"/reservations/{one.id}/arrivee", f"/reservations/{one.id}").status_code == (
        422
    )
    clock.now = START
    page = doors.get(f"/reservations/{one.id}").text
    assert "Dites que vous êtes là avant" in page
    found = doors.fill(f"/reservations/{one.id}/arrivee", f"/arrivee/{door.id}", door=str(door.id))
    assert (found.status_code, found.location) == (303, f"/arrivee/{door.id}")
    assert "Arrivée signalée" in doors.get(f"/arrivee/{door.id}").text
    clock.now = utc(2027, 3, 10, 11)
    shown = doors.api("POST", f"/{two.id}/check-in").json
    assert shown is not None
    assert shown["checked_in_at"] == "2027-03-10T11:00:00Z"
    assert shown["check_in_by"] == "2027-03-10T11:15:00Z"
    clock.now = utc(2027, 3, 10, 12)
    gone = doors.api("POST", f"/{two.id}/leave").json
    assert gone is not None
    assert gone["ends_at"] == "2027-03-10T12:00:00Z"
    clock.now = utc(2027, 3, 10, 13)
    assert doors.command("check-in", str(three.id)) == (0, str(three.id), "")
    clock.now = utc(2027, 3, 10, 14)
    assert doors.command("leave", str(three.id)) == (0, str(three.id), "")
    assert doors.command("no-shows") == (0, "", "")
    answer = doors.api("GET", "/no-shows").json
    assert answer == {"items": [], "next": None}
