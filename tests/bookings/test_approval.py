"""Requests: why they wait, who answers, what is proposed instead, until when."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from coopshare.bookings import jobs, queries, services
from coopshare.bookings.commands import Answer, Confirm, Decide, Line, Propose
from coopshare.bookings.errors import (
    AlreadyEnded,
    AlreadyLapsed,
    ApprovalToAsk,
    NoLongerPossible,
    NoProposal,
    NotPending,
    NotYourDecision,
)
from coopshare.bookings.models import (
    Booking,
    BookingStatus,
    Decision,
    DecisionStatus,
    Proposal,
)
from coopshare.bookings.queries import BookingFilter
from coopshare.db.work import Work
from coopshare.holds.errors import SlotTaken
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.errors import Forbidden, Invalid, NotFound, Refused, VersionMismatch
from coopshare.kernel.intervals import Interval
from coopshare.resources import services as resources
from coopshare.resources.commands import AddClosedDay, Change
from coopshare.resources.models import Resource
from tests.bookings.conftest import House, hours
from tests.conftest import NOW, Clock


@dataclass
class Requests:
    """The house, with a room that asks for approval and another manager's studio."""

    house: House
    hall: Resource
    """Asked to the SCIC."""
    studio: Resource
    """Asked to La Cantine."""
    cook: Actor
    """Manages the resources of La Cantine."""

    def approve(self, booking: Booking, actor: Actor | None = None, **fields: Any) -> Booking:
        command = Decide(booking_id=booking.id, version=booking.version, **fields)
        return self.house.database.write(actor or self.house.keeper, services.approve, command)

    def refuse(self, booking: Booking, actor: Actor | None = None, why: str = "Pris") -> Booking:
        command = Decide(booking_id=booking.id, version=booking.version, reason=why)
        return self.house.database.write(actor or self.house.keeper, services.refuse, command)

    def propose(self, booking: Booking, actor: Actor | None = None, **fields: Any) -> Booking:
        command = Propose(booking_id=booking.id, version=booking.version, **fields)
        return self.house.database.write(actor or self.house.keeper, services.propose, command)

    def accept(self, booking: Booking, actor: Actor | None = None) -> Booking:
        command = Answer(booking_id=booking.id, version=booking.version)
        return self.house.database.write(
            actor or self.house.member, services.accept_proposal, command
        )

    def decline(self, booking: Booking, actor: Actor | None = None) -> Booking:
        command = Answer(booking_id=booking.id, version=booking.version)
        return self.house.database.write(
            actor or self.house.member, services.decline_proposal, command
        )

    def now(self, booking: Booking) -> Booking:
        with self.house.database.read(self.house.coordinator) as work:
            return queries.get(work, booking.id)

    def decisions(self, booking: Booking) -> dict[UUID, str]:
        with self.house.database.read(self.house.coordinator) as work:
            rows = work.session.query(Decision).filter_by(booking_id=booking.id)
            return {row.resource_id: str(row.status) for row in rows}

    def proposals(self, booking: Booking) -> list[str]:
        with self.house.database.read(self.house.coordinator) as work:
            rows = work.session.query(Proposal).filter_by(booking_id=booking.id)
            return sorted(str(row.status) for row in rows)

    def held(self, booking: Booking) -> list[tuple[Interval, int]]:
        rows = self.house.holds(booking)
        return sorted((Interval(a, b), n) for _, n, a, b, live in rows if live)

    def inbox(self, actor: Actor, **wanted: Any) -> list[str]:
        with self.house.database.read(actor) as work:
            wanted = wanted or {"is_to_decide": True}
            return [one.title for one in queries.listing(work, BookingFilter(**wanted))]

    def set(self, resource: Resource, **values: Any) -> None:
        def act(work: Work) -> None:
            row = work.session.get_one(Resource, resource.id)
            command = Change(resource_id=row.id, version=row.version, values=values)
            resources.change(work, command)

        self.house.database.write(self.house.coordinator, act)


