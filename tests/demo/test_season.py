"""The bookings of the demonstration keep the very rules that people's bookings keep."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from coopshare.bookings.models import Booking, BookingStatus
from coopshare.db.work import Database
from coopshare.demo import services
from coopshare.demo.build import identity
from coopshare.demo.case_a import LE_PHARES
from coopshare.demo.lagon import LES_ATELIERS_DU_LAGON
from coopshare.demo.plans import CooperativePlan
from coopshare.demo.services import DEMO
from coopshare.kernel.intervals import Interval
from coopshare.members.models import Membership
from coopshare.resources.models import Resource
from coopshare.resources.queries import calendar
from coopshare.resources.rules import Use, breaches


@pytest.mark.parametrize("plan", [LE_PHARES, LES_ATELIERS_DU_LAGON], ids=lambda plan: plan.slug)
def test_each_booking_keeps_the_rules(database: Database, plan: CooperativePlan) -> None:
    database.write(DEMO, services.load_one, plan)
    actor = replace(DEMO, cooperative_id=identity(plan.slug), timezone=plan.timezone)
    broken = []
    with database.read(actor) as work:
        resources = {one.id: one for one in work.session.scalars(select(Resource))}
        standings = {
            one.organisation_id: one.standing for one in work.session.scalars(select(Membership))
        }
        bookings = list(
            work.session.scalars(select(Booking).where(Booking.status != BookingStatus.CANCELLED))
        )
        window = Interval(
            min(one.starts_at for one in bookings), max(one.ends_at for one in bookings)
        )
        days = calendar(work, window)
        for booking in bookings:
            for line in booking.lines:
                broken += [
                    (booking.title, refusal.say())
                    for refusal in breaches(
                        resources[line.resource_id],
                        Use(
                            span=Interval(booking.starts_at, booking.ends_at),
                            quantity=line.quantity,
                        ),
                        now=booking.starts_at - timedelta(days=30),
                        standing=standings[booking.organisation_id],
                        calendar=days,
                    )
                ]
    assert broken == []
    assert len(bookings) > 40
