"""From rows to facts: what the law says of people's time, as it is or as it would be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from coopshare.db.work import Work
from coopshare.holds.models import HoldSource
from coopshare.holds.queries import uses
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, zone
from coopshare.members.queries import cooperative
from coopshare.pooled_staff.kinds import AssignmentState
from coopshare.pooled_staff.models import Assignment, Contract, Employer, Journey, Worker
from coopshare.pooled_staff.queries import rota
from coopshare.pooled_staff.queries.group import journeys, rules_of
from coopshare.pooled_staff.queries.people import contracts
from coopshare.pooled_staff.rules import (
    Absence,
    Breach,
    Override,
    Setting,
    Stint,
    StintKind,
    Terms,
    check,
)
from coopshare.resources.services import public_holidays

DAY, WEEK = timedelta(days=1), timedelta(days=7)
HISTORY = 12 * WEEK
"""How far back work counts for an average."""
AFTER = 2 * WEEK
"""How far ahead what is planned counts for rests and weeks."""


@dataclass(slots=True)
class Bench:
    """Everything needed to judge the time of some people around some days, loaded once."""

    employer: Employer
    workers: Mapping[UUID, Worker]
    stints: dict[UUID, Stint]
    """By id: assignments, and what else takes people's time."""
    contracts: Mapping[UUID, Sequence[Contract]]
    absences: tuple[Absence, ...]
    setting: Setting
    timezone: str
    first: date
    last: date
    drafts: frozenset[UUID] = frozenset()
    """Ids of what nobody was told of yet."""
    journeys: Mapping[tuple[UUID, UUID], Journey] = field(default_factory=dict)

    def judge(
        self,
        *,
        instead: Iterable[Stint] = (),
        without: Collection[UUID] = (),
        worker_ids: Collection[UUID] | None = None,
    ) -> tuple[Breach, ...]:
        """Return what is not kept, as things are or with stints added, replaced or left out."""
        stints = {key: one for key, one in self.stints.items() if key not in without}
        stints |= {one.id: one for one in instead}
        found: list[Breach] = []
        for worker_id in worker_ids if worker_ids is not None else self.workers:
            mine = [one for one in stints.values() if one.worker_id == worker_id]
            mine += travels(mine, self.journeys, self.timezone)
            found += self._judged(worker_id, mine)
        return tuple(found)

    def _judged(self, worker_id: UUID, stints: Sequence[Stint]) -> list[Breach]:
        """Judge each day by the version of the contract that holds on it."""
        versions = self.contracts.get(worker_id, ())
        found: list[Breach] = []
        for index, version in enumerate(versions):
            after = versions[index + 1].starts_on if index + 1 < len(versions) else None
            first = max(self.first, version.starts_on)
            last = min(self.last, after - DAY) if after else self.last
            if first <= last:
                away = [one for one in self.absences if one.worker_id == worker_id]
                found += check(
                    stints,
                    [terms_of(self.workers[worker_id], version, self.timezone)],
                    self.setting,
                    absences=away,
                    days=(first, last),
                )
        return found


def terms_of(worker: Worker, version: Contract, timezone: str) -> Terms:
    """Return what a version of a contract says to the rules."""
    users = frozenset(one.organisation_id for one in version.users)
    places = frozenset(one.site_id for one in version.places)
    return Terms(
        worker_id=worker.id,
        name=worker.name,
        timezone=timezone,
        weekly_minutes=version.weekly_minutes,
        is_part_time=version.is_part_time,
        arrangement=version.arrangement,
        members=users,
        places=places or None,
        other_jobs_minutes=version.other_jobs_minutes,
        born_on=worker.born_on,
    )


