"""Things handed over in person: what leaves and comes back, what is late, what is damaged."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from coopshare.app import HANDLERS
from coopshare.bookings.handing import queries, services
from coopshare.bookings.handing.commands import Collect, GiveBack, Part
from coopshare.bookings.handing.errors import (
    CannotFree,
    MoreThanBooked,
    MoreThanOut,
    NotHandedOver,
    NothingToHandOver,
    StillOut,
    TooEarlyToCollect,
)
from coopshare.bookings.handing.jobs import follow_late
from coopshare.bookings.handing.models import Condition
from coopshare.bookings.handing.notices import tell_late, tell_next, tell_out_of_use
from coopshare.bookings.handing.panels import lacking, panel
from coopshare.bookings.handing.rules import Tally
from coopshare.bookings.models import Booking
from coopshare.bookings.queries import get, resources_of, shown
from coopshare.db.outbox import JobToDo
from coopshare.db.work import Work
from coopshare.holds import queries as holds_queries
from coopshare.holds import services as holds
from coopshare.holds.commands import LiftMaintenance, OpenMaintenance
from coopshare.holds.errors import SlotTaken
from coopshare.holds.models import Hold, HoldSource
from coopshare.jobs import services as queue
from coopshare.jobs.worker import Worker
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import Forbidden, NotFound
from coopshare.kernel.intervals import Interval
from coopshare.resources import services as resources
from coopshare.resources.models import Resource
from coopshare.resources.queries import labelled
from tests.bookings.conftest import House
from tests.conftest import NOW

TODAY = Interval(NOW, NOW + timedelta(hours=4))
DAY = timedelta(days=1)


def jpeg() -> bytes:
    """Return a photo that says where it was taken."""
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "Telephone"
    exif.get_ifd(0x8825)[1] = "N"
    Image.new("RGB", (2400, 1800), (90, 120, 60)).save(file, "JPEG", exif=exif)
    return file.getvalue()


@pytest.fixture
def lent(house: House) -> Resource:
    """Return sixty chairs that are handed over in person."""
    return house.make.resource(
        house.phares, house.scic, "Chaises pliantes", quantity=60, hand_over=True
    )


def at(house: House, hours: float) -> None:
    """Move the clock to some hours after the present of the tests."""
    house.database.clock = lambda: NOW + timedelta(hours=hours)


def tally(house: House, booking: Booking, resource: Resource) -> Tally:
    """Return what a line has come to."""
    with house.database.read(house.coordinator) as work:
        row = get(work, booking.id)
        return queries.tally(work, row, resources_of(work, [row]))[resource.id]


def collect(
    house: House, booking: Booking, *parts: Part, actor: Actor | None = None, photo: bytes = b""
) -> None:
    """Note that things leave."""
    command = Collect(booking_id=booking.id, parts=parts, photo=photo)
    house.database.write(actor or house.member, services.collect, command)


def give_back(
    house: House,
    booking: Booking,
    *parts: Part,
    actor: Actor | None = None,
    release: bool = False,
) -> None:
    """Note that things come back."""
    command = GiveBack(booking_id=booking.id, parts=parts, release=release)
    house.database.write(actor or house.member, services.give_back, command)


def part(resource: Resource, quantity: int, state: Condition = Condition.GOOD) -> Part:
    """Return so many of a thing."""
    return Part(resource_id=resource.id, quantity=quantity, state=state)


def jobs(house: House) -> list[JobToDo]:
    """Return the jobs that are due, claimed."""
    worker = Worker(house.database, {})
    found = []
    from_worker = Actor(door="worker")
    while (job := house.database.write(from_worker, _claim, worker)) is not None:
        found.append(job)
    return found


def _claim(work: Work, worker: Worker) -> JobToDo | None:
    return queue.claim(work, worker.lease)


def test_partly_out_and_partly_back(house: House, lent: Resource) -> None:
    booking = house.book((lent, 60), span=TODAY)
    collect(house, booking, part(lent, 20))
    assert tally(house, booking, lent) == Tally(booked=60, collected=20)
    collect(house, booking)
    assert tally(house, booking, lent) == Tally(booked=60, collected=60)
    give_back(house, booking, part(lent, 58), part(lent, 2, Condition.MISSING))
    assert tally(house, booking, lent) == Tally(booked=60, collected=60, returned=60, missing=2)
    with house.database.read(house.coordinator) as work:
        assert work.session.get(Resource, lent.id).out_of_order == 2  # type: ignore[union-attr]


def test_never_more_than_booked_nor_than_out(house: House, lent: Resource) -> None:
    booking = house.book((lent, 10), span=TODAY)
    with pytest.raises(MoreThanBooked):
        collect(house, booking, part(lent, 6), part(lent, 5, Condition.WORN))
    with pytest.raises(NothingToHandOver):
        give_back(house, booking)
    collect(house, booking, part(lent, 6))
    with pytest.raises(MoreThanOut):
        give_back(house, booking, part(lent, 7))
    give_back(house, booking)
    with pytest.raises(MoreThanOut):
        give_back(house, booking, part(lent, 1))
    assert tally(house, booking, lent) == Tally(booked=10, collected=6, returned=6)


def test_who_and_when(house: House, lent: Resource) -> None:
    """A colleague may, a stranger sees nothing; only managers before the day."""
    later = house.book((lent, 1), span=Interval(NOW + timedelta(days=2), NOW + timedelta(days=3)))
    with pytest.raises(TooEarlyToCollect):
        collect(house, later)
    with pytest.raises(NotFound):
        collect(house, later, actor=house.stranger)
    collect(house, later, actor=house.keeper)
    today = house.book((lent, 1), span=TODAY)
    collect(house, today, actor=house.colleague)
    room = house.book((house.room, 1), span=TODAY)
    with pytest.raises(NotHandedOver):
        collect(house, room, part(house.room, 1))


def test_managers_of_other_things_may_not(house: House, lent: Resource) -> None:
    theirs = house.make.resource(house.phares, house.cantine, "Four", hand_over=True)
    booking = house.book((lent, 1), (theirs, 1), span=TODAY)
    with pytest.raises(Forbidden):
        collect(house, booking, part(theirs, 1), actor=house.keeper)
    collect(house, booking, part(lent, 1), actor=house.keeper)


def test_what_is_out_keeps_its_booking(house: House, lent: Resource) -> None:
    booking = house.book((lent, 10), span=TODAY)
    collect(house, booking, part(lent, 6))
    with pytest.raises(StillOut):
        house.cancel(booking)
    with pytest.raises(StillOut):
        house.change(booking, lines=house.command((lent, 5)).lines)
    give_back(house, booking)
    house.cancel(booking)


def test_a_photo_is_ours_and_private(house: House, lent: Resource) -> None:
    booking = house.book((lent, 1), span=TODAY)
    collect(house, booking, photo=jpeg())
    with house.database.read(house.colleague) as work:
        (noted,) = queries.noted(work, booking.id)
        photo_id = noted.row.photo_id
        assert photo_id is not None
        kind, content = queries.photo(work, photo_id, is_small=False)
    image = Image.open(io.BytesIO(content))
    assert (kind, image.format, max(image.size)) == ("image/webp", "WEBP", 1600)
    assert dict(image.getexif()) == {}
    with house.database.read(house.stranger) as work, pytest.raises(NotFound):
        queries.photo(work, photo_id, is_small=True)


def test_early_return_frees_the_rest(house: House, lent: Resource) -> None:
    booking = house.book((lent, 60), span=TODAY)
    collect(house, booking, part(lent, 20))
    at(house, 1)
    with pytest.raises(CannotFree):
        give_back(house, booking, part(lent, 5), release=True)
    assert tally(house, booking, lent).returned == 0
    with pytest.raises(SlotTaken):
        house.book((lent, 1), span=Interval(NOW + timedelta(hours=2), NOW + timedelta(hours=3)))
    give_back(house, booking, release=True)
    house.book((lent, 60), span=Interval(NOW + timedelta(hours=2), NOW + timedelta(hours=3)))


def test_a_room_keeps_its_end(house: House, lent: Resource) -> None:
    booking = house.book((lent, 1), (house.room, 1), span=TODAY)
    collect(house, booking)
    at(house, 1)
    with pytest.raises(CannotFree):
        give_back(house, booking, release=True)


def maintained(house: House, resource: Resource) -> list[tuple[int, float, float]]:
    """Return the live maintenance holds of the coming days: (quantity, from, to) in hours."""
    with house.database.read(house.coordinator) as work:
        rows = work.session.query(Hold).filter_by(
            resource_id=resource.id, source_kind=HoldSource.MAINTENANCE, live=True
        )
        found = [
            (h.quantity, (h.starts_at - NOW) / timedelta(hours=1), (h.ends_at - NOW).days)
            for h in rows
        ]
    return sorted((q, s, 0.0) for q, s, _ in found if s < 240)


def test_damage_takes_what_is_free_and_names_who_lacks(house: House) -> None:
    """One of two projectors comes back damaged: tomorrow's two no longer fit, and it is said."""
    projectors = house.make.resource(
        house.phares, house.scic, "Projecteurs", quantity=2, hand_over=True
    )
    tomorrow = Interval(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2))
    booking = house.book((projectors, 1), span=TODAY)
    coming = house.book((projectors, 2), span=tomorrow, actor=house.stranger)
    collect(house, booking)
    give_back(house, booking, part(projectors, 1, Condition.DAMAGED))
    assert maintained(house, projectors) == [(1, 0.0, 0.0), (1, 26.0, 0.0)]
    with house.database.read(house.keeper) as work:
        (resource,) = resources_of(work, [get(work, booking.id)]).values()
        found = lacking(work, resource, holds_queries.lacks(work, resource))
        assert [(one.booking_id, one.count) for one in found] == [(coming.id, 1)]
    with house.database.read(house.stranger) as work:
        (seen,) = shown(work, [get(work, coming.id)])
        assert len(panel(work, seen).warnings) == 1
    with pytest.raises(SlotTaken):
        house.book((projectors, 2), span=Interval(NOW + timedelta(days=3), NOW + timedelta(days=4)))
    house.cancel(coming, actor=house.stranger)
    assert maintained(house, projectors) == [(1, 0.0, 0.0)]
    with house.database.read(house.keeper) as work:
        (one,) = holds_queries.maintenances(work)
    house.database.write(
        house.keeper, holds.lift_maintenance, LiftMaintenance(maintenance_id=one.id)
    )
    assert maintained(house, projectors) == []
    house.book((projectors, 2), span=tomorrow)