@pytest.fixture
def requests(house: House, make: Any) -> Requests:
    return Requests(
        house=house,
        hall=make.resource(house.phares, house.scic, "Plateau", needs_approval=True),
        studio=make.resource(house.phares, house.cantine, "Studio", needs_approval=True),
        cook=make.actor(
            house.phares, house.cantine, Role.RESOURCE_MANAGER, person=make.person("Mo Sy")
        ),
    )


def test_each_rule_makes_a_request(house: House, make: Any) -> None:
    """Confirmed at once within the rules; a request for each reason, all of them told."""
    room = make.resource(
        house.phares,
        house.scic,
        "Serre",
        hours=(540, 1080),
        quantity=4,
        approval_outside_hours=True,
        approval_above=180,
        approval_quantity=2,
        approval_standings=["tenant"],
    )

    def reasons(booking: Booking) -> list[str]:
        with house.database.read(house.coordinator) as work:
            row = work.session.query(Decision).filter_by(booking_id=booking.id).one_or_none()
            return sorted(row.reasons) if row else []

    usual = house.book((room, 1), span=hours(9, 11))
    assert (usual.status, usual.lapses_at, reasons(usual)) == (BookingStatus.CONFIRMED, None, [])
    late = house.book((room, 1), span=hours(20, 22))
    assert (late.status, reasons(late)) == (BookingStatus.PENDING, ["outside_hours"])
    long = house.book((room, 1), span=hours(9, 13, 11))
    assert (long.status, reasons(long)) == (BookingStatus.PENDING, ["too_long"])
    many = house.book((room, 3), span=hours(9, 11, 12))
    assert (many.status, reasons(many)) == (BookingStatus.PENDING, ["quantity"])
    tenant = house.book((room, 3), actor=house.stranger, span=hours(17, 21, 13))
    assert reasons(tenant) == ["outside_hours", "quantity", "standing", "too_long"]
    mine = house.book((room, 1), actor=house.keeper, span=hours(20, 22, 14))
    assert mine.status is BookingStatus.CONFIRMED


def test_outside_hours_is_refused_unless_the_resource_says_otherwise(
    house: House, make: Any
) -> None:
    strict = make.resource(house.phares, house.scic, "Atelier bois", hours=(540, 1080))
    with pytest.raises(Refused) as refused:
        house.book((strict, 1), span=hours(20, 22))
    assert refused.value.details["rule"] == "outside_opening_hours"


def test_the_reasons_are_told_first(requests: Requests) -> None:
    """A form that has told nothing yet is told why; once told, the request leaves."""
    house = requests.house
    with pytest.raises(ApprovalToAsk) as asked:
        house.book((requests.hall, 1), told=frozenset())
    assert "chaque demande pour Plateau attend un accord" in asked.value.say()
    assert "alternatives" not in asked.value.details
    told = asked.value.details["told"]
    assert isinstance(told, list)
    made = house.book((requests.hall, 1), told=frozenset(told))
    assert made.status is BookingStatus.PENDING
    plain = house.book(told=frozenset())
    assert plain.status is BookingStatus.CONFIRMED


def test_a_request_waits_as_long_as_its_resource_says(requests: Requests, make: Any) -> None:
    """72 hours, what the manager sets, and never past the start."""
    house = requests.house
    assert house.book((requests.hall, 1)).lapses_at == NOW + timedelta(hours=72)
    soon = Interval(NOW + timedelta(hours=5), NOW + timedelta(hours=6))
    assert house.book((requests.hall, 1), span=soon).lapses_at == soon.start
    slow = make.resource(house.phares, house.scic, "Serre", needs_approval=True, approval_delay=0)
    assert house.book((slow, 1)).lapses_at == hours(9, 11).start
    both = house.book((requests.studio, 1), (slow, 1), span=hours(12, 13))
    assert both.lapses_at == NOW + timedelta(hours=72)


