"""What a series gives back goes to who waits for it, in the very unit that gives it back."""

from datetime import timedelta

from coopshare.bookings.commands import Scope
from coopshare.bookings.models import Wait
from tests.bookings.conftest import House
from tests.bookings.series.conftest import TUESDAY, Season, at
from tests.bookings.test_waiting import join, statuses


def waits(season: Season, house: House) -> list[Wait]:
    """Return a place for each of three Tuesdays, the second one twice."""
    days = [TUESDAY + timedelta(weeks=n) for n in (0, 1, 2)]
    found = [join(house, span=at(day)) for day in days]
    assert season.house is house
    return [*found, join(house, actor=house.colleague, span=at(days[1]))]


def test_the_dates_that_are_given_up(season: Season, house: House) -> None:
    series = season.book()
    first, second, third, behind = waits(season, house)
    rows = season.rows(series)
    season.cancel(rows[1], Scope.FOLLOWING)
    assert statuses(house, first, second, third, behind) == [
        "waiting",
        "offered",
        "offered",
        "waiting",
    ]


def test_the_dates_that_are_moved(season: Season, house: House) -> None:
    series = season.book()
    first, second, third, behind = waits(season, house)
    rows = season.rows(series)
    season.change(rows[0], Scope.ALL, span=at(TUESDAY, 14, 16))
    assert statuses(house, first, second, third, behind) == [
        "offered",
        "offered",
        "offered",
        "waiting",
    ]


def test_a_change_of_words_offers_nothing(season: Season, house: House) -> None:
    series = season.book()
    places = waits(season, house)
    season.change(season.rows(series)[0], Scope.ALL, title="Chorale du mardi")
    assert statuses(house, *places) == ["waiting"] * 4
