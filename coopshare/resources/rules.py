"""The rules of use of a resource: plain values in, one refusal per broken rule out. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from coopshare.kernel.dates import NARROW, Duration, LocalMoment, say_day, say_minute_of_day
from coopshare.kernel.errors import Refused
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import local_days
from coopshare.kernel.text import Sentence, Several, enumerated, marked
from coopshare.members.kinds import STANDINGS, Standing
from coopshare.resources import errors
from coopshare.resources.holidays import ClosedCalendar
from coopshare.resources.hours import DAY, MINUTE, open_on, open_spans
from coopshare.resources.models import Resource

LOOK_AHEAD = 60
"""Days in which the next possible moment is searched."""

R = TypeVar("R", bound=errors.RuleBroken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A wished use of one resource."""

    span: Interval
    quantity: int = 1
    people: int | None = None
    made_by_manager: bool = False
    """Its managers may pass over notice, horizon, standing and opening hours."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Some hours of a day, to be said: « 9 h – 12 h et 14 h – 18 h »."""

    spans: tuple[tuple[int, int], ...]

    def say(self, language: str = "fr") -> str:
        """Say the hours."""
        said = [
            f"{say_minute_of_day(a, language)}{NARROW}–{NARROW}{say_minute_of_day(b, language)}"
            for a, b in self.spans
        ]
        return enumerated(said, {"fr": "et", "en": "and"}[language])


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A day to be said; its year only where it differs from `year`."""

    day: date
    year: int | None = None

    def say(self, language: str = "fr") -> str:
        """Say the day."""
        said = say_day(self.day, language, year=self.year)
        return f"le {said}" if language == "fr" else f"on {said}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What every rule looks at."""

    resource: Resource
    use: Use
    now: datetime
    calendar: ClosedCalendar
    zone: ZoneInfo

    def broken(
        self, kind: type[R], *, possible: Sentence | None = None, **data: Any
    ) -> errors.RuleBroken:
        """Return the refusal of a rule, with the resource and whose rule it is."""
        resource = self.resource
        manager = self.calendar.managers.get(resource.manager_id)
        whose = (
            Sentence(marked("règle fixée par {manager}"), {"manager": manager})
            if manager
            else Sentence(marked("règle de cette ressource"))
        )
        return kind(
            details={"resource_id": str(resource.id), "name": resource.name},
            possible=possible,
            name=resource.name,
            whose=whose,
            **data,
        )

    def moment(self, instant: datetime) -> LocalMoment:
        """Return an instant as it is said at the resource."""
        return LocalMoment(instant, self.zone, self.now.astimezone(self.zone).year)

    def day(self, day: date) -> LocalDay:
        """Return a day as it is said now."""
        return LocalDay(day, self.now.astimezone(self.zone).year)

    @property
    def local(self) -> tuple[datetime, datetime]:
        """Return start and end in local time."""
        span = self.use.span
        return span.start.astimezone(self.zone), span.end.astimezone(self.zone)

    @property
    def is_whole_days(self) -> bool:
        """Tell whether the use goes from a local midnight to another."""
        return all(moment.time() == time(0) for moment in self.local)


def breaches(
    resource: Resource,
    use: Use,
    *,
    now: datetime,
    standing: Standing | str | None,
    calendar: ClosedCalendar,
) -> list[Refused]:
    """Return one refusal for each rule a use would break; an empty list when it may be.

    `standing` is that of the organisation the use is for; None: not a member today.
    """
    asked = _Asked(
        resource=resource, use=use, now=now, calendar=calendar, zone=ZoneInfo(resource.timezone)
    )
    found = [_unlisted(asked), _past(asked), _quantity(asked), _people(asked)]
    found += [_shortest(asked), _longest(asked), _grid(asked)]
    if not use.made_by_manager:
        found += [_standing(asked, standing), _notice(asked), _horizon(asked)]
        found.append(None if resource.approval_outside_hours else _open(asked))
    return [refusal for refusal in found if refusal is not None]


