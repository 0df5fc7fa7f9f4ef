"""A year of the shared team of the Gard: half-days done and told, drafts, an illness to re-plan.

The half-days of a year that never was are written as rows, since nobody plans the past by hand. The
illness began last week: its half-days wait to be planned again.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from coopshare.db.work import Work
from coopshare.demo.build import Made
from coopshare.holds.models import Hold
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import at
from coopshare.members.models import Organisation
from coopshare.members.queries import actor_for
from coopshare.pooled_staff.commands import AskLeave, Unroll
from coopshare.pooled_staff.kinds import AssignmentState, LeaveKind, Origin
from coopshare.pooled_staff.models import Assignment, Employer, Site, Worker
from coopshare.pooled_staff.queries import people as queries
from coopshare.pooled_staff.queries.rota import pattern, standing
from coopshare.pooled_staff.services import leaves, patterns
from coopshare.pooled_staff.services.patterns import days_of, half_day
from coopshare.pooled_staff.services.rota import holding
from coopshare.pooled_staff.services.telling import tell
from coopshare.resources.services import public_holidays

WEEK, DAY = timedelta(days=7), timedelta(days=1)
PAST_WEEKS, TOLD_WEEKS, DRAFT_WEEKS = 52, 5, 8
"""How far the half-days reach: done, published, and still drafts."""
SHOWN_WEEKS = 10
"""How far back calendars show them."""


@dataclass(slots=True)
class Team:
    """What is made, as the verbs need it."""

    work: Work
    made: Made
    employer: Employer
    sites: dict[UUID, Site]
    monday: date
    """Of this week."""

    @property
    def place(self) -> ZoneInfo:
        """Return where they all are."""
        return ZoneInfo(self.made.plan.timezone)

    def member(self, number: int) -> Organisation:
        """Return a member by its number."""
        return self.made.organisations[f"structure{number}"]


def write_year(team: Team, worker: Worker, chance: random.Random) -> None:
    """Write what was done and is told, with the small changes of a year; unroll the drafts."""
    work = team.work
    first = team.monday - PAST_WEEKS * WEEK
    last = team.monday + TOLD_WEEKS * WEEK - DAY
    rows = list(_rows(team, worker, first, last, chance))
    work.add_rows(Assignment, rows)
    work.add_rows(Hold, holding(rows, worker.resource_id))
    recent = Interval(
        at(team.monday - SHOWN_WEEKS * WEEK, 0, team.place), at(last + DAY, 0, team.place)
    )
    tell(work, team.employer, {worker.id: worker}, standing(work, [worker.id], recent))
    patterns.unroll(
        work,
        Unroll(worker_id=worker.id, first=last + DAY, last=last + DRAFT_WEEKS * WEEK),
    )


def _rows(
    team: Team, worker: Worker, first: date, last: date, chance: random.Random
) -> Iterator[dict[str, Any]]:
    """Give the half-days between two days: three weeks of August and the year's end are off."""
    today = team.work.now.astimezone(team.place).date()
    off = {day for year in (first.year, last.year) for day in public_holidays("FR", year)}
    members = [key for key in team.made.organisations if key != "ge"]
    for day, line in days_of(list(pattern(team.work, worker.id)), first, last):
        is_summer = day.month == 8 and day.day < 22  # noqa: PLR2004
        is_yule = (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2)
        if day in off or is_summer or is_yule:
            continue
        owner_id, site_id = line.organisation_id, line.site_id
        if day < team.monday and owner_id and chance.random() < 0.07:  # noqa: PLR2004
            owner_id = team.made.organisations[chance.choice(members)].id
            site_id = team.sites[owner_id].id
        span = half_day(team.work, team.employer, day, line.half)
        is_done = day < today
        yield {
            "id": uuid4(),
            "worker_id": worker.id,
            "kind": line.kind,
            "organisation_id": owner_id,
            "site_id": site_id,
            "starts_at": span.start,
            "ends_at": span.end,
            "timezone": team.made.plan.timezone,
            "pause_minutes": 0,
            "state": AssignmentState.DONE if is_done else AssignmentState.PUBLISHED,
            "origin": Origin.PATTERN,
            "is_pinned": False,
            "note": "",
            "ground": "",
            "sequence": 0,
            "version": 1,
            "created_at": _told(span, team.place),
            "changed_at": _told(span, team.place),
            "published_at": _told(span, team.place),
        }


def _told(span: Interval, place: ZoneInfo) -> datetime:
    """Return when a half-day was published: five weeks before, at noon."""
    day = span.start.astimezone(place).date() - 5 * WEEK
    return datetime.combine(day, time(12), tzinfo=place)


def fall_ill(team: Team) -> None:
    """Have the counsellor be ill since last Thursday, for two weeks; ask for a spring leave."""
    from_work = team.work
    worker = next(one for one in people_of(team) if one.email == team.made.people["ge"][1].email)
    first, last = team.monday - 4 * DAY, team.monday + 9 * DAY
    _undo(team, worker, first)
    leaves.ask(
        from_work,
        AskLeave(
            worker_id=worker.id,
            kind=LeaveKind.SICK,
            span=Interval(at(first, 0, team.place), at(last + DAY, 0, team.place)),
            is_decided=True,
        ),
    )
    other = next(one for one in people_of(team) if one.id != worker.id)
    begin = team.monday + 6 * WEEK
    person = team.made.people["ge"][2]
    actor = actor_for(
        from_work,
        person.id,
        team.made.cooperative.id,
        team.made.organisations["ge"].id,
        "demo",
    )
    leaves.ask(
        replace(from_work, actor=actor),
        AskLeave(
            worker_id=other.id,
            kind=LeaveKind.PAID,
            span=Interval(at(begin, 0, team.place), at(begin + 5 * DAY, 0, team.place)),
            note="Une semaine avec les enfants.",
        ),
    )


def people_of(team: Team) -> list[Worker]:
    """Return the people of the team."""
    return queries.workers(team.work, only_planned=True)


def _undo(team: Team, worker: Worker, first: date) -> None:
    """Hold for published, not done, what was to be done since the illness began."""
    span = Interval(at(first, 0, team.place), team.work.now + WEEK)
    for row in standing(team.work, [worker.id], span):
        if row.state is AssignmentState.DONE and row.starts_at >= span.start:
            row.state = AssignmentState.PUBLISHED
    team.work.session.flush()
