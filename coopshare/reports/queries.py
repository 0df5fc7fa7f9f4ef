"""How what is shared is used over a period: four statements, whatever there is to count.

In use means confirmed. A whole that is booked takes its parts with it: they count as used too, and
the figures of the cooperative count parts only, never the same room twice.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.db.work import Work
from coopshare.holds.models import Hold, HoldSource
from coopshare.kernel.errors import NotFound
from coopshare.kernel.intervals import Interval, without
from coopshare.members.queries import roll
from coopshare.reports.periods import Period
from coopshare.reports.policies import allow, concerns
from coopshare.reports.rules import HeatMap, Share, WeekHour, by_hour, heat_map, minutes_of
from coopshare.resources import queries as resources
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import Resource
from coopshare.resources.queries import Catalogue, ResourceFilter
from coopshare.resources.services import open_spans

LONGEST = timedelta(days=370)
"""No booking is longer: how far back one that reaches into the period may begin."""
LATE = timedelta(hours=24)
"""A booking given up later than that before its start was lost for the others."""
REFUSALS = {BookingStatus.REFUSED, BookingStatus.LAPSED}

Used = list[tuple[Interval, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is counted: everything one may see, a kind, or one resource."""

    kind: ResourceKind | None = None
    resource_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceUse:
    """How one resource is used."""

    resource: Resource
    minutes: int
    """How long it was in use, booking after booking, whatever the quantity."""
    share: Share
    """How much of it was in use: of sixty chairs, thirty are a half."""
    bookings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationUse:
    """How long one organisation uses what is counted: each thing it takes counts, once."""

    organisation_id: UUID
    name: str
    minutes: int
    bookings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Time that nobody used and nobody else could have."""

    bookings: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Requests for a resource that came to nothing, for one reason."""

    resource: Resource
    status: BookingStatus
    reason: str
    """In the words of whoever refused; empty where none was given."""
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The use of a period."""

    period: Period
    total: Share
    bookings: int
    resources: Sequence[ResourceUse]
    """The most used first, in hours; then by name."""
    organisations: Sequence[OrganisationUse]
    """The one that uses most first."""
    hours: HeatMap
    no_shows: Lost
    """Released because nobody came."""
    late: Lost
    """Given up in the last 24 hours, or once begun."""
    refusals: Sequence[Refusal]
    """The most frequent first."""

    @property
    def minutes(self) -> int:
        """Return the minutes of all organisations."""
        return sum(one.minutes for one in self.organisations)


@dataclass(frozen=True, slots=True)
class _Line:
    """One thing that a booking takes."""

    booking_id: UUID
    status: BookingStatus
    organisation_id: UUID
    span: Interval
    """Within the period."""
    begins: datetime
    cancelled_at: datetime | None
    reason: str
    resource_id: UUID
    quantity: int


def report(work: Work, period: Period, wanted: Wanted) -> Report:
    """Count the use of a period, as far as the actor may know it.

    Raises `Forbidden` for who has no statistics to read, `NotFound` for a resource that is not
    among those they may know of.
    """
    allow(work.actor)
    span = period.span(ZoneInfo(roll(work).cooperative.timezone))
    shared = resources.catalogue(work)
    counted = _counted(work, shared, wanted)
    lines = [line for line in _lines(work, span) if line.resource_id in counted]
    used, of_each = _used(shared, counted, lines)
    opened = _opened(work, shared, counted, span)
    leaves = [key for key in counted if key not in shared.below]
    return Report(
        period=period,
        total=Share(
            sum(minutes_of(used[key]) for key in leaves),
            sum(minutes_of(opened[key]) for key in leaves),
        ),
        bookings=len({line.booking_id for line in _confirmed(lines)}),
        resources=_resources(counted, used, opened, of_each),
        organisations=_organisations(work, lines),
        hours=_hours(counted, leaves, used, opened),
        no_shows=_lost(line for line in lines if line.status is BookingStatus.NO_SHOW),
        late=_lost(line for line in lines if _is_late(line)),
        refusals=_refusals(counted, lines),
    )


def _counted(work: Work, shared: Catalogue, wanted: Wanted) -> dict[UUID, Resource]:
    if wanted.resource_id is not None:
        resource = shared.resources.get(wanted.resource_id)
        if resource is None or not concerns(work.actor, resource):
            raise NotFound
        return {resource.id: resource}
    kept = ResourceFilter(kind=wanted.kind, with_unlisted=True)
    return {one.id: one for one in resources.search(work, kept) if concerns(work.actor, one)}


def _lines(work: Work, span: Interval) -> list[_Line]:
    rows = work.session.execute(
        select(
            Booking.id,
            Booking.status,
            Booking.organisation_id,
            Booking.starts_at,
            Booking.ends_at,
            Booking.cancelled_at,
            Booking.cancel_reason,
            BookingLine.resource_id,
            BookingLine.quantity,
        )
        .join(BookingLine, BookingLine.booking_id == Booking.id)
        .where(
            Booking.starts_at < span.end,
            Booking.starts_at > span.start - LONGEST,
            Booking.ends_at > span.start,
        )
        .order_by(Booking.starts_at, Booking.id, BookingLine.position)
    )
    return [
        _Line(
            booking_id=row[0],
            status=row[1],
            organisation_id=row[2],
            span=Interval(max(row[3], span.start), min(row[4], span.end)),
            begins=row[3],
            cancelled_at=row[5],
            reason=row[6],
            resource_id=row[7],
            quantity=row[8],
        )
        for row in rows
    ]


def _confirmed(lines: Iterable[_Line]) -> Iterator[_Line]:
    return (line for line in lines if line.status is BookingStatus.CONFIRMED)


def _used(
    shared: Catalogue, counted: Mapping[UUID, Resource], lines: Sequence[_Line]
) -> tuple[Mapping[UUID, Used], Counter[UUID]]:
    """Return when each resource was used, a part through its whole too, and in how many
    bookings.
    """
    used: defaultdict[UUID, Used] = defaultdict(list)
    bookings: Counter[UUID] = Counter()
    for line in _confirmed(lines):
        taken = {line.resource_id: line.quantity}
        if line.resource_id in shared.below:
            taken |= {
                key: shared.resources[key].quantity for key in shared.leaves(line.resource_id)
            }
        for key, quantity in taken.items():
            if key in counted:
                used[key].append((line.span, quantity))
                bookings[key] += 1
    return used, bookings


def _opened(
    work: Work, shared: Catalogue, counted: Mapping[UUID, Resource], span: Interval
) -> dict[UUID, Used]:
    """Return when each resource was open: its hours, less holidays and closures for works."""
    days = resources.calendar(work, span)
    shut: defaultdict[UUID, list[Interval]] = defaultdict(list)
    for hold in work.session.execute(
        select(Hold.resource_id, Hold.starts_at, Hold.ends_at, Hold.quantity).where(
            Hold.live,
            Hold.source_kind.in_([HoldSource.CLOSURE, HoldSource.MAINTENANCE]),
            Hold.starts_at < span.end,
            Hold.ends_at > span.start,
        )
    ):
        known = shared.resources.get(hold.resource_id)
        if known is not None and hold.quantity >= known.quantity:
            shut[hold.resource_id].append(Interval(hold.starts_at, hold.ends_at))
    alike: dict[tuple[int, str], list[Interval]] = {}
    found: dict[UUID, Used] = {}
    for key, resource in counted.items():
        same = (shared.rules[key], resource.timezone)
        if same not in alike:
            alike[same] = open_spans(resource, span, days)
        closed = [one for leaf in shared.leaves(key) for one in shut.get(leaf, ())]
        spans = alike[same]
        if closed:
            spans = [part for one in spans for part in without(one, closed)]
        found[key] = [(one, resource.quantity) for one in spans]
    return found


def _resources(
    counted: Mapping[UUID, Resource],
    used: Mapping[UUID, Used],
    opened: Mapping[UUID, Used],
    bookings: Counter[UUID],
) -> list[ResourceUse]:
    found = [
        ResourceUse(
            resource=resource,
            minutes=sum(span.minutes for span, _ in used.get(key, ())),
            share=Share(minutes_of(used.get(key, ())), minutes_of(opened[key])),
            bookings=bookings[key],
        )
        for key, resource in counted.items()
        if resource.is_listed or bookings[key]
    ]
    return sorted(found, key=lambda one: (-one.minutes, one.resource.sort_key))


def _organisations(work: Work, lines: Sequence[_Line]) -> list[OrganisationUse]:
    minutes: Counter[UUID] = Counter()
    bookings: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for line in _confirmed(lines):
        minutes[line.organisation_id] += line.span.minutes
        bookings[line.organisation_id].add(line.booking_id)
    names = roll(work).names
    found = [
        OrganisationUse(
            organisation_id=key, name=names[key], minutes=count, bookings=len(bookings[key])
        )
        for key, count in minutes.items()
    ]
    return sorted(found, key=lambda one: (-one.minutes, one.name))


def _hours(
    counted: Mapping[UUID, Resource],
    leaves: Sequence[UUID],
    used: Mapping[UUID, Used],
    opened: Mapping[UUID, Used],
) -> HeatMap:
    """Return the map of the week, each resource at its own local time."""
    total_used: Counter[WeekHour] = Counter()
    total_open: Counter[WeekHour] = Counter()
    shown = leaves or list(counted)  # a whole that is looked at alone
    for zone, keys in groupby(
        sorted(shown, key=lambda key: (counted[key].timezone, key)),
        key=lambda key: counted[key].timezone,
    ):
        place = ZoneInfo(zone)
        alike: Counter[tuple[Interval, ...]] = Counter()
        for key in keys:
            total_used += by_hour(used.get(key, ()), place)
            alike[tuple(span for span, _ in opened[key])] += counted[key].quantity
        for spans, quantity in alike.items():
            total_open += by_hour(((span, quantity) for span in spans), place)
    return heat_map(total_used, total_open)


def _is_late(line: _Line) -> bool:
    return (
        line.status is BookingStatus.CANCELLED
        and line.cancelled_at is not None
        and line.cancelled_at > line.begins - LATE
    )


def _lost(lines: Iterable[_Line]) -> Lost:
    found = list(lines)
    return Lost(
        bookings=len({line.booking_id for line in found}),
        minutes=sum(line.span.minutes for line in found),
    )


def _refusals(counted: Mapping[UUID, Resource], lines: Iterable[_Line]) -> list[Refusal]:
    found = Counter(
        (line.resource_id, line.status, line.reason if line.status in REFUSALS else "")
        for line in lines
        if line.status in REFUSALS
    )
    refusals = [
        Refusal(resource=counted[key], status=status, reason=reason, requests=count)
        for (key, status, reason), count in found.items()
    ]
    return sorted(refusals, key=lambda one: (-one.requests, one.resource.sort_key, one.reason))
