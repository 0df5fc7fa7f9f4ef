"""A cooperative with a hall of two parts, and bookings published in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from coopshare.calendars import services
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import FeedDetail, FeedKind
from coopshare.db.work import Database, Work
from coopshare.holds.models import Hold, HoldSource
from coopshare.kernel.actor import Actor, Role
from coopshare.kernel.intervals import Interval
from coopshare.members.models import Cooperative, Organisation
from coopshare.resources.models import Resource
from tests.calendars.entries import entry
from tests.make import Maker


@dataclass
class House:
    """Le Phares, as these tests need it."""

    database: Database
    make: Maker
    cooperative: Cooperative
    north: Organisation
    south: Organisation
    member: Actor
    """Books for the north."""
    other: Actor
    """Books for the south."""
    manager: Actor
    """Manages the rooms of the south."""
    administrator: Actor
    hall: Resource
    left: Resource
    right: Resource
    chairs: Resource

    def publish(
        self,
        actor: Actor,
        start: datetime,
        hours: float,
        *rooms: Resource,
        prepare: int = 0,
        quantity: int = 1,
        tell: tuple[Resource, ...] = (),
        **fields: Any,
    ) -> UUID:
        """Keep an event and its holds, as a booking does; `source_id` among the fields: again."""
        span = Interval(start, start + timedelta(hours=hours))
        values: dict[str, Any] = {
            "source_id": uuid4(),
            "organisation_id": actor.organisation_id,
            "person_id": actor.person_id,
            "span": span,
        }
        values |= fields
        told = entry(**values)
        wide = span.widened(prepare, prepare)

        def keep(work: Work) -> None:
            for room in rooms:
                work.session.add(
                    Hold(
                        resource_id=room.id,
                        quantity=quantity,
                        starts_at=wide.start,
                        ends_at=wide.end,
                        live=told.status != "cancelled",
                        source_kind=HoldSource.BOOKING,
                        source_id=told.source_id,
                    )
                )
            services.publish(work, [told], [room.id for room in (*rooms, *tell)])

        self.database.write(actor, keep)
        return told.source_id


@pytest.fixture
def house(database: Database, make: Maker) -> House:
    cooperative = make.cooperative()
    north = make.organisation(cooperative, "Atelier Nord")
    south = make.organisation(cooperative, "Régie du Sud")
    hall = make.resource(cooperative, south, "Grande salle", capacity=60)
    left = make.resource(cooperative, south, "Salle A", capacity=30, hours=(480, 1200))
    right = make.resource(cooperative, south, "Salle B", capacity=30)
    make.part(hall, left)
    make.part(hall, right)
    return House(
        database=database,
        make=make,
        cooperative=cooperative,
        north=north,
        south=south,
        member=make.actor(cooperative, north, Role.MEMBER),
        other=make.actor(cooperative, south, Role.MEMBER),
        manager=make.actor(cooperative, south, Role.MEMBER, Role.RESOURCE_MANAGER),
        administrator=make.actor(cooperative, north, Role.ADMINISTRATOR),
        hall=hall,
        left=left,
        right=right,
        chairs=make.resource(cooperative, south, "Chaises", kind="equipment", quantity=40),
    )


Subscribe = Callable[..., str]


@pytest.fixture
def subscribe(house: House) -> Subscribe:
    """Give a function that makes a feed and returns its path."""

    def start(actor: Actor, kind: str, detail: str = "full", target: UUID | None = None) -> str:
        command = CreateFeed(kind=FeedKind(kind), detail=FeedDetail(detail), target_id=target)
        feed, token = house.database.write(actor, services.create_feed, command)
        return f"/ical/{token}/{feed.slug}.ics"

    return start
