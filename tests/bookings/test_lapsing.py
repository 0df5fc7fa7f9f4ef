"""Requests and options that end by themselves."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from coopshare.bookings import jobs, services
from coopshare.bookings.errors import AlreadyLapsed
from coopshare.bookings.facts import Lapsed
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.calendars.models import CalendarEntry
from coopshare.db.models import AuditEntry
from coopshare.db.work import Work
from coopshare.resources.models import Resource
from tests.bookings.conftest import House, hours
from tests.bookings.test_notices import told
from tests.conftest import NOW, Clock


@pytest.fixture
def guarded(house: House, make: Any) -> Resource:
    room: Resource = make.resource(house.phares, house.scic, "Plateau", needs_approval=True)
    return room


def set_back(house: House, booking: Booking, **values: Any) -> Booking:
    """Give a booking a date at which it ends by itself."""

    def write(work: Work) -> Booking:
        row = work.session.get_one(Booking, booking.id)
        for name, value in values.items():
            setattr(row, name, value)
        return row

    return house.database.write(house.coordinator, write)


def status_of(house: House, booking: Booking) -> BookingStatus:
    with house.database.read(house.coordinator) as work:
        return work.session.get_one(Booking, booking.id).status


def test_what_is_due_ends_and_frees_its_slot(house: House, guarded: Resource, clock: Clock) -> None:
    """Not a minute before; then the slot is free, calendars and trace say so, once."""
    request = set_back(house, house.book((guarded, 1)), lapses_at=NOW + timedelta(hours=1))
    option = set_back(
        house, house.book(), status=BookingStatus.OPTION, lapses_at=NOW + timedelta(hours=2)
    )
    kept = house.book((house.chairs, 3))
    assert jobs.lapse(house.database) == 0
    clock.now = NOW + timedelta(hours=1)
    assert jobs.lapse(house.database) == 1
    assert status_of(house, request) is BookingStatus.LAPSED
    assert status_of(house, option) is BookingStatus.OPTION
    clock.now = NOW + timedelta(hours=2)
    assert jobs.lapse(house.database) == 1
    assert jobs.lapse(house.database) == 0
    assert [live for *_, live in house.holds(option)] == [False]
    assert [live for *_, live in house.holds(kept)] == [True]
    house.book(title="La suivante")
    house.book((guarded, 1), title="La suivante")
    with house.database.read(house.coordinator) as work:
        entry = work.session.query(CalendarEntry).filter_by(source_id=option.id).one()
        assert entry.status == "cancelled"
        traces = work.session.query(AuditEntry).filter_by(action=Lapsed.name).all()
    assert [(t.door, t.changes["status"][1]) for t in traces] == [("worker", "lapsed")] * 2


def test_both_are_told_what_ended(house: House, guarded: Resource, clock: Clock) -> None:
    request = set_back(house, house.book((guarded, 1)), lapses_at=NOW)
    option = set_back(house, house.book(), status=BookingStatus.OPTION, lapses_at=NOW)
    assert clock.now == NOW
    assert jobs.lapse(house.database) == 2
    [message] = told(house, request, Lapsed.name)
    assert str(message.subject).startswith("Demande sans réponse : Plateau")
    [message] = told(house, option, Lapsed.name)
    assert str(message.subject).startswith("Option terminée : Verrière")
    assert message.calendar is not None
    assert b"STATUS:CANCELLED" in message.calendar


def test_an_answer_before_the_worker_wins(house: House, guarded: Resource, clock: Clock) -> None:
    """Answered after its time but before the worker came: it stays, and no longer lapses."""
    request = set_back(house, house.book((guarded, 1)), lapses_at=NOW)
    assert clock.now == NOW
    approved = house.decide(services.approve, request, house.keeper)
    assert approved.lapses_at is None
    assert jobs.lapse(house.database) == 0
    assert status_of(house, request) is BookingStatus.CONFIRMED


def test_what_ended_is_not_revived(house: House, clock: Clock) -> None:
    option = set_back(house, house.book(), status=BookingStatus.OPTION, lapses_at=NOW)
    assert clock.now == NOW
    jobs.lapse(house.database)
    with house.database.read(house.coordinator) as work:
        option = work.session.get_one(Booking, option.id)
        work.session.expunge(option)
    with pytest.raises(AlreadyLapsed):
        house.change(option, span=hours(13, 14))
    with pytest.raises(AlreadyLapsed):
        house.cancel(option)


def test_each_cooperative_ends_its_own(house: House, make: Any, clock: Clock) -> None:
    """The worker passes by all of them."""
    other = make.cooperative("Les Roches")
    owner = make.organisation(other)
    actor = make.actor(other, owner)
    room = make.resource(other, owner)
    there = replace(house, phares=other, coordinator=actor, member=actor)
    elsewhere = there.book((room, 1))
    set_back(there, elsewhere, status=BookingStatus.OPTION, lapses_at=NOW)
    set_back(house, house.book(), status=BookingStatus.OPTION, lapses_at=NOW)
    assert clock.now == NOW
    assert jobs.lapse(house.database) == 2
