"""One set of busy periods, whichever door asks: the address for calendars and the JSON API."""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from coopshare.bookings import services as bookings
from coopshare.bookings.commands import Book, Cancel, Line
from coopshare.calendars import services
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.feeds import window
from coopshare.calendars.lines import unfolded
from coopshare.calendars.models import FeedDetail, FeedKind
from coopshare.db.work import Database, Work
from coopshare.holds.errors import SlotTaken
from coopshare.holds.models import HoldSource
from coopshare.holds.services import Close, Wanted, close, hold, lift
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Refused
from coopshare.kernel.intervals import Interval, merged
from coopshare.members.models import Cooperative, Organisation
from coopshare.resources.models import ClosedDay, Resource
from tests.conftest import NOW
from tests.make import Maker

DAYS = 400
"""The longest window the API answers."""


@dataclass
class House:
    """Resources of every sort, and someone who books and closes them."""

    database: Database
    client: FlaskClient
    actor: Actor
    place: Cooperative
    other: Organisation
    resources: list[Resource]

    def told(self, resource: Resource) -> dict[str, list[Interval]]:
        """Return the periods of the free/busy address, by type, within what the API answers."""
        command = CreateFeed(kind=FeedKind.RESOURCE, detail=FeedDetail.BUSY, target_id=resource.id)
        feed, token = self.database.write(self.actor, services.create_feed, command)
        answer = self.client.get(f"/ical/{token}/{feed.slug}.ifb")
        assert answer.status_code == 200
        found: dict[str, list[Interval]] = {"BUSY": [], "BUSY-TENTATIVE": [],
                                            "BUSY-UNAVAILABLE": []}  # fmt: skip
        for line in unfolded(answer.data):
            if line.startswith("FREEBUSY;FBTYPE="):
                kind, _, said = line.removeprefix("FREEBUSY;FBTYPE=").partition(":")
                for period in said.split(","):
                    start, end = (
                        datetime.strptime(f"{edge}+0000", "%Y%m%dT%H%M%SZ%z")
                        for edge in period.split("/")
                    )
                    part = Interval(start, end).clipped(self.window)
                    found[kind] += [part] if part is not None else []
        return found

    @property
    def window(self) -> Interval:
        """Return what both doors can be asked of."""
        start = window(NOW.date()).start
        return Interval(start, start + timedelta(days=DAYS))

    def answered(self, resource: Resource) -> tuple[list[Interval], list[Interval]]:
        """Return what the API says is busy, and closed."""
        answer = self.client.get(
            f"/api/v1/resources/{resource.id}/busy",
            query_string={"from": self.window.start.isoformat(),
                          "to": self.window.end.isoformat()},
        )  # fmt: skip
        assert answer.json is not None
        busy, closed = (
            [
                Interval(*(datetime.fromisoformat(one[edge]) for edge in ("starts_at", "ends_at")))
                for one in answer.json[name]
            ]
            for name in ("busy", "closed")
        )
        return busy, closed


@pytest.fixture
def house(
    database: Database,
    make: Maker,
    client: FlaskClient,
    login: Callable[[FlaskClient, Actor], None],
) -> House:
    place = make.cooperative()
    scic = make.organisation(place, "SCIC Le Phares")
    other = make.organisation(place, "Atelier Nord")
    actor = make.actor(place, scic, Role.MEMBER, Role.RESOURCE_MANAGER)
    hall = make.resource(place, scic, "Grande salle", preparation_before=30)
    left = make.resource(
        place, scic, "Salle A", hours=(480, 1200), preparation_after=15, closed_on_holidays=True
    )
    right = make.resource(place, scic, "Salle B", needs_approval=True)
    chairs = make.resource(place, scic, "Chaises", kind="equipment", quantity=3)
    make.part(hall, left)
    make.part(hall, right)
    make.keep(ClosedDay(day=NOW.date() + timedelta(days=10), reason="Pont", created_at=NOW),
              place.id)  # fmt: skip
    login(client, actor)
    return House(database, client, actor, place, other, [hall, left, right, chairs])


