"""Demonstration bookings keep the rules of what they use, and never take more than there is."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from coopshare.bookings.facts import CheckedIn, NoShow, PartlyApproved
from coopshare.bookings.handing.facts import Collected, GivenBack
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.db.models import AuditEntry
from coopshare.db.scope import EVERYWHERE
from coopshare.db.work import Database, Work
from coopshare.demo import services
from coopshare.demo.case_a import LE_PHARES
from coopshare.demo.lagon import LES_ATELIERS_DU_LAGON
from coopshare.demo.plans import CooperativePlan
from coopshare.demo.scale import LARGE, generate
from coopshare.demo.services import DEMO
from coopshare.holds.models import Hold
from coopshare.kernel.actor import Actor
from coopshare.kernel.intervals import Interval
from coopshare.members.models import Cooperative, Membership
from coopshare.resources import queries
from coopshare.resources.models import Resource, ResourcePart
from coopshare.resources.services import Use, breaches
from tests.conftest import NOW

OVERHELD = """
select count(*) from holds one join resources r on r.id = one.resource_id
where one.live and r.quantity < (
    select sum(other.quantity) from holds other
    where other.resource_id = one.resource_id and other.live
    and other.starts_at <= one.starts_at and other.ends_at > one.starts_at
)
"""
"""A use is highest where a hold begins: no need to look elsewhere."""


def overheld(database: Database) -> object:
    with database.read(DEMO) as work:
        return work.session.connection().execute(text(OVERHELD)).scalar_one()


def inside(database: Database, slug: str) -> Actor:
    """Return an actor of a demonstration cooperative."""
    found = select(Cooperative.id).where(Cooperative.slug == slug)
    with database.read(DEMO) as work:
        return replace(DEMO, cooperative_id=work.session.scalars(found).one())


def broken(work: Work) -> list[tuple[str, str, str]]:
    """Return each rule broken by a booking: (title, resource, code)."""
    resources = {one.id: one for one in work.session.scalars(select(Resource))}
    standings: dict[UUID, str] = {
        one.organisation_id: one.standing for one in work.session.scalars(select(Membership))
    }
    bookings = work.session.scalars(select(Booking).order_by(Booking.starts_at)).all()
    window = Interval(bookings[0].starts_at, bookings[-1].ends_at)
    calendar = queries.calendar(work, window)
    return [
        (booking.title, resources[line.resource_id].name, refusal.code)
        for booking in bookings
        for line in booking.lines
        for refusal in breaches(
            resources[line.resource_id],
            Use(span=Interval(booking.starts_at, booking.ends_at), quantity=line.quantity),
            now=booking.created_at,
            standing=standings[booking.organisation_id],
            calendar=calendar,
        )
    ]


@pytest.mark.parametrize("plan", [LE_PHARES, LES_ATELIERS_DU_LAGON], ids=lambda plan: plan.slug)
def test_every_booking_could_have_been_made_by_a_person(
    database: Database, plan: CooperativePlan
) -> None:
    services.load(database)
    with database.read(inside(database, plan.slug)) as work:
        assert broken(work) == []
        titles = set(work.session.scalars(select(Booking.title)))
    assert {habit.title for habit in plan.habits} <= titles
    assert overheld(database) == 0


def test_every_resource_is_used_and_only_leaves_are_held(database: Database) -> None:
    services.load(database)
    with database.read(DEMO) as work:
        held = set(work.session.scalars(select(Hold.resource_id), execution_options=EVERYWHERE))
        every = set(work.session.scalars(select(Resource.id), execution_options=EVERYWHERE))
        wholes = set(
            work.session.scalars(select(ResourcePart.whole_id), execution_options=EVERYWHERE)
        )
    assert held == every - wholes


def test_generated_bookings_hold_what_they_use(database: Database) -> None:
    told: list[int] = []
    assert generate(database, 200, told.append) == 200
    assert told == [200]
    assert generate(database, 100) == 300
    with database.read(inside(database, LARGE.slug)) as work:
        assert work.session.scalar(select(func.count()).select_from(Resource)) == 200
        assert broken(work) == []
        held = work.session.execute(
            select(func.count(), func.count(func.distinct(Hold.source_id))).select_from(Hold)
        ).one()
    assert tuple(held) == (300, 300)
    assert overheld(database) == 0


def test_each_step_of_a_booking_comes_in_its_time(database: Database) -> None:
    services.load(database)
    with database.read(inside(database, LE_PHARES.slug)) as work:
        bookings = work.session.scalars(select(Booking)).all()
        asked = [one for one in bookings if one.status is BookingStatus.PENDING]
        told = select(AuditEntry.object_id, AuditEntry.at, AuditEntry.action)
        steps = work.session.execute(told).all()
    assert 0 < len(asked) < 30
    assert all(one.starts_at > NOW for one in asked)
    ends = {one.id: min(one.starts_at, NOW) for one in bookings}
    late = {action for step, at, action in steps if step in ends and at > ends[step]}
    assert late <= {CheckedIn.name, NoShow.name, Collected.name, GivenBack.name}
    assert all(at <= NOW for _, at, _ in steps)
    # One of several who agrees, or what is handed over, changes nothing of the booking itself.
    beside = {PartlyApproved.name, Collected.name, GivenBack.name}
    counted = Counter(step for step, _, action in steps if action not in beside)
    assert {one.id: one.version for one in bookings} == {
        one.id: counted[one.id] for one in bookings
    }
