"""How much is worked in a day, in a week, over twelve weeks, summed across all members."""

from collections.abc import Iterator
from datetime import date

from coopshare.pooled_staff.rules.breaches import Breach, Laws, breach
from coopshare.pooled_staff.rules.diary import WEEK, Diary
from coopshare.pooled_staff.rules.facts import Setting

TWELVE = 12


def a_day(diary: Diary, laws: Laws, _setting: Setting) -> Iterator[Breach]:
    """Judge the length of each day (L3121-18)."""
    for day, work in diary.days.items():
        limit = laws(day).rules["day_max"].value
        if work.minutes > limit:
            excess = work.minutes - limit
            yield breach(
                diary, laws, "day_max", day, done=work.minutes, excess=excess, stints=work.ids
            )


def a_week(diary: Diary, laws: Laws, _setting: Setting) -> Iterator[Breach]:
    """Judge the length of each week: the maximum, the legal one, that of all employments."""
    for first in diary.weeks:
        done, ids = diary.week_minutes(first), diary.week_ids(first)
        for rule_id in ("week_max", "legal_week"):
            limit = laws(first).rules[rule_id].value
            if done > limit:
                yield breach(
                    diary, laws, rule_id, first, done=done, excess=done - limit, stints=ids
                )
        whole = done + diary.terms.other_jobs_minutes
        limit = laws(first).rules["cumul"].value
        if diary.terms.other_jobs_minutes and done and whole > limit:
            yield breach(diary, laws, "cumul", first, done=whole, excess=whole - limit, stints=ids)


def twelve_weeks(diary: Diary, laws: Laws, setting: Setting) -> Iterator[Breach]:
    """Judge the average over any twelve weeks in a row that are known whole (L3121-22).

    All jobs together: each week that counts has the minutes of the other ones too (L8261-1). A week
    of absence is left out of the average, unless the employer counts it as one of no work here,
    which is laxer.
    """
    if not diary.weeks:
        return
    mondays = list(diary.weeks)
    current = mondays[0] + (TWELVE - 1) * WEEK
    while current <= mondays[-1]:
        yield from _average(diary, laws, setting, current)
        current += WEEK


def _average(diary: Diary, laws: Laws, setting: Setting, last: date) -> Iterator[Breach]:
    window = [last - back * WEEK for back in range(TWELVE - 1, -1, -1)]
    counted = [first for first in window if setting.absent_weeks_count or not diary.is_away(first)]
    here = sum(diary.week_minutes(first) for first in counted)
    total = here + diary.terms.other_jobs_minutes * len(counted)
    limit = laws(last).rules["avg12_max"].value
    if here and total > limit * len(counted):
        yield breach(
            diary,
            laws,
            "avg12_max",
            last,
            done=total // len(counted),
            excess=total - limit * len(counted),
            stints=diary.week_ids(last),
        )
