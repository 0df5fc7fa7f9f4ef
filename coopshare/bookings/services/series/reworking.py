"""Change one occurrence, it and all that follow, or all to come; take one out of its series.

What a series says goes for each of its occurrences, but for what one of them has of its own:

* `this` changes one occurrence, which has from then on of its own what was changed of it.
* `following` and `all` change the pattern. An occurrence keeps the fields it has of its own and
  takes the others. The one that was acted on takes everything it was given.
* A date that was skipped, cancelled or taken out never comes back by itself, wherever the rule
  moves: it moves with the rule. It can be added again (`add_date`).
* What has begun or is over stays as it is, the occurrence acted on excepted.
* `following` makes a series of its own of the rest, unless nothing to come is left before.
* A new rule keeps the bookings of the dates it still names, gives up those it does not, but for
  those that were changed by themselves, and makes the others.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from coopshare.bookings.commands import (
    UNSAID,
    Change,
    ChangeSeries,
    Choice,
    Recurrence,
    Scope,
)
from coopshare.bookings.facts import SeriesChanged
from coopshare.bookings.models import Booking, BookingSeries, OwnChange
from coopshare.bookings.recurring import Hours, first_on_or_after, from_day, shifted
from coopshare.bookings.rules import LIVE
from coopshare.bookings.series import occurrences, own_of
from coopshare.bookings.services.changing import change, lines_of
from coopshare.bookings.services.series.bulk import touched
from coopshare.bookings.services.series.dates import PlannedDate, Why
from coopshare.bookings.services.series.drafting import (
    Builder,
    Draft,
    Pattern,
    by_day,
    chosen,
    days_of,
    holidays,
    new_date,
    pattern_from,
)
from coopshare.bookings.services.series.making import settled
from coopshare.bookings.services.series.scoping import (
    allow_all,
    anchored,
    in_scope,
    is_rest,
    reread,
)
from coopshare.bookings.services.series.writing import write
from coopshare.db.work import Work
from coopshare.holds.queries import lock
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import zone


class _Rework:
    """A change of many occurrences, from the command to the dates it means."""

    def __init__(
        self,
        work: Work,
        command: ChangeSeries,
        series: BookingSeries,
        rows: Sequence[Booking],
    ) -> None:
        self.work, self.command, self.series, self.rows = work, command, series, rows
        self.anchor = next(row for row in rows if row.id == command.booking_id)
        self.builder = Builder(work, series.organisation_id)
        self.wanted = in_scope(work, rows, self.anchor, command.scope)
        self.since = min(self.day_of(row) for row in self.wanted)
        self.old = pattern_from(self.builder, series)
        self.shift = timedelta(0)
        self.typed: tuple[date, Hours] | None = None
        self.pattern = self._pattern()

    def day_of(self, row: Booking) -> date:
        """Return the day a booking stands for."""
        if row.occurrence is not None:
            return row.occurrence
        return row.starts_at.astimezone(zone(row.timezone)).date()

    def _pattern(self) -> Pattern:
        command, old = self.command, self.old
        lines = command.lines if command.lines is not None else old.lines
        timezone = self.builder.home(lines) if command.lines is not None else old.timezone
        hours = old.hours
        if command.span is not None:
            all_day = bool(command.all_day)
            first, hours = Hours.of(command.span, zone(timezone), all_day=all_day)
            self.typed = first, hours
            self.shift = first - self._seen_day()
        elif command.all_day is not None:
            hours = replace(hours, all_day=command.all_day)
        recurrence, first_day = self._rule()
        return replace(
            old,
            title=command.title if command.title is not None else old.title,
            note=command.note if command.note is not None else old.note,
            people=old.people if command.people is UNSAID else command.people,
            lines=lines,
            hours=hours,
            timezone=timezone,
            recurrence=recurrence,
            first=first_day,
        )

    def _seen_day(self) -> date:
        """Return the day on which the occurrence acted on is seen: its own, where it has one."""
        if OwnChange.SPAN in own_of(self.anchor):
            return self.anchor.starts_at.astimezone(zone(self.anchor.timezone)).date()
        return self.day_of(self.anchor)

    def _rule(self) -> tuple[Recurrence, date]:
        given, old = self.command.recurrence, self.old
        if given is not None:
            return given, first_on_or_after(given.rule, self.since + self.shift)
        rule, first = old.recurrence.rule, old.first
        if self.shift or is_rest(self.work, self.rows, self.wanted):
            rule, first = from_day(rule, first, self.since)
        rule, first = shifted(rule, first, self.shift.days)
        return replace(old.recurrence, rule=rule), first

    def draft(self) -> Draft:
        """Return every date the change is about."""
        dates = [self._changed(row) for row in self.wanted]
        ended = [
            row for row in self.rows if row.status not in LIVE and self.day_of(row) >= self.since
        ]
        skipped = {date.fromisoformat(day) for day in self.series.skipped}
        moved = {day + self.shift if day >= self.since else day for day in skipped}
        gone = moved | {self.day_of(row) + self.shift for row in ended}
        is_split = is_rest(self.work, self.rows, self.wanted)
        if is_split:
            moved = {day + self.shift for day in skipped if day >= self.since}
        if self.command.recurrence is not None:
            dates, made = self._with_rule(dates, gone)
            dates += made
        dates = self._chosen(self._without_holidays(dates))
        moved |= {one.day for one in dates if one.booking is None and not one.is_kept}
        return Draft(
            pattern=self.pattern,
            dates=sorted(dates, key=lambda one: (one.day, one.span)),
            skipped=moved,
            series=self.series,
            is_split=is_split,
            shift=self.shift,
            ended=ended,
        )

    def _changed(self, row: Booking) -> PlannedDate:
        """Return an occurrence as it would be: its own stays, unless it was acted on."""
        command, pattern, is_anchor = self.command, self.pattern, row.id == self.anchor.id
        own = set(own_of(row))
        day = self.day_of(row) + self.shift

        def follows(code: OwnChange, *, is_given: bool) -> bool:
            if is_given and is_anchor:
                own.discard(code)
            return is_given and code not in own

        lines, timezone = lines_of(row), row.timezone
        if follows(OwnChange.LINES, is_given=command.lines is not None):
            lines, timezone = pattern.lines, pattern.timezone
        span, all_day = Interval(row.starts_at, row.ends_at), row.all_day
        is_retimed = self.typed is not None or pattern.timezone != self.old.timezone
        if follows(OwnChange.SPAN, is_given=is_retimed or command.all_day is not None):
            span, all_day = pattern.hours.on(day, pattern.place), pattern.hours.all_day
            if is_anchor and self.typed is not None and self.typed[0] != day:
                own.add(OwnChange.SPAN)
                span = pattern.hours.on(self.typed[0], pattern.place)
        title, note = row.title, row.note
        if follows(OwnChange.TITLE, is_given=command.title is not None):
            title = pattern.title
        if follows(OwnChange.NOTE, is_given=command.note is not None):
            note = pattern.note
        people = row.people
        if follows(OwnChange.PEOPLE, is_given=command.people is not UNSAID):
            people = pattern.people
        what = self.builder.asked(lines, span, timezone=timezone, all_day=all_day, people=people)
        return PlannedDate(
            day=day,
            what=what,
            title=title,
            note=note,
            id=row.id,
            booking=row,
            own=frozenset(own),
        )

    def _with_rule(
        self, dates: list[PlannedDate], gone: set[date]
    ) -> tuple[list[PlannedDate], list[PlannedDate]]:
        """Return the dates there are and those to be made, as the new rule has them."""
        days = days_of(self.pattern)
        named, there = set(days), {one.day for one in dates}
        kept = [
            one
            if one.day in named or one.own or one.id == self.anchor.id
            else replace(one, why=Why.NOT_IN_RULE)
            for one in dates
        ]
        made = []
        for day in days:
            if day in there:
                continue
            one = new_date(self.builder, self.pattern, day)
            made.append(replace(one, why=Why.BEFORE) if day in gone else one)
        return kept, made

    def _without_holidays(self, dates: list[PlannedDate]) -> list[PlannedDate]:
        """Leave out the school holidays, where dates move or the rule is another one."""
        if not self.shift and self.command.recurrence is None:
            return dates
        days = sorted(one.day for one in dates)
        out = holidays(self.work, self.pattern.recurrence, days)
        return [
            replace(one, why=Why.SCHOOL_HOLIDAYS)
            if one.is_kept and not one.own and one.day in out
            else one
            for one in dates
        ]

    def _chosen(self, dates: list[PlannedDate]) -> list[PlannedDate]:
        known = by_day(self.command.choices, [one.day for one in dates])
        return [self._as_chosen(one, known.get(one.day)) for one in dates]

    def _as_chosen(self, one: PlannedDate, choice: Choice | None) -> PlannedDate:
        if choice is None:
            return one
        if one.booking is None:
            return new_date(self.builder, self.pattern, one.day, choice)
        if choice.skip:
            return replace(one, why=Why.CHOSEN)
        own, what = set(one.own), one.what
        lines, span, all_day = what.lines, what.span, what.all_day
        if choice.lines is not None:
            lines = choice.lines
            own.add(OwnChange.LINES)
        if choice.span is not None:
            span, all_day = chosen(choice, zone(what.timezone))
            own.add(OwnChange.SPAN)
        asked = self.builder.asked(
            lines, span, timezone=what.timezone, all_day=all_day, people=what.people
        )
        return replace(one, what=asked, own=frozenset(own), why=None)


def draft_change(
    work: Work, command: ChangeSeries, series: BookingSeries, rows: Sequence[Booking]
) -> Draft:
    """Return what a change of a series means, date by date.

    Raises `Forbidden` when one of them may not be changed by the actor.
    """
    draft = _Rework(work, command, series, rows).draft()
    allow_all(work, [one.booking for one in draft.dates if one.booking is not None])
    return draft


def change_series(work: Work, command: ChangeSeries) -> Booking:
    """Change occurrences of a series, every one or none; return the one acted on.

    The rule of what changes and what stays is that of this module. Raises `SeriesBlocked` or
    `SeriesRefused` naming every date in the way, `NotInASeries`, and what `change` raises.
    """
    if command.scope is Scope.THIS:
        return change(work, single(command))
    anchor, series = anchored(work, command.booking_id, command.version)
    rows = occurrences(work, series.id)
    taken = draft_change(work, command, series, rows).touched()
    lock(work, touched(work, rows, taken))
    rows = reread(work, series, command.booking_id, command.version)
    draft = draft_change(work, command, series, rows)
    plan = settled(work, draft, command.seen_cents)
    now = write(work, draft, plan)
    count = sum(1 for one in plan.dates if one.booking is not None or one.is_kept)
    changes = (("dates", "", str(count)), ("scope", "", str(command.scope)))
    work.record(SeriesChanged(object_id=now.id, changes=changes))
    return next(row for row in rows if row.id == anchor.id)


def single(command: ChangeSeries) -> Change:
    """Return the change of one occurrence alone."""
    return Change(
        booking_id=command.booking_id,
        version=command.version,
        title=command.title,
        note=command.note,
        lines=command.lines,
        span=command.span,
        all_day=command.all_day,
        people=command.people,
        seen_cents=command.seen_cents,
    )
