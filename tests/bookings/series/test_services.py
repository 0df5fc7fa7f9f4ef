"""Series of bookings: made whole or not at all, changed without ever bringing anything back."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from coopshare.bookings import services
from coopshare.bookings.commands import (
    Choice,
    DecideSeries,
    LeaveSeries,
    Line,
    LocalTimes,
    Scope,
)
from coopshare.bookings.errors import (
    AlreadyInASeries,
    NotInASeries,
    SeriesBlocked,
    SeriesRefused,
)
from coopshare.bookings.models import Booking, BookingSeries, BookingStatus
from coopshare.bookings.services import Why
from coopshare.db.work import Work
from coopshare.holds.models import Hold
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Invalid, NotFound
from coopshare.kernel.intervals import Interval
from coopshare.members.models import Cooperative
from tests.bookings.conftest import House
from tests.bookings.series.conftest import TUESDAY, Season, at
from tests.statements import counted

PARIS = ZoneInfo("Europe/Paris")
WEEK = timedelta(days=7)
TUESDAYS = [TUESDAY + n * WEEK for n in range(5)]


def local(booking: Booking) -> tuple[date, int, int]:
    """Return the local day and hours of a booking."""
    start, end = (m.astimezone(PARIS) for m in (booking.starts_at, booking.ends_at))
    return start.date(), start.hour, end.hour


def live_holds(house: House) -> list[tuple[object, object]]:
    """Return the spans that are held."""
    with house.database.read(house.coordinator) as work:
        rows = work.session.scalars(sa.select(Hold).where(Hold.live)).all()
        return sorted((row.starts_at, row.ends_at) for row in rows)


def test_each_date_is_a_booking_of_its_own(season: Season) -> None:
    series = season.book()
    rows = season.rows(series)
    assert [local(row) for row in rows] == [(day, 9, 11) for day in TUESDAYS]
    assert {row.status for row in rows} == {BookingStatus.CONFIRMED}
    assert live_holds(season.house) == [(row.starts_at, row.ends_at) for row in rows]


@pytest.mark.parametrize(
    ("first", "hours", "lengths"),
    [
        (date(2027, 3, 23), (9, 11), [120, 120]),  # clocks go forward on the 28th
        (date(2027, 10, 26), (9, 11), [120, 120]),  # and back on the 31st
    ],
    ids=["march", "october"],
)
def test_the_hour_on_the_wall_is_kept(
    season: Season, first: date, hours: tuple[int, int], lengths: list[int]
) -> None:
    series = season.book(rule="FREQ=WEEKLY;COUNT=2", span=at(first, *hours))
    rows = season.rows(series)
    assert [local(row)[1:] for row in rows] == [hours, hours]
    spans = [Interval(row.starts_at, row.ends_at) for row in rows]
    assert [span.minutes for span in spans] == lengths
    assert spans[1].start - spans[0].start in {WEEK - timedelta(hours=1), WEEK + timedelta(hours=1)}


def test_the_hour_that_does_not_exist_and_the_one_that_is_there_twice(season: Season) -> None:
    nights = LocalTimes(
        first=date(2027, 3, 27), last=date(2027, 3, 27), starts=time(2, 30), ends=time(3, 30)
    )
    series = season.book(rule="FREQ=DAILY;COUNT=2", span=nights)
    forward = season.rows(series)[1]
    assert (forward.starts_at, forward.ends_at) == (
        utc(2027, 3, 28, 1, 30),
        utc(2027, 3, 28, 2, 30),
    )
    nights = LocalTimes(
        first=date(2027, 10, 30), last=date(2027, 10, 30), starts=time(2, 30), ends=time(4)
    )
    series = season.book(rule="FREQ=DAILY;COUNT=2", span=nights)
    back = season.rows(series)[1]
    assert (back.starts_at, back.ends_at) == (utc(2027, 10, 31, 0, 30), utc(2027, 10, 31, 3))


def test_whole_days_stay_whole(season: Season) -> None:
    days = LocalTimes(first=date(2027, 3, 27), last=date(2027, 3, 27), all_day=True)
    series = season.book(rule="FREQ=DAILY;COUNT=2", span=days)
    assert [Interval(r.starts_at, r.ends_at).minutes for r in season.rows(series)] == [1440, 1380]


def test_one_taken_date_refuses_all_and_every_one_is_named(season: Season) -> None:
    house = season.house
    for number in (1, 3):
        day = TUESDAYS[number]
        house.book(actor=house.stranger, span=at(day, 10, 12), title="Rien qui se lise")
    with pytest.raises(SeriesBlocked) as caught:
        season.book()
    dates = caught.value.details["dates"]
    assert isinstance(dates, list)
    assert [one["day"] for one in dates] == [TUESDAYS[1].isoformat(), TUESDAYS[3].isoformat()]
    assert all(one["alternatives"] for one in dates)
    assert "Rien qui se lise" not in str(caught.value.details) + caught.value.say()
    assert season.house.stranger.organisation_name not in caught.value.say()
    assert len(live_holds(house)) == 2
    with house.database.read(house.coordinator) as work:
        assert work.session.scalars(sa.select(BookingSeries)).all() == []


def test_rules_are_named_date_by_date(season: Season) -> None:
    house = season.house
    room = house.make.resource(house.phares, house.scic, "Atelier bois", hours=(8 * 60, 10 * 60))
    with pytest.raises(SeriesRefused) as caught:
        season.book((room, 1))
    dates = caught.value.details["dates"]
    assert isinstance(dates, list)
    assert [one["day"] for one in dates] == [day.isoformat() for day in TUESDAYS]
    rule = {"rule": "outside_opening_hours", "resource_id": str(room.id)}
    assert all(one["rules"] == [rule] for one in dates)


def test_a_choice_for_each_date(season: Season) -> None:
    house = season.house
    for day in TUESDAYS[1:4]:
        house.book(actor=house.stranger, span=at(day, 10, 12))
    other = house.make.resource(house.phares, house.scic, "Mezzanine", capacity=14)
    choices = (
        Choice(day=TUESDAYS[1], skip=True),
        Choice(day=TUESDAYS[2], lines=(Line(resource_id=other.id),)),
        Choice(day=TUESDAYS[3], span=at(TUESDAYS[3], 14, 16)),
    )
    series = season.book(choices=choices)
    rows = season.rows(series)
    assert [row.occurrence for row in rows] == [TUESDAYS[n] for n in (0, 2, 3, 4)]
    assert [row.own_changes for row in rows] == ["", "lines", "span", ""]
    assert rows[1].lines[0].resource_id == other.id
    assert local(rows[2]) == (TUESDAYS[3], 14, 16)
    assert series.skipped == [TUESDAYS[1].isoformat()]


def test_a_plan_shows_every_date_and_writes_nothing(season: Season) -> None:
    house = season.house
    house.book(actor=house.stranger, span=at(TUESDAYS[1], 10, 12))
    command = season.command(choices=(Choice(day=TUESDAYS[0], skip=True),))
    with house.database.read(house.member) as work:
        plan = services.plan_series(work, command)
    assert [one.day for one in plan.dates] == TUESDAYS
    assert [one.why for one in plan.dates] == [Why.CHOSEN, None, None, None, None]
    assert [one.is_refused for one in plan.dates] == [False, True, False, False, False]
    assert plan.dates[1].alternatives != ()
    assert not plan.is_possible


def test_school_holidays_are_left_out(season: Season) -> None:
    house = season.house

    def place(work: Work) -> None:
        cooperative = work.session.get(Cooperative, house.phares.id)
        assert cooperative is not None
        cooperative.school_zone = "C"

    house.database.write(house.coordinator, place)
    series = season.book(
        rule="FREQ=WEEKLY;UNTIL=20270427", span=at(date(2027, 3, 30)), holidays=True
    )
    assert series.skipped == ["2027-04-06", "2027-04-13"]
    days = [row.occurrence for row in season.rows(series)]
    assert days == [date(2027, 3, 30), date(2027, 4, 20), date(2027, 4, 27)]


@pytest.mark.parametrize("count", [3, 50])
def test_as_many_statements_for_fifty_dates_as_for_three(season: Season, count: int) -> None:
    house = season.house
    season.house.book(span=at(TUESDAY - timedelta(days=1), 14, 15))  # the catalogue is in memory
    command = season.command((house.room, 1), (house.chairs, 3), rule=f"FREQ=WEEKLY;COUNT={count}")
    with counted(house.database) as seen:
        series = house.database.write(house.member, services.book_series, command)
    made = len(seen)
    rows = season.rows(series)
    assert len(rows) == count
    with counted(house.database) as seen:
        season.change(rows[1], Scope.ALL, span=at(rows[1].occurrence or TUESDAY, 14, 16))
    changed = len(seen)
    with counted(house.database) as seen:
        season.cancel(rows[1], Scope.ALL)
    is_sqlite = house.database.engine.dialect.name == "sqlite"
    assert (made, changed, len(seen)) == ((11, 24, 20) if is_sqlite else (13, 26, 22))


def test_a_date_outside_the_rule_is_no_choice(season: Season) -> None:
    with pytest.raises(Invalid):
        season.book(choices=(Choice(day=date(2027, 3, 3), skip=True),))


def test_nothing_left_is_refused(season: Season) -> None:
    with pytest.raises(Invalid):
        season.book(choices=[Choice(day=day, skip=True) for day in TUESDAYS])


def test_this_changes_one_and_it_keeps_it(season: Season) -> None:
    rows = season.rows(season.book())
    season.change(rows[1], Scope.THIS, span=at(TUESDAYS[1] + timedelta(days=1), 14, 15))
    season.change(rows[2], Scope.THIS, title="Concert")
    season.change(rows[0], Scope.ALL, span=at(TUESDAYS[0], 10, 12), title="Chœur")
    now = season.rows(season.series_of(rows[0]))
    assert [local(row) for row in now] == [
        (TUESDAYS[0], 10, 12),
        (TUESDAYS[1] + timedelta(days=1), 14, 15),
        *((day, 10, 12) for day in TUESDAYS[2:]),
    ]
    assert [row.title for row in now] == ["Chœur", "Chœur", "Concert", "Chœur", "Chœur"]
    assert [row.id for row in now] == [row.id for row in rows]
    assert [row.own_changes for row in now] == ["", "span", "title", "", ""]


def test_a_single_change_stays_for_the_one_acted_on_only_where_it_is_not_given(
    season: Season,
) -> None:
    rows = season.rows(season.book())
    season.change(rows[2], Scope.THIS, title="Concert", span=at(TUESDAYS[2], 15, 16))
    season.change(rows[2], Scope.ALL, span=at(TUESDAYS[2], 10, 12))
    now = season.rows(season.series_of(rows[2]))
    assert {local(row)[1:] for row in now} == {(10, 12)}
    assert [row.title for row in now] == ["Chorale", "Chorale", "Concert", "Chorale", "Chorale"]
    assert now[2].own_changes == "title"


@pytest.mark.parametrize("scope", [Scope.ALL, Scope.FOLLOWING])
def test_what_was_given_up_never_comes_back(season: Season, scope: Scope) -> None:
    """Bug class 4: neither a cancelled date nor a skipped one, wherever the rule moves."""
    series = season.book(choices=(Choice(day=TUESDAYS[3], skip=True),))
    rows = season.rows(series)
    season.cancel(rows[2], Scope.THIS)
    season.change(rows[0], scope, span=at(TUESDAYS[0] + timedelta(days=1), 9, 11))
    now = season.series_of(rows[0])
    live = [row for row in season.rows(now) if row.status is BookingStatus.CONFIRMED]
    day = timedelta(days=1)
    assert [local(row)[0] for row in live] == [TUESDAYS[n] + day for n in (0, 1, 4)]
    assert now.rule == "FREQ=WEEKLY;COUNT=5"
    assert now.first_day == TUESDAYS[0] + day
    assert now.skipped == [(TUESDAYS[3] + day).isoformat()]
    longer = season.command(rule="FREQ=WEEKLY;COUNT=7").recurrence
    season.change(rows[0], scope, recurrence=longer)
    live = [row for row in season.rows(now) if row.status is BookingStatus.CONFIRMED]
    assert [local(row)[0] for row in live] == [TUESDAY + day + n * WEEK for n in (0, 1, 4, 5, 6)]


def test_following_makes_a_series_of_the_rest(season: Season) -> None:
    series = season.book()
    rows = season.rows(series)
    season.change(rows[2], Scope.FOLLOWING, span=at(TUESDAYS[2], 14, 16))
    before, after = season.rows(series), season.rows(season.series_of(rows[2]))
    assert [local(row) for row in before] == [(day, 9, 11) for day in TUESDAYS[:2]]
    assert [local(row) for row in after] == [(day, 14, 16) for day in TUESDAYS[2:]]
    rest = season.series_of(rows[2])
    assert (rest.split_from, rest.rule, rest.first_day) == (
        series.id,
        "FREQ=WEEKLY;COUNT=3",
        TUESDAYS[2],
    )
    assert season.series_of(rows[0]).rule == "FREQ=WEEKLY;COUNT=2"


def test_a_change_that_cannot_be_changes_nothing(season: Season) -> None:
    house = season.house
    rows = season.rows(season.book())
    house.book(actor=house.stranger, span=at(TUESDAYS[3], 14, 16))
    before = live_holds(house)
    with pytest.raises(SeriesBlocked) as caught:
        season.change(rows[0], Scope.ALL, span=at(TUESDAYS[0], 15, 17), title="Chœur")
    dates = caught.value.details["dates"]
    assert isinstance(dates, list)
    assert [one["day"] for one in dates] == [TUESDAYS[3].isoformat()]
    assert live_holds(house) == before
    assert {row.title for row in season.rows(season.series_of(rows[0]))} == {"Chorale"}
    skip = (Choice(day=TUESDAYS[3], skip=True),)
    season.change(rows[0], Scope.ALL, span=at(TUESDAYS[0], 15, 17), choices=skip)
    assert len([r for r in season.rows(season.series_of(rows[0])) if r.cancelled_at is None]) == 4


def test_dates_may_change_places(season: Season) -> None:
    """Every day moves to the next one: none stands in the way of the other."""
    rows = season.rows(season.book(rule="FREQ=DAILY;COUNT=5"))
    holds = {row.id: season.house.holds(row)[0][0] for row in rows}
    season.change(rows[0], Scope.ALL, span=at(TUESDAY + timedelta(days=1)))
    now = season.rows(season.series_of(rows[0]))
    assert [local(row)[0] for row in now] == [TUESDAY + timedelta(days=n) for n in range(1, 6)]
    assert live_holds(season.house) == [(row.starts_at, row.ends_at) for row in now]
    assert {row.id: season.house.holds(row)[0][0] for row in now} == holds


def test_a_rule_that_no_rule_says_is_refused(season: Season) -> None:
    days = LocalTimes(first=date(2027, 3, 31), last=date(2027, 3, 31), all_day=True)
    rows = season.rows(season.book(rule="FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", span=days))
    with pytest.raises(Invalid):
        season.change(
            rows[0],
            Scope.ALL,
            span=LocalTimes(first=date(2027, 3, 28), last=date(2027, 3, 28), all_day=True),
        )


def test_a_new_rule_keeps_gives_up_and_makes(season: Season) -> None:
    rows = season.rows(season.book())
    season.change(rows[1], Scope.THIS, title="Concert")
    rule = season.command(rule="FREQ=WEEKLY;INTERVAL=2;COUNT=4").recurrence
    season.change(rows[0], Scope.ALL, recurrence=rule)
    now = season.rows(season.series_of(rows[0]))
    live = [row.occurrence for row in now if row.status is BookingStatus.CONFIRMED]
    assert live == [TUESDAY + n * WEEK for n in (0, 1, 2, 4, 6)]  # the second has its own title
    assert {row.id for row in now} >= {row.id for row in rows}


def test_what_is_past_never_changes(season: Season) -> None:
    house = season.house
    rows = season.rows(season.book())
    house.database.clock = lambda: utc(2027, 3, 10, 12)
    season.change(rows[3], Scope.ALL, span=at(TUESDAYS[3] + timedelta(days=2), 9, 11))
    now = season.rows(season.series_of(rows[3]))
    assert [local(row)[0] for row in now] == [
        *TUESDAYS[:2],
        *(day + timedelta(days=2) for day in TUESDAYS[2:]),
    ]
    assert len({row.series_id for row in now}) == 1
    season.cancel(rows[3], Scope.ALL)
    now = season.rows(season.series_of(rows[3]))
    assert [row.status for row in now] == [
        *[BookingStatus.CONFIRMED] * 2,
        *[BookingStatus.CANCELLED] * 3,
    ]


def test_cancelling_this_and_following(season: Season) -> None:
    series = season.book()
    rows = season.rows(series)
    season.cancel(rows[3], Scope.THIS)
    season.cancel(rows[2], Scope.FOLLOWING)
    now = season.rows(series)
    assert [row.status for row in now] == [
        *[BookingStatus.CONFIRMED] * 2,
        *[BookingStatus.CANCELLED] * 3,
    ]
    assert season.series_of(rows[0]).rule == "FREQ=WEEKLY;COUNT=2"
    assert len(live_holds(season.house)) == 2


def test_a_booking_becomes_a_series_and_back(season: Season) -> None:
    house = season.house
    single = house.book(span=at(TUESDAY))
    series = season.make(single, "FREQ=WEEKLY;COUNT=4")
    rows = season.rows(series)
    assert rows[0].id == single.id
    assert [local(row)[0] for row in rows] == TUESDAYS[:4]
    with pytest.raises(AlreadyInASeries):
        season.make(single, "FREQ=WEEKLY;COUNT=4")
    now = season.now(single)
    command = LeaveSeries(booking_id=now.id, version=now.version, cancel_others=True)
    house.database.write(house.member, services.leave_series, command)
    alone = season.now(single)
    assert (alone.series_id, alone.occurrence, alone.status) == (
        None,
        None,
        BookingStatus.CONFIRMED,
    )
    assert {row.status for row in season.rows(series)} == {BookingStatus.CANCELLED}
    with pytest.raises(NotInASeries):
        season.cancel(alone, Scope.ALL)


def test_a_skipped_date_and_a_cancelled_one_can_be_added_again(season: Season) -> None:
    series = season.book(choices=(Choice(day=TUESDAYS[3], skip=True),))
    rows = season.rows(series)
    season.cancel(rows[1], Scope.THIS)
    season.change(rows[0], Scope.ALL, span=at(TUESDAY, 10, 12))
    for day in (TUESDAYS[3], TUESDAYS[1]):
        assert local(season.add(rows[0], day)) == (day, 10, 12)
        with pytest.raises(Invalid):
            season.add(rows[0], day)
    with pytest.raises(Invalid):
        season.add(rows[0], date(2027, 3, 3))
    live = [r for r in season.rows(series) if r.status is BookingStatus.CONFIRMED]
    assert [row.occurrence for row in live] == TUESDAYS
    assert season.series_of(rows[0]).skipped == []


def test_strangers_see_no_series(season: Season) -> None:
    rows = season.rows(season.book())
    with pytest.raises(NotFound):
        season.cancel(rows[0], Scope.ALL, actor=season.house.stranger)


def test_a_series_that_is_in_its_own_way_is_refused(season: Season) -> None:
    long = LocalTimes(first=TUESDAY, last=TUESDAY + timedelta(1), starts=time(9), ends=time(11))
    with pytest.raises(SeriesBlocked):
        season.book(rule="FREQ=DAILY;COUNT=3", span=long)


def test_a_whole_series_waits_and_is_answered_together(season: Season) -> None:
    house = season.house
    room = house.make.resource(house.phares, house.scic, "Studio", needs_approval=True)
    for verb, status in (
        (services.approve_series, BookingStatus.CONFIRMED),
        (services.refuse_series, BookingStatus.REFUSED),
    ):
        rows = season.rows(season.book((room, 1)))
        assert {row.status for row in rows} == {BookingStatus.PENDING}
        season.cancel(rows[1], Scope.THIS)
        command = DecideSeries(booking_id=rows[0].id, version=rows[0].version, reason="Complet")
        house.database.write(house.keeper, verb, command)
        now = season.rows(season.series_of(rows[0]))
        assert [row.status for row in now] == [
            status,
            BookingStatus.CANCELLED,
            *[status] * 3,
        ]
        if status is BookingStatus.CONFIRMED:
            season.cancel(rows[0], Scope.ALL)
    assert live_holds(house) == []