def fill(house: House, make: Maker, seed: int) -> dict[str, list[Interval]]:
    """Book, ask, cancel, close and lift at random; return the closures that stand, by name."""
    chance = random.Random(seed)  # noqa: S311 - the same examples each time
    other = house.other
    member = make.actor(house.place, other)
    closures: dict[str, list[Interval]] = {}
    for _ in range(60):
        start = utc(2027, 3, 2) + timedelta(minutes=30 * chance.randrange(48 * 20))
        span = Interval(start, start + timedelta(minutes=30 * chance.randint(1, 12)))
        resource = chance.choice(house.resources)
        with suppress(SlotTaken, Refused):
            if chance.random() < 0.15:
                command = Close(resource_ids=(resource.id,), span=span,
                                timezone="Europe/Paris", reason="Travaux")  # fmt: skip
                closure = house.database.write(house.actor, close, command)
                if chance.random() < 0.3:
                    house.database.write(house.actor, lift, closure.id)
                else:
                    closures.setdefault(resource.name, []).append(span)
                continue
            booking = house.database.write(
                member,
                bookings.book,
                Book(
                    organisation_id=other.id,
                    title="Essai",
                    lines=(Line(resource_id=resource.id, quantity=1),),
                    span=span,
                ),
            )
            if chance.random() < 0.2:
                gone = Cancel(booking_id=booking.id, version=booking.version, reason="")
                house.database.write(member, bookings.cancel, gone)
    return closures


@pytest.mark.parametrize("seed", range(4))
def test_the_address_and_the_api_tell_the_same_periods(
    house: House, make: Maker, seed: int
) -> None:
    closures = fill(house, make, seed)
    hall, left, right, chairs = house.resources
    closing = {
        one.name: [span for name in names for span in closures.get(name, [])]
        for one, names in (
            (hall, ("Grande salle", "Salle A", "Salle B")),
            (left, ("Grande salle", "Salle A")),
            (right, ("Grande salle", "Salle B")),
            (chairs, ("Chaises",)),
        )
    }
    sorts = set()
    for resource in house.resources:
        told = house.told(resource)
        busy, closed = house.answered(resource)
        sorts |= {kind for kind, periods in told.items() if periods}
        everything = [period for periods in told.values() for period in periods]
        assert sum(len(periods) for periods in told.values()) == len(set(everything))
        assert merged(everything) == merged([*busy, *closed])
        taken = [*told["BUSY"], *told["BUSY-TENTATIVE"]]
        assert merged([*taken, *closing[resource.name]]) == busy
    assert sorts == {"BUSY", "BUSY-TENTATIVE", "BUSY-UNAVAILABLE"}


def test_holidays_and_closed_days_are_closed_through_both_doors(house: House) -> None:
    """Easter Monday 2027 and the bridge the cooperative added close what closes on holidays."""
    _, left, right, _ = house.resources
    for day in (utc(2027, 3, 29), utc(2027, 3, 11)):
        whole = Interval(day, day + timedelta(hours=20))
        for resource, shuts in ((left, True), (right, False)):
            told, (_, closed) = house.told(resource), house.answered(resource)
            for periods in (told["BUSY-UNAVAILABLE"], closed):
                assert any(period.contains(whole) for period in periods) is shuts


def test_part_of_a_quantity_leaves_it_free(house: House) -> None:
    chairs = house.resources[3]

    def take(work: Work, quantity: int) -> None:
        hold(work, [work.session.get_one(Resource, chairs.id)], [Wanted(chairs.id, quantity)],
             Interval(utc(2027, 3, 10, 9), utc(2027, 3, 10, 10)),
             source_kind=HoldSource.BOOKING, source_id=uuid4())  # fmt: skip

    house.database.write(house.actor, take, 2)
    assert (house.told(chairs)["BUSY"], house.answered(chairs)[0]) == ([], [])
    house.database.write(house.actor, take, 1)
    full = [Interval(utc(2027, 3, 10, 9), utc(2027, 3, 10, 10))]
    assert (house.told(chairs)["BUSY"], house.answered(chairs)[0]) == (full, full)
