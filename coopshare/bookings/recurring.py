"""Pure parts of series: hours by the clock on the wall, rules cut, shortened and shifted."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from coopshare.bookings.commands import LocalTimes, Times
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import AmbiguousTime, NonexistentTime, at, day_span
from coopshare.kernel.recurrence import Frequency, Rule, dates
from coopshare.kernel.text import marked

DAY = 24 * 60
WEEK = 7
FARTHEST = 366
"""In how many days the first day of a rule is looked for."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When each occurrence begins and ends, by the clock on the wall, whatever clocks do."""

    starts: int
    """Minute of the local day."""
    minutes: int
    """Length by the clock on the wall."""
    all_day: bool = False

    @classmethod
    def of(cls, times: Times, place: ZoneInfo, *, all_day: bool = False) -> tuple[date, Self]:
        """Return the first local day of a span, and its hours.

        Raises `Invalid` as `LocalTimes.at` does, but for the two odd nights of the year: each date
        of a series has its own night.
        """
        if isinstance(times, LocalTimes):
            return times.first, cls._typed(times, place)
        start, end = (m.astimezone(place).replace(tzinfo=None) for m in (times.start, times.end))
        if any(moment.second or moment.microsecond for moment in (start, end)):
            raise Invalid.field("starts_at", marked("Donnez des heures sans secondes."))
        minutes = int((end - start).total_seconds()) // 60
        if minutes < 1:  # it ends in the second of an hour that exists twice
            minutes = times.minutes
        starts = start.hour * 60 + start.minute
        if all_day and (starts or minutes % DAY):
            raise Invalid.field(
                "all_day", marked("Une journée entière va de minuit à minuit, à l'heure du lieu.")
            )
        return start.date(), cls(starts, minutes, all_day)

    @classmethod
    def _typed(cls, times: LocalTimes, place: ZoneInfo) -> Self:
        with suppress(AmbiguousTime, NonexistentTime):  # see `of`
            times.at(place)
        days = (times.last - times.first).days
        if times.all_day or times.starts is None or times.ends is None:
            return cls(0, (days + 1) * DAY, all_day=True)
        if any(hour.second or hour.microsecond for hour in (times.starts, times.ends)):
            raise Invalid.field("starts_at", marked("Donnez des heures sans secondes."))
        starts, ends = (hour.hour * 60 + hour.minute for hour in (times.starts, times.ends))
        if times.ends == time(0) and not days:
            ends = DAY
        minutes = days * DAY + ends - starts
        if minutes < 1:
            raise Invalid.field("ends_at", marked("La fin doit venir après le début."))
        return cls(starts, minutes)

    def on(self, day: date, place: ZoneInfo) -> Interval:
        """Return the span of these hours on a local day.

        An hour that clocks jump over is read as the one after it, one that exists twice as its
        first (RFC 5545, 3.3.5). What would have no length left keeps its length.
        """
        if self.all_day:
            return day_span(day, place, self.minutes // DAY)
        start = at(day, self.starts, place)
        days, minute = divmod(self.starts + self.minutes, DAY)
        end = at(day + timedelta(days=days), minute, place)
        if end <= start:
            end = start + timedelta(minutes=self.minutes)
        return Interval(start, end)

    def times(self, day: date) -> LocalTimes:
        """Return the hours on a day as people type them."""
        moment = datetime.combine(day, time(0))
        start = moment + timedelta(minutes=self.starts)
        end = start + timedelta(minutes=self.minutes)
        if self.all_day:
            return LocalTimes(first=day, last=(end - timedelta(days=1)).date(), all_day=True)
        return LocalTimes(first=day, last=end.date(), starts=start.time(), ends=end.time())


def until_before(rule: Rule, first: date, day: date) -> Rule | None:
    """Return the rule that ends with its last date before a day; None when there is none."""
    kept = [one for one in dates(rule, first) if one < day]
    if not kept:
        return None
    if rule.count is not None:
        return replace(rule, count=len(kept))
    return replace(rule, until=kept[-1])


def from_day(rule: Rule, first: date, day: date) -> tuple[Rule, date]:
    """Return the rest of a rule, from its first date on or after a day, and that date.

    Where nothing is left, the rule stays as it is.
    """
    rest = [one for one in dates(rule, first) if one >= day]
    if not rest:
        return rule, first
    if rule.count is not None:
        return replace(rule, count=len(rest)), rest[0]
    return rule, rest[0]


def shifted(rule: Rule, first: date, days: int) -> tuple[Rule, date]:
    """Return the rule that gives the same dates so many days later (or earlier), and its first.

    Raises `Invalid` on the field `recurrence` when no rule does: the last day of the month, a day
    later, is no rule of ours.
    """
    if not days:
        return rule, first
    move = timedelta(days=days)
    wanted = [one + move for one in dates(rule, first)]
    for candidate in _candidates(rule, first + move, days):
        try:
            found = dates(candidate, first + move)
        except Invalid:
            continue
        if found == wanted:
            return candidate, first + move
    raise Invalid.field(
        "recurrence",
        marked(
            "Toutes les dates ne peuvent pas se décaler ainsi : la règle ne le dit pas."
            " Donnez plutôt la nouvelle règle."
        ),
    )


def _candidates(rule: Rule, first: date, days: int) -> list[Rule]:
    until = rule.until + timedelta(days=days) if rule.until is not None else None
    weekdays = tuple(sorted((day + days) % WEEK for day in rule.weekdays))
    moved = replace(rule, weekdays=weekdays, until=until)
    if rule.frequency is not Frequency.MONTHLY:
        return [moved]
    if rule.month_day is not None:
        return [replace(moved, month_day=first.day)]
    if rule.nth is not None:
        numbers = dict.fromkeys((rule.nth[0], (first.day - 1) // WEEK + 1, -1))
        weekday = first.weekday()
        return [replace(moved, nth=(n, weekday)) for n in numbers if n <= 4]  # noqa: PLR2004
    return [moved]


def first_on_or_after(rule: Rule, day: date) -> date:
    """Return the first day, from one on, on which a rule may begin.

    Raises `Invalid` when there is none within a year.
    """
    refusal: Invalid | None = None
    for number in range(FARTHEST):
        found = day + timedelta(days=number)
        try:
            dates(rule, found)
        except Invalid as error:
            refusal = refusal or error
        else:
            return found
    assert refusal is not None  # noqa: S101 - a year was tried
    raise refusal
