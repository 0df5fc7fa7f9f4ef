"""Any sequence of bookings, moves, other lines and cancellations, against a naive model."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from coopshare.bookings import services
from coopshare.bookings.commands import Book, Cancel, Change, Line
from coopshare.bookings.models import Booking
from coopshare.db.work import Database
from coopshare.holds.errors import SlotTaken
from coopshare.holds.models import Hold
from coopshare.kernel.dates import utc
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource
from tests.make import Maker

DAY = utc(2027, 3, 10)
QUARTERS = 4 * 24
AFTER = {"Atelier": 2, "Chaises": 0, "Grande salle": 3, "A": 0, "B": 1}
"""Quarters of an hour of preparation after each use."""
QUANTITIES = {"Atelier": 1, "Chaises": 5, "A": 1, "B": 1}
PARTS = {"Grande salle": ("A", "B")}

starts = st.integers(8, 40)
lengths = st.integers(1, 12)
choices = st.sampled_from(
    [
        {"Atelier": 1},
        {"Chaises": 1},
        {"Chaises": 3},
        {"Chaises": 5},
        {"Atelier": 1, "Chaises": 2},
        {"Grande salle": 1},
        {"A": 1},
        {"B": 1, "Chaises": 4},
        {"A": 1, "B": 1},
        {"Grande salle": 1, "Atelier": 1, "Chaises": 1},
    ]
)
bookings = Bundle("bookings")


@dataclass
class Known:
    """What the model knows of a booking."""

    row: Booking
    lines: dict[str, int]
    start: int
    length: int


def span(start: int, length: int) -> Interval:
    """Return a span counted in quarters of an hour."""
    first = DAY + timedelta(minutes=15 * start)
    return Interval(first, first + timedelta(minutes=15 * length))


def quarters(lines: dict[str, int], start: int, length: int) -> dict[tuple[str, int], int]:
    """Return what a booking takes: so many of each leaf in each quarter of an hour."""
    taken: dict[tuple[str, int], int] = {}
    for name, quantity in lines.items():
        for leaf in PARTS.get(name, (name,)):
            amount = QUANTITIES[leaf] if name in PARTS else quantity
            for quarter in range(start, start + length + max(AFTER[name], AFTER[leaf])):
                taken[leaf, quarter] = taken.get((leaf, quarter), 0) + amount
    return taken


class Machine(RuleBasedStateMachine):
    """The application and the model do the same, and have to agree after each step."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database, self.make = database, Maker(database)
        self.model: dict[UUID, Known] = {}

    @initialize()
    def furnish(self) -> None:
        """Start in a cooperative of its own."""
        cooperative = self.make.cooperative()
        owner = self.make.organisation(cooperative)
        self.actor = self.make.actor(cooperative, owner)
        self.resources: dict[str, Resource] = {
            name: self.make.resource(
                cooperative,
                owner,
                name,
                quantity=QUANTITIES.get(name, 1),
                preparation_after=15 * after,
            )
            for name, after in AFTER.items()
        }
        for whole, parts in PARTS.items():
            for part in parts:
                self.make.part(self.resources[whole], self.resources[part])

    def fits(self, known: dict[str, int], start: int, length: int, but: UUID | None = None) -> bool:
        """Tell by the model whether a booking would find everything free."""
        used = quarters(known, start, length)
        for key, other in self.model.items():
            if key != but:
                for place, amount in quarters(other.lines, other.start, other.length).items():
                    if place in used:
                        used[place] += amount
        return all(amount <= QUANTITIES[leaf] for (leaf, _), amount in used.items())

    def lines(self, wanted: dict[str, int]) -> tuple[Line, ...]:
        return tuple(
            Line(resource_id=self.resources[name].id, quantity=quantity)
            for name, quantity in wanted.items()
        )

    @rule(target=bookings, wanted=choices, start=starts, length=lengths)
    def book(self, wanted: dict[str, int], start: int, length: int) -> Any:
        organisation_id = self.actor.organisation_id
        assert organisation_id is not None
        command = Book(
            organisation_id=organisation_id,
            title="Atelier",
            lines=self.lines(wanted),
            span=span(start, length),
        )
        try:
            row = self.database.write(self.actor, services.book, command)
        except SlotTaken:
            assert not self.fits(wanted, start, length)
            return multiple()
        assert self.fits(wanted, start, length)
        self.model[row.id] = Known(row, wanted, start, length)
        return row.id

    @rule(key=bookings, start=starts, length=lengths)
    def move(self, key: UUID, start: int, length: int) -> None:
        known = self.model[key]
        self._change(key, known.lines, start, length, span=span(start, length))

    @rule(key=bookings, wanted=choices)
    def refill(self, key: UUID, wanted: dict[str, int]) -> None:
        known = self.model[key]
        self._change(key, wanted, known.start, known.length, lines=self.lines(wanted))

    def _change(
        self, key: UUID, wanted: dict[str, int], start: int, length: int, **fields: Any
    ) -> None:
        known = self.model[key]
        command = Change(booking_id=key, version=known.row.version, **fields)
        try:
            row = self.database.write(self.actor, services.change, command)
        except SlotTaken:
            assert not self.fits(wanted, start, length, but=key)
            return
        assert self.fits(wanted, start, length, but=key)
        self.model[key] = Known(row, wanted, start, length)

    @rule(key=consumes(bookings))
    def cancel(self, key: UUID) -> None:
        version = self.model.pop(key).row.version
        self.database.write(self.actor, services.cancel, Cancel(booking_id=key, version=version))

    @invariant()
    def holds_are_those_of_the_model(self) -> None:
        """Compare what is stored, quarter by quarter, with what the model says."""
        if not hasattr(self, "actor"):
            return
        expected: dict[tuple[str, int], int] = {}
        for known in self.model.values():
            for place, amount in quarters(known.lines, known.start, known.length).items():
                expected[place] = expected.get(place, 0) + amount
        names = {resource.id: name for name, resource in self.resources.items()}
        stored: dict[tuple[str, int], int] = {}
        with self.database.read(self.actor) as work:
            for hold in work.session.scalars(sa.select(Hold).where(Hold.live)):
                first, last = (
                    int((moment - DAY).total_seconds()) // 900
                    for moment in (hold.starts_at, hold.ends_at)
                )
                for quarter in range(first, last):
                    place = (names[hold.resource_id], quarter)
                    stored[place] = stored.get(place, 0) + hold.quantity
        assert stored == expected


def test_any_sequence(database: Database) -> None:
    run_state_machine_as_test(
        lambda: Machine(database),  # type: ignore[arg-type] # made by us, with its database
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
