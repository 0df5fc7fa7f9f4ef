"""The dates of a rule: local days, in order, within limits that hold before anything is counted."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Final

from coopshare.kernel.dates import Day
from coopshare.kernel.errors import Invalid
from coopshare.kernel.recurrence.rule import FIELD, LAST, Frequency, Rule
from coopshare.kernel.text import marked

MOST_DATES: Final = 366
MOST_MONTHS: Final = 24
"""How long after its first date the last one of a series may come."""
YEAR: Final = 12
WEEK: Final = 7
LAST_YEAR: Final = 9900
"""Beyond, the calendar of Python ends too soon to look for dates."""
LEAP_DAY: Final = (2, 29)


def last_possible(first: date) -> date:
    """Return the last day on which a series that begins then may have a date."""
    year = first.year + MOST_MONTHS // YEAR
    return date(year, first.month, min(first.day, monthrange(year, first.month)[1]))


def dates(rule: Rule, first: date) -> list[date]:
    """Return the local days of a rule, in order, `first` included.

    As in RFC 5545, a month without its 31st has no date, and the count is of the dates there are.
    Raises `Invalid` on the field `recurrence` when the first day is none of the rule's, when the
    rule ends before it, and for more than 366 dates or 24 months.
    """
    _check(rule, first)
    end = last_possible(first)
    wanted = rule.count or MOST_DATES + 1
    found: list[date] = []
    for day in _days(rule, first, rule.until or end):
        if len(found) == MOST_DATES:
            raise _too_many()
        found.append(day)
        if len(found) == wanted:
            break
    if rule.count is not None and len(found) < rule.count:
        raise Invalid.field(
            FIELD,
            marked(
                "Une série dure {months} mois au plus : celle-ci aurait {count} dates, dont"
                " seulement {fitting} jusqu'au {last}. Donnez un nombre de fois plus petit."
            ),
            months=MOST_MONTHS,
            count=rule.count,
            fitting=len(found),
            last=Day(end),
        )
    return found


def first_from(rule: Rule, day: date) -> date:
    """Return the first day, from one on, on which a rule may begin: the day itself, mostly."""
    if rule.weekdays:
        return day + timedelta(
            days=min((weekday - day.weekday()) % WEEK for weekday in rule.weekdays)
        )
    if rule.frequency is not Frequency.MONTHLY or day.year > LAST_YEAR:
        return day
    for number in count(day.year * YEAR + day.month - 1):
        found = _in_month(rule, day, date(number // YEAR, number % YEAR + 1, 1))
        if found is not None and found >= day:
            return found
    raise AssertionError  # each month has a 28th, each year a 31st


def months_without(rule: Rule, first: date) -> list[date]:
    """Return the first days of the months that the rule passes over, being too short for it."""
    day = first.day if rule.month_day is None else rule.month_day
    if rule.frequency is not Frequency.MONTHLY or rule.nth is not None or day == LAST:
        return []
    end = dates(rule, first)[-1] if rule.until is None else rule.until
    return [month for month in _months(rule, first, end) if monthrange(*_of(month))[1] < day]


def _too_many() -> Invalid:
    return Invalid.field(
        FIELD,
        marked("Une série compte {most} dates au plus : arrêtez-la plus tôt."),
        most=MOST_DATES,
    )


def _check(rule: Rule, first: date) -> None:
    if first.year > LAST_YEAR:
        raise Invalid.field(FIELD, marked("Cette date est trop lointaine."))
    if rule.count is not None and rule.count > MOST_DATES:
        raise _too_many()
    if rule.until is not None and rule.until < first:
        raise Invalid.field(
            FIELD,
            marked("La répétition s'arrête avant son premier jour, le {day}."),
            day=Day(first),
        )
    if rule.until is not None and rule.until > last_possible(first):
        raise Invalid.field(
            FIELD,
            marked("Une série dure {months} mois au plus : elle s'arrête au plus tard le {last}."),
            months=MOST_MONTHS,
            last=Day(last_possible(first)),
        )
    if rule.frequency is Frequency.YEARLY and (first.month, first.day) == LEAP_DAY:
        raise Invalid.field(
            FIELD,
            marked(
                "Le 29 février n'existe pas chaque année : partez du 28 février ou du 1er mars."
            ),
        )
    if not _matches(rule, first):
        raise Invalid.field(
            FIELD,
            marked(
                "Le premier jour, {day}, n'est pas un jour de cette répétition : changez l'un ou"
                " l'autre."
            ),
            day=Day(first),
        )


def _matches(rule: Rule, first: date) -> bool:
    if rule.weekdays:
        return first.weekday() in rule.weekdays
    if rule.frequency is Frequency.MONTHLY:
        return _in_month(rule, first, first.replace(day=1)) == first
    return True


def _days(rule: Rule, first: date, end: date) -> Iterator[date]:
    """Yield the days of a rule from its first one to an end, without any count."""
    match rule.frequency:
        case Frequency.DAILY:
            found = _steps(first, rule.interval, end)
        case Frequency.WEEKLY:
            found = _weekly(rule, first, end)
        case Frequency.MONTHLY:
            monthly = (_in_month(rule, first, month) for month in _months(rule, first, end))
            found = (day for day in monthly if day is not None and day <= end)
        case Frequency.YEARLY:
            years = range(first.year, end.year + 1, rule.interval)
            found = (day for day in (first.replace(year=year) for year in years) if day <= end)
    return found


def _steps(first: date, days: int, end: date) -> Iterator[date]:
    for number in range((end - first).days // days + 1):
        yield first + timedelta(days=number * days)


def _weekly(rule: Rule, first: date, end: date) -> Iterator[date]:
    monday = first - timedelta(days=first.weekday())
    for week in _steps(monday, WEEK * rule.interval, end):
        for weekday in rule.weekdays or (first.weekday(),):
            day = week + timedelta(days=weekday)
            if first <= day <= end:
                yield day


def _of(month: date) -> tuple[int, int]:
    return month.year, month.month


def _months(rule: Rule, first: date, end: date) -> Iterator[date]:
    """Yield the first days of the months a rule looks at."""
    for number in count(first.year * YEAR + first.month - 1, rule.interval):
        month = date(number // YEAR, number % YEAR + 1, 1)
        if month > end:
            return
        yield month


def _in_month(rule: Rule, first: date, month: date) -> date | None:
    """Return the day of a monthly rule in a month; None where the month has none."""
    length = monthrange(*_of(month))[1]
    if rule.nth is None:
        day = first.day if rule.month_day is None else rule.month_day
        day = length if day == LAST else day
        return month.replace(day=day) if day <= length else None
    rank, weekday = rule.nth
    if rank == LAST:
        end = month.replace(day=length)
        return end - timedelta(days=(end.weekday() - weekday) % WEEK)
    before = (weekday - month.weekday()) % WEEK
    return month + timedelta(days=before + WEEK * (rank - 1))
