"""Series and single bookings at the same instant, in processes: a series is whole or not at all."""

from collections import Counter
from datetime import timedelta

import sqlalchemy as sa

from coopshare.bookings.models import Booking, BookingSeries
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from tests.make import Maker
from tests.races.crew import RIVALS, WON, Attempt, Crew
from tests.races.stored import most_used

WEEKS = 8
RULE = f"FREQ=WEEKLY;COUNT={WEEKS}"


def made(database: Database, actor: Actor) -> tuple[int, list[int]]:
    """Return how many series there are, and how many dates each of them has."""
    with database.read(actor) as work:
        series = work.session.scalars(sa.select(BookingSeries.id)).all()
        rows = work.session.scalars(
            sa.select(Booking.series_id).where(Booking.series_id.is_not(None))
        ).all()
    return len(series), sorted(Counter(rows).values())


def test_series_against_series(crew: Crew, database: Database, make: Maker) -> None:
    """Sixty-four series that begin on different weeks: whoever wins has every date."""
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    room, chairs = make.resource(cooperative, owner), make.resource(cooperative, owner, "Chaises")
    actor = make.actor(cooperative, owner)
    rounds = []
    for number in range(4):
        start = utc(2027, 3, 10, 9) + timedelta(hours=3 * number)
        rivals = []
        for rival in range(RIVALS):
            first = start + timedelta(weeks=rival % 4)
            ways = ((room.id, 1), (chairs.id, 1))
            wanted = ways if rival % 2 else ways[::-1]
            rivals.append(
                Attempt(wanted, first, first + timedelta(hours=2), title="Chorale", rule=RULE)
            )
        rounds.append(rivals)
    found = crew.race(database, actor, rounds)
    assert found == [Counter({"series_blocked": RIVALS - 1, WON: 1})] * 4
    assert made(database, actor) == (4, [WEEKS] * 4)
    assert set(most_used(database).values()) == {1}


def test_series_against_single_bookings(crew: Crew, database: Database, make: Maker) -> None:
    """Half of the rivals want one of the dates of the series: it is never there in part."""
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    room = make.resource(cooperative, owner)
    actor = make.actor(cooperative, owner)
    rounds = []
    for number in range(6):
        start = utc(2027, 3, 10, 9) + timedelta(hours=2 * number)
        rivals = []
        for rival in range(RIVALS):
            week = timedelta(weeks=rival // 2 % WEEKS)
            first = start + (week if rival % 2 else timedelta(0))
            rivals.append(
                Attempt(
                    ((room.id, 1),),
                    first,
                    first + timedelta(hours=2),
                    title="Chorale",
                    rule="" if rival % 2 else RULE,
                )
            )
        rounds.append(rivals)
    found = crew.race(database, actor, rounds)
    words = {word for counter in found for word in counter}
    assert words <= {WON, "series_blocked", "slot_taken"}, found
    assert all(counter[WON] in {1, *range(1, WEEKS + 1)} for counter in found), found
    count, sizes = made(database, actor)
    assert sizes == [WEEKS] * count
    assert most_used(database) == {room.id: 1}
