"""Approvers, who asked and the clock at one instant, in processes: one answer is kept."""

import multiprocessing
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from coopshare.bookings import services
from coopshare.bookings.commands import Answer, Book, Decide, Line, Propose
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.db.work import Database, Work
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.dates import utc
from coopshare.kernel.errors import CoopShareError
from coopshare.kernel.intervals import Interval
from coopshare.models import metadata
from coopshare.resources.models import Resource
from tests.make import Maker

ROUNDS = 6
PATIENCE = 60
"""Seconds before a stuck race is a failure."""


@dataclass(frozen=True)
class Turn:
    """What one rival does in one round."""

    actor: Actor
    verb: str
    booking_id: UUID
    version: int


def act(database: Database, turn: Turn) -> str:
    """Do it, and say in one word how it went."""
    seen = {"booking_id": turn.booking_id, "version": turn.version}
    try:
        if turn.verb == "lapse":
            done = database.write(turn.actor, services.lapse, turn.booking_id)
            return "won" if done is not None else "too late"
        if turn.verb in {"approve", "refuse"}:
            verb = services.approve if turn.verb == "approve" else services.refuse
            database.write(turn.actor, verb, Decide(**seen, reason="Pris"))  # type: ignore[arg-type]
        else:
            answer = Answer(**seen)  # type: ignore[arg-type]
            if turn.verb == "accept":
                database.write(turn.actor, services.accept_proposal, answer)
            else:
                database.write(turn.actor, services.decline_proposal, answer)
    except CoopShareError as refusal:
        return refusal.code
    except Exception as error:  # noqa: BLE001 - told to the test, which expects none
        return f"crash: {error!r}"
    return "won"


def rival(url: str, turns: list[Turn], barrier: Any, pipe: Any) -> None:
    """Take part in each round."""
    assert "memberships" in metadata.tables  # every model is known
    database = Database(url)
    found = []
    for turn in turns:
        barrier.wait(PATIENCE)
        found.append(act(database, turn))
    database.close()
    pipe.send(found)


def race(database: Database, rounds: list[list[Turn]]) -> list[Counter[str]]:
    """Have each rival, in a process of its own, do its turns; return how each round went."""
    context = multiprocessing.get_context("spawn")
    rivals = len(rounds[0])
    barrier = context.Barrier(rivals)
    url = database.engine.url.render_as_string(hide_password=False)
    pipes, processes = [], []
    for number in range(rivals):
        ours, theirs = context.Pipe()
        turns = [one[number] for one in rounds]
        process = context.Process(target=rival, args=(url, turns, barrier, theirs), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)
    outcomes = [pipe.recv() if pipe.poll(PATIENCE) else ["late"] * len(rounds) for pipe in pipes]
    for process in processes:
        process.join(10)
    return [Counter(one[n] for one in outcomes) for n in range(len(rounds))]


