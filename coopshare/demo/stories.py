"""What happened to a booking of the demonstration: who asked, who decided, whether it stayed."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.bookings.models import BookingStatus
from coopshare.demo.build import Made
from coopshare.demo.plans import PersonPlan, ResourcePlan
from coopshare.kernel.actor import Role
from coopshare.kernel.intervals import Interval

CANCELLED_SHARE = 0.04
FIRST_HOUR, LAST_HOUR = 8, 19
"""People write between these local hours."""
FARTHEST = 365
"""Days before which nobody thinks of a booking."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that somebody did to a booking."""

    action: str
    at: datetime
    person_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class Story:
    """The state of a booking and the steps that led to it, the first one being its making."""

    status: BookingStatus
    steps: tuple[Step, ...]

    @property
    def changes(self) -> int:
        """Return how many times it changed since it was made."""
        return len(self.steps) - 1


def told(
    made: Made,
    organisation: str,
    used: list[ResourcePlan],
    span: Interval,
    now: datetime,
    chance: random.Random,
) -> Story:
    """Return what happened to a booking of these resources.

    Resources that need approval get it within a few days, unless the person manages them; a booking
    whose answer would come after `now` still waits.
    """
    place = chance.randrange(len(made.people[organisation]))
    asked = _asked_at(used, span, now, ZoneInfo(made.plan.timezone), chance)
    first = _step(made, "booked", asked, organisation, place)
    steps, latest = [first], min(now, span.start)
    person = _people(made, organisation)[place]
    waiting = [
        one for one in used if one.needs_approval and not _manages(person, organisation, one)
    ]
    if waiting:
        answer = asked + timedelta(hours=chance.choice((24, 48, 96, 144)))
        answer = min(answer, span.start - timedelta(minutes=30))
        if answer > now:
            return Story(BookingStatus.PENDING, (first,))
        steps.append(_step(made, "approved", answer, *_decider(made, waiting[0])))
    if chance.random() >= CANCELLED_SHARE:
        return Story(BookingStatus.CONFIRMED, tuple(steps))
    gone = min(steps[-1].at + timedelta(minutes=45), latest)
    steps.append(_step(made, "cancelled", gone, organisation, place))
    return Story(BookingStatus.CANCELLED, tuple(steps))


def _asked_at(
    used: list[ResourcePlan], span: Interval, now: datetime, zone: ZoneInfo, chance: random.Random
) -> datetime:
    """Return when it was asked for: by day, within the notice and the horizon of what it uses."""
    notice = timedelta(minutes=max(plan.notice for plan in used))
    horizon = timedelta(days=min(plan.horizon or FARTHEST for plan in used) - 1)
    latest = min(span.start - notice, now.replace(second=0, microsecond=0))
    local = (latest - timedelta(minutes=chance.randrange(90, 20000, 5))).astimezone(zone)
    if not FIRST_HOUR <= local.hour < LAST_HOUR:
        day = local - timedelta(days=1 if local.hour < FIRST_HOUR else 0)
        local = day.replace(hour=chance.randrange(FIRST_HOUR, LAST_HOUR - 1))
    return max(local.astimezone(UTC), min(span.start - horizon, latest))


def _people(made: Made, organisation: str) -> tuple[PersonPlan, ...]:
    return next(one.people for one in made.plan.organisations if one.key == organisation)


def _manages(person: PersonPlan, organisation: str, resource: ResourcePlan) -> bool:
    return Role.ADMINISTRATOR in person.roles or (
        Role.RESOURCE_MANAGER in person.roles
        and organisation == (resource.manager or resource.owner)
    )


def _decider(made: Made, resource: ResourcePlan) -> tuple[str, int]:
    """Return who decides on a resource: (organisation, place among its people)."""
    return next(
        (one.key, place)
        for one in made.plan.organisations
        for place, person in enumerate(one.people)
        if Role.RESOURCE_MANAGER in person.roles and _manages(person, one.key, resource)
    )


def _step(made: Made, action: str, at: datetime, organisation: str, place: int) -> Step:
    return Step(
        f"booking.{action}",
        at,
        made.people[organisation][place].id,
        made.organisations[organisation].id,
    )
