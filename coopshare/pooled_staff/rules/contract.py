"""What the contract itself sets: part time, listed users and places, an age."""

from collections.abc import Iterator
from datetime import date

from coopshare.kernel.dates import InHours
from coopshare.pooled_staff.rules.breaches import Breach, Laws, breach
from coopshare.pooled_staff.rules.diary import Diary, gaps
from coopshare.pooled_staff.rules.facts import Setting, StintKind

WHOLE = 10_000
"""Basis points of the whole."""


def part_time(diary: Diary, laws: Laws, _setting: Setting) -> Iterator[Breach]:
    """Judge the hours beyond a part-time contract, and the interruptions of its days."""
    if not diary.terms.is_part_time:
        return
    for first in diary.weeks:
        rules, ids = laws(first).rules, diary.week_ids(first)
        done, contract = diary.week_minutes(first), diary.terms.weekly_minutes
        limit = contract * rules["pt_extra"].value // WHOLE
        if done - contract > limit:
            extra = done - contract
            yield breach(
                diary,
                laws,
                "pt_extra",
                first,
                done=extra,
                limit=limit,
                excess=extra - limit,
                stints=ids,
            )
        full = rules["pt_below_full"].value
        if done >= full:
            yield breach(
                diary,
                laws,
                "pt_below_full",
                first,
                done=done,
                excess=done - full + 1,
                stints=ids,
            )
    yield from _interruptions(diary, laws)


def _interruptions(diary: Diary, laws: Laws) -> Iterator[Breach]:
    for day, work in diary.days.items():
        rules = laws(day).rules
        pause, limit = rules["break_min"].value, rules["pt_gap"].value
        found = [gap for gap in gaps(work.pieces) if gap > pause]
        longest = max(found, default=0)
        if len(found) > 1 or longest > limit:
            excess = max(longest - limit, 0) + sum(sorted(found)[:-1])
            yield breach(
                diary,
                laws,
                "pt_gap",
                day,
                done=longest,
                excess=excess,
                stints=work.ids,
                more={"count": len(found), "done": InHours(longest)},
            )


def listed(diary: Diary, laws: Laws, _setting: Setting) -> Iterator[Breach]:
    """Judge that the contract names who uses the work, and where (L1253-9)."""
    terms = diary.terms
    for stint in diary.stints:
        day = diary.day_of(stint.span.start)
        is_there = stint.kind is StintKind.MEMBER
        unlisted = terms.members is not None and stint.member_id not in terms.members
        elsewhere = (
            terms.places is not None
            and stint.place_id is not None
            and stint.place_id not in terms.places
        )
        for rule_id, is_broken in (("listed_user", unlisted), ("listed_place", elsewhere)):
            if is_there and is_broken:
                minutes = stint.span.minutes
                yield breach(
                    diary, laws, rule_id, day, done=minutes, excess=minutes, stints=(stint.id,)
                )


def of_age(diary: Diary, laws: Laws, _setting: Setting) -> Iterator[Breach]:
    """Stop on each day that a minor works: their limits are others."""
    born = diary.terms.born_on
    if born is None:
        return
    for day, work in diary.days.items():
        age, limit = _age(born, day), laws(day).rules["minor"].value
        if age < limit:
            yield breach(diary, laws, "minor", day, done=age, excess=limit - age, stints=work.ids)


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