def is_open_for(resource: Resource, use: Use, *, now: datetime, calendar: ClosedCalendar) -> bool:
    """Tell whether a use lies within the opening hours, on days that are not closed."""
    zone = ZoneInfo(resource.timezone)
    asked = _Asked(resource=resource, use=use, now=now, calendar=calendar, zone=zone)
    return _open(asked) is None


def _unlisted(asked: _Asked) -> Refused | None:
    return None if asked.resource.is_listed else asked.broken(errors.Unlisted)


def _past(asked: _Asked) -> Refused | None:
    if asked.use.span.start >= asked.now:
        return None
    possible = Sentence(
        marked("Le plus tôt possible : {moment}."),
        {"moment": asked.moment(first_start(asked.resource, asked.now, asked.calendar))},
    )
    return asked.broken(errors.InThePast, possible=possible)


def _quantity(asked: _Asked) -> Refused | None:
    resource, wanted = asked.resource, asked.use.quantity
    if wanted <= resource.quantity:
        return None
    possible = Sentence(marked("Demandez-en {quantity} au plus."), {"quantity": resource.quantity})
    return asked.broken(
        errors.MoreThanQuantity, possible=possible, quantity=resource.quantity, wanted=wanted
    )


def _people(asked: _Asked) -> Refused | None:
    capacity, people = asked.resource.capacity, asked.use.people
    if capacity is None or people is None or people <= capacity:
        return None
    possible = Sentence(marked("Choisissez un lieu plus grand, ou venez moins nombreux."))
    return asked.broken(errors.TooManyPeople, possible=possible, capacity=capacity, people=people)


def _shortest(asked: _Asked) -> Refused | None:
    shortest = asked.resource.shortest
    if shortest is None or asked.resource.slots or asked.use.span.minutes >= shortest:
        return None
    end = asked.use.span.start + timedelta(minutes=shortest)
    possible = Sentence(marked("Prolongez jusqu'à {end}."), {"end": asked.moment(end)})
    return asked.broken(errors.TooShort, possible=possible, shortest=Duration(shortest))


def _longest(asked: _Asked) -> Refused | None:
    longest = asked.resource.longest
    if longest is None or asked.use.span.minutes <= longest:
        return None
    end = asked.use.span.start + timedelta(minutes=longest)
    possible = Sentence(marked("Terminez au plus tard {end}."), {"end": asked.moment(end)})
    return asked.broken(errors.TooLong, possible=possible, longest=Duration(longest))


def _grid(asked: _Asked) -> Refused | None:
    """Hold to fixed slots, one or several in a row; else multiples of the step, in local time."""
    start, end = asked.local
    if asked.is_whole_days:
        return None
    slots = [(int(a), int(b)) for a, b in asked.resource.slots]
    if slots:
        starts, ends = {a for a, _ in slots}, {b % DAY for _, b in slots}
        if _exact(start) in starts and _exact(end) in ends:
            return None
        return asked.broken(errors.NotASlot, slots=Hours(tuple(sorted(slots))))
    step = asked.resource.step
    minutes = [_exact(start), _exact(end)]
    if all(minute is not None and minute % step == 0 for minute in minutes):
        return None
    earlier = start.hour * 60 + start.minute
    earlier -= earlier % step
    possible = Sentence(
        marked("Commencez par exemple à {start}."),
        {"start": _Minute(earlier)},
    )
    return asked.broken(errors.OffStep, possible=possible, step=Duration(step))


@dataclass(frozen=True, slots=True)
class _Minute:
    minute: int

    def say(self, language: str = "fr") -> str:
        """Say the minute of the day."""
        return say_minute_of_day(self.minute, language)


def _exact(local: datetime) -> int | None:
    """Return the minute of the day, or None when seconds are left over."""
    return None if local.second or local.microsecond else local.hour * 60 + local.minute