def test_each_manager_decides_their_own(requests: Requests) -> None:
    """The booking is confirmed when all have agreed; nobody answers for another."""
    house = requests.house
    made = house.book((requests.hall, 1), (requests.studio, 1), (house.chairs, 2))
    assert requests.decisions(made) == {
        requests.hall.id: "waiting",
        requests.studio.id: "waiting",
    }
    with pytest.raises(NotYourDecision):
        requests.approve(made, resource_ids=frozenset({requests.studio.id}))
    assert requests.approve(made).status is BookingStatus.PENDING
    assert requests.decisions(made) == {
        requests.hall.id: "agreed",
        requests.studio.id: "waiting",
    }
    assert (requests.inbox(house.keeper), requests.inbox(requests.cook)) == ([], [made.title])
    with pytest.raises(NotPending) as late:
        requests.approve(made)
    assert late.value.say() == "Noé Blanc a déjà donné son accord à cette demande."
    done = requests.approve(made, requests.cook)
    assert (done.status, done.lapses_at) == (BookingStatus.CONFIRMED, None)
    assert requests.inbox(requests.cook) == []


def test_one_no_is_enough(requests: Requests) -> None:
    made = requests.house.book((requests.hall, 1), (requests.studio, 1))
    requests.approve(made)
    with pytest.raises(Invalid):
        requests.refuse(made, requests.cook, why="  ")
    done = requests.refuse(made, requests.cook, why="Tournage")
    assert (done.status, done.cancel_reason) == (BookingStatus.REFUSED, "Tournage")
    assert requests.held(made) == []
    with pytest.raises(NotPending) as late:
        requests.approve(made)
    assert late.value.say() == "Mo Sy a déjà refusé cette demande."


def test_named_approvers_decide(requests: Requests, make: Any) -> None:
    """A person without any role decides, sees the request, and books without asking."""
    house = requests.house
    requests.set(requests.hall, approvers=[house.stranger.person_id])
    made = house.book((requests.hall, 1))
    assert requests.inbox(house.stranger) == [made.title]
    assert requests.approve(made, house.stranger).status is BookingStatus.CONFIRMED
    with house.database.read(house.stranger) as work:
        assert queries.get(work, made.id).id == made.id
    own = house.book((requests.hall, 1), actor=house.stranger, span=hours(14, 15))
    assert own.status is BookingStatus.CONFIRMED
    nobody = make.person("Sans Place")
    with pytest.raises(Invalid):
        requests.set(requests.hall, approvers=[nobody.id])
    other = house.book((requests.hall, 1), span=hours(16, 17))
    with pytest.raises(NotFound):
        requests.approve(other, make.actor(house.phares, house.cantine))


def test_what_has_become_impossible_is_explained(requests: Requests, clock: Clock) -> None:
    """Not offered any more, a closed day, another rule, an organisation that left, its time."""
    house, hall = requests.house, requests.hall
    made = house.book((hall, 1))
    requests.set(hall, is_listed=False)
    with pytest.raises(NoLongerPossible) as refused:
        requests.approve(made)
    assert refused.value.say() == (
        "Cette demande ne peut plus être acceptée. Plateau n'est plus proposé à la réservation."
    )
    requests.set(hall, is_listed=True, closed_on_holidays=True)
    closed = AddClosedDay(day=date(2027, 3, 10), reason="Inventaire")
    house.database.write(house.coordinator, resources.add_closed_day, closed)
    with pytest.raises(NoLongerPossible) as refused:
        requests.approve(made)
    assert "Inventaire" in refused.value.say()
    requests.set(hall, closed_on_holidays=False, longest=60)
    with pytest.raises(NoLongerPossible) as refused:
        requests.approve(made)
    assert refused.value.details["rule"] == "too_long"
    requests.set(hall, longest=None, notice=60 * 24 * 300)
    clock.now = hours(9, 11).end
    with pytest.raises(AlreadyEnded):
        requests.approve(made)
    clock.now = NOW
    assert requests.approve(made).status is BookingStatus.CONFIRMED


