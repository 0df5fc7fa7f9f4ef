"""Any sequence of verbs around waiting lists, against a naive model, on both engines.

At every moment the first one that what is free suits has been offered it: the model serves the
list in the plainest way after each step, and the application has to have done the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
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

from coopshare.bookings import jobs, services
from coopshare.bookings.commands import Book, Cancel, Change, Line
from coopshare.bookings.errors import SlotIsFree
from coopshare.bookings.models import Booking, BookingStatus, Wait, WaitStatus
from coopshare.db.work import Database
from coopshare.holds import services as holding
from coopshare.holds.errors import ClosureBlocked, SlotTaken
from coopshare.holds.models import Hold
from coopshare.kernel.intervals import Interval
from coopshare.resources.models import Resource
from tests.bookings.test_machine import AFTER, DAY, PARTS, QUANTITIES, choices, quarters, span
from tests.conftest import NOW, Clock
from tests.make import Maker

starts = st.integers(30, 42)
lengths = st.integers(1, 8)


@dataclass
class Use:
    """What the model knows of something that holds, or that waits to."""

    lines: dict[str, int]
    start: int
    length: int
    until: datetime | None = None

    @property
    def taken(self) -> dict[tuple[str, int], int]:
        return quarters(self.lines, self.start, self.length)


class Machine(RuleBasedStateMachine):
    """The application and the model do the same, and have to agree after each step."""

    held = Bundle("held")
    queued = Bundle("queued")
    closed = Bundle("closed")

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__()
        self.database, self.clock, self.make = database, clock, Maker(database)
        self.clock.now = NOW
        self.live: dict[UUID, Use] = {}
        """What holds: bookings, options and closures, by their ids."""
        self.waiting: dict[UUID, Use] = {}
        """In order."""
        self.offered: dict[UUID, UUID] = {}
        """Place in the list -> the option that was made for it."""
        self.number = 0

    @initialize()
    def furnish(self) -> None:
        cooperative = self.make.cooperative()
        owner = self.make.organisation(cooperative)
        self.actor = self.make.actor(cooperative, owner, "administrator")  # type: ignore[arg-type]
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

    # The model.

    def fits(self, use: Use, but: UUID | None = None) -> bool:
        used = use.taken
        for key, other in self.live.items():
            if key != but:
                for place, amount in other.taken.items():
                    if place in used:
                        used[place] += amount
        return all(amount <= QUANTITIES[leaf] for (leaf, _), amount in used.items())

    def serve(self) -> None:
        """Offer what is free, in order, then read which options the application made of it."""
        self.read(self.served())

    def served(self) -> list[UUID]:
        """Have what is free held for those who wait for it, in order; return who they are."""
        found = []
        for wait_id, use in list(self.waiting.items()):
            if self.fits(use):
                found.append(wait_id)
                self.live[wait_id] = self.waiting.pop(wait_id)
        return found

    def read(self, served: list[UUID]) -> None:
        """Read the options the application made for those the model served."""
        with self.database.read(self.actor) as work:
            for wait_id in served:
                row = work.session.get_one(Wait, wait_id)
                assert row.status is WaitStatus.OFFERED
                assert row.booking_id is not None
                option = work.session.get_one(Booking, row.booking_id)
                assert option.status is BookingStatus.OPTION
                use = self.live.pop(wait_id)
                use.until = option.lapses_at
                self.live[option.id] = use
                self.offered[wait_id] = option.id

    # The verbs.

    def command(self, use: Use) -> Book:
        assert self.actor.organisation_id is not None
        self.number += 1
        return Book(
            organisation_id=self.actor.organisation_id,
            title=f"N° {self.number}",
            lines=self.lines(use.lines),
            span=span(use.start, use.length),
        )

    def lines(self, wanted: dict[str, int]) -> tuple[Line, ...]:
        return tuple(
            Line(resource_id=self.resources[name].id, quantity=quantity)
            for name, quantity in wanted.items()
        )

    def version(self, booking_id: UUID) -> int:
        with self.database.read(self.actor) as work:
            return work.session.get_one(Booking, booking_id).version

    @rule(target=held, wanted=choices, start=starts, length=lengths)
    def book(self, wanted: dict[str, int], start: int, length: int) -> Any:
        use = Use(wanted, start, length)
        try:
            row = self.database.write(self.actor, services.book, self.command(use))
        except SlotTaken:
            assert not self.fits(use)
            return multiple()
        assert self.fits(use)
        self.live[row.id] = use
        return row.id

    @rule(target=queued, wanted=choices, start=starts, length=lengths)
    def join(self, wanted: dict[str, int], start: int, length: int) -> Any:
        use = Use(wanted, start, length)
        same = [
            one
            for one in (*self.waiting.values(), *(self.live[k] for k in self.offered.values()))
            if (one.lines, one.start, one.length) == (wanted, start, length)
        ]
        if same:
            return multiple()
        try:
            row = self.database.write(self.actor, services.join, self.command(use))
        except SlotIsFree:
            assert self.fits(use)
            return multiple()
        assert not self.fits(use)
        self.waiting[row.id] = use
        return row.id

    @rule(key=consumes(held))
    def cancel(self, key: UUID) -> None:
        command = Cancel(booking_id=key, version=self.version(key))
        self.database.write(self.actor, services.cancel, command)
        del self.live[key]
        self.serve()

    @rule(key=held, start=starts, length=lengths)
    def move(self, key: UUID, start: int, length: int) -> None:
        self._change(key, Use(self.live[key].lines, start, length), span=span(start, length))

    @rule(key=held, wanted=choices)
    def refill(self, key: UUID, wanted: dict[str, int]) -> None:
        known = self.live[key]
        self._change(key, Use(wanted, known.start, known.length), lines=self.lines(wanted))

    def _change(self, key: UUID, use: Use, **fields: Any) -> None:
        command = Change(booking_id=key, version=self.version(key), **fields)
        try:
            self.database.write(self.actor, services.change, command)
        except SlotTaken:
            assert not self.fits(use, but=key)
            return
        assert self.fits(use, but=key)
        self.live[key] = use
        self.serve()

    @rule(target=held, key=consumes(queued))
    def accept_or_leave(self, key: UUID) -> Any:
        if key in self.waiting:
            self.database.write(self.actor, services.leave, key)
            del self.waiting[key]
        elif key in self.offered:
            option = self.offered.pop(key)
            made = self.database.write(self.actor, services.accept, key)
            assert made.id == option
            return option
        return multiple()

    @rule(key=consumes(queued))
    def decline(self, key: UUID) -> None:
        if key in self.offered:
            self.database.write(self.actor, services.leave, key)
            del self.live[self.offered.pop(key)]
            self.serve()

    @rule(target=closed, name=st.sampled_from(["Atelier", "A", "Chaises"]), start=starts)
    def close(self, name: str, start: int) -> Any:
        use = Use({name: QUANTITIES[name]}, start, 4)
        bare = {place: n for place, n in use.taken.items() if place[1] < start + 4}
        command = holding.Close(
            resource_ids=(self.resources[name].id,),
            span=span(start, 4),
            timezone="Europe/Paris",
            reason="Travaux",
        )
        used = {p: n for one in self.live.values() for p, n in one.taken.items() if n}
        try:
            row = self.database.write(self.actor, holding.close, command)
        except ClosureBlocked:
            assert any(place in used for place in bare)
            return multiple()
        assert not any(place in used for place in bare)
        self.live[row.id] = Shut({name: QUANTITIES[name]}, start, 4)
        return row.id

    @rule(key=consumes(closed))
    def lift(self, key: UUID) -> None:
        self.database.write(self.actor, holding.lift, key)
        del self.live[key]
        self.serve()

    @rule()
    def time_passes(self) -> None:
        """Seven hours, then the worker comes by: offers that were not answered go on."""
        if self.clock.now + timedelta(days=1) > DAY:
            return
        self.clock.now += timedelta(hours=7)
        options = {option: wait for wait, option in self.offered.items()}
        due = sorted(
            (use.until, key)
            for key, use in self.live.items()
            if use.until is not None and key in options and use.until <= self.clock.now
        )
        jobs.lapse(self.database)
        served = []
        for _, key in due:
            del self.live[key], self.offered[options[key]]
            served += self.served()
        self.read(served)

    @invariant()
    def both_say_the_same(self) -> None:
        """Compare who waits, who is offered something, and what is held quarter by quarter."""
        if not hasattr(self, "actor"):
            return
        expected: dict[tuple[str, int], int] = {}
        for use in self.live.values():
            for place, amount in use.taken.items():
                expected[place] = expected.get(place, 0) + amount
        names = {resource.id: name for name, resource in self.resources.items()}
        stored: dict[tuple[str, int], int] = {}
        with self.database.read(self.actor) as work:
            for hold in work.session.scalars(sa.select(Hold).where(Hold.live)):
                for quarter in _quarters(Interval(hold.starts_at, hold.ends_at)):
                    place = (names[hold.resource_id], quarter)
                    stored[place] = stored.get(place, 0) + hold.quantity
            rows = work.session.scalars(sa.select(Wait).order_by(Wait.position)).all()
        assert stored == expected
        assert [w.id for w in rows if w.status is WaitStatus.WAITING] == list(self.waiting)
        assert {w.id for w in rows if w.status is WaitStatus.OFFERED} == set(self.offered)
        assert not any(self.fits(use) for use in self.waiting.values())


class Shut(Use):
    """A closure: no preparation around it."""

    @property
    def taken(self) -> dict[tuple[str, int], int]:
        last = self.start + self.length
        return {place: n for place, n in super().taken.items() if place[1] < last}


def _quarters(held: Interval) -> range:
    first, last = (int((moment - DAY).total_seconds()) // 900 for moment in (held.start, held.end))
    return range(first, last)


def test_any_sequence(database: Database, clock: Clock) -> None:
    run_state_machine_as_test(
        lambda: Machine(database, clock),  # type: ignore[arg-type] # made by us, with its database
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
