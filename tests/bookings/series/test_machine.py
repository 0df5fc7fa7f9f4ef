"""Any sequence of edits of series, against a naive model: what was given up never comes back.

The model knows of each date what people would expect of it, and nothing of how it is stored.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from coopshare.bookings import services
from coopshare.bookings.commands import (
    AddDate,
    Book,
    BookSeries,
    CancelSeries,
    ChangeSeries,
    Choice,
    LeaveSeries,
    Line,
    Recurrence,
    Scope,
)
from coopshare.bookings.errors import SeriesBlocked
from coopshare.bookings.models import Booking, BookingStatus
from coopshare.calendars.models import CalendarEntry
from coopshare.db.work import Database
from coopshare.holds.errors import SlotTaken
from coopshare.holds.models import Hold
from coopshare.kernel.recurrence import Frequency, Rule
from tests.bookings.series.conftest import at
from tests.make import Maker

PARIS = ZoneInfo("Europe/Paris")
FIRST = date(2027, 10, 12)
"""Clocks go back nineteen days later."""
scopes = st.sampled_from(list(Scope))
hours = st.integers(8, 16)
shifts = st.integers(-1, 2)
bookings = Bundle("bookings")


@dataclass(frozen=True)
class Known:
    """What people expect of one date."""

    series: int
    slot: date
    """The day of the rule."""
    day: date
    hour: int
    title: str
    own: frozenset[str] = frozenset()
    live: bool = True


@dataclass
class Calendar:
    """What a calendar has read of one event."""

    uid: str
    sequence: int
    shown: tuple[Any, ...]


@dataclass
class Model:
    """Every date there ever was, and the days that were skipped, by series."""

    dates: dict[UUID, Known] = field(default_factory=dict)
    skipped: dict[int, set[date]] = field(default_factory=dict)
    count: int = 0

    def clashes(self, changed: dict[UUID, Known]) -> bool:
        """Tell whether two live dates would share an instant, once some are changed."""
        now = {**self.dates, **changed}
        taken = sorted((k.day, k.hour) for k in now.values() if k.live)
        pairs = pairwise(taken)
        return any(a[0] == b[0] and b[1] < a[1] + 2 for a, b in pairs)

    def scoped(self, key: UUID, scope: Scope) -> list[UUID]:
        """Return the live dates a verb is about."""
        known = self.dates[key]
        return [
            other
            for other, one in self.dates.items()
            if one.live
            and one.series == known.series
            and (scope is not Scope.THIS or other == key)
            and (scope is not Scope.FOLLOWING or one.slot >= known.slot)
        ]


class Machine(RuleBasedStateMachine):
    """The application and the model do the same, and have to agree after each step."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database, self.make = database, Maker(database)
        self.model = Model()
        self.calendars: dict[UUID, Calendar] = {}

    @initialize()
    def furnish(self) -> None:
        """Start in a cooperative of its own."""
        cooperative = self.make.cooperative()
        owner = self.make.organisation(cooperative)
        self.actor = self.make.actor(cooperative, owner)
        self.room = self.make.resource(cooperative, owner)

    def row(self, key: UUID) -> Booking:
        """Return a booking as it is now."""
        with self.database.read(self.actor) as work:
            return work.session.get_one(Booking, key)

    @rule(
        target=bookings,
        week=st.integers(0, 3),
        hour=hours,
        count=st.integers(2, 4),
        skip=st.integers(0, 6),
    )
    def book(self, week: int, hour: int, count: int, skip: int) -> Any:
        first = FIRST + timedelta(days=7 * week)
        days = [first + timedelta(days=7 * n) for n in range(count)]
        skipped = {days[skip]} if skip < count else set()
        assert self.actor.organisation_id is not None
        command = BookSeries(
            book=Book(
                organisation_id=self.actor.organisation_id,
                title="Chorale",
                lines=(Line(resource_id=self.room.id),),
                span=at(first, hour, hour + 2),
            ),
            recurrence=Recurrence(rule=Rule(Frequency.WEEKLY, count=count)),
            choices=tuple(Choice(day=day, skip=True) for day in skipped),
        )
        number = self.model.count
        wanted = [Known(number, day, day, hour, "Chorale") for day in days if day not in skipped]
        expected = {UUID(int=n): known for n, known in enumerate(wanted)}
        try:
            series = self.database.write(self.actor, services.book_series, command)
        except SeriesBlocked:
            assert self.model.clashes(expected)
            return multiple()
        assert not self.model.clashes(expected)
        self.model.count += 1
        self.model.skipped[number] = skipped
        with self.database.read(self.actor) as work:
            query = sa.select(Booking).where(Booking.series_id == series.id)
            rows = list(work.session.scalars(query.order_by(Booking.occurrence)))
        assert [row.occurrence for row in rows] == [known.slot for known in wanted]
        for row, known in zip(rows, wanted, strict=True):
            self.model.dates[row.id] = known
        return multiple(*(row.id for row in rows))

    @rule(key=bookings, scope=scopes, title=st.sampled_from(["Concert", "Loto"]))
    def rename(self, key: UUID, scope: Scope, title: str) -> None:
        if not self._is_changeable(key, scope):
            return
        self._change(key, scope, self._renamed(key, scope, title), title=title)

    def _renamed(self, key: UUID, scope: Scope, title: str) -> dict[UUID, Known]:
        changed: dict[UUID, Known] = {}
        for other in self.model.scoped(key, scope):
            known = self.model.dates[other]
            if scope is Scope.THIS:
                own = known.own | ({"title"} if title != known.title else frozenset())
                changed[other] = replace(known, title=title, own=own)
            elif other == key:
                changed[other] = replace(known, title=title, own=known.own - {"title"})
            elif "title" not in known.own:
                changed[other] = replace(known, title=title)
        return changed

    @rule(key=bookings, scope=scopes, days=shifts, hour=hours)
    def move(self, key: UUID, scope: Scope, days: int, hour: int) -> None:
        if not self._is_changeable(key, scope):
            return
        known = self.model.dates[key]
        shift = timedelta(days=days)
        target = known.day + shift
        changed: dict[UUID, Known] = {}
        for other in self.model.scoped(key, scope):
            one = self.model.dates[other]
            if scope is Scope.THIS:
                is_same = (one.day, one.hour) == (target, hour)
                own = one.own if is_same else one.own | {"span"}
                changed[other] = replace(one, day=target, hour=hour, own=own)
                continue
            slot = one.slot + shift
            if other == key:
                own = one.own - {"span"} | ({"span"} if target != slot else frozenset())
                changed[other] = replace(one, slot=slot, day=target, hour=hour, own=own)
            elif "span" in one.own:
                changed[other] = replace(one, slot=slot)
            else:
                changed[other] = replace(one, slot=slot, day=slot, hour=hour)
        self._change(key, scope, changed, shift=shift, span=at(target, hour, hour + 2))

    def _is_changeable(self, key: UUID, scope: Scope) -> bool:
        known = self.model.dates[key]
        return known.live and (known.series >= 0 or scope is Scope.THIS)

    def _change(
        self,
        key: UUID,
        scope: Scope,
        changed: dict[UUID, Known],
        *,
        shift: timedelta = timedelta(0),
        **fields: Any,
    ) -> None:
        command = ChangeSeries(booking_id=key, version=self.row(key).version, scope=scope, **fields)
        try:
            self.database.write(self.actor, services.change_series, command)
        except (SeriesBlocked, SlotTaken):
            assert self.model.clashes(changed)
            return
        assert not self.model.clashes(changed)
        if scope is not Scope.THIS:
            self._follow(key, scope, changed, shift)
        self.model.dates |= changed

    def _follow(
        self, key: UUID, scope: Scope, changed: dict[UUID, Known], shift: timedelta
    ) -> None:
        """Move what was given up with its rule, and with the rest that becomes a series."""
        model, old = self.model, self.model.dates[key].series
        scoped = model.scoped(key, scope)
        since = min(model.dates[other].slot for other in scoped)
        is_split = any(
            one.live and one.series == old and other not in scoped
            for other, one in model.dates.items()
        )
        series = old
        if is_split:
            series = model.count
            model.count += 1
            model.skipped[series] = set()
        for other, one in list(model.dates.items()):
            if one.series == old and not one.live and one.slot >= since:
                model.dates[other] = replace(one, series=series, slot=one.slot + shift)
        moved = {day for day in model.skipped[old] if day >= since}
        model.skipped[old] -= moved
        model.skipped[series] |= {day + shift for day in moved}
        for other in scoped:
            known = changed.get(other, model.dates[other])
            changed[other] = replace(known, series=series)

    @rule(key=bookings, scope=scopes)
    def cancel(self, key: UUID, scope: Scope) -> None:
        if not self._is_changeable(key, scope):
            return
        command = CancelSeries(booking_id=key, version=self.row(key).version, scope=scope)
        self.database.write(self.actor, services.cancel_series, command)
        for other in self.model.scoped(key, scope):
            self.model.dates[other] = replace(self.model.dates[other], live=False)

    @rule(key=bookings)
    def leave(self, key: UUID) -> None:
        known = self.model.dates[key]
        if not known.live or known.series < 0:
            return
        command = LeaveSeries(booking_id=key, version=self.row(key).version)
        self.database.write(self.actor, services.leave_series, command)
        self.model.skipped[known.series].add(known.slot)
        self.model.dates[key] = replace(known, series=-1)

    @rule(target=bookings, key=bookings, number=st.integers(0, 5))
    def add_again(self, key: UUID, number: int) -> Any:
        """Add a date that was left out, as the series is now."""
        known = self.model.dates[key]
        if known.series < 0:
            return multiple()
        of_it = [one for one in self.model.dates.values() if one.series == known.series]
        live = {one.slot for one in of_it if one.live}
        left = {one.slot for one in of_it if not one.live} | self.model.skipped[known.series]
        days = sorted(left - live)
        if number >= len(days):
            return multiple()
        command = AddDate(booking_id=key, day=days[number], span=at(days[number], 18, 20))
        expected = Known(known.series, days[number], days[number], 18, "", frozenset({"span"}))
        try:
            row = self.database.write(self.actor, services.add_date, command)
        except SeriesBlocked:
            assert self.model.clashes({UUID(int=0): expected})
            return multiple()
        self.model.skipped[known.series].discard(days[number])
        self.model.dates[row.id] = replace(expected, title=row.title)
        return row.id

    @invariant()
    def bookings_are_those_of_the_model(self) -> None:
        """Each date is where people expect it, and holds exactly that."""
        if not hasattr(self, "actor"):
            return
        with self.database.read(self.actor) as work:
            rows = {row.id: row for row in work.session.scalars(sa.select(Booking))}
            held = {
                hold.source_id: (hold.starts_at, hold.ends_at)
                for hold in work.session.scalars(sa.select(Hold).where(Hold.live))
            }
        assert rows.keys() == self.model.dates.keys()
        groups: dict[int, UUID | None] = {}
        for key, known in self.model.dates.items():
            row = rows[key]
            start = row.starts_at.astimezone(PARIS)
            found = (start.date(), start.hour, row.title, row.status is BookingStatus.CONFIRMED)
            assert found == (known.day, known.hour, known.title, known.live)
            if known.series >= 0:
                own = frozenset(row.own_changes.split())
                assert (row.occurrence, own) == (known.slot, known.own)
                assert groups.setdefault(known.series, row.series_id) == row.series_id
            else:
                assert (row.series_id, row.occurrence) == (None, None)
        live = {key: row for key, row in rows.items() if row.status is BookingStatus.CONFIRMED}
        assert held == {key: (row.starts_at, row.ends_at) for key, row in live.items()}

    @invariant()
    def calendars_follow(self) -> None:
        """UID never changes, SEQUENCE rises with span and status, and stays without a change."""
        if not hasattr(self, "actor"):
            return
        with self.database.read(self.actor) as work:
            entries = list(work.session.scalars(sa.select(CalendarEntry)))
        assert {entry.source_id for entry in entries} == self.model.dates.keys()
        uids = set()
        for entry in entries:
            wrapped = b"BEGIN:VCALENDAR\r\n" + entry.full + b"END:VCALENDAR\r\n"
            [found] = icalendar.Calendar.from_ical(wrapped).walk("VEVENT")
            event: Any = found  # a union of thirty types
            uids.add(str(event["UID"]))
            assert not {"RRULE", "EXDATE", "RDATE", "RECURRENCE-ID"} & event.keys()
            known = self.model.dates[entry.source_id]
            start = event["DTSTART"].dt
            assert (start.date(), start.hour) == (known.day, known.hour)
            assert str(event["STATUS"]) == ("CONFIRMED" if known.live else "CANCELLED")
            shown = (start, event["DTEND"].dt, str(event["STATUS"]))
            read = Calendar(str(event["UID"]), int(event["SEQUENCE"]), shown)
            before = self.calendars.get(entry.source_id)
            if before is not None:
                assert read.uid == before.uid
                assert read.sequence >= before.sequence
                if read.shown != before.shown:
                    assert read.sequence > before.sequence
                else:
                    assert read.sequence == before.sequence
            self.calendars[entry.source_id] = read
        assert len(uids) == len(entries)


def test_any_sequence_of_edits(database: Database) -> None:
    run_state_machine_as_test(
        lambda: Machine(database),  # type: ignore[arg-type] # made by us, with its database
        settings=settings(
            max_examples=15,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_model_counts_hours_as_people_do() -> None:
    """Two hours that touch do not clash, two that overlap do."""
    model = Model()
    one = Known(0, FIRST, FIRST, 9, "")
    for hour, is_clash in ((10, True), (11, False)):
        found = {UUID(int=1): one, UUID(int=2): replace(one, hour=hour)}
        assert model.clashes(found) is is_clash
