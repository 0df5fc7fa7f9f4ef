"""Facts for the law, made in a line: stints of local hours, and what is found in them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.rules import SETS, Setting, Stint, StintKind, Terms, check

PARIS = ZoneInfo("Europe/Paris")
WORKER, AVENIR, RELAIS = (UUID(int=number) for number in (1, 2, 3))
DAY, WEEK, MINUTE = timedelta(days=1), timedelta(days=7), timedelta(minutes=1)
MONDAY = date(2027, 3, 1)
FULL = Terms(
    worker_id=WORKER,
    name="Léa Durand",
    timezone="Europe/Paris",
    weekly_minutes=2100,
    is_part_time=False,
)
HALF = replace(FULL, weekly_minutes=1200, is_part_time=True)
LAW = SETS[-1].rules
TEN_HOURS = (("08:00", "13:00"), ("14:00", "19:00"))


def at(day: date) -> datetime:
    """Return the midnight a day begins with, in Paris."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS).astimezone(UTC)


def stint(
    day: date,
    start: str,
    end: str,
    member: UUID = AVENIR,
    *,
    kind: StintKind = StintKind.MEMBER,
    pauses: Sequence[tuple[str, str]] = (),
) -> Stint:
    """Return a stint of local hours of a day; an end before its start is the day after."""

    def at(hour: str) -> datetime:
        return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=PARIS).astimezone(UTC)

    begin, finish = at(start), at(end)
    if finish <= begin:
        later = datetime.fromisoformat(f"{day + DAY}T{end}").replace(tzinfo=PARIS)
        finish = later.astimezone(UTC)
    return Stint(
        id=uuid5(NAMESPACE_OID, f"{day}{start}{end}{member}"),
        worker_id=WORKER,
        kind=kind,
        span=Interval(begin, finish),
        breaks=tuple(Interval(at(a), at(b)) for a, b in pauses),
        member_id=member,
    )


def days(first: date, count: int, *hours: tuple[str, str]) -> list[Stint]:
    """Return the same hours on so many days in a row."""
    return [stint(first + n * DAY, start, end) for n in range(count) for start, end in hours]


def found(
    stints: Iterable[Stint], terms: Terms = FULL, setting: Setting | None = None, **options: object
) -> list[tuple[str, date, int, int]]:
    """Return the findings: rule, day, what was done, the excess."""
    breaches = check(stints, [terms], setting, **options)  # type: ignore[arg-type]
    return [(b.rule_id, b.day, b.done, b.excess) for b in breaches]
