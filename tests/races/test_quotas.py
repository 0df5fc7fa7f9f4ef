"""Rivals for the last hours of a quota, each in a room of their own: the quota is never passed."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from coopshare.bookings.models import BookingCharge, ChargeKind
from coopshare.db.work import Database
from coopshare.resources.kinds import QuotaHolder, QuotaMeasure, QuotaPeriod, TariffUnit
from coopshare.resources.models import Quota, Tariff
from tests.make import LONG_AGO, Maker
from tests.races.crew import RIVALS, WON, Attempt, Crew
from tests.races.test_slots import slot

ROUNDS = 4


def quota(make: Maker, cooperative: Any, **fields: Any) -> Quota:
    """Store a quota of three bookings of two hours in a season, for an organisation."""
    values: dict[str, Any] = {
        "name": "Six heures",
        "is_free": False,
        "measure": QuotaMeasure.HOURS,
        "amount": 360,
        "period": QuotaPeriod.WEEK,
        "holder": QuotaHolder.ORGANISATION,
        "created_at": LONG_AGO,
        "changed_at": LONG_AGO,
    }
    return make.keep(Quota(**(values | fields)), cooperative.id)


def rounds(make: Maker, cooperative: Any, owner: Any) -> list[list[Attempt]]:
    """Have each rival book a room of their own, at the same two hours, a week apart."""
    rooms = [make.resource(cooperative, owner, f"Salle {n}") for n in range(RIVALS)]
    for room in rooms:
        tariff = Tariff(resource_id=room.id, position=0, unit=TariffUnit.HOUR, cents=1000)
        make.keep(tariff, cooperative.id)
    return [
        [Attempt(((room.id, 1),), *slot(7 * n), title="Atelier") for room in rooms]
        for n in range(ROUNDS)
    ]


@pytest.mark.parametrize("holder", list(QuotaHolder), ids=lambda one: one.value)
def test_the_last_hours_go_once(
    crew: Crew, database: Database, make: Maker, holder: QuotaHolder
) -> None:
    """Three bookings fit in a week: three win in each round, all others get a clean refusal."""
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    quota(make, cooperative, holder=holder)
    found = crew.race(database, make.actor(cooperative, owner), rounds(make, cooperative, owner))
    assert found == [Counter({"quota_reached": RIVALS - 3, WON: 3})] * ROUNDS


def test_free_hours_are_given_once(crew: Crew, database: Database, make: Maker) -> None:
    """All are booked; six hours of each week are free, not one more."""
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    quota(
        make,
        cooperative,
        is_free=True,
        period=QuotaPeriod.SEASON,
        first_day=date(2027, 1, 1),
        last_day=date(2027, 12, 31),
        amount=390,
    )
    found = crew.race(
        database, make.actor(cooperative, owner), rounds(make, cooperative, owner)[:1]
    )
    assert found == [Counter({WON: RIVALS})]
    with database.engine.connect() as connection:
        rows = connection.execute(
            sa.select(BookingCharge.kind, sa.func.sum(BookingCharge.units)).group_by(
                BookingCharge.kind
            )
        )
        minutes = {row[0]: row[1] for row in rows}
    assert minutes == {ChargeKind.FREE_QUOTA: 390, ChargeKind.USE: RIVALS * 120 - 390}


def test_without_its_lock_the_quota_is_passed(crew: Crew, database: Database, make: Maker) -> None:
    """The planted fault shows that the race is a real one; SQLite writes one by one anyway."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("a written unit is alone on SQLite")
    cooperative = make.cooperative()
    owner = make.organisation(cooperative)
    quota(make, cooperative)
    found = crew.race(
        database,
        make.actor(cooperative, owner),
        rounds(make, cooperative, owner),
        without=("quota",),
    )
    assert max(counter[WON] for counter in found) > 3
