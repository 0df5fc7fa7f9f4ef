"""Waiting lists: in order, nobody skipped, nobody doubled, nothing free that somebody awaits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from coopshare.bookings import jobs, queue, services
from coopshare.bookings.commands import Confirm, Line
from coopshare.bookings.errors import (
    AlreadyWaiting,
    NotOffered,
    NoWaitingList,
    OfferStands,
    SlotIsFree,
    WaitIsOver,
)
from coopshare.bookings.facts import Cancelled, Offered
from coopshare.bookings.models import Booking, BookingStatus, Wait, WaitStatus
from coopshare.calendars.models import CalendarEntry
from coopshare.db.models import AuditEntry, Job
from coopshare.holds import services as holding
from coopshare.holds.errors import SlotTaken
from coopshare.holds.queries import Wish, answer
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden, NotFound, Refused
from coopshare.members.models import Affiliation
from coopshare.resources.commands import Change as ChangeResource
from coopshare.resources.models import Resource
from coopshare.resources.services import change as change_resource
from tests.bookings.conftest import House, hours
from tests.bookings.test_notices import told
from tests.conftest import NOW, Clock


def join(
    house: House, *lines: tuple[Resource, int], actor: Actor | None = None, **fields: Any
) -> Wait:
    """Take a place in the list for the room, or for what is said."""
    who = actor or house.stranger
    fields.setdefault("organisation_id", who.organisation_id)
    return house.database.write(who, services.join, house.command(*lines, **fields))


def now(house: House, wait: Wait) -> Wait:
    """Return a place as it stands."""
    with house.database.read(house.coordinator) as work:
        found = work.session.get_one(Wait, wait.id)
        work.session.expunge(found)
    return found


def offer(house: House, wait: Wait) -> Booking:
    """Return the option that was made for a place."""
    with house.database.read(house.coordinator) as work:
        found = work.session.get_one(Booking, work.session.get_one(Wait, wait.id).booking_id)
        work.session.expunge(found)
    return found


def statuses(house: House, *waits: Wait) -> list[str]:
    return [str(now(house, wait).status) for wait in waits]


def act(house: House, verb: Callable[..., Any], wait: Wait, actor: Actor | None = None) -> Any:
    return house.database.write(actor or house.stranger, verb, wait.id)


def test_a_cancelled_slot_goes_to_the_first(house: House) -> None:
    """It is held for them in the very unit that frees it: nobody else can book it."""
    booking = house.book()
    first = join(house, note="Prévoir le café", people=6)
    second = join(house, actor=house.colleague)
    house.cancel(booking)
    assert statuses(house, first, second) == ["offered", "waiting"]
    made = offer(house, first)
    assert (made.status, made.lapses_at) == (BookingStatus.OPTION, NOW + timedelta(hours=24))
    assert (made.title, made.note, made.people) == (first.title, "Prévoir le café", 6)
    assert made.person_id == house.stranger.person_id
    assert [live for *_, live in house.holds(made)] == [True]
    assert [live for *_, live in house.holds(booking)] == [False]
    with pytest.raises(SlotTaken):
        house.book(actor=house.keeper)
    with house.database.read(house.coordinator) as work:
        entry = work.session.query(CalendarEntry).filter_by(source_id=made.id).one()
        trace = work.session.query(AuditEntry).filter_by(action=Offered.name).one()
    assert entry.status == "tentative"
    assert (trace.door, trace.person_id) == ("worker", None)


def test_accepted_declined_missed(house: House, clock: Clock) -> None:
    """Each answer, or none, leads to the next one in order; the last gives the slot back to all."""
    booking = house.book(actor=house.coordinator)
    third, fourth = house.keeper, house.member
    waits = [join(house), join(house, actor=house.colleague), join(house, actor=third)]
    waits.append(join(house, actor=fourth, span=hours(9, 10)))
    house.cancel(booking, actor=house.coordinator)
    assert act(house, services.leave, waits[0]).id == waits[0].id
    assert statuses(house, *waits) == ["declined", "offered", "waiting", "waiting"]
    clock.now = NOW + timedelta(hours=24)
    assert jobs.lapse(house.database) == 1
    assert statuses(house, *waits) == ["declined", "missed", "offered", "waiting"]
    made = act(house, services.accept, waits[2], house.keeper)
    assert made.status is BookingStatus.CONFIRMED
    assert statuses(house, *waits) == ["declined", "missed", "served", "waiting"]
    house.cancel(made, actor=house.keeper)
    assert statuses(house, *waits) == ["declined", "missed", "served", "offered"]
    act(house, services.leave, waits[3], house.member)
    assert house.book().status is BookingStatus.CONFIRMED


def test_accepting_obeys_approval(house: House, make: Any) -> None:
    """What needs an approval becomes a request; refused, the next one has the offer."""
    guarded = make.resource(house.phares, house.scic, "Plateau", needs_approval=True)
    booking = house.book((guarded, 1))
    first, second = join(house, (guarded, 1)), join(house, (guarded, 1), actor=house.colleague)
    house.decide(services.refuse, booking, house.keeper)
    pending = act(house, services.accept, first)
    assert pending.status is BookingStatus.PENDING
    assert statuses(house, first, second) == ["served", "waiting"]
    house.decide(services.refuse, pending, house.keeper)
    assert statuses(house, first, second) == ["served", "offered"]


def test_what_moves_shortens_or_gives_back_frees(house: House) -> None:
    booking = house.book((house.room, 1), (house.chairs, 8), span=hours(9, 12))
    late = join(house, (house.room, 1), span=hours(11, 12))
    chairs = join(house, (house.chairs, 6), actor=house.colleague, span=hours(9, 10))
    early = join(house, (house.room, 1), actor=house.keeper, span=hours(9, 10))
    shorter = house.change(booking, span=hours(9, 11))
    assert statuses(house, late, chairs, early) == ["offered", "waiting", "waiting"]
    fewer = house.change(
        shorter,
        lines=(
            Line(resource_id=house.room.id, quantity=1),
            Line(resource_id=house.chairs.id, quantity=4),
        ),
    )
    assert statuses(house, chairs, early) == ["offered", "waiting"]
    house.change(fewer, span=hours(14, 16))
    assert statuses(house, early) == ["offered"]


def test_every_line_has_to_be_free(house: House) -> None:
    """A request for two things waits for both; a smaller one behind may go first meanwhile."""
    room = house.book((house.room, 1))
    chairs = house.book((house.chairs, 10))
    both = join(house, (house.room, 1), (house.chairs, 6))
    few = join(house, (house.chairs, 5), actor=house.colleague)
    house.cancel(room)
    assert statuses(house, both, few) == ["waiting", "waiting"]
    fewer = house.change(chairs, lines=(Line(resource_id=house.chairs.id, quantity=5),))
    assert statuses(house, both, few) == ["waiting", "offered"]
    house.cancel(fewer)
    assert statuses(house, both, few) == ["waiting", "offered"]
    act(house, services.leave, few, house.colleague)
    assert statuses(house, both, few) == ["offered", "declined"]


def test_a_lifted_closure_and_a_hall(house: House, make: Any) -> None:
    """What shares a part counts too; a closure that is lifted is offered like the rest."""
    hall = make.resource(house.phares, house.scic, "Grande salle")
    left, right = (make.resource(house.phares, house.scic, name) for name in ("A", "B"))
    make.part(hall, left)
    make.part(hall, right)
    close = holding.Close(
        resource_ids=(left.id,), span=hours(8, 18), timezone="Europe/Paris", reason="Travaux"
    )
    closure = house.database.write(house.coordinator, holding.close, close)
    wait = join(house, (hall, 1))
    house.database.write(house.coordinator, holding.lift, closure.id)
    assert statuses(house, wait) == ["offered"]
    with pytest.raises(SlotTaken):
        house.book((right, 1))


def test_places_in_the_list(house: House) -> None:
    """How many are before, for some of the same at the same time; it moves up as they leave."""
    house.book(span=hours(9, 12))
    waits = [
        join(house, span=hours(9, 11)),
        join(house, actor=house.colleague, span=hours(11, 12)),
        join(house, actor=house.keeper, span=hours(10, 12)),
        join(house, actor=house.coordinator, span=hours(9, 10)),
    ]

    def places() -> list[int | None]:
        with house.database.read(house.coordinator) as work:
            found = queue.shown_waits(work, queue.waits(work))
        by_id = {one.wait.id: one.place for one in found}
        return [by_id.get(wait.id) for wait in waits]

    assert places() == [1, 1, 3, 2]
    act(house, services.leave, waits[0])
    assert places() == [None, 1, 2, 1]


def test_who_sees_and_who_acts(house: House) -> None:
    """One's own organisation and the managers of the resource; others do not know of it."""
    house.book()
    wait = join(house)
    seen = {}
    for name in ("member", "keeper", "coordinator", "stranger"):
        with house.database.read(getattr(house, name)) as work:
            seen[name] = [one.id for one in queue.waits(work, resource_id=house.room.id)]
    assert seen == {
        "member": [],
        "keeper": [wait.id],
        "coordinator": [wait.id],
        "stranger": [wait.id],
    }
    with pytest.raises(NotFound):
        act(house, services.leave, wait, house.member)
    mine = join(house, actor=house.member)
    with pytest.raises(Forbidden):
        act(house, services.leave, mine, house.colleague)
    assert act(house, services.leave, mine, house.keeper).status is WaitStatus.LEFT


