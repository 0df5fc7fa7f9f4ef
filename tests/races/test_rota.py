"""A rota is published at the very instant at which a member books its person: one of them wins."""

import multiprocessing
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from coopshare.bookings import services as bookings
from coopshare.bookings.commands import Book, Line
from coopshare.db.work import Database, Work
from coopshare.holds.models import Hold
from coopshare.kernel.actor import Actor
from coopshare.kernel.errors import CoopShareError
from coopshare.pooled_staff.commands import Publish
from coopshare.pooled_staff.kinds import AssignmentState
from coopshare.pooled_staff.models import Assignment
from coopshare.pooled_staff.services import rota
from coopshare.resources.models import Resource
from tests.conftest import NOW, Clock
from tests.make import Maker
from tests.pooled_staff.world import DAY, MONDAY, Group, span

ROUNDS = 15
PATIENCE = 120


def _publish(url: str, actor: Actor, employer_id: UUID, gate: Barrier, found: Any) -> None:
    database = Database(url, clock=Clock(NOW))
    for number in range(ROUNDS):
        day = MONDAY + number * DAY
        gate.wait(PATIENCE)
        try:
            database.write(
                actor,
                rota.publish,
                Publish(employer_id=employer_id, first=day, last=day, ground="x"),
            )
            found.put((number, "publish", "won"))
        except CoopShareError as refusal:
            found.put((number, "publish", refusal.code))
    database.close()


def _book(url: str, actor: Actor, resource_id: UUID, gate: Barrier, found: Any) -> None:
    database = Database(url, clock=Clock(NOW))
    assert actor.organisation_id is not None
    for number in range(ROUNDS):
        command = Book(
            organisation_id=actor.organisation_id,
            title="Aide informatique",
            lines=(Line(resource_id=resource_id),),
            span=span(MONDAY + number * DAY),
        )
        gate.wait(PATIENCE)
        try:
            database.write(actor, bookings.book, command)
            found.put((number, "book", "won"))
        except CoopShareError as refusal:
            found.put((number, "book", refusal.code))
    database.close()


def test_publishing_and_booking_the_same_person(database: Database, make: Maker) -> None:
    """The loser is told `slot_taken`; the person is held once, by the winner."""
    world = Group(database, make)
    world.contract()

    def list_(work: Work) -> None:
        work.session.get_one(Resource, world.worker.resource_id).is_listed = True

    world.do(list_)
    for number in range(ROUNDS):
        world.assign(MONDAY + number * DAY)
    context = multiprocessing.get_context("spawn")
    gate, found = context.Barrier(2), context.Queue()
    crew: list[SpawnProcess] = [
        context.Process(
            target=_publish, args=(database.url, world.planner, world.employer.id, gate, found)
        ),
        context.Process(
            target=_book,
            args=(database.url, world.manager, world.worker.resource_id, gate, found),
        ),
    ]
    try:
        for one in crew:
            one.start()
        told = [found.get(timeout=PATIENCE) for _ in range(2 * ROUNDS)]
    finally:
        for one in crew:
            one.join(10)
            one.kill()
    outcomes = [{verb: how for n, verb, how in told if n == number} for number in range(ROUNDS)]
    ours, theirs = (
        {"publish": "won", "book": "slot_taken"},
        {"publish": "slot_taken", "book": "won"},
    )
    assert [one in (ours, theirs) for one in outcomes] == [True] * ROUNDS, outcomes
    with database.read(world.planner) as work:
        held = work.session.scalars(sa.select(Hold).where(Hold.live)).all()
        assert len(held) == ROUNDS
        rows = work.session.scalars(sa.select(Assignment).order_by(Assignment.starts_at)).all()
        told_of = [row.state is AssignmentState.PUBLISHED for row in rows]
        assert told_of == [one == ours for one in outcomes]
