"""Processes that free, book, wait and lapse at once: in order, nobody skipped or doubled."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from coopshare.bookings import services
from coopshare.bookings.commands import Book, Cancel, Change, Line
from coopshare.bookings.models import Booking, BookingStatus, Wait
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource
from tests.make import Maker
from tests.races.queueing import PROCESSES, Act, Queueing, Round
from tests.races.stored import most_used

ROUNDS = 12
LONG_OVER = utc(2026, 1, 1)
"""Past for the clock of the processes, which is that of the machine."""


@pytest.fixture(scope="module")
def queueing() -> Iterator[Queueing]:
    """Give the four processes."""
    queueing = Queueing()
    yield queueing
    queueing.stop()


@dataclass
class Place:
    """A room, ten chairs, and members of organisations of their own."""

    database: Database
    room: Resource
    chairs: Resource
    people: list[Actor]

    def command(self, who: int, number: int, *wanted: tuple[Resource, int], **hours: int) -> Book:
        """Return what somebody asks for in a round: each round has its day."""
        day = utc(2027, 3, 10) + timedelta(days=number)
        organisation_id = self.people[who].organisation_id
        assert organisation_id is not None
        return Book(
            organisation_id=organisation_id,
            title=f"{who}",
            lines=tuple(Line(resource_id=r.id, quantity=n) for r, n in wanted),
            span=Interval(
                day + timedelta(hours=hours.get("start", 9)),
                day + timedelta(hours=hours.get("end", 11)),
            ),
        )

    def book(self, who: int, number: int, *wanted: tuple[Resource, int], **hours: int) -> Booking:
        command = self.command(who, number, *wanted, **hours)
        return self.database.write(self.people[who], services.book, command)

    def join(self, who: int, number: int, *wanted: tuple[Resource, int], **hours: int) -> Wait:
        command = self.command(who, number, *wanted, **hours)
        return self.database.write(self.people[who], services.join, command)

    def cancels(self, who: int, booking: Booking) -> Act:
        command = Cancel(booking_id=booking.id, version=booking.version)
        return Act("cancel", self.people[who], command)

    def statuses(self, waits: list[Wait]) -> list[str]:
        with self.database.read(self.people[0]) as work:
            found = {w.id: str(w.status) for w in work.session.scalars(sa.select(Wait))}
        return [found[wait.id] for wait in waits]

    def doubled(self) -> list[Any]:
        """Return the options that no place in a list has, or that two have."""
        with self.database.read(self.people[0]) as work:
            options = work.session.scalars(
                sa.select(Booking.id).where(Booking.status == BookingStatus.OPTION)
            ).all()
            given = Counter(
                work.session.scalars(sa.select(Wait.booking_id).where(Wait.status == "offered"))
            )
        return [key for key in {*options, *given} if given[key] != 1 or key not in options]


@pytest.fixture
def place(database: Database, make: Maker) -> Place:
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    others = [make.organisation(cooperative, f"Organisation {n}") for n in range(5)]
    return Place(
        database,
        make.resource(cooperative, owner),
        make.resource(cooperative, owner, "Chaises", quantity=10),
        [make.actor(cooperative, one) for one in others],
    )


def test_two_cancellations_that_only_suit_together(queueing: Queueing, place: Place) -> None:
    """The room by one, the chairs by another: whoever waits for both is never forgotten."""
    waits: list[Wait] = []
    rounds: list[Round] = []
    for n in range(ROUNDS):
        room = place.book(0, n, (place.room, 1))
        chairs = place.book(1, n, (place.chairs, 10))
        waits.append(place.join(2, n, (place.room, 1), (place.chairs, 6)))
        rounds.append((place.cancels(0, room), place.cancels(1, chairs)))
    found = queueing.race(place.database, rounds)
    assert found == [["cancel", "cancel", "idle", "idle"]] * ROUNDS
    assert place.statuses(waits) == ["offered"] * ROUNDS
    assert place.doubled() == []


def test_two_cancellations_and_three_who_wait(queueing: Queueing, place: Place) -> None:
    """Two halves of a morning are freed at once: each is offered once, to who fits in it."""
    waits: list[Wait] = []
    rounds: list[Round] = []
    for n in range(ROUNDS):
        early = place.book(0, n, (place.room, 1), start=9, end=10)
        late = place.book(1, n, (place.room, 1), start=10, end=11)
        waits.append(place.join(2, n, (place.room, 1), start=9, end=11))
        waits.append(place.join(3, n, (place.room, 1), start=9, end=10))
        waits.append(place.join(4, n, (place.room, 1), start=10, end=11))
        rounds.append((place.cancels(0, early), place.cancels(1, late)))
    found = queueing.race(place.database, rounds)
    assert found == [["cancel", "cancel", "idle", "idle"]] * ROUNDS
    assert place.statuses(waits) == ["waiting", "offered", "offered"] * ROUNDS
    assert place.doubled() == []
    assert most_used(place.database)[place.room.id] == 1


def test_nobody_jumps_the_queue(queueing: Queueing, place: Place) -> None:
    """A cancellation, and others who book the same slot at that instant: the first has it."""
    waits: list[Wait] = []
    rounds: list[Round] = []
    for n in range(ROUNDS):
        booking = place.book(0, n, (place.room, 1))
        waits += [place.join(1, n, (place.room, 1)), place.join(2, n, (place.room, 1))]
        rivals = [
            Act("book", place.people[who], place.command(who, n, (place.room, 1)))
            for who in (0, 3, 4)
        ]
        rounds.append((place.cancels(0, booking), *rivals))
    found = queueing.race(place.database, rounds)
    assert found == [["cancel", *["slot_taken"] * 3]] * ROUNDS
    assert place.statuses(waits) == ["offered", "waiting"] * ROUNDS
    assert place.doubled() == []


def test_joining_while_it_is_freed(queueing: Queueing, place: Place) -> None:
    """Who joins at that instant is offered it, or is told that it is free: never left waiting."""
    rounds: list[Round] = []
    for n in range(ROUNDS):
        booking = place.book(0, n, (place.room, 1))
        joins = [
            Act("join", place.people[who], place.command(who, n, (place.room, 1)))
            for who in (1, 2, 3)
        ]
        rounds.append((place.cancels(0, booking), *joins))
    found = queueing.race(place.database, rounds)
    with place.database.read(place.people[0]) as work:
        days = work.session.execute(
            sa.select(Wait.starts_at, Wait.status).order_by(Wait.starts_at, Wait.position)
        ).all()
    by_day: dict[Any, list[str]] = {}
    for starts_at, status in days:
        by_day.setdefault(starts_at, []).append(str(status))
    for statuses in by_day.values():
        assert statuses == ["offered", *["waiting"] * (len(statuses) - 1)]
    for words in found:
        assert words[0] == "cancel"
        assert set(words[1:]) <= {"join", "slot_is_free"}
        assert "join" not in words[1:] or by_day
    joined = sum(words.count("join") for words in found)
    assert joined == sum(len(statuses) for statuses in by_day.values())
    assert place.doubled() == []


def test_an_offer_that_lapses_while_it_is_answered(queueing: Queueing, place: Place) -> None:
    """Two workers end it, its owner lets it pass or accepts: it ends once, the next one has it."""
    waits: list[Wait] = []
    rounds: list[Round] = []
    for n in range(ROUNDS):
        booking = place.book(0, n, (place.room, 1))
        first, second = place.join(1, n, (place.room, 1)), place.join(2, n, (place.room, 1))
        place.database.write(place.people[0], services.cancel, place.cancels(0, booking).given)

        def overdue(work: Work, wait_id: Any = first.id) -> Any:
            option = work.session.get_one(Booking, work.session.get_one(Wait, wait_id).booking_id)
            option.lapses_at = LONG_OVER
            return option.id

        option_id = place.database.write(place.people[0], overdue)
        worker = Act("lapse", Actor(door="worker", cooperative_id=first.cooperative_id), option_id)
        answer = Act("leave" if n % 2 else "accept", place.people[1], first.id)
        rounds.append((worker, worker, answer, answer))
        waits += [first, second]
    found = queueing.race(place.database, rounds)
    said = {word for words in found for word in words}
    assert said <= {
        "lapse",
        "leave",
        "version_mismatch",
        "wait_is_over",
        "already_lapsed",
        "already_cancelled",
    }, found
    firsts, seconds = place.statuses(waits)[::2], place.statuses(waits)[1::2]
    assert set(firsts) <= {"missed", "declined"}
    assert seconds == ["offered"] * ROUNDS
    assert place.doubled() == []
    assert most_used(place.database)[place.room.id] == 1


def test_a_cancellation_while_an_offer_lapses(queueing: Queueing, place: Place) -> None:
    """The chairs of one are given back while an offer of some lapses: both go on, in order."""
    waits: list[Wait] = []
    rounds: list[Round] = []
    for n in range(ROUNDS):
        big = place.book(0, n, (place.chairs, 6))
        small = place.book(1, n, (place.chairs, 4))
        first = place.join(2, n, (place.chairs, 4))
        place.database.write(place.people[1], services.cancel, place.cancels(1, small).given)
        wide = place.join(3, n, (place.chairs, 10))
        next_one = place.join(4, n, (place.chairs, 3))

        def overdue(work: Work, wait_id: Any = first.id) -> Any:
            option = work.session.get_one(Booking, work.session.get_one(Wait, wait_id).booking_id)
            option.lapses_at = LONG_OVER
            return option.id

        option_id = place.database.write(place.people[0], overdue)
        worker = Act("lapse", Actor(door="worker", cooperative_id=first.cooperative_id), option_id)
        fewer = Change(
            booking_id=big.id,
            version=big.version,
            lines=(Line(resource_id=place.chairs.id, quantity=2),),
        )
        rounds.append((worker, Act("change", place.people[0], fewer)))
        waits += [first, wide, next_one]
    found = queueing.race(place.database, rounds)
    assert found == [["lapse", "change", "idle", "idle"]] * ROUNDS
    assert place.statuses(waits) == ["missed", "waiting", "offered"] * ROUNDS
    assert place.doubled() == []
    assert most_used(place.database)[place.chairs.id] <= 10
    assert len(queueing.processes) == PROCESSES
