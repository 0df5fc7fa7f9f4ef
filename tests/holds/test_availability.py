"""What is free: every resource has its answer, and every answer can be booked."""

import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from coopshare.db.work import Database
from coopshare.holds import queries, services
from coopshare.holds.errors import AlreadyLifted, ClosureBlocked, SlotTaken
from coopshare.holds.models import HoldSource
from coopshare.holds.queries import Answer, Offer, Wish, answer, nearest_free
from coopshare.holds.services import Close
from coopshare.kernel.actor import Role
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import Forbidden, Invalid
from coopshare.kernel.intervals import Interval
from coopshare.members.kinds import Standing
from coopshare.resources.kinds import ResourceKind
from tests.holds.test_services import House, between
from tests.make import Maker


@pytest.fixture
def house(database: Database, make: Maker) -> House:
    return House(database, make)


def ask(house: House, **wish: Any) -> Answer:
    with house.database.read(house.actor) as work:
        return answer(work, Wish(**wish))


def names(offers: list[Offer]) -> list[str]:
    return [offer.resource.name for offer in offers]


def test_free_nearly_and_others(house: House) -> None:
    atelier = house.resource("Atelier", capacity=12)
    house.resource("Verrière", capacity=14)
    house.resource("Placard", capacity=2)
    house.resource("Bureau", capacity=14, standings=["outside"])
    house.hold(between(8, 11), atelier)
    found = ask(house, span=between(9, 12), min_capacity=12)
    assert (names(found.free), names(found.nearly), names(found.others)) == (
        ["Verrière"],
        ["Atelier"],
        ["Bureau", "Placard"],
    )
    (nearly,) = found.nearly
    assert [r.sentence.say() for r in nearly.reasons] == [
        "« Atelier » : déjà réservé, mercredi 10\u00a0mars, 9\u202fh\u00a0–\u00a012\u202fh."
    ]
    assert nearly.nearest[0] == between(11, 14)
    assert [other.name for other in nearly.similar] == ["Verrière"]
    assert [[r.code for r in offer.reasons] for offer in found.others] == [
        ["not_for_your_standing"],
        ["too_many_people"],
    ]


def test_reasons_of_the_clock(house: House) -> None:
    """Closed, too soon, too short, off the step: each says which."""
    house.resource("Ouvert l'après-midi", hours=(13 * 60, 18 * 60))
    house.resource("Deux semaines avant", notice=14 * 24 * 60)
    house.resource("Demi-journées", slots=[[480, 720], [780, 1080]])
    house.resource("Quatre heures", shortest=240)
    found = ask(house, span=between(9, 11))
    assert found.free == []
    codes = {o.resource.name: o.reasons[0].code for o in found.nearly + found.others}
    assert codes == {
        "Ouvert l'après-midi": "outside_opening_hours",
        "Deux semaines avant": "notice_too_short",
        "Demi-journées": "not_a_slot",
        "Quatre heures": "too_short",
    }
    nearest = {o.resource.name: o.nearest[0] for o in found.nearly}
    assert nearest["Ouvert l'après-midi"] == between(12, 14)
    assert nearest["Demi-journées"] == between(7, 11)
    assert nearest["Quatre heures"] == between(9, 13)


def test_quantity_features_and_words(house: House) -> None:
    chairs = house.resource("Chaises", quantity=30, kind=ResourceKind.EQUIPMENT)
    house.hold(between(9, 12), chairs, quantity=20)
    assert names(ask(house, span=between(9, 12), quantity=10).free) == ["Chaises"]
    found = ask(house, span=between(9, 12), quantity=11)
    assert found.nearly[0].free_quantity == 10
    assert "il n'en reste que 10 sur 30" in found.nearly[0].reasons[0].sentence.say()
    assert names(ask(house, span=between(9, 12), quantity=31).others) == ["Chaises"]
    house.resource("Studio", features=["sound"])
    assert names(ask(house, span=between(9, 12), q="studio").free) == ["Studio"]
    found = ask(house, span=between(9, 12), q="studio", features=frozenset({"sound", "screen"}))
    assert [r.sentence.say() for r in found.others[0].reasons] == ["« Studio » n'a pas : Écran."]
    kind = ResourceKind.EQUIPMENT
    assert names(ask(house, span=between(14, 15), kind=kind).free) == ["Chaises"]


