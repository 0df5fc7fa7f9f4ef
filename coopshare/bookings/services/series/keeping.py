"""The row of a series: made, changed, or shortened by the rest that leaves it."""

from collections.abc import Iterable
from datetime import date
from uuid import uuid4

from coopshare.bookings.models import BookingSeries, SeriesLine
from coopshare.bookings.recurring import until_before
from coopshare.bookings.series import recurrence_of
from coopshare.bookings.services.series.drafting import Draft, Pattern
from coopshare.db.work import Work


def kept_series(work: Work, draft: Draft) -> BookingSeries:
    """Write the series: a new one, the rest of one, or the one there is."""
    row = draft.series
    if row is None or draft.is_split:
        made = _new_series(work, draft)
        if row is not None:
            _shorten(work, row, draft)
        work.insert(made, *made.lines)
        return made
    _fill(row, draft.pattern, draft.skipped)
    row.changed_at = work.now
    wanted = {line.resource_id: (line.quantity, n) for n, line in enumerate(draft.pattern.lines)}
    if {line.resource_id: (line.quantity, line.position) for line in row.lines} != wanted:
        had = {line.resource_id: line for line in row.lines}
        kept: list[SeriesLine] = []
        for key, (quantity, position) in wanted.items():
            line = had.get(key) or SeriesLine(id=uuid4(), resource_id=key)
            line.quantity, line.position = quantity, position
            kept.append(line)
        row.lines = kept
    work.session.flush()
    return row


def _new_series(work: Work, draft: Draft) -> BookingSeries:
    key, before = uuid4(), draft.series
    mine = next((one.booking.person_id for one in draft.dates if one.booking), None)
    made = BookingSeries(
        id=key,
        organisation_id=draft.pattern.organisation_id,
        person_id=before.person_id if before is not None else mine or work.actor.person_id,
        split_from=before.id if before is not None else None,
        version=1,
        created_at=work.now,
        changed_at=work.now,
        lines=[
            SeriesLine(
                id=uuid4(),
                series_id=key,
                resource_id=line.resource_id,
                quantity=line.quantity,
                position=position,
            )
            for position, line in enumerate(draft.pattern.lines)
        ],
    )
    _fill(made, draft.pattern, draft.skipped)
    return made


def _fill(row: BookingSeries, pattern: Pattern, skipped: Iterable[date]) -> None:
    row.title, row.note, row.people = pattern.title, pattern.note, pattern.people
    row.timezone, row.rule = pattern.timezone, str(pattern.recurrence.rule)
    row.first_day = pattern.first
    row.starts, row.minutes = pattern.hours.starts, pattern.hours.minutes
    row.all_day = pattern.hours.all_day
    row.skip_school_holidays = pattern.recurrence.skip_school_holidays
    row.skipped = [day.isoformat() for day in sorted(skipped)]


def _shorten(work: Work, row: BookingSeries, draft: Draft) -> None:
    """End a series before the dates that leave it."""
    days = [one.booking.occurrence for one in draft.dates if one.booking and one.booking.occurrence]
    if not days:
        return
    shorten(row, min(days))
    row.changed_at = work.now
    work.session.flush()


def shorten(row: BookingSeries, day: date) -> None:
    """Have the rule of a series end before a day."""
    rule = until_before(recurrence_of(row).rule, row.first_day, day)
    if rule is not None:
        row.rule = str(rule)
        row.skipped = [one for one in row.skipped if date.fromisoformat(one) < day]