def test_what_is_refused(house: House, make: Any) -> None:
    with pytest.raises(SlotIsFree):
        join(house)
    booking = house.book()
    wait = join(house)
    with pytest.raises(AlreadyWaiting):
        join(house, title="Encore")
    with pytest.raises(NotOffered):
        act(house, services.accept, wait)
    with pytest.raises(Refused) as refused:
        join(house, people=30, title="Trop")
    assert refused.value.details["rule"] == "too_many_people"
    quiet = make.resource(house.phares, house.scic, "Bureau", waiting_delay=0)
    house.book((quiet, 1))
    with pytest.raises(NoWaitingList):
        join(house, (quiet, 1))
    house.cancel(booking)
    with pytest.raises(OfferStands):
        house.change(offer(house, wait), actor=house.stranger, span=hours(9, 10))
    act(house, services.leave, wait)
    for verb in (services.leave, services.accept):
        with pytest.raises(WaitIsOver):
            act(house, verb, wait)


def test_near_the_start_the_offer_is_shorter(house: House, clock: Clock) -> None:
    booking = house.book()
    wait = join(house)
    clock.now = hours(9, 11).start - timedelta(hours=4)
    house.cancel(booking)
    assert offer(house, wait).lapses_at == hours(9, 11).start - timedelta(hours=2)