def test_a_duration_within_a_window(house: House) -> None:
    room = house.resource("Atelier", hours=(9 * 60, 12 * 60))
    house.hold(between(8, 10), room)  # 9 h to 11 h in Paris
    window = Interval(utc(2027, 3, 10, 8), utc(2027, 3, 12, 8))
    found = ask(house, window=window, duration=120)
    assert [o.nearest for o in found.free] == [
        (Interval(utc(2027, 3, 11, 8), utc(2027, 3, 11, 10)),)
    ]
    found = ask(house, window=Interval(utc(2027, 3, 10, 8), utc(2027, 3, 10, 12)), duration=120)
    assert found.free == []
    assert found.nearly[0].reasons[0].code == "no_free_span"
    assert found.nearly[0].nearest[0] == Interval(utc(2027, 3, 9, 9), utc(2027, 3, 9, 11))


def test_a_hall_and_its_parts(house: House) -> None:
    hall, left, _ = house.hall()
    house.hold(between(9, 10), left)
    found = ask(house, span=between(9, 11))
    assert names(found.free) == ["B"]
    assert sorted(names(found.nearly)) == ["A", "Grande salle"]
    house.hold(between(14, 15), hall)
    assert names(ask(house, span=between(14, 15)).free) == []


def test_managers_pass_over_some_rules(house: House, make: Maker) -> None:
    house.resource("Atelier", hours=(9 * 60, 12 * 60), notice=14 * 24 * 60)
    assert ask(house, span=between(18, 19)).free == []
    house.actor = make.actor(house.cooperative, house.owner, Role.RESOURCE_MANAGER)
    assert names(ask(house, span=between(18, 19)).free) == ["Atelier"]


def test_a_wish_that_makes_no_sense() -> None:
    window = Interval(utc(2027, 3, 10), utc(2027, 3, 11))
    for wrong in (
        {},
        {"window": window},
        {"window": window, "duration": 0},
        {"window": window, "duration": 1441},
        {"window": Interval(utc(2027, 3, 10), utc(2027, 9, 10)), "duration": 60},
    ):
        with pytest.raises(Invalid):
            Wish(**wrong)


def test_several_days(house: House) -> None:
    """A loan of three days: the nearest free ones begin at the same hour."""
    bike = house.resource("Vélo cargo", kind=ResourceKind.EQUIPMENT)
    three = Interval(utc(2027, 3, 10, 9), utc(2027, 3, 13, 9))
    house.hold(Interval(utc(2027, 3, 10, 9), utc(2027, 3, 11, 9)), bike)
    with house.database.read(house.actor) as work:
        found = nearest_free(work, bike, three.minutes, three)
    assert found[0] == three.moved(utc(2027, 3, 11, 9))


def test_statements_do_not_grow(house: House) -> None:
    """One room or forty, no hold or many: the same number of statements."""
    seen: list[str] = []
    sa.event.listen(
        house.database.reading,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: seen.append(statement),
    )
    counts = []
    for number in (1, 40):
        for _ in range(number):
            room = house.resource(f"Salle {uuid.uuid4().hex[:4]}", hours=(0, 1440))
            house.hold(between(9, 10), room)
        seen.clear()
        ask(house, span=between(9, 11))
        counts.append(len([s for s in seen if s.startswith("SELECT")]))
    assert counts[0] == counts[1] <= 8


