"""Subscriptions: the person reads all of their half-days, each member its own part."""

from coopshare.calendars import services as calendars
from coopshare.calendars import subscriptions
from coopshare.calendars.commands import CreateFeed
from coopshare.calendars.models import FeedDetail, FeedKind
from coopshare.db.work import Database
from coopshare.kernel.actor import Actor
from coopshare.pooled_staff.commands import AskLeave
from coopshare.pooled_staff.kinds import LeaveKind
from coopshare.pooled_staff.services import leaves
from tests.make import Maker
from tests.pooled_staff.world import AFTERNOON, DAY, MONDAY, Group, span


def read(world: Group, actor: Actor, kind: FeedKind) -> str:
    """Subscribe, and return what the calendar says, its lines unfolded."""
    command = CreateFeed(kind=kind, detail=FeedDetail.FULL)
    _, token = world.do(calendars.create_feed, command, actor=actor)
    told = subscriptions.find(world.database, token).told
    return subscriptions.calendar(world.database, told).decode().replace("\r\n ", "")


def test_each_reads_its_part(database: Database, make: Maker) -> None:
    world = Group(database, make)
    world.contract()
    world.assign(MONDAY)
    world.assign(MONDAY, AFTERNOON, world.relais)
    world.publish()
    world.do(
        leaves.ask,
        AskLeave(
            worker_id=world.worker.id,
            kind=LeaveKind.SICK,
            span=span(MONDAY + DAY, (0, 1440)),
            is_decided=True,
        ),
    )
    own = read(world, world.cip, FeedKind.MY_SHIFTS)
    assert own.count("BEGIN:VEVENT") == 3
    assert "Léa Durand à Avenir" in own
    assert "Léa Durand à Relais" in own
    assert "maladie" not in own.lower()
    ours = read(world, world.manager, FeedKind.ORGANISATION)
    assert ours.count("BEGIN:VEVENT") == 1
    assert "Léa Durand à Avenir" in ours
    everybody = read(world, world.manager, FeedKind.COOPERATIVE)
    assert everybody.count("BEGIN:VEVENT") == 3
    assert "Relais" not in everybody
    assert read(world, world.manager, FeedKind.MY_SHIFTS).count("BEGIN:VEVENT") == 0