def test_a_proposal_holds_its_slot_beside_the_first(requests: Requests) -> None:
    """Both are held until the answer; the overlap is held once; accepting leaves one."""
    house, hall = requests.house, requests.hall
    made = house.book((hall, 1), span=hours(9, 11))
    offered = requests.propose(made, span=hours(10, 13), note="Avant, c'est pris")
    assert offered.status is BookingStatus.PENDING
    assert requests.held(made) == [(hours(9, 11), 1), (hours(11, 13), 1)]
    for span in (hours(9, 10), hours(12, 13)):
        with pytest.raises(SlotTaken):
            house.book((hall, 1), actor=house.coordinator, span=span)
    assert requests.inbox(house.keeper) == []
    assert requests.inbox(house.member, is_to_answer=True) == [made.title]
    with pytest.raises(Forbidden):
        requests.accept(offered, house.keeper)
    done = requests.accept(offered)
    assert (done.status, done.starts_at) == (BookingStatus.CONFIRMED, hours(10, 13).start)
    assert requests.held(made) == [(hours(10, 13), 1)]
    assert requests.proposals(made) == ["accepted"]
    assert requests.decisions(made) == {hall.id: "agreed"}
    house.book((hall, 1), actor=house.coordinator, span=hours(9, 10))
    with pytest.raises(NoProposal):
        requests.accept(done)


def test_a_declined_proposal_leaves_the_request(requests: Requests, clock: Clock) -> None:
    """As it was, for as long as if it was asked for now."""
    house, hall = requests.house, requests.hall
    made = house.book((hall, 1))
    offered = requests.propose(made, span=hours(14, 16))
    clock.now = NOW + timedelta(hours=1)
    back = requests.decline(offered)
    assert (back.status, back.lapses_at) == (BookingStatus.PENDING, NOW + timedelta(hours=73))
    assert requests.held(made) == [(hours(9, 11), 1)]
    house.book((hall, 1), actor=house.coordinator, span=hours(14, 16))
    assert requests.inbox(house.keeper) == [made.title]
    assert requests.approve(back).status is BookingStatus.CONFIRMED


def test_another_thing_is_proposed(requests: Requests) -> None:
    """Another room at the same hour, and one more chair: by quantity only what is lacking."""
    house, hall = requests.house, requests.hall
    made = house.book((hall, 1), (house.chairs, 4))
    lines = (
        Line(resource_id=house.room.id),
        Line(resource_id=house.chairs.id, quantity=6),
    )
    offered = requests.propose(made, lines=lines)
    assert sorted(n for _, n in requests.held(made)) == [1, 1, 2, 4]
    done = requests.accept(offered)
    assert done.status is BookingStatus.CONFIRMED
    assert sorted(n for _, n in requests.held(made)) == [1, 6]
    assert requests.decisions(made) == {hall.id: "void"}


def test_a_proposal_waits_for_the_other_managers(requests: Requests) -> None:
    """Who proposes agrees by it; the others agree to the new time, even those who had agreed."""
    house = requests.house
    made = house.book((requests.hall, 1), (requests.studio, 1))
    requests.approve(made, requests.cook)
    offered = requests.propose(made, span=hours(14, 16))
    taken = requests.accept(offered)
    assert taken.status is BookingStatus.PENDING
    assert requests.decisions(made) == {
        requests.hall.id: "agreed",
        requests.studio.id: "waiting",
    }
    assert requests.approve(taken, requests.cook).status is BookingStatus.CONFIRMED


def test_what_cannot_be_proposed(requests: Requests) -> None:
    house, hall = requests.house, requests.hall
    made = house.book((hall, 1))
    house.book((hall, 1), actor=house.coordinator, span=hours(14, 16))
    with pytest.raises(SlotTaken):
        requests.propose(made, span=hours(15, 17))
    with pytest.raises(Invalid):
        requests.propose(made, span=hours(9, 11))
    with pytest.raises(Refused):
        requests.propose(made, span=Interval(NOW - timedelta(hours=2), NOW))
    with pytest.raises(NotFound):
        requests.propose(made, requests.cook, span=hours(17, 18))
    first = requests.propose(made, span=hours(17, 18))
    with pytest.raises(VersionMismatch):
        requests.propose(made, span=hours(18, 19))
    again = requests.propose(first, span=hours(18, 19))
    assert requests.held(made) == [(hours(9, 11), 1), (hours(18, 19), 1)]
    assert requests.proposals(made) == ["open", "replaced"]
    with pytest.raises(VersionMismatch):
        requests.accept(first)
    assert requests.approve(again).status is BookingStatus.CONFIRMED
    assert requests.held(made) == [(hours(9, 11), 1)]
    assert requests.proposals(made) == ["replaced", "replaced"]