def test_it_ends_by_itself_once_it_has_begun(house: House, clock: Clock) -> None:
    booking = house.book()
    wait, later = join(house), join(house, actor=house.colleague, span=hours(10, 12))
    assert jobs.tend_queues(house.database) == 0
    clock.now = hours(9, 11).start
    assert jobs.tend_queues(house.database) == 1
    assert statuses(house, wait, later) == ["ended", "waiting"]
    house.cancel(booking)
    assert statuses(house, wait, later) == ["ended", "offered"]


def test_notice_is_that_of_the_request(house: House, make: Any, clock: Clock) -> None:
    """Who asked early enough is served, even where it would be too late to ask now."""
    room = make.resource(house.phares, house.scic, "Cuisine", notice=7 * 24 * 60)
    booking = house.book((room, 1))
    wait = join(house, (room, 1))
    clock.now = hours(9, 11).start - timedelta(days=2)
    house.cancel(booking)
    assert statuses(house, wait) == ["offered"]
    assert act(house, services.accept, wait).status is BookingStatus.CONFIRMED


def test_who_left_is_passed_over(house: House) -> None:
    booking = house.book()
    gone, next_one = join(house), join(house, actor=house.colleague)

    def leave(work: Any) -> None:
        rows = work.session.query(Affiliation).filter_by(person_id=house.stranger.person_id)
        for row in rows:
            work.session.delete(row)

    house.database.write(house.coordinator, leave)
    house.cancel(booking)
    assert statuses(house, gone, next_one) == ["waiting", "offered"]


