"""Requests of Le Phares: an evening that waits, a proposal to answer, two who decide, a change.

Made by the verbs themselves, as people would have, some days and hours before now.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from coopshare.bookings import services
from coopshare.bookings.commands import Book, Change, Decide, Line, Propose
from coopshare.bookings.models import Booking
from coopshare.db.work import Work
from coopshare.demo.build import Made
from coopshare.holds.errors import SlotTaken
from coopshare.kernel.errors import Refused
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import to_utc
from coopshare.members.kinds import Standing
from coopshare.members.queries import actor_for
from coopshare.resources.models import ResourceApprover

FARTHEST = 60
"""Days within which a free moment is found in any season."""


def add(work: Work, made: Made) -> int:
    """Add these stories; return how many bookings came."""
    _rules(work, made)
    _an_evening(work, made)
    _a_proposal(work, made)
    _two_who_decide(work, made)
    _a_change(work, made)
    return 4


def _rules(work: Work, made: Made) -> None:
    """Say what waits for whom: evenings, long days, many chairs, inhabitants."""
    for key in ("salle-a", "salle-b", "grande-salle"):
        made.resources[key].approval_outside_hours = True
        made.resources[key].approval_standings = [str(Standing.OUTSIDE)]
    made.resources["grande-salle"].approval_above = 8 * 60
    made.resources["grande-salle"].approvers = [
        ResourceApprover(person_id=made.people["phares"][place].id) for place in (0, 1)
    ]
    made.resources["chaises"].approval_quantity = 45
    work.session.flush()


def _as(work: Work, made: Made, organisation: str, place: int, ago: timedelta) -> Work:
    """Return the unit as it was some time ago, for somebody; nobody is told of the past."""
    person, owner = made.people[organisation][place], made.organisations[organisation]
    actor = actor_for(work, person.id, made.cooperative.id, owner.id, "demo")
    return replace(work, actor=actor, now=work.now - ago, handlers={})


def _first(
    work: Work, made: Made, days: int, hours: tuple[int, int], make: Callable[[Interval], Booking]
) -> Booking:
    """Make a booking between two hours of the first day where it may be, from so many days."""
    zone = ZoneInfo(made.plan.timezone)
    today = work.now.astimezone(zone).date()
    for more in range(days, days + FARTHEST):
        day = today + timedelta(days=more)
        start, end = (to_utc(datetime.combine(day, time(hour)), zone) for hour in hours)
        try:
            return make(Interval(start, end))
        except (SlotTaken, Refused):
            continue
    message = f"no free day within {FARTHEST} days"
    raise RuntimeError(message)


def _wanted(made: Made, organisation: str, title: str, span: Interval, *keys: str) -> Book:
    return Book(
        organisation_id=made.organisations[organisation].id,
        title=title,
        note="Nous rangeons tout en partant." if len(keys) > 1 else "",
        lines=tuple(Line(resource_id=made.resources[key].id) for key in keys),
        span=span,
    )


def _an_evening(work: Work, made: Made) -> None:
    """Tell of an evening outside opening hours, asked for this morning."""
    then = _as(work, made, "atelier-nord", 0, timedelta(hours=5))
    _first(
        work,
        made,
        8,
        (20, 22),
        lambda span: services.book(
            then, _wanted(made, "atelier-nord", "Soirée des familles", span, "salle-a")
        ),
    )


def _a_proposal(work: Work, made: Made) -> None:
    """Tell of a kitchen that was asked for, and of the other moment that is proposed instead."""
    then = _as(work, made, "atelier-nord", 0, timedelta(hours=30))
    asked = _first(
        work,
        made,
        10,
        (14, 17),
        lambda span: services.book(
            then, _wanted(made, "atelier-nord", "Cuisine des compagnons", span, "cuisine")
        ),
    )
    cook = _as(work, made, "table", 0, timedelta(hours=4))
    _first(
        work,
        made,
        12,
        (10, 13),
        lambda span: services.propose(
            cook,
            Propose(
                booking_id=asked.id,
                version=asked.version,
                span=span,
                note="Nous livrons cet après-midi-là ; ce matin-là, les fours sont à vous.",
            ),
        ),
    )


def _two_who_decide(work: Work, made: Made) -> None:
    """Tell of a workshop and a kitchen in one booking: one has agreed, the other not yet."""
    then = _as(work, made, "coup-de-pouce", 0, timedelta(hours=26))
    asked = _first(
        work,
        made,
        14,
        (9, 13),
        lambda span: services.book(
            then,
            _wanted(made, "coup-de-pouce", "Journée des métiers", span, "cuisine", "atelier-bois"),
        ),
    )
    cook = _as(work, made, "table", 0, timedelta(hours=2))
    services.approve(cook, Decide(booking_id=asked.id, version=asked.version))


def _a_change(work: Work, made: Made) -> None:
    """Tell of a confirmed booking that somebody would like later: it stands until the answer."""
    then = _as(work, made, "ressourcerie", 0, timedelta(days=3))
    asked = _first(
        work,
        made,
        9,
        (16, 18),
        lambda span: services.book(
            then, _wanted(made, "ressourcerie", "Réunion des bénévoles du port", span, "salle-b")
        ),
    )
    later = Interval(asked.starts_at + timedelta(hours=4), asked.ends_at + timedelta(hours=4))
    services.change(
        _as(work, made, "ressourcerie", 0, timedelta(hours=3)),
        Change(booking_id=asked.id, version=asked.version, span=later),
    )
