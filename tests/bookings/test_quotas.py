"""Prices are frozen with bookings and quotas are counted at the write, on both engines."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from coopshare.bookings import queries, services
from coopshare.bookings.charges import frozen
from coopshare.bookings.commands import (
    BookSeries,
    CancelSeries,
    ChangeSeries,
    Recurrence,
    Scope,
)
from coopshare.bookings.errors import PriceNotSeen, QuotaReached, SeriesRefused
from coopshare.bookings.models import Booking, BookingCharge
from coopshare.bookings.queries import BookingFilter
from coopshare.bookings.quotas import Period, period_of
from coopshare.bookings.services.examining import asked
from coopshare.db.work import Work
from coopshare.kernel.actor import Role
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.kernel.recurrence import parse
from coopshare.members.kinds import Standing
from coopshare.resources.kinds import (
    QuotaHolder,
    QuotaMeasure,
    QuotaPeriod,
    ResourceKind,
    TariffUnit,
)
from coopshare.resources.models import Quota, Resource, Tariff
from tests.bookings.conftest import House, hours
from tests.conftest import Clock
from tests.make import LONG_AGO
from tests.statements import counted


def tariff(house: House, resource: Resource, cents: int, **fields: Any) -> None:
    """Store a price by the hour for everybody."""
    values: dict[str, Any] = {"position": 0, "unit": TariffUnit.HOUR, "cents": cents}
    row = Tariff(resource_id=resource.id, **(values | fields))
    house.make.keep(row, house.phares.id)


def quota(house: House, **fields: Any) -> Quota:
    """Store a limit of four hours a month for each organisation on everything."""
    values: dict[str, Any] = {
        "name": "Salles du mois",
        "is_free": False,
        "measure": QuotaMeasure.HOURS,
        "amount": 240,
        "period": QuotaPeriod.MONTH,
        "holder": QuotaHolder.ORGANISATION,
        "created_at": LONG_AGO,
        "changed_at": LONG_AGO,
    }
    return house.make.keep(Quota(**(values | fields)), house.phares.id)


def kept(house: House, booking: Booking) -> tuple[int | None, list[tuple[str, int, int]]]:
    """Return what is frozen of a booking: its sum, and (kind, units, cents) of each line."""
    with house.database.read(house.coordinator) as work:
        found = queries.get(work, booking.id)
        lines = [frozen(row) for row in queries.charges_of(work, [found])[found.id]]
        return found.price_cents, [(c.kind.value, c.units, c.cents) for c in lines]


@pytest.mark.parametrize(
    ("period", "day", "expected"),
    [
        (QuotaPeriod.WEEK, date(2027, 3, 10), Period(date(2027, 3, 8), date(2027, 3, 14))),
        (QuotaPeriod.MONTH, date(2027, 12, 31), Period(date(2027, 12, 1), date(2027, 12, 31))),
        (QuotaPeriod.SEASON, date(2027, 6, 30), Period(date(2026, 9, 1), date(2027, 6, 30))),
        (QuotaPeriod.SEASON, date(2027, 7, 1), None),
    ],
)
def test_periods(period: QuotaPeriod, day: date, expected: Period | None) -> None:
    """Weeks begin on Monday, months on the first, seasons hold both their days."""
    row = Quota(period=period, first_day=date(2026, 9, 1), last_day=date(2027, 6, 30))
    assert period_of(row, day) == expected


def test_a_price_is_frozen_and_follows_changes(house: House) -> None:
    """What a booking costs stays, whatever tariffs become; a change prices it again."""
    tariff(house, house.room, 2500)
    booking = house.book()
    assert kept(house, booking) == (5000, [("use", 120, 5000)])
    tariff(house, house.room, 1000, position=1)
    booking = house.change(booking, title="Autre titre")
    assert kept(house, booking) == (5000, [("use", 120, 5000)])
    booking = house.change(booking, span=hours(9, 12))
    assert kept(house, booking) == (3000, [("use", 180, 3000)])
    house.cancel(booking)
    assert kept(house, booking) == (None, [])


def test_nothing_priced_costs_nothing_more(house: House) -> None:
    """Without tariff nor quota a booking takes no statement more; with both, four."""
    house.book(span=hours(6, 7))
    with counted(house.database) as plain:
        booking = house.book(span=hours(9, 10))
    assert kept(house, booking) == (None, [])
    assert not [s for s in plain if "quota" in s or "charges" in s]
    tariff(house, house.room, 2500)
    quota(house)
    quota(house, is_free=True, amount=60)
    house.book(span=hours(11, 12))
    with counted(house.database) as priced:
        house.book(span=hours(13, 14))
    is_locked = house.database.engine.dialect.name == "postgresql"
    assert len(priced) - len(plain) == 3 + is_locked


def test_standings_have_their_prices(house: House) -> None:
    """A line of a standing comes before that of everybody."""
    tariff(house, house.room, 2500)
    tariff(house, house.room, 0, position=1, standing=Standing.ASSOCIATE)
    assert kept(house, house.book()) == (0, [("use", 120, 0)])
    stranger = house.book(actor=house.stranger, span=hours(12, 13))
    assert kept(house, stranger) == (2500, [("use", 60, 2500)])


def test_free_within_a_quota_then_paid(house: House) -> None:
    """Three hours a month are free for the organisation; what is cancelled is free again."""
    tariff(house, house.room, 2500)
    quota(house, is_free=True, amount=180, kind=ResourceKind.PLACE)
    first = house.book()
    assert kept(house, first) == (0, [("free_quota", 120, 0)])
    second = house.book(actor=house.colleague, span=hours(12, 14))
    assert kept(house, second) == (2500, [("free_quota", 60, 0), ("use", 60, 2500)])
    april = Interval(utc(2027, 4, 1, 9), utc(2027, 4, 1, 10))
    assert kept(house, house.book(span=april)) == (0, [("free_quota", 60, 0)])
    house.cancel(first)
    third = house.book(span=hours(15, 17))
    assert kept(house, third) == (0, [("free_quota", 120, 0)])
    assert kept(house, house.change(third, span=hours(15, 16))) == (0, [("free_quota", 60, 0)])


def test_a_limit_says_what_is_used_and_when_it_starts_again(house: House) -> None:
    """The refusal names the rule; two hours fit again next month, and after a cancellation."""
    rule = quota(house)
    first = house.book()
    with pytest.raises(QuotaReached) as refused:
        house.book(actor=house.colleague, span=hours(12, 15))
    error = refused.value
    assert error.say() == (
        "La limite « Salles du mois » serait dépassée : 2 h sur 4 h du lundi 1er\u00a0mars"
        " au mercredi 31\u00a0mars pour Atelier Nord, et cette réservation en demande 3 h."
        " Il reste 2 h. Le compte repart de zéro le jeudi 1er\u00a0avril."
    ).replace(" h", "\u202fh")
    assert {k: error.details[k] for k in ("quota_id", "used", "asked", "starts_again")} == {
        "quota_id": str(rule.id),
        "used": 120,
        "asked": 180,
        "starts_again": "2027-04-01",
    }
    house.book(actor=house.stranger, span=hours(12, 15))
    house.cancel(first)
    house.book(span=hours(8, 11))


def test_what_a_changed_booking_had_is_no_obstacle(house: House) -> None:
    """A booking over a new limit may be shortened or moved, not lengthened."""
    booking = house.book(span=hours(9, 15))
    quota(house)
    booking = house.change(booking, span=hours(9, 14))
    booking = house.change(booking, span=hours(10, 15))
    with pytest.raises(QuotaReached):
        house.change(booking, span=hours(10, 16))


def test_a_limit_of_bookings_for_each_person(house: House) -> None:
    """Two bookings a week for one person; a colleague has two of their own."""
    quota(
        house,
        holder=QuotaHolder.PERSON,
        measure=QuotaMeasure.BOOKINGS,
        period=QuotaPeriod.WEEK,
        amount=2,
        resource_id=house.room.id,
    )
    house.book(span=hours(8, 9))
    house.book(span=hours(9, 10))
    with pytest.raises(QuotaReached):
        house.book(span=hours(10, 11))
    house.book((house.chairs, 1), span=hours(10, 11))
    house.book(actor=house.colleague, span=hours(10, 11))
    house.book(span=hours(8, 9, day=16))


def test_quotas_are_counted_through_a_series(house: House) -> None:
    """Five dates of two hours: three free hours a month, a limit of eight."""
    tariff(house, house.room, 1000)
    quota(house, is_free=True, amount=180)
    quota(house, amount=480)

    def price_all(work: Work) -> list[tuple[int | None, int]]:
        wanted = [
            asked(
                work,
                organisation_id=house.atelier.id,
                lines=house.command().lines,
                times=hours(9, 11, day=day),
            )
            for day in (2, 9, 16, 23, 30)
        ]
        found = services.prices(work, wanted, person_id=house.member.person_id, is_final=True)
        return [(one.cents, len(one.refusals)) for one in found]

    expected = [(0, 0), (1000, 0), (2000, 0), (2000, 0), (2000, 1)]
    assert house.database.write(house.member, price_all) == expected


def test_a_quote_tells_the_price_and_the_limit(house: House) -> None:
    """The same as a booking, and nothing is written."""
    tariff(house, house.room, 2500)
    quota(house, amount=60)
    with house.database.read(house.member) as work:
        found = services.quote(work, house.command())
    assert found.price.cents == 5000
    assert found.refusal is not None
    assert found.refusal.details["rule"] == "quota_reached"
    assert found.alternatives == []


def test_another_price_than_the_one_seen_is_refused(house: House) -> None:
    """Who saw a price agrees to that one only."""
    tariff(house, house.room, 2500)
    house.book(seen_cents=5000)
    with pytest.raises(PriceNotSeen) as refused:
        house.book(span=hours(12, 14), seen_cents=0)
    assert refused.value.details == {"cents": 5000}


def test_giving_up_late_costs_a_share(house: House, make: Any, clock: Clock) -> None:
    """Half the price less than two days before; nothing when the house itself gives it up."""
    room = make.resource(house.phares, house.scic, "Studio", late_before=2880, late_share=5000)
    tariff(house, room, 2500)
    soon = Interval(clock.now + timedelta(hours=24), clock.now + timedelta(hours=26))
    far = Interval(clock.now + timedelta(hours=72), clock.now + timedelta(hours=74))
    late, early = house.book((room, 1), span=soon), house.book((room, 1), span=far)
    house.cancel(late)
    house.cancel(early)
    assert kept(house, late) == (2500, [("late_cancellation", 1, 2500)])
    assert kept(house, early) == (None, [])
    again = house.book((room, 1), span=soon)
    house.cancel(again, actor=house.keeper)
    assert kept(house, again) == (None, [])


def test_who_books_for_another_organisation_is_held_to_its_quota(house: House) -> None:
    """A coordinator who books for Atelier Nord takes of its hours."""
    quota(house, amount=120)
    coordinator = replace(house.coordinator, roles=frozenset({Role.ADMINISTRATOR}))
    house.book(actor=coordinator, organisation_id=house.atelier.id)
    with pytest.raises(QuotaReached):
        house.book(span=hours(12, 13))


def test_a_series_is_priced_and_its_end_settled(house: House) -> None:
    """Each date has its frozen price, counted through the quota; giving all up leaves nothing."""
    tariff(house, house.room, 1000)
    quota(house, is_free=True, amount=180)
    command = BookSeries(
        book=house.command(), recurrence=Recurrence(rule=parse("FREQ=WEEKLY;BYDAY=WE;COUNT=3"))
    )
    with house.database.read(house.member) as work:
        plan = services.plan_series(work, command)
    assert [one.price.cents for one in plan.dates if one.price] == [0, 1000, 2000]
    series = house.database.write(house.member, services.book_series, command)
    with house.database.read(house.member) as work:
        found = queries.listing(work, BookingFilter(series_id=series.id))
        charges = queries.charges_of(work, found)
        assert [row.price_cents for row in found] == [0, 1000, 2000]
        assert [[c.kind.value for c in charges[row.id]] for row in found] == [
            ["free_quota"],
            ["free_quota", "use"],
            ["use"],
        ]
    moved = ChangeSeries(
        booking_id=found[1].id,
        version=found[1].version,
        scope=Scope.FOLLOWING,
        span=hours(9, 10, 17),
    )
    house.database.write(house.member, services.change_series, moved)
    with house.database.read(house.member) as work:
        found = [queries.get(work, row.id) for row in found]
        assert [row.price_cents for row in found] == [0, 0, 1000]
    gone = CancelSeries(booking_id=found[0].id, version=found[0].version, scope=Scope.THIS)
    house.database.write(house.member, services.cancel_series, gone)
    gone = CancelSeries(booking_id=found[1].id, version=found[1].version, scope=Scope.ALL)
    house.database.write(house.member, services.cancel_series, gone)
    with house.database.read(house.member) as work:
        assert [queries.get(work, row.id).price_cents for row in found] == [None] * 3
        assert work.session.query(BookingCharge).count() == 0


def test_a_series_beyond_a_limit_names_the_dates(house: House) -> None:
    """Four hours a month: of three dates of two hours the last one is refused, and nothing kept."""
    quota(house)
    command = BookSeries(
        book=house.command(), recurrence=Recurrence(rule=parse("FREQ=WEEKLY;BYDAY=WE;COUNT=3"))
    )
    with pytest.raises(SeriesRefused) as refused:
        house.database.write(house.member, services.book_series, command)
    assert "Salles du mois" in refused.value.say()
    with house.database.read(house.member) as work:
        assert queries.listing(work, BookingFilter()) == []