def test_giving_up_frees_both(requests: Requests) -> None:
    made = requests.house.book((requests.hall, 1))
    offered = requests.propose(made, span=hours(14, 16))
    requests.house.cancel(offered)
    assert (requests.held(made), requests.proposals(made)) == ([], ["replaced"])
    assert requests.decisions(made) == {requests.hall.id: "void"}


def test_a_proposal_lapses_with_its_request(requests: Requests, clock: Clock) -> None:
    made = requests.house.book((requests.hall, 1))
    offered = requests.propose(made, span=hours(14, 16))
    assert offered.lapses_at == NOW + timedelta(hours=72)
    clock.now = NOW + timedelta(hours=72)
    assert jobs.lapse(requests.house.database) == 1
    assert requests.now(made).status is BookingStatus.LAPSED
    assert (requests.held(made), requests.proposals(made)) == ([], ["lapsed"])
    with pytest.raises(AlreadyLapsed):
        requests.accept(offered)
    with pytest.raises(AlreadyLapsed):
        requests.approve(offered)


def test_a_slot_that_was_asked_for_is_not_held_past_its_start(
    requests: Requests, clock: Clock
) -> None:
    """What is proposed for later stays; declining it then ends the request."""
    house, hall = requests.house, requests.hall
    soon = Interval(NOW + timedelta(hours=2), NOW + timedelta(hours=4))
    made = house.book((hall, 1), span=soon)
    offered = requests.propose(made, span=hours(9, 11))
    assert offered.lapses_at == soon.start
    clock.now = soon.start
    assert jobs.lapse(house.database) == 0
    stands = requests.now(made)
    assert (stands.status, stands.lapses_at) == (
        BookingStatus.PENDING,
        NOW + timedelta(hours=72),
    )
    assert requests.held(made) == [(hours(9, 11), 1)]
    gone = requests.decline(stands)
    assert (gone.status, requests.held(made)) == (BookingStatus.CANCELLED, [])


def confirmed(requests: Requests) -> Booking:
    """Return a confirmed booking of the hall, from 9 to 11."""
    return requests.approve(requests.house.book((requests.hall, 1)))


def test_a_confirmed_booking_stays_until_its_change_is_agreed(requests: Requests) -> None:
    """It keeps its slot and its state; the new slot is held beside; yes moves it."""
    house = requests.house
    made = confirmed(requests)
    wished = house.change(made, span=hours(10, 12), title="Réunion élargie")
    assert (wished.status, wished.starts_at, wished.title) == (
        BookingStatus.CONFIRMED,
        hours(9, 11).start,
        "Réunion élargie",
    )
    assert wished.lapses_at == NOW + timedelta(hours=72)
    assert requests.held(made) == [(hours(9, 11), 1), (hours(11, 12), 1)]
    assert requests.inbox(house.keeper) == ["Réunion élargie"]
    done = requests.approve(wished)
    assert (done.starts_at, done.lapses_at) == (hours(10, 12).start, None)
    assert done.sequence == made.sequence + 1
    assert requests.held(made) == [(hours(10, 12), 1)]
    assert requests.proposals(made) == ["accepted"]


def test_a_refused_change_loses_nothing(requests: Requests) -> None:
    made = confirmed(requests)
    wished = requests.house.change(made, span=hours(14, 16))
    kept = requests.refuse(wished)
    assert (kept.status, kept.starts_at, kept.lapses_at) == (
        BookingStatus.CONFIRMED,
        hours(9, 11).start,
        None,
    )
    assert requests.held(made) == [(hours(9, 11), 1)]
    assert requests.proposals(made) == ["declined"]
    again = requests.house.change(kept, span=hours(16, 18))
    assert requests.decisions(again) == {requests.hall.id: "waiting"}


