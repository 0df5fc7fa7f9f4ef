"""What is wanted of single dates, as the page of a series asks it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from flask import request

from coopshare.bookings.commands import Choice, Line, LocalTimes, Times
from coopshare.bookings.services import Alternative
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import local_days, zone
from coopshare.kernel.text import marked
from coopshare.web.pagination import EARLIEST, LATEST

SKIP, OTHER = "skip", "other"
AT, DAYS, WITH = "at", "days", "with"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was chosen: radio buttons by day, hours that were typed, boxes that were ticked."""

    values: dict[date, str] = field(default_factory=dict)
    hours: dict[date, tuple[str, str]] = field(default_factory=dict)
    skipped: frozenset[date] = frozenset()
    kept: frozenset[date] = frozenset()
    """Days left out by the rule that are wanted all the same."""

    def choices(
        self, days: Collection[date] | None = None
    ) -> tuple[tuple[Choice, ...], Invalid | None]:
        """Return the choices as the verbs read them, those of other days left out.

        What cannot be read is left out too, and told.
        """
        found: dict[date, Choice] = {day: Choice(day=day) for day in self.kept}
        found |= {day: Choice(day=day, skip=True) for day in self.skipped}
        refusal = None
        for day, value in self.values.items():
            try:
                if value:
                    found[day] = self._choice(day, value)
            except Invalid as error:
                refusal = error
        wanted = tuple(one for day, one in sorted(found.items()) if days is None or day in days)
        return wanted, refusal

    def _choice(self, day: date, value: str) -> Choice:
        if value == SKIP:
            return Choice(day=day, skip=True)
        if value == OTHER:
            starts, ends = self.hours.get(day, ("", ""))
            try:
                hours = time.fromisoformat(starts), time.fromisoformat(ends)
            except ValueError as error:
                raise Invalid(
                    message=marked("Donnez les deux heures de chaque date que vous déplacez.")
                ) from error
            span = LocalTimes(first=day, last=day, starts=hours[0], ends=hours[1])
            return Choice(day=day, span=span)
        try:
            return _read(day, value)
        except ValueError as error:
            message = marked("Cette proposition n'est plus valable. Choisissez à nouveau.")
            raise Invalid(message=message) from error

    def with_skipped(self, days: Collection[date]) -> "Typed":
        """Return the same with some days skipped as well."""
        return Typed(
            {**self.values, **dict.fromkeys(days, SKIP)}, self.hours, self.skipped, self.kept
        )

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Return what was chosen as hidden fields, for a page that does not show it."""
        found = [(f"choice-{day}", value) for day, value in self.values.items() if value]
        for day, (starts, ends) in self.hours.items():
            found += [(f"from-{day}", starts), (f"to-{day}", ends)]
        found += [("skip", str(day)) for day in sorted(self.skipped)]
        return found + [("keep", str(day)) for day in sorted(self.kept)]


def _read(day: date, value: str) -> Choice:
    kind, rest = value.split("|", 1)
    if kind == WITH:
        pairs = [thing.split("*") for thing in rest.split(",")]
        lines = tuple(Line(resource_id=UUID(key), quantity=int(count)) for key, count in pairs)
        return Choice(day=day, lines=lines)
    first, last = rest.split("|")
    span: Times
    if kind == DAYS:
        span = LocalTimes(
            first=date.fromisoformat(first), last=date.fromisoformat(last), all_day=True
        )
    elif kind == AT:
        moments = datetime.fromisoformat(first), datetime.fromisoformat(last)
        if any(at.tzinfo is None or not EARLIEST <= at.year < LATEST for at in moments):
            raise ValueError(value)
        span = Interval(*moments)
    else:
        raise ValueError(value)
    return Choice(day=day, span=span)


def value_of(way: Alternative, *, all_day: bool) -> str:
    """Return an alternative as the value of its radio button."""
    if way.replaced is not None:
        return "|".join((WITH, ",".join(f"{x.resource_id}*{x.quantity}" for x in way.lines)))
    if all_day:
        days = local_days(way.span, zone(way.timezone))
        return f"{DAYS}|{days[0]}|{days[-1]}"
    return f"{AT}|{way.span.start.isoformat()}|{way.span.end.isoformat()}"


def typed() -> Typed:
    """Return what was chosen of the dates in the form that was sent."""
    values: dict[date, str] = {}
    hours: dict[date, tuple[str, str]] = {}
    for name, value in request.form.items():
        if name.startswith("choice-") and (day := _day(name.removeprefix("choice-"))):
            values[day] = value
        if name.startswith("from-") and (day := _day(name.removeprefix("from-"))):
            hours[day] = (value, request.form.get(f"to-{day}", ""))
    return Typed(values, hours, _days("skip"), _days("keep"))


def _days(name: str) -> frozenset[date]:
    return frozenset(day for value in request.form.getlist(name) if (day := _day(value)))


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
