"""The closed days a cooperative adds to public holidays."""

from uuid import UUID, uuid4

from coopshare.db import guards
from coopshare.db.work import Work
from coopshare.kernel.errors import NotFound
from coopshare.resources.commands import AddClosedDay
from coopshare.resources.errors import DayAlreadyClosed
from coopshare.resources.facts import DayClosed, DayReopened
from coopshare.resources.models import ClosedDay
from coopshare.resources.policies import Permission, allow

guards.refuses("uq_closed_days_cooperative_id_day", DayAlreadyClosed)
guards.refuses("closed_days.cooperative_id, closed_days.day", DayAlreadyClosed)


def add_closed_day(work: Work, command: AddClosedDay) -> ClosedDay:
    """Close a day; raises `DayAlreadyClosed`. What is already booked that day stays booked."""
    allow(work.actor, Permission.CLOSE_DAYS)
    day = ClosedDay(id=uuid4(), day=command.day, reason=command.reason, created_at=work.now)
    work.session.add(day)
    work.session.flush()
    work.record(DayClosed(object_id=day.id, changes=(("day", "", command.day.isoformat()),)))
    return day


def remove_closed_day(work: Work, day_id: UUID) -> UUID:
    """Open a closed day again; raises `NotFound`."""
    allow(work.actor, Permission.CLOSE_DAYS)
    day = work.session.get(ClosedDay, day_id)
    if day is None:
        raise NotFound
    work.record(DayReopened(object_id=day.id, changes=(("day", day.day.isoformat(), ""),)))
    work.session.delete(day)
    return day_id