def test_a_change_nobody_answers_loses_nothing(requests: Requests, clock: Clock) -> None:
    made = confirmed(requests)
    requests.house.change(made, span=hours(14, 16))
    clock.now = NOW + timedelta(hours=72)
    assert jobs.lapse(requests.house.database) == 1
    assert jobs.lapse(requests.house.database) == 0
    kept = requests.now(made)
    assert (kept.status, kept.lapses_at) == (BookingStatus.CONFIRMED, None)
    assert requests.held(made) == [(hours(9, 11), 1)]
    assert requests.proposals(made) == ["lapsed"]


def test_a_wish_is_replaced_or_given_up(requests: Requests) -> None:
    """Wishing otherwise replaces it; shortening needs nobody and drops it; so does cancelling."""
    house = requests.house
    made = confirmed(requests)
    wished = house.change(made, span=hours(14, 16))
    again = house.change(wished, span=hours(16, 18))
    assert requests.held(made) == [(hours(9, 11), 1), (hours(16, 18), 1)]
    shorter = house.change(again, span=hours(9, 10))
    assert (shorter.status, shorter.lapses_at) == (BookingStatus.CONFIRMED, None)
    assert requests.held(made) == [(hours(9, 10), 1)]
    assert requests.decisions(made) == {requests.hall.id: "void"}
    renamed = house.change(house.change(shorter, span=hours(14, 16)), title="Autre nom")
    assert renamed.lapses_at is not None
    house.cancel(renamed)
    assert (requests.held(made), requests.inbox(house.keeper)) == ([], [])


def test_a_change_is_answered_by_something_else(requests: Requests) -> None:
    """The counter-proposal takes the place of the wish; declining it leaves the booking."""
    house = requests.house
    made = confirmed(requests)
    wished = house.change(made, span=hours(14, 16))
    offered = requests.propose(wished, span=hours(17, 19))
    assert requests.held(made) == [(hours(9, 11), 1), (hours(17, 19), 1)]
    kept = requests.decline(offered)
    assert (kept.status, kept.lapses_at) == (BookingStatus.CONFIRMED, None)
    assert requests.held(made) == [(hours(9, 11), 1)]
    offered = requests.propose(house.change(kept, span=hours(14, 16)), span=hours(17, 19))
    done = requests.accept(offered)
    assert (done.status, done.starts_at) == (BookingStatus.CONFIRMED, hours(17, 19).start)


def test_a_colleague_does_not_answer_for_another(requests: Requests) -> None:
    """Who asked answers, or who runs the organisation."""
    house = requests.house
    made = requests.propose(house.book((requests.hall, 1)), span=hours(14, 16))
    with pytest.raises(Forbidden):
        requests.accept(made, house.colleague)
    head = replace(house.colleague, roles=frozenset({Role.ORGANISATION_MANAGER}))
    assert requests.accept(made, head).status is BookingStatus.CONFIRMED


def test_a_request_moved_back_within_the_rules_is_confirmed(house: House, make: Any) -> None:
    room = make.resource(
        house.phares, house.scic, "Serre", hours=(540, 1080), approval_outside_hours=True
    )
    made = house.book((room, 1), span=hours(19, 21))
    done = house.change(made, span=hours(14, 16))
    assert (done.status, done.lapses_at) == (BookingStatus.CONFIRMED, None)
    with house.database.read(house.coordinator) as work:
        row = work.session.query(Decision).filter_by(booking_id=made.id).one()
        assert row.status is DecisionStatus.VOID
    wished = house.change(done, span=hours(19, 21))
    assert (wished.status, wished.starts_at) == (
        BookingStatus.CONFIRMED,
        hours(14, 16).start,
    )


def test_an_option_that_is_confirmed_asks(requests: Requests) -> None:
    """It becomes a request with its approvers and its deadline."""
    house = requests.house
    requests.set(requests.hall, option_longest=1440)
    option = house.book((requests.hall, 1), option_until=NOW + timedelta(hours=5))
    assert requests.decisions(option) == {}
    command = Confirm(booking_id=option.id, version=option.version)
    made = house.database.write(house.member, services.confirm, command)
    assert (made.status, made.lapses_at) == (BookingStatus.PENDING, NOW + timedelta(hours=72))
    assert requests.decisions(made) == {requests.hall.id: "waiting"}
    assert requests.approve(made).status is BookingStatus.CONFIRMED