def _standing(asked: _Asked, standing: Standing | str | None) -> Refused | None:
    allowed = asked.resource.standings
    if standing is not None and (not allowed or str(standing) in allowed):
        return None
    names = [Sentence(STANDINGS[Standing(code)]) for code in allowed if code in set(Standing)]
    possible = (
        Sentence(
            marked("Peuvent réserver : {standings}."),
            {"standings": Several(tuple(names), is_lowered=True)},
        )
        if names
        else Sentence(marked("Il faut être membre de la coopérative aujourd'hui."))
    )
    return asked.broken(errors.NotForYourStanding, possible=possible)


def _notice(asked: _Asked) -> Refused | None:
    notice, start = asked.resource.notice, asked.use.span.start
    if not notice or start >= asked.now + timedelta(minutes=notice) or start < asked.now:
        return None
    first = first_start(asked.resource, asked.now, asked.calendar)
    possible = Sentence(
        marked("Première heure possible : {moment}."), {"moment": asked.moment(first)}
    )
    return asked.broken(errors.NoticeTooShort, possible=possible, notice=Duration(notice))


def _horizon(asked: _Asked) -> Refused | None:
    horizon = asked.resource.horizon
    if horizon is None:
        return None
    last = asked.now.astimezone(asked.zone).date() + timedelta(days=horizon)
    if local_days(asked.use.span, asked.zone)[-1] <= last:
        return None
    possible = Sentence(marked("Dernier jour possible : {day}."), {"day": asked.day(last)})
    return asked.broken(errors.BeyondHorizon, possible=possible, days=Duration(horizon * DAY))


def _open(asked: _Asked) -> Refused | None:
    """Hold to the opening hours.

    A use within a day lies in them. One of whole days, or over a night, begins and ends when it is
    open, on days that are all open days; the nights between are its own.
    """
    resource, span = asked.resource, asked.use.span
    days = local_days(span, asked.zone)
    for day in days:
        reason = asked.calendar.closed(resource, day)
        if reason is not None:
            return asked.broken(
                errors.ClosedThatDay, possible=_next_open(asked), day=asked.day(day), reason=reason
            )
    if not resource.hours:
        return None
    around = open_spans(resource, span.widened(1, 1), asked.calendar)
    if any(opening.contains(span) for opening in around):
        return None
    if asked.is_whole_days or len(days) > 1:
        start, end = asked.local
        is_fine = (
            all(open_on(resource, day) for day in days)
            and (start.time() == time(0) or any(o.start <= span.start < o.end for o in around))
            and (end.time() == time(0) or any(o.start < span.end <= o.end for o in around))
        )
        if is_fine:
            return None
    hours = open_on(resource, days[0])
    possible = (
        Sentence(marked("Ce jour-là, c'est ouvert : {hours}."), {"hours": Hours(tuple(hours))})
        if hours
        else _next_open(asked)
    )
    return asked.broken(errors.OutsideOpeningHours, possible=possible)


def _next_open(asked: _Asked) -> Sentence | None:
    start = max(asked.use.span.start, asked.now)
    ahead = open_spans(
        asked.resource, Interval(start, start + timedelta(days=LOOK_AHEAD)), asked.calendar
    )
    for opening in ahead:
        if opening.start > start:
            return Sentence(
                marked("Prochaine ouverture : {moment}."), {"moment": asked.moment(opening.start)}
            )
    return None


def first_start(resource: Resource, now: datetime, calendar: ClosedCalendar) -> datetime:
    """Return the first instant at which a use may begin: notice, opening, step or slots."""
    zone = ZoneInfo(resource.timezone)
    earliest = now + timedelta(minutes=resource.notice)
    window = Interval(earliest, earliest + timedelta(days=LOOK_AHEAD))
    starts = {int(slot[0]) for slot in resource.slots}
    for opening in open_spans(resource, window, calendar):
        moment = opening.start.replace(second=0, microsecond=0)
        if moment < opening.start:
            moment += MINUTE
        while moment < opening.end:
            local = moment.astimezone(zone)
            minute = local.hour * 60 + local.minute
            if minute in starts or (not starts and minute % resource.step == 0):
                return moment
            moment += MINUTE
    return earliest
