"""The period that is looked at, and the one it is compared with. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span
from coopshare.kernel.text import marked

MOST_DAYS = 366
"""No report covers more than a year."""


class Usual(StrEnum):
    """Periods that are asked for by name."""

    MONTH = "mois"
    LAST_MONTH = "mois-dernier"
    QUARTER = "trimestre"
    YEAR = "annee"
    TWELVE_MONTHS = "douze-mois"


class Compared(StrEnum):
    """What a period is compared with."""

    BEFORE = "before"
    """As many days, or as many whole months, just before it."""
    YEAR_BEFORE = "year_before"
    """The same days a year earlier."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, the last one included.

    Raises `Invalid` on the field `to` for days in the wrong order, or for more than a year.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Invalid.field("to", marked("Le dernier jour vient avant le premier."))
        if (self.last - self.first).days >= MOST_DAYS:
            raise Invalid.field("to", marked("Demandez un an au plus."))

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    def span(self, zone: ZoneInfo) -> Interval:
        """Return it as instants."""
        return day_span(self.first, zone, self.days)

    def compared(self, how: Compared) -> "Period":
        """Return the period it is compared with."""
        if how is Compared.YEAR_BEFORE:
            first = _shifted(self.first, -12)
            # Whole months stay whole: February of a leap year has one day more.
            last = (
                _end_of_month(_shifted(self.last, -12))
                if self._is_whole_months
                else _shifted(self.last, -12)
            )
            return Period(first, last)
        if self._is_whole_months:
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
            return Period(_shifted(self.first, -months - 1), self.first - timedelta(days=1))
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    @property
    def _is_whole_months(self) -> bool:
        return self.first.day == 1 and self.last == _end_of_month(self.last)


def usual(which: Usual, today: date) -> Period:
    """Return a period asked for by name, as it is today."""
    month = today.replace(day=1)
    match which:
        case Usual.MONTH:
            return Period(month, _end_of_month(month))
        case Usual.LAST_MONTH:
            return Period(_shifted(month, -1), month - timedelta(days=1))
        case Usual.QUARTER:
            first = month.replace(month=(month.month - 1) // 3 * 3 + 1)
            return Period(first, _end_of_month(_shifted(first, 2)))
        case Usual.YEAR:
            return Period(date(today.year, 1, 1), date(today.year, 12, 31))
        case Usual.TWELVE_MONTHS:
            return Period(_shifted(month, -12), month - timedelta(days=1))


def _shifted(day: date, months: int) -> date:
    """Return a day so many months on; the 31st of a shorter month is its last day."""
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), _end_of_month(first))


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
