"""Breaks, rest between days, rest of the week, Sundays and public holidays."""

from collections.abc import Iterator
from datetime import timedelta

from coopshare.kernel.dates import InHours
from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.rules.breaches import Breach, Laws, breach
from coopshare.pooled_staff.rules.diary import DAY, Diary, gaps, is_may1
from coopshare.pooled_staff.rules.facts import Setting, StintKind

SIX_HOURS = 360
"""From so many minutes of work on, a break is due (L3121-16)."""
A_DAY = timedelta(hours=24)
SUNDAY = 6


def a_break(diary: Diary, laws: Laws, _setting: Setting) -> Iterator[Breach]:
    """Judge the break inside each day."""
    for day, work in diary.days.items():
        limit = laws(day).rules["break_min"].value
        longest = max(gaps(work.pieces), default=0)
        if work.minutes >= SIX_HOURS and longest < limit:
            yield breach(
                diary,
                laws,
                "break_min",
                day,
                done=longest,
                excess=limit - longest,
                stints=work.ids,
                more={"worked": InHours(work.minutes)},
            )


def between_days(diary: Diary, laws: Laws, _setting: Setting) -> Iterator[Breach]:
    """Judge the rest within 24 hours of the first start of each day, and the span of the day."""
    for day, work in diary.days.items():
        if not work.starts:
            continue
        rules = laws(day).rules
        start = work.starts[0].start
        rest = diary.longest_rest(Interval(start, start + A_DAY))
        limit = rules["daily_rest"].value
        if rest < limit:
            yield breach(
                diary, laws, "daily_rest", day, done=rest, excess=limit - rest, stints=work.ids
            )
        span = Interval(start, work.starts[-1].end).minutes
        limit = rules["day_span"].value
        if span > limit:
            yield breach(
                diary, laws, "day_span", day, done=span, excess=span - limit, stints=work.ids
            )


def a_week(diary: Diary, laws: Laws, _setting: Setting) -> Iterator[Breach]:
    """Judge the days worked in each week, and its rest: a whole day of it falls in the week."""
    for first, days in diary.weeks.items():
        rules, ids = laws(first).rules, diary.week_ids(first)
        limit = rules["week_days"].value
        if len(days) > limit:
            yield breach(
                diary,
                laws,
                "week_days",
                first,
                done=len(days),
                excess=len(days) - limit,
                stints=ids,
            )
        week = Interval(diary.span_of(first).start, diary.span_of(first + 6 * DAY).end)
        limit = rules["weekly_rest"].value
        rests = [
            rest.minutes
            for rest in diary.rests_in(week)
            if (inside := rest.clipped(week)) is not None and inside.end - inside.start >= A_DAY
        ]
        longest = max(rests, default=diary.longest_rest(week))
        if longest < limit:
            yield breach(
                diary,
                laws,
                "weekly_rest",
                first,
                done=longest,
                excess=limit - longest,
                stints=ids,
            )


def days_off(diary: Diary, laws: Laws, setting: Setting) -> Iterator[Breach]:
    """Judge work on Sundays, on 1 May, and on the holidays the employer gives.

    The day of solidarity may be such a holiday, never 1 May (L3133-11): there, only other work is
    told.
    """
    for day, work in diary.days.items():
        others = [one for one in work.stints if one.kind is not StintKind.SOLIDARITY]
        for rule_id, is_off, stints in (
            ("sunday", day.weekday() == SUNDAY, work.stints),
            ("holiday_may1", is_may1(day), work.stints),
            ("holiday", day in setting.holidays_off and not is_may1(day), others),
        ):
            minutes = diary.minutes_of(stints, day) if is_off else 0
            if minutes:
                yield breach(
                    diary,
                    laws,
                    rule_id,
                    day,
                    done=minutes,
                    excess=minutes,
                    stints=[one.id for one in stints],
                )
