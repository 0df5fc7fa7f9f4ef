"""A past and a coming season of bookings that keep the rules of the resources they use."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import holidays

from coopshare.bookings.agenda import entry_of
from coopshare.bookings.models import (
    Booking,
    BookingCharge,
    BookingLine,
    BookingStatus,
    Decision,
    DecisionStatus,
)
from coopshare.calendars.agenda import entry_of as entry_of_closure
from coopshare.calendars.services import publish
from coopshare.db.models import AuditEntry
from coopshare.db.work import Work
from coopshare.demo.build import Made, identity, keep
from coopshare.demo.plans import ResourcePlan
from coopshare.demo.prices import charge
from coopshare.demo.stories import Story, told
from coopshare.holds.models import Closure, Hold, HoldSource
from coopshare.kernel.agenda import Entry
from coopshare.kernel.intervals import Interval
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import ClosedDay

WEEKS_BEFORE, WEEKS_AFTER = 26, 26
REASONS = ("Intervenante malade", "Reporté", "Trop peu de personnes inscrites")
EXTRAS = (("chaises", 20), ("projecteurs", 1), ("tables", 2), ("technicien", 1), ("sono", 1))


@cache
def closed(area: str, year: int, school_zone: str | None) -> frozenset[date]:
    """Return the public holidays of an area, or the school holidays of a zone."""
    if school_zone:
        found = holidays.country_holidays(
            "FR", subdiv=f"Zone {school_zone}", years=year, categories=("school",)
        )
    else:
        found = holidays.country_holidays("FR", subdiv=None if area == "FR" else area, years=year)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Wish:
    """A booking that would be made, if nothing stands in its way."""

    organisation: str
    title: str
    lines: tuple[tuple[str, int], ...]
    day: date
    starts: int
    minutes: int


@dataclass(slots=True)
class Season:
    """The uses of one cooperative's resources, as they fill up."""

    made: Made
    zone: ZoneInfo
    now: datetime
    own_closed: frozenset[date]
    uses: dict[str, list[tuple[Interval, int]]] = field(default_factory=dict)
    plans: dict[str, ResourcePlan] = field(default_factory=dict)
    rows: dict[type, list[dict[str, object]]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)

    def span(self, day: date, starts: int, minutes: int) -> Interval:
        """Return a span given in local time."""
        start = datetime.combine(day, time(starts // 60, starts % 60), self.zone)
        return Interval(start, start + timedelta(minutes=minutes))

    def is_open(self, plan: ResourcePlan, wish: Wish) -> bool:
        """Tell whether the rules of a resource allow a wish."""
        ends = wish.starts + wish.minutes
        today = self.now.astimezone(self.zone).date()
        if plan.horizon is not None and (wish.day - today).days > plan.horizon:
            return False
        if plan.slots and (wish.starts, ends) not in plan.slots:
            return False
        if wish.minutes < (plan.shortest or 0) or wish.minutes > (plan.longest or wish.minutes):
            return False
        standing = next(o for o in self.made.plan.organisations if o.key == wish.organisation)
        if plan.standings and standing.standing not in plan.standings:
            return False
        area, zone = self.made.plan.holiday_area, self.made.plan.school_zone
        if plan.closed_on_holidays and wish.day in closed(area, wish.day.year, None):
            return False
        if plan.closed_on_holidays and wish.day in self.own_closed:
            return False
        if plan.closed_in_school_holidays and wish.day in closed(area, wish.day.year, zone):
            return False
        return not plan.hours or any(
            day == wish.day.weekday() and opens <= wish.starts and ends <= closes
            for day, opens, closes in plan.hours
        )

    def held(self, key: str, quantity: int, span: Interval) -> Iterator[tuple[str, int, Interval]]:
        """Return what a line holds: (leaf, quantity, span with its preparation)."""
        plan = self.plans[key]
        for leaf in self.made.leaves(key):
            whole = self.plans[leaf]
            before, after = max(plan.before, whole.before), max(plan.after, whole.after)
            yield leaf, quantity if leaf == key else whole.quantity, span.widened(before, after)

    def fits(self, leaf: str, quantity: int, span: Interval) -> bool:
        """Tell whether a leaf has so many left at every instant of a span."""
        others = [(s, q) for s, q in self.uses.get(leaf, ()) if s.overlaps(span)]
        instants = {span.start, *(s.start for s, _ in others if s.start > span.start)}
        peak = max(sum(q for s, q in others if s.start <= at < s.end) for at in instants)
        return peak + quantity <= self.plans[leaf].quantity

    def book(self, wish: Wish, chance: random.Random) -> bool:
        """Make the rows of a booking, when the rules and the other uses allow it."""
        if not all(self.is_open(self.plans[key], wish) for key, _ in wish.lines):
            return False
        span = self.span(wish.day, wish.starts, wish.minutes)
        asked = [one for key, quantity in wish.lines for one in self.held(key, quantity, span)]
        if len({leaf for leaf, _, _ in asked}) < len(asked):
            return False
        if not all(self.fits(*one) for one in asked):
            return False
        used = [self.plans[key] for key, _ in wish.lines]
        story = told(self.made, wish.organisation, used, span, self.now, chance)
        number = len(self.rows.get(Booking, ()))
        booking_id = identity(self.made.plan.slug, "booking", str(number))
        live = story.status is not BookingStatus.CANCELLED
        for leaf, quantity, wide in asked:
            if live:
                self.uses.setdefault(leaf, []).append((wide, quantity))
            self.add_hold(HoldSource.BOOKING, booking_id, leaf, quantity, wide, live=live)
        self.add_booking(wish, span, story, booking_id)
        return True

    def add_hold(
        self,
        kind: HoldSource,
        source_id: UUID,
        leaf: str,
        quantity: int,
        span: Interval,
        *,
        live: bool = True,
    ) -> None:
        """Make the row of a hold."""
        self.rows.setdefault(Hold, []).append(
            {
                "resource_id": self.made.resources[leaf].id,
                "quantity": quantity,
                "starts_at": span.start,
                "ends_at": span.end,
                "live": live,
                "source_kind": kind,
                "source_id": source_id,
            }
        )

    def people(self, wish: Wish, booking_id: UUID) -> int | None:
        """Return how many people come: nearly as many as the smallest place takes, or unsaid."""
        takes = [c for key, _ in wish.lines if (c := self.plans[key].capacity) is not None]
        if not takes or booking_id.int % 4 == 0:
            return None
        return max(1, min(takes) * (booking_id.int % 5 + 5) // 10)

    def answer_due(self, story: Story, span: Interval, booking_id: UUID) -> datetime | None:
        """Return until when a request waits: some hours or days from now, never past its start."""
        if story.status is not BookingStatus.PENDING:
            return None
        return min(self.now + timedelta(hours=8 + booking_id.int % 60), span.start)

    def add_booking(self, wish: Wish, span: Interval, story: Story, booking_id: UUID) -> None:
        """Make the rows of a booking, its trace and its calendar entry."""
        first, last = story.steps[0], story.steps[-1]
        is_over = story.status is BookingStatus.CANCELLED
        row: dict[str, Any] = {
            "id": booking_id,
            "organisation_id": first.organisation_id,
            "person_id": first.person_id,
            "title": wish.title,
            "starts_at": span.start,
            "ends_at": span.end,
            "timezone": self.zone.key,
            "people": self.people(wish, booking_id),
            "status": story.status,
            "lapses_at": self.answer_due(story, span, booking_id),
            "sequence": story.changes,
            "version": 1 + story.changes,
            "created_at": first.at,
            "changed_at": last.at,
            "cancelled_at": last.at if is_over else None,
            "cancel_reason": REASONS[booking_id.int % len(REASONS)] if is_over else "",
        }
        lines: list[dict[str, Any]] = [
            {
                "booking_id": booking_id,
                "resource_id": self.made.resources[key].id,
                "quantity": quantity,
                "position": position,
            }
            for position, (key, quantity) in enumerate(wish.lines)
        ]
        self.rows.setdefault(Booking, []).append(row)
        self.rows.setdefault(BookingLine, []).extend(lines)
        if story.status is BookingStatus.PENDING:
            self._ask(wish, booking_id, first.at)
        self.rows.setdefault(AuditEntry, []).extend(
            {
                "at": step.at,
                "person_id": step.person_id,
                "organisation_id": step.organisation_id,
                "door": "web",
                "action": step.action,
                "object_kind": "booking",
                "object_id": booking_id,
                "changes": {},
            }
            for step in story.steps
        )
        shown = Booking(
            **row, note="", all_day=False, lines=[BookingLine(**line) for line in lines]
        )
        self.entries.append(entry_of(shown, {one.id: one for one in self.made.resources.values()}))

    def _ask(self, wish: Wish, booking_id: UUID, asked_at: datetime) -> None:
        """Make the rows of what has to be agreed to."""
        self.rows.setdefault(Decision, []).extend(
            {
                "booking_id": booking_id,
                "resource_id": self.made.resources[key].id,
                "reasons": {"always": None},
                "status": DecisionStatus.WAITING,
                "asked_at": asked_at,
            }
            for key, _ in wish.lines
            if self.plans[key].needs_approval
        )


def fill(work: Work, made: Made) -> int:
    """Close what is closed, then book a past and a coming season; return how many bookings."""
    zone = ZoneInfo(made.plan.timezone)
    today = work.now.astimezone(zone).date()
    days = {today + timedelta(days=away): reason for away, reason in made.plan.closed_days}
    days |= {
        date(year, month, day): reason
        for year in (today.year - 1, today.year, today.year + 1)
        for month, day, reason in made.plan.closed_dates
    }
    keep(work, *(ClosedDay(day=d, reason=r, created_at=work.now) for d, r in days.items()))
    season = Season(made, zone, work.now, frozenset(days))
    season.plans = {plan.key: plan for plan in made.plan.resources}
    _close(work, season, today)
    chance = random.Random(made.plan.slug)  # noqa: S311 - the same demonstration each time
    for wish in (*_habits(made, today), *_occasions(made, today, chance)):
        season.book(wish, chance)
    season.rows[BookingCharge] = charge(made, season.rows)
    for model in (Booking, BookingLine, BookingCharge, Hold, AuditEntry):
        work.add_rows(model, season.rows.get(model, []))
    publish(work, season.entries, [resource.id for resource in made.resources.values()])
    return len(season.rows.get(Booking, []))


def _close(work: Work, season: Season, today: date) -> None:
    for number, plan in enumerate(season.made.plan.closures):
        first = today + timedelta(days=plan.in_days)
        span = Interval(
            datetime.combine(first, time(), season.zone),
            datetime.combine(first + timedelta(days=plan.days), time(), season.zone),
        )
        closure = Closure(
            id=identity(season.made.plan.slug, "closure", str(number)),
            reason=plan.reason,
            starts_at=span.start,
            ends_at=span.end,
            timezone=season.zone.key,
            created_at=work.now,
        )
        keep(work, closure)
        for key in plan.resources:
            for leaf in season.made.leaves(key):
                quantity = season.plans[leaf].quantity
                season.uses.setdefault(leaf, []).append((span, quantity))
                season.add_hold(HoldSource.CLOSURE, closure.id, leaf, quantity, span)
        names = [season.made.resources[leaf].name for key in plan.resources
                 for leaf in season.made.leaves(key)]  # fmt: skip
        season.entries.append(entry_of_closure(closure, sorted(names)))


def _habits(made: Made, today: date) -> Iterator[Wish]:
    monday = today - timedelta(days=today.weekday())
    for habit in made.plan.habits:
        for week in range(-WEEKS_BEFORE, WEEKS_AFTER + 1):
            if week % habit.every:
                continue
            day = monday + timedelta(days=7 * week + habit.weekday)
            yield Wish(
                habit.organisation, habit.title, habit.lines, day, habit.starts, habit.minutes
            )


def _occasions(made: Made, today: date, chance: random.Random) -> Iterator[Wish]:
    """Return single bookings: a place, and now and then what goes with it."""
    plan = made.plan
    keys = {resource.key for resource in plan.resources}
    places = [resource for resource in plan.resources if resource.kind is ResourceKind.PLACE]
    owners = [one.key for one in plan.organisations if one.people]
    for _ in range(plan.single_bookings):
        place = chance.choice(places)
        lines = [(place.key, 1)]
        lines += [(k, q) for k, q in EXTRAS if k in keys and chance.random() < 0.12]  # noqa: PLR2004
        starts = chance.choice((540, 600, 840, 960, 1080))
        minutes = chance.choice((60, 120, 180, 240))
        if place.slots:
            starts, ends = chance.choice(place.slots)
            minutes = ends - starts
        day = today + timedelta(days=chance.randrange(-7 * WEEKS_BEFORE, 7 * WEEKS_AFTER))
        title = chance.choice(place.occasions or plan.occasions)
        yield Wish(chance.choice(owners), title, tuple(lines), day, starts, minutes)
