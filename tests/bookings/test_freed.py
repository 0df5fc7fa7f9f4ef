"""Whatever answer frees a slot, those who wait for it have it in the same unit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from coopshare.bookings import jobs
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.calendars.models import CalendarEntry
from coopshare.holds import services as holds
from coopshare.holds.commands import LiftMaintenance, OpenMaintenance
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.intervals import Interval
from tests.bookings.conftest import House, hours
from tests.bookings.test_approval import Requests, confirmed, requests
from tests.bookings.test_handing import at, collect, give_back, part
from tests.bookings.test_waiting import join, offer, statuses
from tests.conftest import NOW, Clock
from tests.make import Maker

__all__ = ["requests"]

FIRST, OTHER, THIRD = hours(9, 11), hours(14, 16), hours(17, 19)


@pytest.fixture
def waiter(house: House, make: Maker) -> Actor:
    """Return somebody who waits, of an organisation that books nothing here."""
    return make.actor(house.phares, house.cantine, Role.MEMBER, person=make.person("Ida Blum"))


def countered(requests: Requests) -> Booking:
    """Return a request for the first slot, answered by the other one: both are held."""
    return requests.propose(requests.house.book((requests.hall, 1)), span=OTHER)


def wished(requests: Requests) -> Booking:
    """Return a confirmed booking of the first slot that asks for the other: both are held."""
    return requests.house.change(confirmed(requests), span=OTHER)


def unanswered(requests: Requests, clock: Clock) -> None:
    clock.now = NOW + timedelta(hours=72)
    assert jobs.lapse(requests.house.database) == 1


Act = Callable[[Requests, Booking, Clock], Any]


@pytest.mark.parametrize(
    ("begin", "act", "freed"),
    [
        (countered, lambda r, b, _c: r.accept(b), FIRST),
        (countered, lambda r, b, _c: r.decline(b), OTHER),
        (countered, lambda r, b, _c: r.propose(b, span=THIRD), OTHER),
        (countered, lambda r, b, _c: r.approve(b), OTHER),
        (countered, lambda r, b, _c: r.refuse(b), FIRST),
        (countered, lambda r, b, _c: r.refuse(b), OTHER),
        (countered, lambda r, b, _c: r.house.cancel(b), OTHER),
        (countered, lambda r, b, _c: r.house.change(b, span=THIRD), OTHER),
        (wished, lambda r, b, _c: r.approve(b), FIRST),
        (wished, lambda r, b, _c: r.refuse(b), OTHER),
        (wished, lambda r, b, _c: r.house.change(b, span=THIRD), OTHER),
        (wished, lambda r, b, _c: r.house.change(b, span=hours(9, 10)), OTHER),
        (wished, lambda r, b, _c: r.house.cancel(b), OTHER),
        (wished, lambda r, _b, c: unanswered(r, c), OTHER),
    ],
)
def test_what_an_answer_frees_goes_to_who_waits(
    requests: Requests,
    waiter: Actor,
    clock: Clock,
    begin: Callable[[Requests], Booking],
    act: Act,
    freed: Interval,
) -> None:
    house = requests.house
    booking = begin(requests)
    wait = join(house, (requests.hall, 1), actor=waiter, span=freed)
    act(requests, booking, clock)
    assert statuses(house, wait) == ["offered"]
    made = offer(house, wait)
    assert made.status is BookingStatus.OPTION
    with house.database.read(house.coordinator) as work:
        assert work.session.get_one(CalendarEntry, made.id).status == "tentative"


def test_what_comes_back_early_goes_to_who_waits(house: House, waiter: Actor) -> None:
    chairs = house.make.resource(
        house.phares, house.scic, "Chaises pliantes", quantity=60, hand_over=True
    )
    booking = house.book((chairs, 60), span=Interval(NOW, NOW + timedelta(hours=4)))
    rest = Interval(NOW + timedelta(hours=2), NOW + timedelta(hours=4))
    wait = join(house, (chairs, 50), actor=waiter, span=rest)
    collect(house, booking, part(chairs, 60))
    at(house, 1)
    give_back(house, booking, release=True)
    assert statuses(house, wait) == ["offered"]


def test_what_works_again_goes_to_who_waits(app: Flask, house: House, waiter: Actor) -> None:
    assert "bookings.show" in app.view_functions
    chairs = house.make.resource(house.phares, house.scic, "Chaises pliantes", quantity=60)
    broken = house.database.write(
        house.keeper, holds.open_maintenance, OpenMaintenance(resource_id=chairs.id, quantity=60)
    )
    wait = join(house, (chairs, 50), actor=waiter, span=FIRST)
    house.database.write(
        house.keeper, holds.lift_maintenance, LiftMaintenance(maintenance_id=broken.id)
    )
    assert statuses(house, wait) == ["offered"]