def stint_of(row: Assignment) -> Stint:
    """Return an assignment as the rules read it; its pause is in its middle."""
    span = Interval(row.starts_at, row.ends_at)
    breaks: tuple[Interval, ...] = ()
    if row.pause_minutes:
        begin = span.start + timedelta(minutes=(span.minutes - row.pause_minutes) // 2)
        breaks = (Interval(begin, begin + timedelta(minutes=row.pause_minutes)),)
    return Stint(
        id=row.id,
        worker_id=row.worker_id,
        kind=row.kind,
        span=span,
        breaks=breaks,
        member_id=row.organisation_id,
        place_id=row.site_id,
    )


def travels(
    stints: Iterable[Stint], known: Mapping[tuple[UUID, UUID], Journey], timezone: str
) -> list[Stint]:
    """Return the journeys between two sites of one day: effective working time (L3121-1).

    A journey begins as the work before it ends, and is no longer than the time there is.
    """
    place = zone(timezone)
    found: list[Stint] = []
    before: Stint | None = None
    for one in sorted(stints, key=lambda stint: (stint.span, stint.id)):
        if before is not None and before.place_id and one.place_id:
            same_day = (
                before.span.end.astimezone(place).date() == one.span.start.astimezone(place).date()
            )
            row = known.get((before.place_id, one.place_id))
            gap = (one.span.start - before.span.end).total_seconds() // 60
            if same_day and row is not None and gap > 0 and row.minutes:
                minutes = min(row.minutes, int(gap))
                found.append(
                    Stint(
                        id=one.id,
                        worker_id=one.worker_id,
                        kind=StintKind.TRAVEL,
                        span=Interval(
                            before.span.end, before.span.end + timedelta(minutes=minutes)
                        ),
                    )
                )
        before = one
    return found


def bench(
    work: Work, employer: Employer, workers: Collection[Worker], first: date, last: date
) -> Bench:
    """Load what is needed to judge what changes from `first` to `last`, of people of one employer.

    What is judged is wider: work on a day may take the rest of the week before it, and raise the
    average of any of the weeks after it.
    """
    first, last = first - WEEK, last + HISTORY
    house = cooperative(work)
    place = zone(house.timezone)
    since = first - timedelta(days=first.weekday()) - HISTORY
    until = last + AFTER
    window = day_span(since, place, (until - since).days + 1)
    ids = [one.id for one in workers]
    rows = rota.standing(work, ids, window)
    stints = {row.id: stint_of(row) for row in rows}
    stints |= {one.id: one for one in _elsewhere(work, workers, window)}
    years = range(since.year, until.year + 1)
    off = {
        day
        for year in years
        for day, name in public_holidays(house.holiday_area, year).items()
        if str(name) not in employer.holidays_worked
    }
    overrides = tuple(
        Override(
            rule_id=row.rule_id,
            value=row.value,
            agreement=row.agreement,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in rules_of(work, employer.id)
    )
    return Bench(
        employer=employer,
        workers={one.id: one for one in workers},
        stints=stints,
        contracts=contracts(work, ids),
        absences=tuple(
            Absence(worker_id=row.worker_id, span=Interval(row.starts_at, row.ends_at))
            for row in rota.absences(work, ids, window)
        ),
        setting=Setting(
            overrides=overrides,
            holidays_off=frozenset(off),
            absent_weeks_count=employer.absent_weeks_count,
        ),
        timezone=house.timezone,
        drafts=frozenset(row.id for row in rows if row.state is AssignmentState.DRAFT),
        first=first,
        last=last,
        journeys=journeys(work),
    )


def _elsewhere(work: Work, workers: Collection[Worker], window: Interval) -> list[Stint]:
    """Return the bookings that take these people: work too, for whoever booked them."""
    by_resource = {one.resource_id: one for one in workers}
    found = []
    for resource_id, rows in uses(work, list(by_resource), window).items():
        found += [
            Stint(
                id=row.source_id,
                worker_id=by_resource[resource_id].id,
                kind=StintKind.COMMON,
                span=row.span,
            )
            for row in rows
            if row.source_kind is HoldSource.BOOKING
        ]
    return found


def local_day(instant: datetime, timezone: str) -> date:
    """Return the civil day of an instant."""
    return instant.astimezone(zone(timezone)).date()
