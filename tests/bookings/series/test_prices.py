"""Each date of a series has its price; quotas are counted date after date, in one unit."""

import pytest
import sqlalchemy as sa

from coopshare.bookings import queries
from coopshare.bookings.commands import Scope
from coopshare.bookings.errors import PriceNotSeen, SeriesRefused
from coopshare.bookings.models import Booking, BookingCharge
from coopshare.resources.kinds import QuotaMeasure, TariffUnit
from tests.bookings.series.conftest import TUESDAY, Season, at
from tests.bookings.series.test_services import TUESDAYS
from tests.bookings.test_quotas import quota, tariff
from tests.statements import counted


def frozen(season: Season, rows: list[Booking]) -> list[int]:
    """Return the frozen sum of each booking, as its charges have it."""
    with season.house.database.read(season.house.coordinator) as work:
        charges = queries.charges_of(work, rows)
        return [sum(charge.cents for charge in charges[row.id]) for row in rows]


def test_each_date_is_priced_and_priced_again(season: Season) -> None:
    house = season.house
    tariff(house, house.room, 1000)
    series = season.book(seen_cents=10_000)
    rows = season.rows(series)
    assert [row.price_cents for row in rows] == [2000] * 5
    assert frozen(season, rows) == [2000] * 5
    season.change(rows[2], Scope.FOLLOWING, span=at(TUESDAYS[2], 9, 12))
    now = [season.now(row) for row in rows]
    assert [row.price_cents for row in now] == [2000, 2000, 3000, 3000, 3000]
    assert frozen(season, now) == [2000, 2000, 3000, 3000, 3000]
    season.cancel(rows[0], Scope.ALL)
    now = [season.now(row) for row in rows]
    assert frozen(season, now) == [0, 0, 3000, 3000, 3000]
    with house.database.read(house.coordinator) as work:
        ids = set(work.session.scalars(sa.select(BookingCharge.booking_id)))
    assert ids == {row.id for row in rows[2:]}


def test_a_price_that_was_seen_is_that_of_all_dates(season: Season) -> None:
    tariff(season.house, season.house.room, 1000)
    with pytest.raises(PriceNotSeen):
        season.book(seen_cents=2000)


def test_a_quota_is_counted_through_the_dates(season: Season) -> None:
    """Eight hours a month: the fifth Tuesday of March is one too many, and it is named."""
    house = season.house
    quota(house, amount=480)
    with pytest.raises(SeriesRefused) as caught:
        season.book()
    dates = caught.value.details["dates"]
    assert isinstance(dates, list)
    assert [one["day"] for one in dates] == [TUESDAYS[4].isoformat()]
    assert [one["rule"] for one in dates[0]["rules"]] == ["quota_reached"]
    season.book(rule="FREQ=WEEKLY;COUNT=4")


def test_what_is_free_goes_to_the_first_dates(season: Season) -> None:
    house = season.house
    tariff(house, house.room, 1000)
    quota(house, is_free=True, amount=300, measure=QuotaMeasure.HOURS)
    rows = season.rows(season.book())
    assert [row.price_cents for row in rows] == [0, 0, 1000, 2000, 2000]


def test_prices_cost_no_statement_for_each_date(season: Season) -> None:
    house = season.house
    tariff(house, house.room, 1000, unit=TariffUnit.HOUR)
    quota(house, amount=60_000)
    house.book(span=at(TUESDAY, 14, 15))
    seen = []
    for count, hour in ((3, 8), (50, 16)):
        with counted(house.database) as made:
            span = at(TUESDAY, hour, hour + 2)
            series = season.book(rule=f"FREQ=WEEKLY;COUNT={count}", span=span)
        rows = season.rows(series)
        with counted(house.database) as changed:
            span = at(rows[1].occurrence or TUESDAY, hour + 1, hour + 3)
            season.change(rows[1], Scope.ALL, span=span)
        with counted(house.database) as ended:
            season.cancel(rows[1], Scope.ALL)
        seen.append((len(made), len(changed), len(ended)))
    assert seen[0] == seen[1]