def test_upkeep_by_its_manager_follows_time(house: House, lent: Resource) -> None:
    command = OpenMaintenance(resource_id=lent.id, quantity=3)
    with pytest.raises(Forbidden):
        house.database.write(house.member, holds.open_maintenance, command)
    house.database.write(house.keeper, holds.open_maintenance, command)
    before = maintained(house, lent)
    house.database.write(house.keeper, holds.settle, [lent.id])
    assert maintained(house, lent) == before == [(3, 0.0, 0.0)]
    at(house, 24 * 40)
    house.database.write(house.keeper, holds.settle, [lent.id])
    with house.database.read(house.coordinator) as work:
        rows = work.session.query(Hold).filter_by(
            resource_id=lent.id, source_kind=HoldSource.MAINTENANCE, live=True
        )
        assert max(h.ends_at for h in rows) > NOW + timedelta(days=40 + 350)
    span = Interval(NOW + timedelta(days=100), NOW + timedelta(days=100, hours=1))
    with pytest.raises(SlotTaken):
        house.book((lent, 58), span=span)


def test_late_things_are_followed_up_and_the_next_warned(house: House, lent: Resource) -> None:
    tomorrow = Interval(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2))
    booking = house.book((lent, 20), span=TODAY)
    small = house.book((lent, 5), span=tomorrow)
    coming = house.book((lent, 50), span=tomorrow, actor=house.stranger)
    collect(house, booking)
    jobs(house)
    assert follow_late(house.database) == 0
    at(house, 5)
    assert follow_late(house.database) == 2
    assert follow_late(house.database) == 0
    told, warned = sorted(jobs(house), key=lambda job: job.kind != "bookings.overdue")
    tos = {message.to for message in tell_late(house.database, told)}
    assert len(tos) == 2
    (warning,) = tell_next(house.database, warned)
    assert str(warned.payload["id"]) in {str(coming.id), str(small.id)}
    assert warning.action is not None
    for day in range(1, 7):
        at(house, 5 + 24 * day + 1)
        follow_late(house.database)
    found = [job for job in jobs(house) if job.kind == "bookings.overdue"]
    assert sorted(job.payload["number"] for job in found) == [0, 1, 2, 3]
    give_back(house, booking)
    assert tell_late(house.database, told) == []
    assert follow_late(house.database) == 0


