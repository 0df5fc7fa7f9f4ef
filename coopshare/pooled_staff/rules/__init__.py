"""The law, asked of plain facts: what a plan, an edit by hand or a day's work does not keep.

Knows neither database nor solver. Says everything it finds, the same for the same facts in any
order, and nothing about what it was not given. It helps whoever plans; it is no legal advice.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from uuid import UUID

from coopshare.pooled_staff.kinds import Arrangement
from coopshare.pooled_staff.rules import contract, rest, working_time
from coopshare.pooled_staff.rules.breaches import Breach, Family, Laws
from coopshare.pooled_staff.rules.diary import WEEK, Diary
from coopshare.pooled_staff.rules.facts import (
    Absence,
    Override,
    Setting,
    Stint,
    StintKind,
    Terms,
)
from coopshare.pooled_staff.rules.france_2026 import FRANCE_2026
from coopshare.pooled_staff.rules.notice import notice
from coopshare.pooled_staff.rules.ruleset import Level, OutOfBounds, Rule, RuleSet, in_force

SETS: tuple[RuleSet, ...] = (FRANCE_2026,)
"""All that were ever shipped, the oldest first."""

FAMILIES: tuple[Family, ...] = (
    working_time.a_day,
    working_time.a_week,
    working_time.twelve_weeks,
    rest.a_break,
    rest.between_days,
    rest.a_week,
    rest.days_off,
    contract.part_time,
    contract.listed,
    contract.of_age,
)
WEEKLY = frozenset(
    {
        "week_max",
        "avg12_max",
        "legal_week",
        "cumul",
        "week_days",
        "weekly_rest",
        "pt_extra",
        "pt_below_full",
    }
)
"""Rules about a week: their day is its Monday."""

EACH = frozenset({"listed_user", "listed_place", "notice_full", "notice_full_d", "pt_notice"})
"""Rules told of each stint, or of each change; the others sum up a day or weeks."""


def check(
    stints: Iterable[Stint],
    terms: Iterable[Terms],
    setting: Setting | None = None,
    *,
    absences: Iterable[Absence] = (),
    days: tuple[date, date] | None = None,
    sets: Sequence[RuleSet] = SETS,
) -> tuple[Breach, ...]:
    """Return every rule that is not kept, by person, day and rule.

    Work of all members, and history, come together: limits are summed across them. `days`: the
    first and the last day that are judged; what lies outside only counts. A day is judged by the
    set in force that day, a week by that of its Monday. Raises `OutOfBounds` for an agreement that
    sets what it may not, ValueError for stints of somebody whose terms are not given.
    """
    asked = setting or Setting()
    by_worker: dict[UUID, list[Stint]] = {}
    away: dict[UUID, list[Absence]] = {}
    for stint in stints:
        by_worker.setdefault(stint.worker_id, []).append(stint)
    for absence in absences:
        away.setdefault(absence.worker_id, []).append(absence)
    laws = laws_of(asked, sets)
    known = tuple(terms)
    strangers = by_worker.keys() - {one.worker_id for one in known}
    if strangers:
        raise ValueError(f"stints without terms: {', '.join(sorted(map(str, strangers)))}")
    found = []
    for one in known:
        diary = Diary(one, by_worker.get(one.worker_id, ()), away.get(one.worker_id, ()))
        found += [
            breach
            for family in FAMILIES
            for breach in family(diary, laws, asked)
            if days is None or _is_judged(breach, days)
        ]
    return tuple(sorted(found, key=lambda b: (str(b.worker_id), b.day, b.rule_id, b.stints)))


def laws_of(setting: Setting, sets: Sequence[RuleSet] = SETS) -> Laws:
    """Return the rules in force on any day, with what agreements change of them.

    What is returned raises `OutOfBounds` for an agreement that sets what it may not.
    """

    @cache
    def laws(day: date) -> RuleSet:
        return in_force(sets, day).with_overrides(setting.overrides, day)

    return laws


def _is_judged(found: Breach, days: tuple[date, date]) -> bool:
    first, last = days
    if found.rule_id in WEEKLY:
        return found.day <= last and first < found.day + WEEK
    return first <= found.day <= last


def newly(before: Iterable[Breach], after: Iterable[Breach]) -> tuple[Breach, ...]:
    """Return what a change breaks that was not broken, or breaks by more than it was.

    A sum is compared with that of the same day or week, whatever stints it is of; what is told of
    each stint or change is compared with what was told of that one.
    """
    had = {_place_of(one): one.excess for one in before}
    return tuple(one for one in after if one.excess > had.get(_place_of(one), 0))


def _place_of(found: Breach) -> tuple[UUID, str, date, tuple[UUID, ...]]:
    stints = found.stints if found.rule_id in EACH else ()
    return found.worker_id, found.rule_id, found.day, stints


__all__ = [
    "SETS",
    "Absence",
    "Arrangement",
    "Breach",
    "Laws",
    "Level",
    "OutOfBounds",
    "Override",
    "Rule",
    "RuleSet",
    "Setting",
    "Stint",
    "StintKind",
    "Terms",
    "check",
    "laws_of",
    "newly",
    "notice",
]
