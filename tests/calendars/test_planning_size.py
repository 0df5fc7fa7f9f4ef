"""A day of two hundred rooms fits in 150 kB, at a constant number of statements."""

from collections.abc import Callable

import sqlalchemy as sa
from flask.testing import FlaskClient

from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.kernel.dates import utc
from tests.calendars.conftest import House


def test_a_day_of_many_rooms_stays_light(
    house: House,
    client: FlaskClient,
    login: Callable[[FlaskClient, Actor], None],
    database: Database,
) -> None:
    seen: list[str] = []

    def see(*args: object) -> None:
        if str(args[2]).startswith("SELECT"):
            seen.append(str(args[2]))

    login(client, house.member)
    client.get("/planning")  # what is kept in memory is there before one counts
    sa.event.listen(database.reading, "before_cursor_execute", see)
    client.get("/planning?date=2027-03-02")
    few = len(seen)
    for number in range(196):
        room = house.make.resource(house.cooperative, house.south, f"Salle {number:03}")
        if number % 2:
            house.publish(house.other, utc(2027, 3, 2, 8), 2, room)
            house.publish(house.other, utc(2027, 3, 2, 12), 2, room)
    client.get("/planning")
    seen.clear()
    answer = client.get("/planning?date=2027-03-02")
    assert answer.text.count('class="plan-name"') == 200
    assert len(seen) == few
    assert len(answer.data) <= 150_000