def test_against_a_naive_model(house: House) -> None:
    """Random rooms, halls, chairs and bookings: free or not as a minute-by-minute model says."""
    chance = random.Random(7)  # noqa: S311 - the same draw each time
    rooms = [
        house.resource(
            f"Salle {n}",
            quantity=chance.choice([1, 1, 4]),
            preparation_before=chance.choice([0, 0, 15]),
            preparation_after=chance.choice([0, 30]),
        )
        for n in range(6)
    ]
    hall = house.resource("Grande salle", preparation_after=45)
    for part in rooms[:2]:
        house.make.part(hall, part)
    everything = [*rooms, hall]
    leaves = {r.id: [r] for r in rooms} | {hall.id: rooms[:2]}
    used: dict[uuid.UUID, list[int]] = {r.id: [0] * 48 * 60 for r in rooms}

    def demand(number: int, start: int, end: int, quantity: int) -> list[tuple[Any, int, int, int]]:
        whole = everything[number]
        return [
            (
                leaf.id,
                start - max(whole.preparation_before, leaf.preparation_before),
                end + max(whole.preparation_after, leaf.preparation_after),
                quantity if leaf is whole else leaf.quantity,
            )
            for leaf in leaves[whole.id]
        ]

    by_id = {r.id: r for r in rooms}

    def fits(number: int, start: int, end: int, quantity: int) -> bool:
        return all(
            amount + max(used[leaf_id][max(0, first) : last]) <= by_id[leaf_id].quantity
            for leaf_id, first, last, amount in demand(number, start, end, quantity)
        )

    base = utc(2027, 3, 10)
    for _ in range(150):
        number, start = chance.randrange(7), chance.randrange(4, 150) * 15
        end, quantity = start + chance.randrange(1, 17) * 15, chance.choice([1, 1, 2])
        span = Interval(base + timedelta(minutes=start), base + timedelta(minutes=end))
        found = ask(house, span=span, quantity=quantity)
        free = {offer.resource.id for offer in found.free}
        expected = {
            r.id
            for n, r in enumerate(everything)
            if quantity <= r.quantity and fits(n, start, end, quantity)
        }
        assert free == expected
        for offer in found.nearly:
            other = next(n for n, r in enumerate(everything) if r.id == offer.resource.id)
            for near in offer.nearest:
                minutes = [int((m - base).total_seconds()) // 60 for m in (near.start, near.end)]
                if minutes[0] >= 60 and minutes[1] + 60 < 48 * 60:
                    assert fits(other, minutes[0], minutes[1], quantity)
        if everything[number].id in expected and chance.random() < 0.7:
            house.hold(span, everything[number], quantity=quantity)
            for leaf_id, first, last, amount in demand(number, start, end, quantity):
                for minute in range(max(0, first), last):
                    used[leaf_id][minute] += amount


def test_closures(house: House, make: Maker) -> None:
    """A closure takes all there is; what is in use stands in the way, said and not cancelled."""
    hall, left, _ = house.hall()
    chairs = house.resource("Chaises", quantity=10)
    manager = make.actor(house.cooperative, house.owner, Role.RESOURCE_MANAGER)
    command = Close(
        resource_ids=(hall.id, chairs.id),
        span=between(9, 12),
        timezone="Europe/Paris",
        reason="Travaux",
    )
    booked = house.hold(between(10, 11), chairs, quantity=1)
    with pytest.raises(ClosureBlocked) as refused:
        house.database.write(manager, services.close, command)
    assert [(c.name, c.span) for c in refused.value.conflicts] == [("Chaises", between(10, 11))]
    house.database.write(house.actor, services.release, booked)
    with pytest.raises(Forbidden):
        house.database.write(house.actor, services.close, command)
    closure = house.database.write(manager, services.close, command)
    for resource in (hall, left, chairs):
        with pytest.raises(SlotTaken):
            house.hold(between(11, 13), resource)
    found = ask(house, span=between(9, 10), q="chaises")
    assert "fermeture" in found.nearly[0].reasons[0].sentence.say()
    with house.database.read(manager) as work:
        (line,) = queries.closures(work, since=work.now)
        assert [name for _, name in line.resources] == ["A", "B", "Chaises"]
        assert queries.holds_of(work, closure.id)[0].source_kind is HoldSource.CLOSURE
    house.database.write(manager, services.lift, closure.id)
    with pytest.raises(AlreadyLifted):
        house.database.write(manager, services.lift, closure.id)
    house.hold(between(9, 12), hall, chairs)
    with house.database.read(manager) as work:
        assert queries.closures(work) == []


def test_only_ones_own_standing(house: House, make: Maker) -> None:
    house.resource("Atelier", standings=["associate"])
    assert names(ask(house, span=between(9, 10)).free) == ["Atelier"]
    tenant = make.organisation(house.cooperative, "Locataire", Standing.TENANT)
    house.actor = make.actor(house.cooperative, tenant, standing=Standing.TENANT)
    assert names(ask(house, span=between(9, 10)).others) == ["Atelier"]
