"""What is asked for, resolved against the catalogue and held against the rules."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coopshare.bookings.commands import UNSAID, Change, Line, LocalInstant, Times
from coopshare.bookings.errors import NotAMember
from coopshare.bookings.models import Booking
from coopshare.bookings.rules import check_lines, together
from coopshare.db.work import Work
from coopshare.holds.services import Wanted
from coopshare.kernel.errors import Invalid, NotFound, Refused
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, local_days, zone
from coopshare.kernel.text import marked
from coopshare.members.kinds import Standing
from coopshare.members.queries import is_current, roll, today
from coopshare.resources import queries as catalogue
from coopshare.resources.errors import BeyondHorizon, NoticeTooShort, TooManyPeople
from coopshare.resources.models import Resource
from coopshare.resources.services import (
    ClosedCalendar,
    Use,
    breaches,
    has_rules,
    is_approved_by,
    is_managed_by,
    option_breaches,
    reasons_for,
)

AROUND = timedelta(days=31)
"""How far past a span closures are read, to say when something is possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a booking would be: everything looked up, nothing decided."""

    organisation_id: UUID
    standing: Standing
    lines: tuple[Line, ...]
    resources: Mapping[UUID, Resource]
    """In the order of the lines."""
    span: Interval
    timezone: str
    all_day: bool
    people: int | None
    until: datetime | None = None
    """It would be an option that holds until then; None: a booking."""

    @property
    def wanted(self) -> list[Wanted]:
        """Return what is to be held."""
        return [Wanted(resource_id=x.resource_id, quantity=x.quantity) for x in self.lines]

    def needs_decision(self, work: Work) -> bool:
        """Tell whether somebody else than the actor has to approve."""
        return bool(needed(work, self))


def standing_of(work: Work, organisation_id: UUID) -> Standing:
    """Return the standing of an organisation today.

    Raises `NotFound` for one the cooperative never knew, `NotAMember` for one that left.
    """
    members = roll(work)
    membership = members.memberships.get(organisation_id)
    if membership is None:
        raise NotFound
    day = today(work, members.cooperative)
    if not is_current(membership, day):
        raise NotAMember(name=membership.organisation.name)
    return membership.standing


def asked(
    work: Work,
    *,
    organisation_id: UUID,
    lines: tuple[Line, ...],
    times: Times,
    timezone: str = "",
    all_day: bool = False,
    people: int | None = None,
    option_until: datetime | LocalInstant | None = None,
) -> Asked:
    """Look up everything a booking asks for.

    Raises `Invalid` for lines or times that make no sense, `NotFound` for what may not be seen.
    """
    check_lines(lines)
    found = {r.id: r for r in catalogue.get_many(work, [line.resource_id for line in lines])}
    resources = {line.resource_id: found[line.resource_id] for line in lines}
    place = timezone or next(iter(resources.values())).timezone
    local = zone(place)
    whole_days = all_day if isinstance(times, Interval) else times.all_day
    span = times if isinstance(times, Interval) else times.at(local)
    if whole_days:
        check_whole_days(span, place)
    return Asked(
        organisation_id=organisation_id,
        standing=standing_of(work, organisation_id),
        lines=lines,
        resources=resources,
        span=span,
        timezone=place,
        all_day=whole_days,
        people=people,
        until=_until(work, option_until, local),
    )


def _until(work: Work, typed: datetime | LocalInstant | None, place: ZoneInfo) -> datetime | None:
    if typed is None:
        return None
    until = typed.at(place, "option_until") if isinstance(typed, LocalInstant) else typed
    if until <= work.now:
        raise Invalid.field("option_until", marked("Cette date est déjà passée."))
    return until


def check_whole_days(span: Interval, place: str) -> None:
    """Refuse a booking of whole days that does not run from a local midnight to another."""
    days = local_days(span, zone(place))
    if span != day_span(days[0], zone(place), len(days)):
        raise Invalid.field(
            "all_day", marked("Une journée entière va de minuit à minuit, à l'heure du lieu.")
        )


def needed(work: Work, what: Asked) -> dict[UUID, dict[str, Any]]:
    """Return what somebody else than the actor has to approve, and why: resource -> reasons."""
    guarded = [
        line
        for line in what.lines
        if has_rules(what.resources[line.resource_id])
        and not is_approved_by(work.actor, what.resources[line.resource_id])
    ]
    if not guarded:
        return {}
    calendar = _calendar(work, what)
    found = {
        line.resource_id: reasons_for(
            what.resources[line.resource_id],
            Use(span=what.span, quantity=line.quantity, people=what.people),
            now=work.now,
            standing=what.standing,
            calendar=calendar,
        )
        for line in guarded
    }
    return {key: reasons for key, reasons in found.items() if reasons}


def needs_of(
    work: Work, organisation_id: UUID, lines: tuple[Line, ...], times: Times
) -> tuple[dict[UUID, dict[str, Any]], Mapping[UUID, Resource]]:
    """Return what approvers would have to approve, and why; and the resources, by id.

    Raises as `asked`.
    """
    what = asked(work, organisation_id=organisation_id, lines=lines, times=times)
    return needed(work, what), what.resources


def no_longer(
    work: Work, what: Asked, resource_ids: Collection[UUID], since: datetime
) -> list[tuple[UUID, Refused]]:
    """Return the rules that what was asked for earlier breaks today, of some of its resources.

    Whether it was early enough was judged when it was asked for.
    """
    calendar = _calendar(work, what)
    return [
        (line.resource_id, error)
        for line in what.lines
        if line.resource_id in resource_ids
        for error in breaches(
            what.resources[line.resource_id],
            Use(span=what.span, quantity=line.quantity, people=what.people),
            now=since,
            standing=what.standing,
            calendar=calendar,
        )
        if not isinstance(error, NoticeTooShort | BeyondHorizon)
    ]


def _calendar(work: Work, what: Asked) -> ClosedCalendar:
    window = Interval(what.span.start - timedelta(days=1), what.span.end + AROUND)
    return catalogue.calendar(work, window)


def broken(
    work: Work,
    what: Asked,
    *,
    kept: Mapping[UUID, datetime] | None = None,
    by_managers: Collection[UUID] = (),
) -> list[tuple[UUID, Refused]]:
    """Return every rule the booking would break, with the resource whose rule it is.

    The resources of `by_managers` are judged as if who manages them booked them. `kept` names
    resources it has already from the same start, with the instant since when: what depends on how
    early one books was judged then, and is not judged again.
    """
    calendar = _calendar(work, what)
    since = kept or {}
    found = [
        (resource.id, error)
        for line in what.lines
        for resource in [what.resources[line.resource_id]]
        for error in breaches(
            resource,
            Use(
                span=what.span,
                quantity=line.quantity,
                people=what.people,
                made_by_manager=resource.id in by_managers or is_managed_by(work.actor, resource),
            ),
            now=since.get(resource.id, work.now),
            standing=what.standing,
            calendar=calendar,
        )
    ]
    if what.until is None:
        return found
    return found + [
        (resource.id, error)
        for resource in what.resources.values()
        for error in option_breaches(
            resource,
            until=what.until,
            starts_at=what.span.start,
            since=since.get(resource.id, work.now),
            made_by_manager=is_managed_by(work.actor, resource),
            calendar=calendar,
        )
    ]


def check(
    work: Work,
    what: Asked,
    *,
    kept: Mapping[UUID, datetime] | None = None,
    by_managers: Collection[UUID] = (),
) -> None:
    """Raise one refusal that names every rule the booking would break."""
    found = broken(work, what, kept=kept, by_managers=by_managers)
    if found:
        raise together(found)


def check_people(work: Work, what: Asked) -> None:
    """Raise a refusal where more people would come than a place takes; nothing else is judged."""
    found = [one for one in broken(work, what) if isinstance(one[1], TooManyPeople)]
    if found:
        raise together(found)


def people_after(booking: Booking, command: Change) -> int | None:
    """Return how many people come once a booking is changed; None where nobody says."""
    return booking.people if command.people is UNSAID else command.people
