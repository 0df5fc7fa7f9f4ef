"""Sixty-four rivals in four processes: nobody is ever told yes twice, and nobody gets a crash."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from coopshare.db.work import Database
from coopshare.kernel.dates import utc
from tests.make import Maker
from tests.races.crew import RIVALS, WON, Attempt, Crew
from tests.races.stored import most_used

ROUNDS = 20


def slot(number: int) -> tuple[datetime, datetime]:
    """Return two hours of a day of their own for each round."""
    start = utc(2027, 3, 10, 9) + timedelta(days=number)
    return start, start + timedelta(hours=2)


@pytest.mark.parametrize("raw", [False, True], ids=["service", "sql"])
def test_one_slot(crew: Crew, database: Database, make: Maker, *, raw: bool) -> None:
    """One winner per round, everybody else gets one clean refusal."""
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    room = make.resource(cooperative, owner)
    rounds = [[Attempt(((room.id, 1),), *slot(n), raw=raw)] * RIVALS for n in range(ROUNDS)]
    found = crew.race(database, make.actor(cooperative, owner), rounds)
    refused = "guard" if raw else "slot_taken"
    assert found == [Counter({refused: RIVALS - 1, WON: 1})] * ROUNDS
    assert most_used(database) == {room.id: 1}


def test_ten_of_them(crew: Crew, database: Database, make: Maker) -> None:
    """Of ten chairs, ten are had, one by one: the eleventh is refused."""
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    chairs = make.resource(cooperative, owner, "Chaises", quantity=10)
    rounds = [[Attempt(((chairs.id, 1),), *slot(n))] * RIVALS for n in range(ROUNDS)]
    found = crew.race(database, make.actor(cooperative, owner), rounds)
    assert found == [Counter({"slot_taken": RIVALS - 10, WON: 10})] * ROUNDS
    assert most_used(database) == {chairs.id: 10}


def test_overlapping_spans(crew: Crew, database: Database, make: Maker) -> None:
    """Spans that overlap without being the same: what was kept never overlaps."""
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    room = make.resource(cooperative, owner, preparation_after=30)
    rounds = []
    for number in range(5):
        start, _ = slot(number)
        starts = [start + timedelta(minutes=15 * (rival % 16)) for rival in range(RIVALS)]
        rounds.append(
            [Attempt(((room.id, 1),), one, one + timedelta(minutes=60)) for one in starts]
        )
    found = crew.race(database, make.actor(cooperative, owner), rounds)
    assert {word for counter in found for word in counter} == {WON, "slot_taken"}
    assert all(1 <= counter[WON] <= 3 for counter in found), found
    assert most_used(database) == {room.id: 1}


def test_several_in_opposite_orders(crew: Crew, database: Database, make: Maker) -> None:
    """A hall, its parts, chairs and a technician, in every order: no deadlock, all or nothing."""
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    hall, left, right, chairs, technician = (
        make.resource(cooperative, owner, name, quantity=quantity)
        for name, quantity in (
            ("Grande salle", 1),
            ("A", 1),
            ("B", 1),
            ("Chaises", 10),
            ("Sam", 1),
        )
    )
    make.part(hall, left)
    make.part(hall, right)
    ways = (
        ((hall.id, 1), (chairs.id, 6)),
        ((technician.id, 1), (left.id, 1), (chairs.id, 4)),
        ((chairs.id, 4), (right.id, 1)),
        ((right.id, 1), (technician.id, 1), (left.id, 1)),
    )
    rounds = [[Attempt(ways[rival % 4], *slot(n)) for rival in range(RIVALS)] for n in range(5)]
    found = crew.race(database, make.actor(cooperative, owner), rounds)
    assert {word for counter in found for word in counter} == {WON, "slot_taken"}
    assert all(counter[WON] in {1, 2} for counter in found), found
    used = most_used(database)
    assert used.pop(chairs.id) <= 10
    assert set(used.values()) == {1}