def test_a_loosened_rule_is_found_by_the_worker(house: House) -> None:
    """More of a thing, longer hours: nothing is freed by a verb, the worker looks."""
    house.book((house.chairs, 10))
    wait = join(house, (house.chairs, 3))

    def more(work: Any) -> None:
        version = work.session.get(Resource, house.chairs.id).version
        command = ChangeResource(
            resource_id=house.chairs.id, version=version, values={"quantity": 13}
        )
        change_resource(work, command)

    house.database.write(house.coordinator, more)
    assert jobs.tend_queues(house.database) == 1
    assert statuses(house, wait) == ["offered"]
    assert jobs.tend_queues(house.database) == 0


def test_after_a_cancel_the_slot_is_free_everywhere(house: House) -> None:
    """At once, in the search too, when nobody waits (bug class 8)."""
    booking = house.book()
    wish = Wish(span=hours(9, 11), resource_ids=(house.room.id,))
    with house.database.read(house.member) as work:
        assert answer(work, wish).free == []
    house.cancel(booking)
    with house.database.read(house.member) as work:
        assert [one.resource.id for one in answer(work, wish).free] == [house.room.id]


def test_live_follows_the_status_of_its_own_booking(house: House, clock: Clock) -> None:
    """Cancelled, declined, lapsed, accepted: no sibling is freed, no ended one blocks (13)."""
    booking = house.book()
    sibling = house.book((house.chairs, 2))
    first, second = join(house), join(house, actor=house.colleague)
    house.cancel(booking)
    declined = offer(house, first)
    act(house, services.leave, first)
    lapsed = offer(house, second)
    clock.now = NOW + timedelta(hours=25)
    jobs.lapse(house.database)
    found = [
        [live for *_, live in house.holds(one)] for one in (booking, sibling, declined, lapsed)
    ]
    assert found == [[False], [True], [False], [False]]
    assert house.book().status is BookingStatus.CONFIRMED


def test_the_offer_is_told_once(house: House) -> None:
    """To who waited, with the way to the page that answers; nobody is told of a booking."""
    house.database.handlers = {Offered: ("bookings.told",), Cancelled: ("bookings.told",)}
    booking = house.book()
    wait = join(house)
    house.cancel(booking)
    made = offer(house, wait)
    with house.database.read(house.coordinator) as work:
        jobs_left = work.session.query(Job).filter_by(kind="bookings.told").all()
    assert sorted((j.payload["fact"], UUID(j.payload["id"])) for j in jobs_left) == [
        ("booking.cancelled", booking.id),
        ("booking.offered", made.id),
    ]
    [message] = told(house, made, Offered.name)
    assert message.to.startswith("alix.roux")
    assert str(message.subject).startswith("Une place s'est libérée : Verrière")
    assert message.action is not None
    assert message.action[1].endswith(f"/reservations/{made.id}")
    command = Confirm(booking_id=made.id, version=made.version)
    house.database.write(house.stranger, services.confirm, command)
    assert told(house, made, Offered.name) == []


def test_a_manager_waits_by_the_rules_of_managers(house: House, make: Any) -> None:
    """Who may pass over a rule when booking may when being served."""
    kept = make.resource(house.phares, house.scic, "Régie", hours=(600, 720))
    booking = house.book((kept, 1), actor=house.keeper, span=hours(14, 16))
    wait = join(house, (kept, 1), actor=house.coordinator, span=hours(14, 16))
    assert Role.ADMINISTRATOR in house.coordinator.roles
    house.cancel(booking, actor=house.keeper)
    assert statuses(house, wait) == ["offered"]
    assert replace(house.coordinator, roles=frozenset()).person_id == house.coordinator.person_id