class Place:
    """A hall and a studio with their managers, and somebody who asks."""

    def __init__(self, database: Database, make: Maker) -> None:
        self.database = database
        phares = make.cooperative()
        scic, cantine = make.organisation(phares, "SCIC"), make.organisation(phares, "Cantine")
        atelier = make.organisation(phares, "Atelier")
        self.hall = make.resource(phares, scic, "Plateau", needs_approval=True)
        self.studio = make.resource(phares, cantine, "Studio", needs_approval=True)
        self.member = make.actor(phares, atelier)
        self.keepers = [make.actor(phares, scic, Role.RESOURCE_MANAGER) for _ in range(2)]
        self.cook = make.actor(phares, cantine, Role.RESOURCE_MANAGER)
        self.worker = Actor(door="worker", cooperative_id=phares.id)
        self.days = 0

    def ask(self, *resources: Resource, is_due: bool = False, offered: bool = False) -> Booking:
        """Return a request, on a day of its own."""
        self.days += 1
        start = utc(2027, 5, 1 + self.days, 9)
        span = Interval(start, utc(2027, 5, 1 + self.days, 11))
        assert self.member.organisation_id is not None
        command = Book(
            organisation_id=self.member.organisation_id,
            title="Réunion",
            lines=tuple(Line(resource_id=one.id) for one in resources),
            span=span,
        )
        made = self.database.write(self.member, services.book, command)
        if offered:
            other = Interval(utc(2027, 5, 1 + self.days, 10), utc(2027, 5, 1 + self.days, 13))
            propose = Propose(booking_id=made.id, version=made.version, span=other)
            made = self.database.write(self.keepers[0], services.propose, propose)
        if is_due:
            made = self.database.write(self.member, self._due, made.id)
        return made

    @staticmethod
    def _due(work: Work, booking_id: UUID) -> Booking:
        row = work.session.get_one(Booking, booking_id)
        row.lapses_at = utc(2026, 1, 1)
        return row

    def states(self) -> Counter[BookingStatus]:
        """Return how many bookings are in each state."""
        with self.database.read(self.keepers[0]) as work:
            return Counter(row.status for row in work.session.query(Booking))


@pytest.fixture
def place(database: Database, make: Maker) -> Place:
    return Place(database, make)


def test_two_approvers(place: Place) -> None:
    """One yes or one no; everybody else reads that it was answered."""
    rounds = []
    for _ in range(ROUNDS):
        made = place.ask(place.hall)
        rounds.append(
            [
                Turn(place.keepers[n % 2], verb, made.id, made.version)
                for n, verb in enumerate(("approve", "refuse", "approve", "refuse"))
            ]
        )
    assert race(place.database, rounds) == [Counter(won=1, not_pending=3)] * ROUNDS
    assert place.states().keys() <= {BookingStatus.CONFIRMED, BookingStatus.REFUSED}


def test_approval_against_lapse(place: Place) -> None:
    """Either it is approved and stays, or it lapsed and the approver reads so."""
    rounds = []
    for _ in range(ROUNDS):
        made = place.ask(place.hall, is_due=True)
        approve = Turn(place.keepers[0], "approve", made.id, made.version)
        lapse = Turn(place.worker, "lapse", made.id, made.version)
        rounds.append([approve, lapse, Turn(place.keepers[1], "approve", made.id, made.version)])
    found = race(place.database, rounds)
    allowed = {"won", "not_pending", "already_lapsed", "too late", "version_mismatch"}
    assert all(counter["won"] == 1 and counter.keys() <= allowed for counter in found), found
    assert place.states().keys() <= {BookingStatus.CONFIRMED, BookingStatus.LAPSED}


def test_each_manager_at_the_same_instant(place: Place) -> None:
    """Both agree to their own line at once: it is confirmed, never left waiting for nobody."""
    rounds = []
    for _ in range(ROUNDS):
        made = place.ask(place.hall, place.studio)
        rounds.append(
            [Turn(who, "approve", made.id, made.version) for who in (place.keepers[0], place.cook)]
        )
    assert race(place.database, rounds) == [Counter(won=2)] * ROUNDS
    assert place.states() == Counter({BookingStatus.CONFIRMED: ROUNDS})


def test_accepting_against_approving(place: Place) -> None:
    """Who asked takes the proposal, or the approver takes the request: never both, one slot."""
    rounds = []
    for _ in range(ROUNDS):
        made = place.ask(place.hall, offered=True)
        rounds.append(
            [
                Turn(place.member, "accept", made.id, made.version),
                Turn(place.keepers[1], "approve", made.id, made.version),
                Turn(place.member, "accept", made.id, made.version),
            ]
        )
    found = race(place.database, rounds)
    allowed = {"won", "not_pending", "no_proposal", "version_mismatch"}
    assert all(counter["won"] == 1 and counter.keys() <= allowed for counter in found), found
    assert place.states() == Counter({BookingStatus.CONFIRMED: ROUNDS})
