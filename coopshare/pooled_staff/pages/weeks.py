"""People × half-days, as the planning draws them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from coopshare.db.work import Work
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, local_days, zone
from coopshare.members.models import Organisation
from coopshare.members.queries import cooperative, organisations
from coopshare.pooled_staff.judging import local_day
from coopshare.pooled_staff.kinds import AssignmentState, Half
from coopshare.pooled_staff.models import Assignment, Employer, Worker
from coopshare.pooled_staff.queries import rota
from coopshare.pooled_staff.queries.rota import TOLD, standing
from coopshare.resources.services import public_holidays

DAY = timedelta(days=1)


@dataclass(slots=True)
class Cell:
    """One half-day of one person, as whoever reads may see it."""

    day: date
    half: Half
    rows: list[Assignment] = field(default_factory=list)
    is_busy: bool = False
    """Taken by what the reader may not read."""
    is_absent: bool = False
    holiday: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One person, and their half-days."""

    worker: Worker
    cells: Mapping[tuple[date, Half], Cell]

    def at(self, day: date, half: Half) -> Cell:
        """Return a half-day."""
        return self.cells[day, half]


@dataclass(frozen=True, slots=True)
class Grid:
    """The days that are shown, and a line for each person."""

    days: Sequence[date]
    lines: Sequence[Line]
    names: Mapping[UUID, Organisation]

    @property
    def drafts(self) -> int:
        """Return how many half-days are drafts."""
        return sum(
            row.state is AssignmentState.DRAFT
            for line in self.lines
            for cell in line.cells.values()
            for row in cell.rows
        )

    @property
    def to_replace(self) -> int:
        """Return how many half-days wait to be planned again."""
        return sum(
            row.state is AssignmentState.TO_REPLACE
            for line in self.lines
            for cell in line.cells.values()
            for row in cell.rows
        )


def grid(
    work: Work, employer: Employer | None, workers: Sequence[Worker], first: date, days: int
) -> Grid:
    """Return the half-days of people from a day on; days off at the week's end are left out."""
    house = cooperative(work)
    place = zone(house.timezone)
    window = day_span(first, place, days)
    ids = [one.id for one in workers]
    rows = rota.assignments(work, window, worker_ids=ids)
    noon = employer.afternoon_opens if employer else 780
    seen = {row.id for row in rows}
    shown = [first + n * DAY for n in range(days)]
    worked = {local_day(row.starts_at, house.timezone) for row in rows}
    shown = [day for day in shown if day.weekday() < 5 or day in worked]  # noqa: PLR2004
    worked_on = set(employer.holidays_worked) if employer else set()
    holidays = {
        day: name
        for year in {day.year for day in shown}
        for day, name in public_holidays(house.holiday_area, year).items()
        if str(name) not in worked_on
    }
    cells: dict[UUID, dict[tuple[date, Half], Cell]] = defaultdict(dict)
    for worker_id in ids:
        for day in shown:
            for half in Half:
                cells[worker_id][day, half] = Cell(day, half, holiday=holidays.get(day))
    for row in rows:
        _put(cells[row.worker_id], row, house.timezone, noon).rows.append(row)
    for row in standing(work, ids, window):
        if row.id not in seen and row.state in TOLD:
            _put(cells[row.worker_id], row, house.timezone, noon).is_busy = True
    for leave in rota.absences(work, ids, window):
        span = Interval(leave.starts_at, leave.ends_at)
        for day in local_days(span, place):
            for half in Half:
                cell = cells[leave.worker_id].get((day, half))
                if cell is not None and span.overlaps(half_span(day, half, noon, place.key)):
                    cell.is_absent = True
    names = organisations(work, {row.organisation_id for row in rows if row.organisation_id})
    return Grid(shown, [Line(one, cells[one.id]) for one in workers], names)


def half_span(day: date, half: Half, noon: int, timezone: str) -> Interval:
    """Return half a local day, cut at a minute."""
    whole = day_span(day, zone(timezone))
    cut = whole.start + timedelta(minutes=noon)
    return Interval(whole.start, cut) if half is Half.MORNING else Interval(cut, whole.end)


def _put(cells: dict[tuple[date, Half], Cell], row: Assignment, timezone: str, noon: int) -> Cell:
    local = row.starts_at.astimezone(zone(timezone))
    half = Half.MORNING if local.hour * 60 + local.minute < noon else Half.AFTERNOON
    found = cells.get((local.date(), half))
    return found if found is not None else Cell(local.date(), half)
