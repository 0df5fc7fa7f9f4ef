"""Periods of quotas and what a booking takes of them. Pure: plain values in, an answer out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from coopshare.bookings.commands import Line
from coopshare.kernel.dates import Day, InHours
from coopshare.kernel.text import Sentence, marked
from coopshare.members.kinds import Standing
from coopshare.resources.kinds import QuotaHolder, QuotaMeasure, QuotaPeriod
from coopshare.resources.models import Quota, Resource

YEAR_END = 12


@dataclass(frozen=True, slots=True)
class Period:
    """Local days on which one count of a quota runs, both included."""

    first: date
    last: date

    @property
    def starts_again(self) -> date:
        """Return the first day after it."""
        return self.last + timedelta(days=1)


def period_of(quota: Quota, day: date) -> Period | None:
    """Return the period of a quota that a local day is in; None outside of its season."""
    if quota.period is QuotaPeriod.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    if quota.period is QuotaPeriod.MONTH:
        first = day.replace(day=1)
        after = date(first.year + first.month // YEAR_END, first.month % YEAR_END + 1, 1)
        return Period(first, after - timedelta(days=1))
    if quota.first_day is None or quota.last_day is None:
        return None
    if not quota.first_day <= day <= quota.last_day:
        return None
    return Period(quota.first_day, quota.last_day)


def covers(quota: Quota, resource: Resource) -> bool:
    """Tell whether a quota is about a resource."""
    if quota.resource_id is not None:
        return quota.resource_id == resource.id
    return quota.kind is None or quota.kind is resource.kind


def binds(quota: Quota, standing: Standing, person_id: UUID | None) -> bool:
    """Tell whether a quota is for such an organisation, and for somebody who can be named."""
    if quota.holder is QuotaHolder.PERSON and person_id is None:
        return False
    return quota.standing is None or quota.standing is standing


def need(quota: Quota, lines: Iterable[Line], covered: Iterable[UUID], minutes: int) -> int:
    """Return what a booking takes of a quota: minutes times quantity, or one booking."""
    asked = [line for line in lines if line.resource_id in set(covered)]
    if not asked:
        return 0
    if quota.measure is QuotaMeasure.BOOKINGS:
        return 1
    return minutes * sum(line.quantity for line in asked)


def said_amount(measure: QuotaMeasure, amount: int) -> Sentence:
    """Return an amount of a quota in words: « 6 h », « 3 réservations »."""
    if measure is QuotaMeasure.HOURS:
        return Sentence(marked("{time}"), {"time": InHours(amount)})
    if amount == 1:
        return Sentence(marked("1 réservation"))
    return Sentence(marked("{count} réservations"), {"count": amount})


def said_period(period: Period, year: int) -> Sentence:
    """Return the days of a count in words; the present year is not said."""
    data = {"first": Day(period.first, year), "last": Day(period.last, year)}
    return Sentence(marked("du {first} au {last}"), data)