def test_damage_is_told_to_managers_once(house: House, lent: Resource) -> None:
    house.database.handlers = HANDLERS
    booking = house.book((lent, 20), span=TODAY)
    collect(house, booking)
    jobs(house)
    give_back(house, booking, part(lent, 1, Condition.DAMAGED))
    (job,) = (one for one in jobs(house) if one.kind == "bookings.out_of_use")
    with house.database.read(house.keeper) as work:
        (one,) = holds_queries.maintenances(work)
        assert one.noticed_in == booking.id
    assert len(tell_out_of_use(house.database, job)) == 1


def test_a_label_leads_to_its_thing_until_it_is_renewed(house: House, lent: Resource) -> None:
    (made,) = house.database.write(house.keeper, resources.label, [lent.id])
    (same,) = house.database.write(house.keeper, resources.label, [lent.id])
    assert made.code == same.code
    with pytest.raises(Forbidden):
        house.database.write(house.member, resources.label, [lent.id])
    other = house.database.write(house.keeper, resources.renew_label, lent.id)
    with house.database.read(house.member) as work:
        assert labelled(work, other.code.upper()).id == lent.id
        with pytest.raises(NotFound):
            labelled(work, made.code)


def test_who_collects_is_there(house: House) -> None:
    """What asks for check-in is not given back for want of one; the day before says nothing yet."""
    thing = house.make.resource(
        house.phares, house.scic, "Vélo cargo", hand_over=True, check_in_within=15
    )
    today = house.book((thing, 1), span=TODAY)
    collect(house, today)
    tomorrow = house.book((thing, 1), span=Interval(TODAY.start + DAY, TODAY.end + DAY))
    at(house, 8)
    give_back(house, today)
    at(house, 14)
    collect(house, tomorrow, actor=house.keeper)
    with house.database.read(house.coordinator) as work:
        arrived = [get(work, one.id).checked_in_at is not None for one in (today, tomorrow)]
    assert arrived == [True, False]
