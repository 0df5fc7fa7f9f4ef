"""Somebody's usual weeks, and the drafts they unroll into."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import delete

from coopshare.db.work import Work
from coopshare.kernel.errors import CoopShareError, Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import at, zone
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import cooperative
from coopshare.pooled_staff.commands import Assign, SetPattern, Unroll
from coopshare.pooled_staff.judging import DAY, bench
from coopshare.pooled_staff.kinds import Half, Origin
from coopshare.pooled_staff.models import Assignment, Employer, PatternLine, Worker
from coopshare.pooled_staff.queries import people, rota
from coopshare.pooled_staff.queries.group import employer, members_of, sites_of
from coopshare.pooled_staff.rules import Breach, StintKind, newly
from coopshare.pooled_staff.rules.diary import monday
from coopshare.pooled_staff.services.rota import Taken, Whereabouts, draft_of

MOST_WEEKS = 60
"""How far usual weeks are unrolled at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrolled:
    """The drafts that were written, what was left out and why, what all of it breaks."""

    rows: tuple[Assignment, ...]
    left_out: tuple[tuple[date, Half, Sentence], ...]
    breaks: tuple[Breach, ...]


def set_pattern(work: Work, command: SetPattern) -> Worker:
    """Say somebody's usual weeks anew. Raises `NotFound`, `Forbidden`, `Invalid`."""
    worker = people.planned_worker(work, command.worker_id)
    owner = employer(work, worker.employer_id)
    if command.first_monday.weekday():
        raise Invalid.field("first_monday", marked("Une semaine commence un lundi."))
    known = {one.organisation.id for one in members_of(work, owner.id)}
    places = {site.id: site for site in sites_of(work, known | {owner.organisation_id})}
    for one in command.days:
        if (one.kind is StintKind.MEMBER) != (one.organisation_id is not None):
            raise Invalid.field(
                "days", marked("Dites pour quel membre, ou choisissez du temps commun.")
            )
        if one.organisation_id is not None and one.organisation_id not in known:
            raise Invalid.field("days", marked("Cette organisation n'est pas dans le groupement."))
        if one.site_id is not None and one.site_id not in places:
            raise Invalid.field("days", marked("Ce lieu est celui d'une autre organisation."))
        if not 0 <= one.week < command.weeks:
            raise Invalid.field("weeks", marked("Le cycle n'a pas autant de semaines."))
    work.session.execute(
        delete(PatternLine).where(PatternLine.worker_id == worker.id),
        execution_options={"synchronize_session": False},
    )
    work.add_rows(
        PatternLine,
        [
            {
                "id": uuid4(),
                "worker_id": worker.id,
                "week": one.week,
                "weeks": command.weeks,
                "first_monday": command.first_monday,
                "weekday": one.weekday,
                "half": one.half,
                "kind": one.kind,
                "organisation_id": one.organisation_id,
                "site_id": one.site_id,
            }
            for one in command.days
        ],
    )
    return worker


def half_day(work: Work, owner: Employer, day: date, half: Half) -> Interval:
    """Return when a half-day of an employer begins and ends."""
    place = zone(cooperative(work).timezone)
    if half is Half.MORNING:
        return Interval(at(day, owner.morning_opens, place), at(day, owner.morning_closes, place))
    return Interval(at(day, owner.afternoon_opens, place), at(day, owner.afternoon_closes, place))


def unroll(work: Work, command: Unroll) -> Unrolled:
    """Write the drafts of somebody's usual weeks; what is there already stays.

    Public holidays that are off, absences, days without contract and half-days that are planned
    already are left out, with the reason. Raises `NotFound`, `Forbidden`, `Invalid`.
    """
    worker = people.planned_worker(work, command.worker_id)
    owner = employer(work, worker.employer_id)
    if not command.first <= command.last <= command.first + timedelta(weeks=MOST_WEEKS):
        raise Invalid.field("last", marked("Choisissez une fin, à un an au plus du début."))
    ground = bench(work, owner, [worker], command.first, command.last)
    before = ground.judge()
    where, taken = Whereabouts(work, owner, worker), Taken.of(ground, worker)
    rows: list[Assignment] = []
    left: list[tuple[date, Half, Sentence]] = []
    off = ground.setting.holidays_off
    for day, line in days_of(list(rota.pattern(work, worker.id)), command.first, command.last):
        if day in off:
            left.append((day, line.half, Sentence(marked("Jour férié, chômé."))))
            continue
        wanted = Assign(
            worker_id=worker.id,
            span=half_day(work, owner, day, line.half),
            kind=line.kind,
            organisation_id=line.organisation_id,
            site_id=line.site_id,
        )
        try:
            where.check(wanted)
            taken.check(wanted.span)
        except CoopShareError as error:
            left.append((day, line.half, error.sentence))
            continue
        rows.append(draft_of(work, wanted, uuid4(), Origin.PATTERN))
    work.session.add_all(rows)
    work.session.flush()
    after = bench(work, owner, [worker], command.first, command.last).judge()
    return Unrolled(rows=tuple(rows), left_out=tuple(left), breaks=newly(before, after))


def days_of(
    lines: list[PatternLine], first: date, last: date
) -> Iterator[tuple[date, PatternLine]]:
    """Give each day of usual weeks between two days, with its line, in order."""
    by_day = {(line.week, line.weekday, line.half): line for line in lines}
    if not lines:
        return
    weeks, begin = lines[0].weeks, lines[0].first_monday
    day = first
    while day <= last:
        week = ((monday(day) - begin).days // 7) % weeks
        for half in Half:
            line = by_day.get((week, day.weekday(), half))
            if line is not None:
                yield day, line
        day += DAY
